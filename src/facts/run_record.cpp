#include "facts/run_record.hpp"

#include "facts/json_member.hpp"

namespace readyctl {
namespace {

constexpr const char* retake_key = R"({"run":"retake"})";
constexpr const char* spent_key = R"({"run":"spent"})";

// A report holds numbers as JSON does everywhere, exact up to 2^53.
constexpr std::uint64_t number_max = std::uint64_t{1} << 53;

Answer noted(Json head, Time at) {
  return {{{"local", std::nullopt, at, std::chrono::milliseconds(0), Payload{std::move(head), nullptr, nullptr}}}};
}

const Json* head_of(const FactStore& facts, const char* key) {
  const auto found = facts.find(key);
  if (found == facts.end() || !found->second.deciding().outcome) return nullptr;
  return &found->second.deciding().outcome->head;
}

std::optional<std::uint64_t> number_in(const Json& head, const char* name) {
  const Json& value = member(head, name);
  if (!value.is_number_unsigned() || value > number_max) return std::nullopt;
  return value.get<std::uint64_t>();
}

std::vector<std::string> cut(std::vector<std::string> because) {
  const std::size_t count = because.size();
  if (count <= Retake::reasons_max) return because;
  because.resize(Retake::reasons_max - 1);
  because.push_back("and " + std::to_string(count - because.size()) + " more");
  return because;
}

}  // namespace

void note(FactStore& facts, const Retake& retake, Time at) {
  facts.insert_or_assign(
      retake_key,
      noted({{"firstDecidedAt", to_string(retake.first_decided_at)}, {"because", cut(retake.because)}}, at));
}

void note(FactStore& facts, const Spent& spent, Time at) {
  facts.insert_or_assign(spent_key, noted({{"requests", spent.requests},
                                           {"bytes", spent.bytes},
                                           {"retries", spent.retries},
                                           {"elapsedMs", static_cast<std::uint64_t>(spent.elapsed.count())}},
                                          at));
}

std::optional<Retake> retake_in(const FactStore& facts) {
  const Json* head = head_of(facts, retake_key);
  if (head == nullptr) return std::nullopt;
  const Json& at = member(*head, "firstDecidedAt");
  const Json& because = member(*head, "because");
  const auto time = parse_time(at.is_string() ? at.get<std::string>() : "");
  if (!time || !because.is_array()) return std::nullopt;
  Retake retake{*time, {}};
  for (const Json& one : because) {
    if (!one.is_string()) return std::nullopt;
    retake.because.push_back(one.get<std::string>());
  }
  return retake;
}

std::optional<Spent> spent_in(const FactStore& facts) {
  const Json* head = head_of(facts, spent_key);
  if (head == nullptr) return std::nullopt;
  const auto requests = number_in(*head, "requests");
  const auto bytes = number_in(*head, "bytes");
  const auto retries = number_in(*head, "retries");
  const auto elapsed = number_in(*head, "elapsedMs");
  if (!requests || !bytes || !retries || !elapsed) return std::nullopt;
  return Spent{*requests, *bytes, *retries, std::chrono::milliseconds(static_cast<std::int64_t>(*elapsed))};
}

}  // namespace readyctl
