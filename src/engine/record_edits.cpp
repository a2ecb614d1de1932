#include "engine/record_edits.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "engine/byte_edits.hpp"
#include "engine/json_edits.hpp"
#include "facts/accounts.hpp"
#include "facts/json_member.hpp"
#include "facts/local.hpp"
#include "solana/base58.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::uint64_t old_slots = 1000;  // more than may lie between answers that one gate rests on

// An address that nobody uses.
Pubkey strange_address() {
  const Sha256 digest = sha256(bytes_of("readyctl self-test"));
  Pubkey key;
  std::copy(digest.bytes.begin(), digest.bytes.end(), key.bytes.begin());
  return key;
}

// --- accounts -------------------------------------------------------------------------------------------------------

bool is_account(const Payload& payload) {
  return payload.head.is_object() && payload.head.contains("owner") && payload.data != nullptr;
}

// Where the bytes of a payload begin in the account's data.
std::size_t begin_of(const Payload& payload) {
  const Json& slice = member(payload.head, "slice");
  return slice.is_array() && !slice.empty() && slice[0].is_number_unsigned() ? slice[0].get<std::size_t>() : 0;
}

void give_data(Payload& payload, Bytes data) {
  payload.head["encoding"] = "raw";
  payload.data = payload.body = std::make_shared<const Bytes>(std::move(data));
}

// An edit of the payload of an account that is there.
std::function<void(Observation&)> on_account(std::function<void(Payload&)> change) {
  return [change = std::move(change)](Observation& seen) {
    if (seen.outcome && is_account(*seen.outcome)) change(*seen.outcome);
  };
}

void change_length(Payload& payload, std::size_t length) {
  const std::size_t begin = begin_of(payload);
  const std::size_t rest = length > begin ? length - begin : 0;
  const Json& slice = member(payload.head, "slice");
  const std::size_t most = slice.is_array() && slice.size() == 2 ? slice[1].get<std::size_t>() : SIZE_MAX;
  Bytes data = *payload.data;
  data.resize(std::min(rest, most));
  payload.head["space"] = length;
  give_data(payload, std::move(data));
}

std::vector<Edit> edits_of_head(const Payload& payload) {
  std::vector<Edit> edits;
  const auto add = [&](const char* field, const Json& value) {
    const Json& before = member(payload.head, field);
    if (before == value) return;
    edits.push_back({"value",
                     std::string(field) + " is " + value.dump() + " and not " + before.dump(),
                     on_account([field, value](Payload& account) { account.head[field] = value; }),
                     false,
                     {}});
  };
  add("lamports", "0");
  add("lamports", "1");
  add("lamports", "18446744073709551615");
  add("executable", member(payload.head, "executable") != true);
  add("owner", to_string(known::system_program));
  add("owner", to_string(strange_address()));
  const Json& space = member(payload.head, "space");
  if (!space.is_number_unsigned()) return edits;
  const auto size = space.get<std::size_t>();
  for (const std::size_t length : {std::size_t{0}, size / 2, size - std::min(size, std::size_t{1}), size + 1}) {
    if (length == size) continue;
    edits.push_back({"length",
                     "the data is " + counted(length, "byte") + " long and not " + std::to_string(size),
                     on_account([length](Payload& account) { change_length(account, length); }),
                     false,
                     {}});
  }
  return edits;
}

void refuse(Observation& seen) {
  seen.outcome = tl::unexpected(Unobtainable{"timeout", "no answer, by a self-test", Retry::now});
}

Edit answering(std::string sort, std::string words, const Payload& instead) {
  return {std::move(sort),
          std::move(words),
          [instead](Observation& seen) {
            if (seen.outcome) seen.outcome = instead;
          },
          true,
          {}};
}

// The payload that holds most of the account.
const Payload* largest_of(const FactStore& facts, const std::vector<std::string>& keys) {
  const Payload* largest = nullptr;
  for (const std::string& key : keys) {
    const Observation& seen = facts.at(key).deciding();
    if (!seen.outcome) continue;
    const auto size = [](const Payload& payload) { return payload.data ? payload.data->size() : 0; };
    if (largest == nullptr || size(*seen.outcome) > size(*largest)) largest = &*seen.outcome;
  }
  return largest;
}

