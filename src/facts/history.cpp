#include "facts/history.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "facts/json_member.hpp"
#include "solana/base58.hpp"
#include "solana/transaction_keys.hpp"

namespace readyctl {
namespace {

constexpr std::size_t signature_bytes = 64;

tl::unexpected<Refusal> bad_answer(const std::string& method, const std::string& what) {
  return unobtainable({"malformed", method + " answered what it must not: " + what, Retry::other_endpoint});
}

bool is_signature(const Json& value) {
  if (!value.is_string()) return false;
  const auto bytes = from_base58(value.get_ref<const std::string&>());
  return bytes && bytes->size() == signature_bytes;
}

std::optional<Pubkey> address_in(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto parsed = parse_pubkey(value.get_ref<const std::string&>());
  return parsed ? std::optional(*parsed) : std::nullopt;
}

// ["…", "base64"]
std::optional<Bytes> base64_in(const Json& data) {
  if (!data.is_array() || data.size() != 2 || !data[0].is_string() || data[1] != "base64") return std::nullopt;
  auto bytes = from_base64(data[0].get_ref<const std::string&>());
  return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

std::optional<SignatureSeen> signature_in(const Json& one) {
  const Json& signature = member(one, "signature");
  const Json& slot = member(one, "slot");
  if (!is_signature(signature) || !slot.is_number_unsigned() || !one.contains("err")) return std::nullopt;
  return SignatureSeen{signature.get<std::string>(), Slot{slot.get<std::uint64_t>()}, !one["err"].is_null()};
}

// Adds the addresses of a list; false when it holds anything else.
bool add_addresses(const Json& list, std::vector<Pubkey>& addresses) {
  if (!list.is_array()) return false;
  for (const Json& one : list) {
    const auto address = address_in(one);
    if (!address) return false;
    addresses.push_back(*address);
  }
  return true;
}

// `meta` may be null, and legacy transactions on older nodes have no loadedAddresses.
bool add_loaded(const Json& meta, std::vector<Pubkey>& addresses) {
  if (meta.is_null()) return true;
  const Json& loaded = member(meta, "loadedAddresses");
  if (loaded.is_null()) return meta.is_object();
  return add_addresses(member(loaded, "writable"), addresses) && add_addresses(member(loaded, "readonly"), addresses);
}

Reading<TransactionSeen> read_transaction(const Json& result, const std::string& signature) {
  const std::string method = "getTransaction";
  if (result.is_null()) return absent("transaction " + signature + " is not known to the endpoint");
  const Json& slot = member(result, "slot");
  const auto bytes = base64_in(member(result, "transaction"));
  if (!slot.is_number_unsigned() || !bytes) return bad_answer(method, "no transaction in base64");
  auto keys = decode_transaction_keys(*bytes);
  if (!keys) return bad_answer(method, keys.error().what);
  if (!add_loaded(member(result, "meta"), *keys)) return bad_answer(method, "loaded addresses that are none");
  return TransactionSeen{Slot{slot.get<std::uint64_t>()}, std::move(*keys)};
}

std::optional<FoundAccount> account_in(const Json& one, const ProgramQuery& query) {
  const auto address = address_in(member(one, "pubkey"));
  const auto owner = address_in(member(member(one, "account"), "owner"));
  auto data = base64_in(member(member(one, "account"), "data"));
  if (!address || owner != query.program || !data || data->size() > query.slice.length) return std::nullopt;
  return FoundAccount{*address, std::move(*data)};
}

Json parameters_of(const ProgramQuery& query) {
  Json filters = Json::array();
  for (const AccountFilter& filter : query.filters) {
    filters.push_back({{"memcmp", {{"offset", filter.offset}, {"bytes", to_base58(filter.bytes)}}}});
  }
  const Json options = {{"commitment", "finalized"},
                        {"encoding", "base64"},
                        {"withContext", true},
                        {"dataSlice", {{"offset", query.slice.offset}, {"length", query.slice.length}}},
                        {"filters", filters}};
  return Json::array({to_string(query.program), options});
}

}  // namespace

namespace facts {

Fact<std::vector<SignatureSeen>> signatures_of(const Pubkey& address, std::uint32_t limit) {
  using Signatures = std::vector<SignatureSeen>;
  const Json options = {{"commitment", "finalized"}, {"limit", limit}};
  const RpcRequest request{"getSignaturesForAddress", Json::array({to_string(address), options})};
  return fact_of<Signatures>(request, [limit](const Payload& payload, const Observation&) -> Reading<Signatures> {
    const Json& list = member(payload.head, "result");
    if (!list.is_array() || list.size() > limit)
      return bad_answer("getSignaturesForAddress", "no list, or a longer one");
    Signatures signatures;
    for (const Json& one : list) {
      auto signature = signature_in(one);
      if (!signature) return bad_answer("getSignaturesForAddress", "an entry without signature or slot");
      signatures.push_back(std::move(*signature));
    }
    return signatures;
  });
}

Fact<TransactionSeen> transaction(const std::string& signature) {
  const Json options = {{"commitment", "finalized"}, {"encoding", "base64"}, {"maxSupportedTransactionVersion", 0}};
  const RpcRequest request{"getTransaction", Json::array({signature, options})};
  return fact_of<TransactionSeen>(request, [signature](const Payload& payload, const Observation&) {
    return read_transaction(member(payload.head, "result"), signature);
  });
}

Fact<std::vector<FoundAccount>> program_accounts(const ProgramQuery& query) {
  using Accounts = std::vector<FoundAccount>;
  const RpcRequest request{"getProgramAccounts", parameters_of(query)};
  return fact_of<Accounts>(request, [query](const Payload& payload, const Observation&) -> Reading<Accounts> {
    const Json& list = member(member(payload.head, "result"), "value");
    if (!list.is_array()) return bad_answer("getProgramAccounts", "no list in a context");
    Accounts accounts;
    for (const Json& one : list) {
      auto account = account_in(one, query);
      if (!account) return bad_answer("getProgramAccounts", "an entry that is no account of the program");
      accounts.push_back(std::move(*account));
    }
    return accounts;
  });
}

}  // namespace facts
}  // namespace readyctl
