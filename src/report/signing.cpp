#include "report/signing.hpp"

#include "base/invariant.hpp"
#include "base/text.hpp"
#include "facts/local.hpp"
#include "report/explain_message.hpp"
#include "report/inspect.hpp"
#include "solana/derive.hpp"
#include "solana/message_words.hpp"
#include "solana/signable_message.hpp"
#include "solana/squads_instructions.hpp"

namespace readyctl {
namespace {

tl::expected<std::string, std::string> text_in(const Reading<std::optional<File>>& file, const std::string& path) {
  if (!file) {
    const auto* why = std::get_if<Unobtainable>(&file.error());
    return tl::unexpected(why != nullptr ? why->what : std::get<Absent>(file.error()).what);
  }
  if (!*file) return tl::unexpected("file " + path + " does not exist");
  return std::string(text_of((*file)->bytes()));
}

Task<Signing> read_signing(TransactionToSign transaction, bool from_chain) {
  Signing signing;
  if (transaction.exported) {
    const RelativePath path{*transaction.exported};
    const auto wanted = maybe(facts::file_if_any(path));
    const Reading<std::optional<File>> file = co_await wanted;
    signing.exported = text_in(file, path.text);
  }
  if (from_chain && transaction.index) {
    Task<SquadsVote> reading = squads_vote(transaction.multisig, *transaction.index);
    const SquadsVote vote = co_await reading;
    signing.vote = vote;
  }
  signing.transaction = transaction;
  co_return signing;
}

// --- in words

void say_addresses(Explanation& explanation, const TransactionToSign& transaction) {
  Json& json = explanation.json;
  json["multisig"] = to_string(transaction.multisig);
  json["transactionIndex"] = transaction.index ? Json(std::to_string(*transaction.index)) : Json();
  json["transaction"] = nullptr;
  json["proposal"] = nullptr;
  if (transaction.index) {
    json["transaction"] = to_string(transaction_address(transaction.multisig, *transaction.index).address);
    json["proposal"] = to_string(proposal_address(transaction.multisig, *transaction.index).address);
    explanation.say("transaction", json["transaction"]);
    explanation.say("proposal", json["proposal"]);
  } else {
    explanation.say("transaction", "not imported yet: it has no number and no address, and nobody can vote on it");
  }
  json["vaultIndex"] = transaction.vault_index ? Json(*transaction.vault_index) : Json();
  json["vault"] = nullptr;
  if (!transaction.vault_index) return explanation.say("vault", "no gate of this run says which");
  json["vault"] = to_string(vault_address(transaction.multisig, *transaction.vault_index).address);
  explanation.say("vault " + std::to_string(*transaction.vault_index), json["vault"]);
}

void say_gates(Explanation& explanation, const std::vector<std::string>& gates) {
  explanation.json["gates"] = gates;
  std::string label = "judged by";
  for (const std::string& gate : gates) {
    explanation.say(label, gate);
    label.clear();
  }
}

// The short form of the Squads SDK is imported as it is, and no wallet signs it.
Explanation explain_import(const ExportedMessage& exported) {
  Explanation explanation;
  explanation.kind = "squads-v4-transaction-message";
  explanation.summary = "Who imports this asks a multisig to vote on what it does.";
  explanation.json = {{"form", exported.form}, {"encoding", exported.encoding}, {"instructions", Json::array()}};
  const auto bytes = compact_message(exported.message);
  invariant(bytes.has_value(), "what was read from the short form can be written in it");
  const std::string digest = to_string(sha256(*bytes));
  explanation.json["sha256"] = digest;
  explanation.say("SHA-256", digest);
  explanation.say("read as", exported.form + " in " + exported.encoding);
  for (const std::string& words : words_for_each(exported.message)) {
    Json& list = explanation.json["instructions"];
    list.push_back({{"words", words}});
    explanation.say("instruction " + std::to_string(list.size()), words);
  }
  if (!exported.message.lookups.empty()) {
    explanation.dangers.emplace_back(
        "it takes accounts from lookup tables, which are on the chain and not in the file");
  }
  return explanation;
}

// What a file is taken for by the gate that judges it. As a wallet would sign it, where a wallet can.
Result<Explanation> explain_exported(const std::string& text) {
  const auto exported = read_exported(text);
  if (!exported) return failure(exported.error());
  auto message = explain_message(text);
  return message ? message : explain_import(*exported);
}

// What the file says of itself follows its name.
void say_exported(Explanation& explanation, const Signing& signing) {
  const std::string& path = *signing.transaction.exported;
  Json& json = explanation.json["exported"];
  json = {{"path", path}, {"trouble", nullptr}, {"message", nullptr}};
  explanation.say("exported file", path);
  const auto refuse = [&](const std::string& why) {
    json["trouble"] = why;
    explanation.dangers.push_back("the exported transaction cannot be read: " + why);
  };
  if (!*signing.exported) return refuse(signing.exported->error());
  auto message = explain_exported(**signing.exported);
  if (!message) return refuse("file " + path + " " + message.error().what);
  for (auto& line : message->lines) explanation.lines.push_back(std::move(line));
  for (const std::string& danger : message->dangers) {
    explanation.dangers.push_back("the exported file " + path + ": " + danger);
  }
  json["message"] = json_of(*message);
}

void say_digest(Explanation& explanation, const Account& transaction) {
  const std::string digest = to_string(sha256(transaction.bytes()));
  explanation.say("SHA-256", digest);
  explanation.go_on("of the " + counted(transaction.bytes().size(), "byte") +
                    " of the transaction account, read at slot " + to_string(transaction.slot) + ", finalized");
  if (squads_account(transaction.bytes()) == SquadsAccount::batch) {
    explanation.go_on(
        "not of the items of this batch: they lie in accounts of their own, and more can be added to a draft");
  }
  explanation.json["onChain"] = {{"exists", true},
                                 {"sha256", digest},
                                 {"bytes", transaction.bytes().size()},
                                 {"slot", to_string(transaction.slot)}};
}

// The vault that a transaction is of; none for one that changes the multisig, and for what does not decode.
std::optional<std::uint8_t> vault_of(const Account& transaction) {
  if (const auto vault = decode_vault_transaction(transaction.bytes())) return vault->vault_index;
  if (const auto batch = decode_batch(transaction.bytes())) return batch->vault_index;
  return std::nullopt;
}

// The vault that the gates name may be none that this transaction is of.
void say_vault(Explanation& explanation, const TransactionToSign& transaction, const Account& account) {
  const auto found = vault_of(account);
  explanation.json["onChain"]["vaultIndex"] = found ? Json(*found) : Json();
  if (!found) return explanation.say("would run by", "no vault that can be told: none signs for it, or it is unknown");
  const std::string name =
      "vault " + std::to_string(*found) + " (" + to_string(vault_address(transaction.multisig, *found).address) + ")";
  explanation.say("would run by", name);
  if (!transaction.vault_index || *transaction.vault_index == *found) return;
  explanation.dangers.push_back("on the chain the transaction is of " + name + ", and the gates take it for one of " +
                                "vault " + std::to_string(*transaction.vault_index));
}

void say_on_chain(Explanation& explanation, const Signing& signing) {
  Json& json = explanation.json["onChain"];
  if (!signing.transaction.index) return;
  if (!signing.vote) {
    explanation.say("instructions", "not read: they are on the chain alone. --read-proposal reads them");
    explanation.go_on("or: readyctl inspect " + explanation.json["transaction"].get<std::string>() + " --rpc NAME=URL");
    return;
  }
  const std::optional<Account>& account = signing.vote->transaction.account;
  if (!account) {
    json = {{"exists", false}};
    return explanation.say("instructions", "none: the multisig has no such transaction, or it was closed");
  }
  say_digest(explanation, *account);
  say_vault(explanation, signing.transaction, *account);
  Explanation vote;
  explain_vote(vote, *signing.vote);
  for (auto& line : vote.lines) explanation.lines.push_back(std::move(line));
  json.update(vote.json);
}

}  // namespace

Task<std::vector<Signing>> read_signings(std::vector<TransactionToSign> transactions, bool from_chain) {
  std::vector<Signing> signings;
  for (const TransactionToSign& transaction : transactions) {
    Task<Signing> reading = read_signing(transaction, from_chain);
    Signing signing = co_await reading;
    signings.push_back(std::move(signing));
  }
  co_return signings;
}

Explanation explain_signing(const Signing& signing) {
  const TransactionToSign& transaction = signing.transaction;
  Explanation explanation;
  explanation.kind = "squads-v4-transaction-to-sign";
  explanation.summary =
      (transaction.index ? "Transaction " + std::to_string(*transaction.index) : "A transaction in a file") +
      " of Squads v4 multisig " + to_string(transaction.multisig);
  say_addresses(explanation, transaction);
  say_gates(explanation, transaction.gates);
  say_on_chain(explanation, signing);
  explanation.json["exported"] = nullptr;
  if (transaction.exported) say_exported(explanation, signing);
  return explanation;
}

}  // namespace readyctl
