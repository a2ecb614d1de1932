// What a hardware wallet shows follows LedgerHQ/app-solana 1.9.0: src/handle_sign_message.c, libsol/message.c and
// instruction.c. What it does not understand it signs only where blind signing is allowed, and shows "Unrecognized
// format" and "Message Hash", the SHA-256 of the message in base58. It understands at most four instructions, of the
// programs below, and no lookup tables.
#include "report/explain_message.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "report/first_transactions.hpp"
#include "solana/base58.hpp"
#include "solana/message_words.hpp"
#include "solana/names.hpp"
#include "solana/signable_message.hpp"

namespace readyctl {
namespace {

constexpr std::size_t instructions_shown_max = 4;
constexpr std::array shown_programs{known::system_program,
                                    known::token,
                                    known::token_2022,
                                    known::associated_token,
                                    known::compute_budget,
                                    known::memo,
                                    "Stake11111111111111111111111111111111111111"_pubkey,
                                    "Vote111111111111111111111111111111111111111"_pubkey};

// --- what it is

std::string version_words(const Message& message) {
  return message.version ? "version " + std::to_string(*message.version) : "legacy";
}

bool is_signed(const Bytes& signature) {
  return std::any_of(signature.begin(), signature.end(), [](std::uint8_t byte) { return byte != 0; });
}

void add_digests(Explanation& explanation, const SignableMessage& reading) {
  const Sha256 digest = sha256(reading.bytes);
  const std::string hash = to_base58(digest.bytes);
  explanation.say("message hash", hash);
  explanation.go_on("SHA-256 in base58: what a Ledger shows as \"Message Hash\" when it signs blind");
  explanation.say("SHA-256", to_string(digest));
  explanation.json["messageHash"] = hash;
  explanation.json["sha256"] = to_string(digest);
}

void add_form(Explanation& explanation, const SignableMessage& reading) {
  const Message& message = reading.message;
  explanation.say("read as", reading.form() + " in " + reading.encoding + ", " + version_words(message) + ", " +
                                 counted(reading.bytes.size(), "byte") + " to sign");
  explanation.json["form"] = reading.signatures ? "transaction" : "message";
  explanation.json["encoding"] = reading.encoding;
  explanation.json["version"] = message.version ? Json(*message.version) : Json("legacy");
  explanation.json["bytes"] = reading.bytes.size();
}

void add_signers(Explanation& explanation, const SignableMessage& reading) {
  const Message& message = reading.message;
  Json signers = Json::array();
  std::string label = "signed by";
  for (std::size_t i = 0; i < message.signers; ++i) {
    const bool writable = message.is_writable(i);
    std::string words = named(message.keys[i]);
    if (i == 0) words += ", who pays the fee";
    Json signer = {{"key", to_string(message.keys[i])}, {"writable", writable}};
    if (reading.signatures && i < reading.signatures->size()) {
      const bool done = is_signed((*reading.signatures)[i]);
      words += done ? " (a signature is there; it was not verified)" : " (has not signed yet)";
      signer["signature"] = done ? Json(to_base58((*reading.signatures)[i])) : Json();
    }
    explanation.say(label, words);
    signers.push_back(std::move(signer));
    label.clear();
  }
  explanation.json["signers"] = std::move(signers);
  explanation.json["feePayer"] = message.keys.empty() ? Json() : Json(to_string(message.keys.front()));
  if (message.signers == 0) explanation.dangers.emplace_back("nobody signs this: a cluster refuses it");
  if (reading.signatures && reading.signatures->size() != message.signers) {
    explanation.dangers.push_back("it has " + counted(reading.signatures->size(), "signature") + " for " +
                                  counted(message.signers, "signer") + ": a cluster refuses it");
  }
}

void add_config(Explanation& explanation, const MessageConfig& config) {
  Json json = Json::object();
  const auto say = [&](const std::string& label, const std::string& name, const std::string& unit, auto value) {
    if (!value) return;
    explanation.say(label, std::to_string(*value) + unit);
    json[name] = std::to_string(*value);
  };
  say("priority fee", "priorityFeeLamports", " lamports", config.priority_fee_lamports);
  say("compute units", "computeUnits", "", config.compute_units);
  say("loaded data", "loadedAccountsBytes", " bytes at most", config.loaded_accounts_bytes);
  say("heap", "heapBytes", " bytes", config.heap_bytes);
  if (!json.empty()) explanation.json["config"] = std::move(json);
}

// --- when it expires

// As the runtime sees it: the first instruction is AdvanceNonceAccount of the System program.
bool is_durable(const Message& message, const std::vector<MessageAccount>& accounts) {
  if (message.instructions.empty()) return false;
  const CompiledInstruction& first = message.instructions.front();
  static const Bytes advance_nonce{4, 0, 0, 0};
  return first.program_id_index < accounts.size() && accounts[first.program_id_index].key == known::system_program &&
         first.data.size() >= advance_nonce.size() &&
         std::equal(advance_nonce.begin(), advance_nonce.end(), first.data.begin());
}

std::string account_words(const CompiledInstruction& instruction, std::size_t position,
                          const std::vector<MessageAccount>& accounts) {
  if (position >= instruction.account_indexes.size()) return "an account that is missing";
  const std::uint8_t index = instruction.account_indexes[position];
  return index < accounts.size() ? words_for(accounts[index]) : "an account that is missing";
}

void add_lifetime(Explanation& explanation, const Message& message, const std::vector<MessageAccount>& accounts) {
  const std::string value = to_string(message.blockhash);
  if (!is_durable(message, accounts)) {
    explanation.say("blockhash", value);
    explanation.go_on("it can be executed for about 150 blocks after that one, a minute or so");
    explanation.json["blockhash"] = value;
    explanation.json["expires"] = true;
    return;
  }
  const std::string nonce = account_words(message.instructions.front(), 0, accounts);
  const std::string authority = account_words(message.instructions.front(), 2, accounts);
  explanation.say("durable nonce", value);
  explanation.go_on("of account " + nonce + ", authority " + authority);
  explanation.json["durableNonce"] = {{"account", nonce}, {"authority", authority}, {"value", value}};
  explanation.json["expires"] = false;
  explanation.dangers.push_back("IT DOES NOT EXPIRE: it is made on durable nonce " + nonce +
                                ", so whoever has the signatures can execute it at any time, in months too, until " +
                                authority + " advances that nonce");
}

// --- what it does

Json json_of(const MessageAccount& account) {
  Json json = {{"signer", account.is_signer}, {"writable", account.is_writable}};
  if (account.key) {
    json["key"] = to_string(*account.key);
    const std::string_view label = label_of(*account.key);
    if (!label.empty()) json["label"] = std::string(label);
    return json;
  }
  json["lookupTable"] = to_string(account.table);
  json["entry"] = account.entry;
  return json;
}

std::string flags_of(const MessageAccount& account) {
  std::string flags;
  if (account.is_signer) flags += ", signs";
  if (account.is_writable) flags += ", may be changed";
  return flags;
}

void add_instruction(Explanation& explanation, const CompiledInstruction& instruction,
                     const std::vector<MessageAccount>& accounts) {
  Json& list = explanation.json["instructions"];
  const std::string words = words_for(instruction, accounts);
  explanation.say("instruction " + std::to_string(list.size() + 1), words);
  Json json = {{"words", words}, {"data", to_hex(instruction.data)}, {"accounts", Json::array()}};
  const bool has_program = instruction.program_id_index < accounts.size();
  json["program"] = has_program ? json_of(accounts[instruction.program_id_index]) : Json();
  explanation.go_on("program " + (has_program ? words_for(accounts[instruction.program_id_index]) : "missing"));
  for (const std::uint8_t index : instruction.account_indexes) {
    json["accounts"].push_back(index < accounts.size() ? json_of(accounts[index]) : Json());
    const std::string number = "account " + std::to_string(json["accounts"].size()) + " ";
    explanation.go_on(number +
                      (index < accounts.size() ? words_for(accounts[index]) + flags_of(accounts[index]) : "missing"));
  }
  list.push_back(std::move(json));
}

void add_lookups(Explanation& explanation, const Message& message) {
  if (message.lookups.empty()) return;
  Json tables = Json::array();
  std::size_t entries = 0;
  std::string label = "lookup tables";
  for (const AddressTableLookup& lookup : message.lookups) {
    entries += lookup.writable_indexes.size() + lookup.readonly_indexes.size();
    tables.push_back(to_string(lookup.table));
    explanation.say(label, to_string(lookup.table));
    label.clear();
  }
  explanation.json["lookupTables"] = std::move(tables);
  explanation.dangers.push_back(
      counted(entries, "account") + (entries == 1 ? " lies" : " lie") +
      " in lookup tables on the chain and cannot be known from this message, neither here nor by a hardware wallet: "
      "who signs it signs blind. Ask for it without lookup tables, or read the tables first");
}

// --- which transaction of a multisig it is about

void add_squads(Explanation& explanation, const Message& message, const std::vector<MessageAccount>& accounts,
                std::uint64_t searched) {
  FirstTransactions first_transactions(searched);
  const auto named_in_it = transactions_named(message, accounts, first_transactions);
  if (!named_in_it) return;
  Json transactions = Json::array();
  for (const NumberedTransaction& one : *named_in_it) {
    transactions.push_back({{"index", std::to_string(one.index)}, {"address", to_string(one.address)}});
    explanation.say("about", "transaction " + std::to_string(one.index) + " of its multisig, by derivation");
    explanation.go_on("what that does: readyctl inspect " + to_string(one.address) + " --rpc NAME=URL");
  }
  explanation.json["squadsTransactions"] = transactions;
  if (transactions.empty()) {
    explanation.say("about", "none of transactions 1 to " + std::to_string(searched) + " of its multisig");
  }
  explanation.say("not in it",
                  "a vote and an execution name a transaction; what that does is on the chain alone, and "
                  "the gate upgrade-proposal decides it");
}

// --- what a hardware wallet shows

std::vector<std::string> reasons_to_sign_blind(const Message& message, const std::vector<MessageAccount>& accounts) {
  std::vector<std::string> reasons;
  if (message.version.value_or(0) > 0) reasons.push_back("it is of version " + std::to_string(*message.version));
  if (!message.lookups.empty()) reasons.emplace_back("it uses lookup tables");
  if (message.instructions.size() > instructions_shown_max) {
    reasons.push_back("it has " + counted(message.instructions.size(), "instruction") + ", more than " +
                      std::to_string(instructions_shown_max));
  }
  for (std::size_t i = 0; i < message.instructions.size(); ++i) {
    const std::uint8_t index = message.instructions[i].program_id_index;
    const auto program = index < accounts.size() ? accounts[index].key : std::nullopt;
    const bool is_shown =
        program && std::find(shown_programs.begin(), shown_programs.end(), *program) != shown_programs.end();
    if (!is_shown) {
      reasons.push_back("instruction " + std::to_string(i + 1) + " calls " +
                        (program ? named(*program) : "a program that is not known"));
    }
  }
  return reasons;
}

void add_hardware(Explanation& explanation, const Message& message, const std::vector<MessageAccount>& accounts) {
  const std::vector<std::string> reasons = reasons_to_sign_blind(message, accounts);
  explanation.json["blindSigning"] = {{"needed", !reasons.empty()}, {"because", reasons}};
  if (reasons.empty()) {
    explanation.say("on a Ledger",
                    "may be shown in words, memos excepted; if it shows \"Unrecognized format\", compare "
                    "the message hash");
    return;
  }
  explanation.say("on a Ledger",
                  "\"Unrecognized format\" and the message hash, nothing else of what it does: blind "
                  "signing must be allowed");
  for (const std::string& reason : reasons) explanation.go_on("because " + reason);
  explanation.go_on("compare its \"Message Hash\" with the one above, character by character, before it signs");
}

}  // namespace

Result<Explanation> explain_message(std::string_view text, std::uint64_t searched) {
  auto reading = read_signable(text);
  if (!reading) {
    reading.error().where = "--message";
    return failure(reading.error());
  }
  const Message& message = reading->message;
  const std::vector<MessageAccount> accounts = accounts_of(message);
  Explanation explanation;
  explanation.kind = "message";
  explanation.summary = "Who signs this asks the cluster for " + counted(message.instructions.size(), "instruction") +
                        ", all of them or none.";
  explanation.json = {{"instructions", Json::array()}};
  add_digests(explanation, *reading);
  add_form(explanation, *reading);
  add_signers(explanation, *reading);
  add_lifetime(explanation, message, accounts);
  add_config(explanation, message.config);
  add_lookups(explanation, message);
  for (const CompiledInstruction& instruction : message.instructions)
    add_instruction(explanation, instruction, accounts);
  add_squads(explanation, message, accounts, searched);
  add_hardware(explanation, message, accounts);
  return explanation;
}

}  // namespace readyctl
