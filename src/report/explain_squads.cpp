// Squads v4: multisigs, vaults, and what members vote on.
#include "base/text.hpp"
#include "facts/unix_time.hpp"
#include "report/inspect.hpp"
#include "solana/derive.hpp"
#include "solana/message_words.hpp"
#include "solana/names.hpp"
#include "solana/squads_config.hpp"
#include "solana/squads_reader.hpp"
#include "solana/squads_spending.hpp"
#include "solana/squads_transactions.hpp"

namespace readyctl {
namespace {

constexpr unsigned vaults_listed = 4;

std::string delay_words(std::uint32_t seconds) {
  if (seconds == 0) return "none: what is approved may be executed at once";
  return duration_text(std::chrono::seconds(seconds)) + " (" + counted(seconds, "second") +
         ") from approval to execution";
}

std::string moment_words(const std::optional<std::int64_t>& unix_seconds) {
  return unix_seconds ? moment_text(*unix_seconds) : "an unknown time";
}

void add_dangers(Explanation& explanation, const Multisig& multisig) {
  auto& dangers = explanation.dangers;
  if (!multisig.is_autonomous()) {
    dangers.push_back("the config authority " + to_string(multisig.config_authority) +
                      " alone can change members, threshold and time lock, with no vote and no delay");
  }
  if (multisig.threshold > multisig.voters()) {
    dangers.emplace_back("fewer members may vote than must approve: nothing can ever be approved");
  }
  if (multisig.threshold <= 1) dangers.emplace_back("one member alone can approve");
  if (multisig.time_lock_seconds == 0) dangers.emplace_back("no time lock: nobody has time to react to an approval");
  if (multisig.executors() == 0) dangers.emplace_back("no member may execute what is approved");
}

void say_each(Explanation& explanation, const std::string& label, const std::vector<Pubkey>& keys,
              const std::string& none) {
  if (keys.empty()) return explanation.say(label, none);
  explanation.say(label, named(keys.front()));
  for (std::size_t i = 1; i < keys.size(); ++i) explanation.go_on(named(keys[i]));
}

Explanation explain_multisig_account(const Inspection& inspection) {
  const auto multisig = decode_multisig(inspection.account->bytes());
  if (!multisig) return explain_unknown(inspection, multisig.error().what);
  Explanation explanation;
  explanation.kind = "squads-v4-multisig";
  explanation.summary = to_string(inspection.address) +
                        " is a Squads v4 multisig: " + std::to_string(multisig->threshold) + " of " +
                        counted(multisig->voters(), "voter") + " must approve.";
  explanation.json = json_of(*multisig);
  explain_multisig(explanation, *multisig);
  explanation.say("transactions", std::to_string(multisig->transaction_index) + " so far, stale up to " +
                                      std::to_string(multisig->stale_transaction_index));
  if (inspection.pending) explain_pending(explanation, *inspection.pending);
  explanation.say("rent collector", named(multisig->rent_collector));
  Json vaults = Json::array();
  for (unsigned index = 0; index < vaults_listed; ++index) {
    const std::string vault = to_string(vault_address(inspection.address, static_cast<std::uint8_t>(index)).address);
    explanation.say("vault " + std::to_string(index), vault);
    vaults.push_back(vault);
  }
  explanation.json["vaults"] = vaults;
  explanation.say("this account",
                  "holds settings only: authorities and funds go to a vault, nothing signs for this address");
  return explanation;
}

Explanation explain_proposal(const Inspection& inspection) {
  const auto proposal = decode_proposal(inspection.account->bytes());
  if (!proposal) return explain_unknown(inspection, proposal.error().what);
  const std::string status(words_for(proposal->status));
  Explanation explanation;
  explanation.kind = "squads-v4-proposal";
  explanation.summary = to_string(inspection.address) + " is the Squads v4 proposal for transaction " +
                        std::to_string(proposal->transaction_index) + ": " + status + ".";
  explanation.json = {{"multisig", to_string(proposal->multisig)},
                      {"transactionIndex", std::to_string(proposal->transaction_index)},
                      {"status", status},
                      {"approved", addresses(proposal->approved)},
                      {"rejected", addresses(proposal->rejected)},
                      {"cancelled", addresses(proposal->cancelled)}};
  explanation.say("multisig", to_string(proposal->multisig));
  explanation.say("transaction",
                  to_string(transaction_address(proposal->multisig, proposal->transaction_index).address));
  explanation.say("status", status + " since " + moment_words(proposal->status_since));
  say_each(explanation, "approved by", proposal->approved, "nobody");
  say_each(explanation, "rejected by", proposal->rejected, "nobody");
  say_each(explanation, "cancelled by", proposal->cancelled, "nobody");
  if (inspection.vote) explain_vote(explanation, *inspection.vote);
  return explanation;
}

Explanation explain_vault_transaction(const Inspection& inspection) {
  const auto transaction = decode_vault_transaction(inspection.account->bytes());
  if (!transaction) return explain_unknown(inspection, transaction.error().what);
  const Pubkey vault = vault_address(transaction->multisig, transaction->vault_index).address;
  Explanation explanation;
  explanation.kind = "squads-v4-vault-transaction";
  explanation.summary = to_string(inspection.address) + " is Squads v4 transaction " +
                        std::to_string(transaction->index) + ", for vault " + std::to_string(transaction->vault_index) +
                        ".";
  explanation.json = {{"multisig", to_string(transaction->multisig)},
                      {"transactionIndex", std::to_string(transaction->index)},
                      {"vaultIndex", transaction->vault_index},
                      {"vault", to_string(vault)},
                      {"creator", to_string(transaction->creator)}};
  explanation.say("multisig", to_string(transaction->multisig));
  explanation.say("vault", to_string(vault));
  explanation.say("proposal", to_string(proposal_address(transaction->multisig, transaction->index).address));
  explanation.say("created by", named(transaction->creator));
  explanation.json["instructions"] = Json::array();
  const bool is_resolved = inspection.vote && !inspection.vote->deeds.instructions.empty();
  const std::vector<std::string> instructions =
      is_resolved ? inspection.vote->deeds.words : words_for_each(transaction->message);
  for (const std::string& words : instructions) {
    explanation.json["instructions"].push_back(words);
    explanation.say("instruction " + std::to_string(explanation.json["instructions"].size()), words);
  }
  if (inspection.vote) explain_vote(explanation, *inspection.vote);
  return explanation;
}

Explanation explain_config_transaction(const Inspection& inspection) {
  const auto transaction = decode_config_transaction(inspection.account->bytes());
  if (!transaction) return explain_unknown(inspection, transaction.error().what);
  Explanation explanation;
  explanation.kind = "squads-v4-config-transaction";
  explanation.summary = to_string(inspection.address) + " is Squads v4 transaction " +
                        std::to_string(transaction->index) + ", which changes the multisig itself.";
  explanation.json = {{"multisig", to_string(transaction->multisig)},
                      {"transactionIndex", std::to_string(transaction->index)},
                      {"creator", to_string(transaction->creator)},
                      {"actions", Json::array()}};
  explanation.say("multisig", to_string(transaction->multisig));
  explanation.say("proposal", to_string(proposal_address(transaction->multisig, transaction->index).address));
  explanation.say("created by", named(transaction->creator));
  for (const ConfigAction& action : transaction->actions) {
    explanation.json["actions"].push_back(words_for(action));
    explanation.say("action " + std::to_string(explanation.json["actions"].size()), words_for(action));
  }
  if (inspection.vote) explain_vote(explanation, *inspection.vote);
  return explanation;
}

Explanation explain_spending_limit(const Inspection& inspection) {
  const auto limit = decode_spending_limit(inspection.account->bytes());
  if (!limit) return explain_unknown(inspection, limit.error().what);
  const std::string unit = limit->mint ? " base units of " + named(*limit->mint) : " lamports";
  Explanation explanation;
  explanation.kind = "squads-v4-spending-limit";
  explanation.summary = to_string(inspection.address) + " is a Squads v4 spending limit on vault " +
                        std::to_string(limit->vault_index) + ".";
  explanation.json = {{"multisig", to_string(limit->multisig)},
                      {"vaultIndex", limit->vault_index},
                      {"mint", limit->mint ? Json(to_string(*limit->mint)) : Json()},
                      {"amount", std::to_string(limit->amount)},
                      {"remainingAmount", std::to_string(limit->remaining_amount)},
                      {"members", addresses(limit->members)},
                      {"destinations", addresses(limit->destinations)}};
  explanation.say("multisig", to_string(limit->multisig));
  explanation.say("vault", to_string(vault_address(limit->multisig, limit->vault_index).address));
  explanation.say("limit", std::to_string(limit->amount) + unit + " " + std::string(words_for(limit->period)));
  explanation.say("remaining", std::to_string(limit->remaining_amount) + unit);
  say_each(explanation, "may spend", limit->members, "nobody");
  say_each(explanation, "to", limit->destinations, "anybody");
  explanation.dangers.emplace_back("each of those who may spend can do so alone, with no vote and no time lock");
  return explanation;
}

// The accounts of which only the beginning is read: the multisig, and for most who made it.
Explanation explain_head(const Inspection& inspection, SquadsAccount account) {
  const std::string name(words_for(account));
  Explanation explanation;
  explanation.kind = "squads-v4-" + name;
  explanation.summary = to_string(inspection.address) + " is a Squads v4 " + name + ".";
  if (account == SquadsAccount::program_config || account == SquadsAccount::vault_batch_transaction) return explanation;
  Reader reader = squads_reader(account, inspection.account->bytes());
  const Pubkey multisig = reader.pubkey("multisig");
  const Pubkey creator = reader.pubkey("creator");
  if (const auto read = reader.finish(multisig); !read) return explain_unknown(inspection, read.error().what);
  explanation.say("multisig", to_string(multisig));
  explanation.say("created by", named(creator));
  explanation.json = {{"multisig", to_string(multisig)}, {"creator", to_string(creator)}};
  if (inspection.vote) explain_vote(explanation, *inspection.vote);
  return explanation;
}

}  // namespace

Explanation explain_squads(const Inspection& inspection) {
  const auto account = squads_account(inspection.account->bytes());
  if (!account) return explain_unknown(inspection, "");
  switch (*account) {
    case SquadsAccount::multisig:
      return explain_multisig_account(inspection);
    case SquadsAccount::proposal:
      return explain_proposal(inspection);
    case SquadsAccount::vault_transaction:
      return explain_vault_transaction(inspection);
    case SquadsAccount::spending_limit:
      return explain_spending_limit(inspection);
    case SquadsAccount::config_transaction:
      return explain_config_transaction(inspection);
    case SquadsAccount::batch:
    case SquadsAccount::vault_batch_transaction:
    case SquadsAccount::program_config:
    case SquadsAccount::transaction_buffer:
      break;
  }
  return explain_head(inspection, *account);
}

void explain_multisig(Explanation& explanation, const Multisig& multisig) {
  explanation.say("threshold",
                  std::to_string(multisig.threshold) + " of " + counted(multisig.voters(), "voter") + " must approve");
  explanation.say("time lock", delay_words(multisig.time_lock_seconds));
  explanation.say("config authority", multisig.is_autonomous() ? "none: settings change only by vote of the members"
                                                               : named(multisig.config_authority));
  std::string label = "members";
  for (const MultisigMember& member : multisig.members) {
    explanation.say(label, named(member.key) + " " + words_for(member.permissions) +
                               (is_on_curve(member.key) ? "" : " (off the curve: a program signs for it)"));
    label.clear();
  }
  add_dangers(explanation, multisig);
}

Json json_of(const Multisig& multisig) {
  Json members = Json::array();
  for (const MultisigMember& member : multisig.members) {
    members.push_back({{"key", to_string(member.key)}, {"permissions", names_of(member.permissions)}});
  }
  return {{"createKey", to_string(multisig.create_key)},
          {"threshold", multisig.threshold},
          {"voters", multisig.voters()},
          {"timeLock", multisig.time_lock_seconds},
          {"configAuthority", multisig.is_autonomous() ? Json() : Json(to_string(multisig.config_authority))},
          {"transactionIndex", std::to_string(multisig.transaction_index)},
          {"staleTransactionIndex", std::to_string(multisig.stale_transaction_index)},
          {"rentCollector", multisig.rent_collector ? Json(to_string(*multisig.rent_collector)) : Json()},
          {"members", members}};
}

}  // namespace readyctl
