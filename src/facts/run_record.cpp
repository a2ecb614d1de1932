#include "facts/run_record.hpp"

#include "facts/json_member.hpp"

namespace readyctl {
namespace {

constexpr const char* retake_key = R"({"run":"retake"})";

Answer noted(Json head, Time at) {
  return {{{"local", std::nullopt, at, std::chrono::milliseconds(0), Payload{std::move(head), nullptr, nullptr}}}};
}

const Json* head_of(const FactStore& facts, const char* key) {
  const auto found = facts.find(key);
  if (found == facts.end() || !found->second.deciding().outcome) return nullptr;
  return &found->second.deciding().outcome->head;
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

}  // namespace readyctl