void add_account(const Pubkey& address, const FactStore& facts, const std::vector<std::string>& keys, Span read,
                 std::size_t edits_max, RecordEdits& edits) {
  const Payload* payload = largest_of(facts, keys);
  if (payload == nullptr) return;
  if (!is_account(*payload)) {
    Account account{address, known::system_program, Lamports{1}, false, 0, std::make_shared<const Bytes>(), Slot{}};
    const Payload appeared = account_payload(account, "raw", account.data, std::nullopt);
    edits.list.push_back(answering("appeared", "there is an account of the System program", appeared));
    return;
  }
  for (const std::string& key : keys) {
    const Observation& seen = facts.at(key).deciding();
    if (!seen.outcome || !is_account(*seen.outcome)) continue;
    const bool is_part_of_larger = &*seen.outcome != payload && !payload->head.contains("slice");
    if (is_part_of_larger) continue;
    const std::size_t begin = begin_of(*seen.outcome);
    const Span within{read.begin > begin ? read.begin - begin : 0, read.end > begin ? read.end - begin : 0};
    for (ByteEdit& edit : byte_edits(*seen.outcome->data, within, edits_max, edits.left_out)) {
      edit.at += begin;
      const std::string words = words_of(edit);
      edits.list.push_back({"byte",
                            words,
                            on_account([edit](Payload& account) {
                              Bytes data = *account.data;
                              put(data, begin_of(account), edit);
                              give_data(account, std::move(data));
                            }),
                            false,
                            {}});
    }
  }
  for (Edit& edit : edits_of_head(*payload)) edits.list.push_back(std::move(edit));
  edits.list.push_back(answering("absent", "there is no such account", no_account_payload()));
}

// --- files ----------------------------------------------------------------------------------------------------------

void add_file(const Payload& payload, std::size_t edits_max, RecordEdits& edits) {
  if (payload.data == nullptr) {
    const Payload appeared = file_payload(std::make_shared<const Bytes>(Bytes{'x'}));
    edits.list.push_back(answering("appeared", "there is such a file, of one byte", appeared));
    return;
  }
  const auto on_data = [](std::function<void(Bytes&)> change) {
    return [change = std::move(change)](Observation& seen) {
      if (!seen.outcome || !seen.outcome->data) return;
      Bytes data = *seen.outcome->data;
      change(data);
      seen.outcome = file_payload(std::make_shared<const Bytes>(std::move(data)));
    };
  };
  for (const ByteEdit& edit : byte_edits(*payload.data, {0, SIZE_MAX}, edits_max, edits.left_out)) {
    edits.list.push_back({"byte", words_of(edit), on_data([edit](Bytes& data) { put(data, 0, edit); }), false, {}});
  }
  const std::size_t size = payload.data->size();
  for (const std::size_t length : {std::size_t{0}, size / 2, size - std::min(size, std::size_t{1}), size + 1}) {
    if (length == size) continue;
    edits.list.push_back({"length",
                          "it is " + counted(length, "byte") + " long and not " + std::to_string(size),
                          on_data([length](Bytes& data) { data.resize(length); }),
                          false,
                          {}});
  }
  edits.list.push_back(answering("absent", "there is no such file", no_file_payload()));
}

