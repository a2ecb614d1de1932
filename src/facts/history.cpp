#include "facts/history.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "facts/history_pages.hpp"
#include "facts/json_member.hpp"
#include "solana/base58.hpp"
#include "solana/transaction.hpp"

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

// What getTransaction answered, decoded as far as both facts about a transaction need it.
struct TransactionAnswer {
  Slot slot;
  Transaction transaction;
  Json meta;
  Json block_time;
};

constexpr auto get_transaction = "getTransaction";

Reading<TransactionAnswer> read_answer(const Json& result, const std::string& signature) {
  if (result.is_null()) return absent("transaction " + signature + " is not known to the endpoint");
  const Json& slot = member(result, "slot");
  const auto bytes = base64_in(member(result, "transaction"));
  if (!slot.is_number_unsigned() || !bytes) return bad_answer(get_transaction, "no transaction in base64");
  auto transaction = decode_transaction(*bytes);
  if (!transaction) return bad_answer(get_transaction, transaction.error().what);
  if (transaction->signatures.empty() || to_base58(transaction->signatures.front()) != signature) {
    return bad_answer(get_transaction, "another transaction");
  }
  if (transaction->signatures.size() != transaction->message.signers) {
    return bad_answer(get_transaction,
                      "a transaction that no cluster takes: " + counted(transaction->signatures.size(), "signature") +
                          " for " + counted(transaction->message.signers, "signer"));
  }
  return TransactionAnswer{Slot{slot.get<std::uint64_t>()}, std::move(*transaction), member(result, "meta"),
                           member(result, "blockTime")};
}

Reading<TransactionSeen> read_transaction(const Json& result, const std::string& signature) {
  auto answer = read_answer(result, signature);
  if (!answer) return tl::unexpected<Refusal>(answer.error());
  std::vector<Pubkey> keys = std::move(answer->transaction.message.keys);
  if (!add_loaded(answer->meta, keys)) return bad_answer(get_transaction, "loaded addresses that are none");
  return TransactionSeen{answer->slot, std::move(keys)};
}

// Static keys, then the looked-up writable ones, then the looked-up read-only ones.
std::optional<std::vector<InstructionAccount>> keys_of(const TransactionAnswer& answer) {
  const Message& message = answer.transaction.message;
  std::vector<InstructionAccount> keys;
  for (std::size_t i = 0; i < message.keys.size(); ++i) {
    keys.push_back({message.keys[i], message.is_signer(i), message.is_writable(i)});
  }
  const Json& loaded = member(answer.meta, "loadedAddresses");
  for (const auto* name : {"writable", "readonly"}) {
    std::vector<Pubkey> addresses;
    if (!loaded.is_null() && !add_addresses(member(loaded, name), addresses)) return std::nullopt;
    for (const Pubkey& address : addresses) keys.push_back({address, false, std::string_view(name) == "writable"});
  }
  return keys;
}

std::optional<std::uint8_t> index_in(const Json& value) {
  if (!value.is_number_unsigned() || value > 0xffU) return std::nullopt;
  return value.get<std::uint8_t>();
}

// {"programIdIndex": …, "accounts": […], "data": base58}
std::optional<CompiledInstruction> inner_in(const Json& one) {
  const auto program = index_in(member(one, "programIdIndex"));
  const Json& accounts = member(one, "accounts");
  const Json& data = member(one, "data");
  if (!program || !accounts.is_array() || !data.is_string()) return std::nullopt;
  CompiledInstruction instruction{*program, {}, {}};
  for (const Json& account : accounts) {
    const auto index = index_in(account);
    if (!index) return std::nullopt;
    instruction.account_indexes.push_back(*index);
  }
  auto bytes = from_base58(data.get_ref<const std::string&>());
  if (!bytes) return std::nullopt;
  instruction.data = std::move(*bytes);
  return instruction;
}

