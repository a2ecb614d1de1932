#include "facts/endpoint_services.hpp"

#include <algorithm>

#include "facts/network_text.hpp"
#include "facts/probe_reading.hpp"
#include "facts/unix_time.hpp"

namespace readyctl {
namespace {

bool is_digits(const Json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && text.size() <= 20 && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

ProbeRequest block_question(const std::string& endpoint, Slot slot) {
  const Json how = {{"commitment", "finalized"},
                    {"maxSupportedTransactionVersion", 0},
                    {"rewards", false},
                    {"transactionDetails", "none"}};
  return {endpoint, "getBlock", Json::array({slot.value, how})};
}

Said<BlockSeen> block_in(const Probe& probe) {
  const auto result = result_in(probe);
  if (!result) return tl::unexpected(result.error());
  const auto hash = base58_in(member(**result, "blockhash"));
  if (!hash) return not_as_expected(probe, "it has no blockhash in base58");
  const Json& seconds = member(**result, "blockTime");
  const bool is_whole = seconds.is_number_integer() &&
                        !(seconds.is_number_unsigned() && seconds.get<std::uint64_t>() > std::uint64_t{INT64_MAX});
  const auto made = is_whole ? time_of_unix(seconds.get<std::int64_t>()) : std::nullopt;
  if (!made) return not_as_expected(probe, "it has no block time");
  return BlockSeen{to_string(*hash), *made};
}

ProbeRequest transactions_question(const std::string& endpoint, const std::vector<std::string>& signatures) {
  return {endpoint, "getSignatureStatuses", Json::array({signatures, Json{{"searchTransactionHistory", true}}})};
}

Said<std::vector<std::optional<Slot>>> transaction_slots_in(const Probe& probe, std::size_t signatures) {
  const auto found = context_in(probe);
  if (!found) return tl::unexpected(found.error());
  if (!found->value->is_array() || found->value->size() != signatures) {
    return not_as_expected(probe, "it is no list of " + std::to_string(signatures));
  }
  std::vector<std::optional<Slot>> slots;
  for (const Json& status : *found->value) {
    const Json& slot = member(status, "slot");
    if (!status.is_null() && !is_nameable(slot)) return not_as_expected(probe, "it has a status without slot");
    slots.push_back(status.is_null() ? std::nullopt : std::optional(Slot{slot.get<std::uint64_t>()}));
  }
  return slots;
}

ProbeRequest slot_notice_question(const std::string& endpoint) {
  ProbeRequest request{endpoint, "slotSubscribe"};
  request.over_websocket = true;
  return request;
}

Said<SlotNotice> slot_notice_in(const Probe& probe) {
  const auto result = result_in(probe);
  if (!result) return tl::unexpected(result.error());
  if ((*result)->is_null()) {
    return tl::unexpected(Unsaid{words_for(probe.request), "no WebSocket is declared for it (\"ws\" of the endpoint)"});
  }
  const Json& slot = member(**result, "slot");
  const Json& root = member(**result, "root");
  if (!is_nameable(slot) || !is_nameable(root)) {
    return not_as_expected(probe, "the notification has no slot and root");
  }
  const SlotNotice notice{Slot{slot.get<std::uint64_t>()}, Slot{root.get<std::uint64_t>()}};
  if (notice.root > notice.slot) return not_as_expected(probe, "the root is after the slot");
  return notice;
}

ProbeRequest parsed_account_question(const std::string& endpoint, const Pubkey& address) {
  const Json how = {{"commitment", "finalized"}, {"encoding", "jsonParsed"}};
  return {endpoint, "getAccountInfo", Json::array({to_string(address), how})};
}

Said<ParsedTokenAccount> parsed_token_account_in(const Probe& probe) {
  const auto found = context_in(probe);
  if (!found) return tl::unexpected(found.error());
  const auto not_so = [&](const std::string& what) { return tl::unexpected(Unsaid{words_for(probe.request), what}); };
  if (found->value->is_null()) return not_so("there is no such account");
  const Json& data = member(*found->value, "data");
  if (data.is_array()) return not_so("it gave the bytes and not JSON: this endpoint, or the account's owner, has none");
  const Json& parsed = member(data, "parsed");
  const Json& type = member(parsed, "type");
  if (!type.is_string()) return not_as_expected(probe, "it is no account as JSON");
  const bool is_of_tokens = member(data, "program") == "spl-token" || member(data, "program") == "spl-token-2022";
  if (!is_of_tokens || type != "account") {
    return not_so("it is no token account but: " + shown(type.get_ref<const std::string&>()));
  }
  const Json& info = member(parsed, "info");
  const auto mint = base58_in(member(info, "mint"));
  const auto owner = base58_in(member(info, "owner"));
  const Json& amount = member(member(info, "tokenAmount"), "amount");
  if (!mint || !owner || !is_digits(amount)) return not_as_expected(probe, "it names no mint, owner or amount");
  return ParsedTokenAccount{*mint, *owner, amount.get<std::string>()};
}

}  // namespace readyctl