// An account that a search by these filters finds.
std::optional<Bytes> data_that_matches(const Json& options, std::uint8_t fill) {
  constexpr std::size_t bytes_max = 10'000;
  const auto size_in = [](const Json& value) { return value.is_number_unsigned() ? value.get<std::size_t>() : 0; };
  const Json& slice = member(options, "dataSlice");
  std::size_t size = size_in(member(slice, "length"));
  std::vector<std::pair<std::size_t, Bytes>> wanted;
  for (const Json& filter : options.value("filters", Json::array())) {
    const Json& memcmp = member(filter, "memcmp");
    const Json& text = member(memcmp, "bytes");
    auto bytes = text.is_string() ? from_base58(text.get_ref<const std::string&>()) : Bytes{};
    if (!bytes) return std::nullopt;
    wanted.emplace_back(size_in(member(memcmp, "offset")), std::move(*bytes));
    size = std::max(size, wanted.back().first + wanted.back().second.size());
  }
  if (size > bytes_max) return std::nullopt;
  Bytes data(size, fill);
  for (const auto& [at, bytes] : wanted)
    std::copy(bytes.begin(), bytes.end(), data.begin() + static_cast<std::ptrdiff_t>(at));
  return data;
}

void add_found_account(const RpcRequest& request, const Payload& payload, RecordEdits& edits) {
  const Json::json_pointer at("/result/value");
  const bool is_search = request.method == "getProgramAccounts" && request.params.size() == 2 &&
                         request.params[0].is_string() && payload.head.contains(at) && payload.head[at].is_array();
  const auto program = is_search ? parse_pubkey(request.params[0].get<std::string>()) : Result<Pubkey>(Pubkey{});
  if (!is_search || !program) return;
  for (const std::uint8_t fill : {std::uint8_t{0}, std::uint8_t{0xff}}) {
    const auto data = data_that_matches(request.params[1], fill);
    if (!data) continue;
    const auto shared = std::make_shared<const Bytes>(*data);
    const Account account{strange_address(), *program, Lamports{1'000'000}, false, data->size(), shared, Slot{}};
    const Observation seen{"self-test", std::nullopt, Time{}, std::chrono::milliseconds(0),
                           account_payload(account, "raw", shared, std::nullopt)};
    const Json found = {{"pubkey", to_string(account.address)},
                        {"account",
                         {{"owner", to_string(*program)},
                          {"data", {to_base64(*data), "base64"}},
                          {"lamports", 1'000'000U},
                          {"executable", false},
                          {"space", data->size()}}}};
    edits.list.push_back({"appeared",
                          "one more account is found, whose other bytes are 0x" + to_hex(Bytes{fill}),
                          at_pointer(at,
                                     [found](Json& list) {
                                       if (list.is_array()) list.push_back(found);
                                     }),
                          false,
                          {{key_of(AccountRequest{account.address}), {{seen}}}}});
  }
}

void add_json(const Request& request, const Payload& payload, std::size_t edits_max, RecordEdits& edits) {
  constexpr std::size_t for_each_that_is_kept = 4;  // of all records, those that are kept are chosen later
  add_json_edits(payload.head, edits_max, edits_max * for_each_that_is_kept, edits);
  if (const auto* rpc = std::get_if<RpcRequest>(&request)) add_found_account(*rpc, payload, edits);
}

}  // namespace

RecordEdits edits_for(const Request& request, const FactStore& facts, const std::vector<std::string>& keys, Span read,
                      std::size_t edits_max) {
  RecordEdits edits;
  const Observation& seen = facts.at(keys.front()).deciding();
  if (const auto* account = std::get_if<AccountRequest>(&request)) {
    add_account(account->address, facts, keys, read, edits_max, edits);
  } else if (seen.outcome && std::holds_alternative<FileRequest>(request)) {
    add_file(*seen.outcome, edits_max, edits);
  } else if (seen.outcome) {
    add_json(request, *seen.outcome, edits_max, edits);
  }
  for (Edit& edit : edits_for_any()) edits.list.push_back(std::move(edit));
  return edits;
}

std::vector<Edit> edits_for_any() {
  const auto age = [](Observation& seen) {
    if (seen.slot) seen.slot = Slot{seen.slot->value - std::min(seen.slot->value, old_slots)};
    seen.at = seen.at + -std::chrono::hours(24);
  };
  std::vector<Edit> edits;
  edits.push_back({"old", "the answer is a day and " + std::to_string(old_slots) + " slots older", age, true, {}});
  edits.push_back({"refused", "there is no answer", refuse, true, {}});
  return edits;
}

}  // namespace readyctl