// The instructions that each of the transaction's own called, by its position; nothing when the list cannot be read.
std::optional<std::vector<std::vector<CompiledInstruction>>> inner_of(const TransactionAnswer& answer) {
  std::vector<std::vector<CompiledInstruction>> inner(answer.transaction.message.instructions.size());
  const Json& lists = member(answer.meta, "innerInstructions");
  if (!lists.is_array()) return std::nullopt;
  for (const Json& list : lists) {
    const auto index = index_in(member(list, "index"));
    const Json& instructions = member(list, "instructions");
    if (!index || *index >= inner.size() || !instructions.is_array()) return std::nullopt;
    for (const Json& one : instructions) {
      auto instruction = inner_in(one);
      if (!instruction) return std::nullopt;
      inner[*index].push_back(std::move(*instruction));
    }
  }
  return inner;
}

Reading<ExecutedTransaction> read_executed(const Json& result, const std::string& signature) {
  const auto answer = read_answer(result, signature);
  if (!answer) return tl::unexpected<Refusal>(answer.error());
  if (!answer->meta.is_object() || !answer->meta.contains("err")) {
    return bad_answer(get_transaction, "no record of what came of the transaction");
  }
  const Message& message = answer->transaction.message;
  const auto keys = keys_of(*answer);
  const auto inner = inner_of(*answer);
  if (!keys || !inner) return bad_answer(get_transaction, "no record of inner instructions or loaded addresses");

  ExecutedTransaction executed{answer->slot, std::nullopt, !answer->meta["err"].is_null(), {}, {}};
  if (answer->block_time.is_number_integer()) executed.block_time = answer->block_time.get<std::int64_t>();
  executed.signers.assign(message.keys.begin(), message.keys.begin() + message.signers);
  const auto add = [&](const CompiledInstruction& compiled, bool is_inner) {
    auto instruction = resolve(compiled, *keys);
    if (instruction) executed.instructions.push_back({std::move(*instruction), is_inner});
    return instruction.has_value();
  };
  for (std::size_t i = 0; i < message.instructions.size(); ++i) {
    bool resolved = add(message.instructions[i], false);
    for (const CompiledInstruction& called : (*inner)[i]) resolved = add(called, true) && resolved;
    if (!resolved) return bad_answer(get_transaction, "an instruction with an index past all keys");
  }
  return executed;
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

RpcRequest transaction_request(const std::string& signature) {
  const Json options = {{"commitment", "finalized"}, {"encoding", "base64"}, {"maxSupportedTransactionVersion", 1}};
  return {get_transaction, Json::array({signature, options})};
}

}  // namespace

namespace facts {

namespace {

Fact<std::vector<SignatureSeen>> listed_signatures(const Pubkey& address, std::uint32_t limit, const Json& options) {
  using Signatures = std::vector<SignatureSeen>;
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

}  // namespace

Fact<std::vector<SignatureSeen>> signatures_of(const Pubkey& address, std::uint32_t limit) {
  return listed_signatures(address, limit, {{"commitment", "finalized"}, {"limit", limit}});
}

Fact<std::vector<SignatureSeen>> signatures_page(const Pubkey& address, const std::optional<std::string>& before) {
  Json options = {{"commitment", "finalized"}, {"limit", signatures_a_page}};
  if (before) options["before"] = *before;
  return listed_signatures(address, signatures_a_page, options);
}

Fact<TransactionSeen> transaction(const std::string& signature) {
  return fact_of<TransactionSeen>(transaction_request(signature),
                                  [signature](const Payload& payload, const Observation&) {
                                    return read_transaction(member(payload.head, "result"), signature);
                                  });
}

Fact<ExecutedTransaction> executed_transaction(const std::string& signature) {
  return fact_of<ExecutedTransaction>(transaction_request(signature),
                                      [signature](const Payload& payload, const Observation&) {
                                        return read_executed(member(payload.head, "result"), signature);
                                      });
}

Fact<ExecutedTransaction> listed_transaction(const std::string& signature) {
  return fact_of<ExecutedTransaction>(
      transaction_request(signature),
      [signature](const Payload& payload, const Observation& seen) -> Reading<ExecutedTransaction> {
        const Json& result = member(payload.head, "result");
        if (!result.is_null()) return read_executed(result, signature);
        return unobtainable({"pruned",
                             "transaction " + signature + " is listed in a history, and " + seen.from +
                                 " does not know it (any more); ask an endpoint that keeps transactions",
                             Retry::other_endpoint});
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
