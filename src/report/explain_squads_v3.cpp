// Squads v3: multisigs, and what their members vote on. This version has neither roles nor a time lock.
#include <algorithm>

#include "base/text.hpp"
#include "report/inspect.hpp"
#include "solana/derive.hpp"
#include "solana/instruction_words.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

// The program hands out authorities one by one, and remembers the last of them; more than these are not listed.
constexpr std::uint32_t authorities_listed_max = 16;

void say_each(Explanation& explanation, std::string label, const std::vector<Pubkey>& keys) {
  if (keys.empty()) return explanation.say(std::move(label), "nobody");
  for (const Pubkey& key : keys) explanation.say(std::exchange(label, ""), named(key));
}

void say_authorities(Explanation& explanation, const Pubkey& multisig, const SquadsV3Multisig& settings) {
  explanation.say("authority 0",
                  to_string(multisig) + ", this account, which signs for nothing but changes of the multisig");
  Json list = Json::array({to_string(multisig)});
  const std::uint32_t last = std::clamp<std::uint32_t>(settings.authority_index, 1, authorities_listed_max);
  for (std::uint32_t index = 1; index <= last; ++index) {
    const std::string address = to_string(squads_v3_authority_address(multisig, index));
    explanation.say("authority " + std::to_string(index), address + (index == 1 ? ", the default vault" : ""));
    list.push_back(address);
  }
  if (settings.authority_index > last) {
    explanation.go_on("and up to authority " + std::to_string(settings.authority_index) + ", which are not listed");
  }
  explanation.go_on("the program lets members use any other index too");
  explanation.json["authorities"] = list;
}

Json json_of(const SquadsV3Vote& vote) {
  return {{"transactionIndex", std::to_string(vote.queued.index)},
          {"address", to_string(vote.queued.address)},
          {"state", vote.queued.state},
          {"would", vote.would}};
}

void say_would(Explanation& explanation, const SquadsV3Vote& vote) {
  for (const std::string& words : vote.would) explanation.go_on("  " + words);
  if (vote.would.empty()) explanation.go_on("  do nothing");
}

void explain_pending(Explanation& explanation, const SquadsV3Seen& seen) {
  Json list = Json::array();
  std::string label = "can be executed";
  for (const SquadsV3Vote& vote : seen.votes) {
    list.push_back(json_of(vote));
    explanation.say(std::exchange(label, ""),
                    "transaction " + std::to_string(vote.queued.index) + " (" + vote.queued.state + "), which would");
    say_would(explanation, vote);
  }
  if (seen.votes.empty()) explanation.say(label, "no transaction, now or after votes");
  if (seen.first_looked_at > 1) {
    explanation.go_on("transactions 1 to " + std::to_string(seen.first_looked_at - 1) + " were not looked at");
  }
  explanation.json["pending"] = list;
  explanation.json["pendingLookedAt"] = {{"first", std::to_string(seen.first_looked_at)}};
}

Explanation explain_multisig_account(const Inspection& inspection, const SquadsV3Multisig& multisig) {
  Explanation explanation;
  explanation.kind = "squads-v3-multisig";
  explanation.summary = to_string(inspection.address) +
                        " is a Squads v3 multisig: " + std::to_string(multisig.threshold) + " of " +
                        counted(multisig.members.size(), "member") + " must approve.";
  explanation.json = json_of(multisig);
  explain_multisig(explanation, multisig);
  explanation.say("transactions", std::to_string(multisig.transaction_index) + " so far, stale up to " +
                                      std::to_string(multisig.change_index));
  if (inspection.squads_v3) explain_pending(explanation, *inspection.squads_v3);
  say_authorities(explanation, inspection.address, multisig);
  return explanation;
}

// Those who may vote and have said nothing yet.
std::vector<Pubkey> not_voted(const SquadsV3Multisig& multisig, const SquadsV3Transaction& transaction) {
  std::vector<Pubkey> waiting;
  for (const Pubkey& member : multisig.members) {
    const auto is_member = [&](const std::vector<Pubkey>& keys) {
      return std::find(keys.begin(), keys.end(), member) != keys.end();
    };
    if (!is_member(transaction.approved) && !is_member(transaction.rejected)) waiting.push_back(member);
  }
  return waiting;
}

void explain_weight(Explanation& explanation, const SquadsV3Multisig& multisig, const SquadsV3Vote& vote) {
  const SquadsV3Transaction& transaction = *vote.queued.transaction;
  explanation.json["threshold"] = multisig.threshold;
  explanation.json["live"] = vote.is_live;
  explanation.say("approvals", std::to_string(transaction.approved.size()) + " of the " +
                                   std::to_string(multisig.threshold) + " that are needed");
  const std::vector<Pubkey> waiting = not_voted(multisig, transaction);
  explanation.json["notVoted"] = addresses(waiting);
  say_each(explanation, "has not voted", waiting);
  const bool is_ready = transaction.status == SquadsV3Status::execute_ready;
  explanation.say("executable", is_ready       ? "now, by any member: Squads v3 has no time lock"
                                : vote.is_live ? "as soon as it is approved: Squads v3 has no time lock"
                                               : "never");
}

Explanation explain_transaction(const Inspection& inspection, const SquadsV3Transaction& transaction) {
  const std::string status(words_for(transaction.status));
  Explanation explanation;
  explanation.kind = "squads-v3-transaction";
  explanation.summary = to_string(inspection.address) + " is Squads v3 transaction " +
                        std::to_string(transaction.index) + ", for authority " +
                        std::to_string(transaction.authority_index) + ": " + status + ".";
  explanation.json = {{"multisig", to_string(transaction.multisig)},
                      {"transactionIndex", std::to_string(transaction.index)},
                      {"authorityIndex", transaction.authority_index},
                      {"creator", to_string(transaction.creator)},
                      {"status", status},
                      {"approved", addresses(transaction.approved)},
                      {"rejected", addresses(transaction.rejected)},
                      {"cancelled", addresses(transaction.cancelled)}};
  explanation.say("multisig", to_string(transaction.multisig));
  explanation.say("authority",
                  to_string(squads_v3_authority_address(transaction.multisig, transaction.authority_index)));
  explanation.say("created by", named(transaction.creator));
  say_each(explanation, "approved by", transaction.approved);
  say_each(explanation, "rejected by", transaction.rejected);
  say_each(explanation, "cancelled by", transaction.cancelled);
  if (!inspection.squads_v3) return explanation;
  const SquadsV3Vote& vote = inspection.squads_v3->votes.front();
  explanation.say("state", vote.queued.state);
  explanation.json["state"] = vote.queued.state;
  if (inspection.squads_v3->multisig) {
    explain_weight(explanation, *inspection.squads_v3->multisig, vote);
  } else {
    explanation.say("settings",
                    "no Squads v3 multisig at " + to_string(transaction.multisig) + ", so the vote cannot be weighed");
  }
  explanation.json["would"] = vote.would;
  explanation.say("would", vote.would.empty() ? "do nothing" : vote.would.front());
  for (std::size_t i = 1; i < vote.would.size(); ++i) explanation.go_on(vote.would[i]);
  return explanation;
}

Explanation explain_instruction(const Inspection& inspection) {
  const auto stored = decode_squads_v3_instruction(inspection.account->bytes());
  if (!stored) return explain_unknown(inspection, stored.error().what);
  Explanation explanation;
  explanation.kind = "squads-v3-instruction";
  explanation.summary = to_string(inspection.address) + " is instruction " + std::to_string(stored->index) +
                        " of a Squads v3 transaction.";
  explanation.json = {{"instructionIndex", stored->index}, {"would", words_for(stored->instruction)}};
  explanation.say("transaction", "not known: this address is derived from it, and that cannot be inverted");
  explanation.say("would", words_for(stored->instruction));
  return explanation;
}

}  // namespace

Explanation explain_squads_v3(const Inspection& inspection) {
  const ByteView data = inspection.account->bytes();
  if (const auto multisig = decode_squads_v3_multisig(data)) return explain_multisig_account(inspection, *multisig);
  if (const auto transaction = decode_squads_v3_transaction(data)) return explain_transaction(inspection, *transaction);
  const auto account = squads_v3_account(data);
  if (!account) return explain_unknown(inspection, "");
  if (*account == SquadsV3Account::instruction) return explain_instruction(inspection);
  const auto why = *account == SquadsV3Account::multisig ? decode_squads_v3_multisig(data).error().what
                                                         : decode_squads_v3_transaction(data).error().what;
  return explain_unknown(inspection, why);
}

void explain_multisig(Explanation& explanation, const SquadsV3Multisig& multisig) {
  explanation.say("threshold", std::to_string(multisig.threshold) + " of " +
                                   counted(multisig.members.size(), "member") + " must approve");
  explanation.say("time lock", "none: Squads v3 has none, and what is approved may be executed at once");
  explanation.say("settings", "change only by vote of the members: Squads v3 has no config authority");
  std::string label = "members";
  for (const Pubkey& member : multisig.members) {
    explanation.say(std::exchange(label, ""),
                    named(member) + " may initiate, vote, execute" +
                        (is_on_curve(member) ? "" : " (off the curve: a program signs for it)"));
  }
  auto& dangers = explanation.dangers;
  dangers.emplace_back("no time lock: nobody has time to react to an approval");
  if (multisig.threshold <= 1) dangers.emplace_back("one member alone can approve");
  if (multisig.threshold > multisig.members.size()) {
    dangers.emplace_back("fewer members may vote than must approve: nothing can ever be approved");
  }
}

Json json_of(const SquadsV3Multisig& multisig) {
  Json members = Json::array();
  for (const Pubkey& member : multisig.members) {
    members.push_back({{"key", to_string(member)}, {"permissions", {"initiate", "vote", "execute"}}});
  }
  return {{"createKey", to_string(multisig.create_key)},
          {"threshold", multisig.threshold},
          {"voters", multisig.members.size()},
          {"timeLock", 0},
          {"authorityIndex", multisig.authority_index},
          {"transactionIndex", std::to_string(multisig.transaction_index)},
          {"changeIndex", std::to_string(multisig.change_index)},
          {"members", members}};
}

}  // namespace readyctl
