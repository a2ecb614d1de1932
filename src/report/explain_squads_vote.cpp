// What members of a Squads v4 multisig vote on: how far the vote is, when it can be executed, and what it would do.
#include <algorithm>
#include <limits>
#include <set>

#include "base/text.hpp"
#include "facts/unix_time.hpp"
#include "report/inspect.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

// Those who may vote and have said nothing yet.
std::vector<Pubkey> not_voted(const Multisig& multisig, const Proposal& proposal) {
  std::set<Pubkey> waiting;
  for (const MultisigMember& member : multisig.members) {
    if (member.permissions.can_vote()) waiting.insert(member.key);
  }
  for (const auto* list : {&proposal.approved, &proposal.rejected, &proposal.cancelled}) {
    for (const Pubkey& key : *list) waiting.erase(key);
  }
  return {waiting.begin(), waiting.end()};
}

// How many of those who approved are no members any more: their votes still stand in the proposal, and count.
std::size_t left_since(const Multisig& multisig, const Proposal& proposal) {
  return static_cast<std::size_t>(
      std::count_if(proposal.approved.begin(), proposal.approved.end(), [&](const Pubkey& key) {
        return std::none_of(multisig.members.begin(), multisig.members.end(),
                            [&](const MultisigMember& member) { return member.key == key; });
      }));
}

std::optional<std::int64_t> lock_end(std::int64_t since, std::uint32_t lock) {
  if (since > std::numeric_limits<std::int64_t>::max() - std::int64_t{lock}) return std::nullopt;
  return since + std::int64_t{lock};
}

// "in 1d 2h", for distances that people count.
std::string distance_words(std::int64_t from, std::int64_t to) {
  constexpr std::uint64_t ten_years = 315'360'000;
  const std::uint64_t seconds = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  return seconds > ten_years ? "" : " (in " + duration_text(std::chrono::seconds(seconds)) + ")";
}

// When an approved proposal can be executed under the time lock as it is now, which may not be the one of its approval.
void say_executable(Explanation& explanation, const SquadsVote& vote, const Proposal& proposal) {
  const Multisig& multisig = *vote.multisig;
  const std::string lock = multisig.time_lock_seconds == 0
                               ? "no time lock"
                               : "a time lock of " + duration_text(std::chrono::seconds(multisig.time_lock_seconds));
  explanation.json["executableAt"] = nullptr;
  if (!prospect_of(vote.transaction, multisig).is_live) return explanation.say("executable", "never");
  // It was approved, and no time of that is kept; the program of today executes no such proposal.
  if (proposal.status == ProposalStatus::executing) {
    return explanation.say("executable", "at no time that is known: its execution began under an older program");
  }
  if (proposal.status != ProposalStatus::approved || !proposal.status_since) {
    return explanation.say("executable", "not before it is approved, and then after " + lock);
  }
  const auto end = lock_end(*proposal.status_since, multisig.time_lock_seconds);
  if (!end) return explanation.say("executable", "at no time that can be written");
  const auto time = time_of_unix(*end);
  if (time) explanation.json["executableAt"] = to_string(*time);
  const std::string from = "from " + moment_text(*end);
  if (!vote.clock) return explanation.say("executable", from + "; the chain's clock could not be read");
  const bool is_over = vote.clock->unix_timestamp >= *end;
  explanation.say("executable", is_over ? "now, " + from + " on"
                                        : from + distance_words(vote.clock->unix_timestamp, *end) + ", after " + lock);
}

void say_votes(Explanation& explanation, const SquadsVote& vote, const Proposal& proposal) {
  const Multisig& multisig = *vote.multisig;
  const std::size_t approvals = proposal.approved.size();
  explanation.json["approvals"] = approvals;
  explanation.json["threshold"] = multisig.threshold;
  const std::size_t left = left_since(multisig, proposal);
  explanation.say("approvals", std::to_string(approvals) + " of the " + std::to_string(multisig.threshold) +
                                   " that are needed" +
                                   (left > 0 ? ", " + std::to_string(left) + " by who is no member now" : ""));
  const std::vector<Pubkey> waiting = not_voted(multisig, proposal);
  explanation.json["notVoted"] = addresses(waiting);
  std::string label = "has not voted";
  for (const Pubkey& key : waiting) {
    explanation.say(label, named(key));
    label.clear();
  }
  if (waiting.empty()) explanation.say(label, "nobody: all who may vote have");
}

void say_deeds(Explanation& explanation, const Deeds& deeds) {
  explanation.json["would"] = deeds.words;
  if (deeds.words.empty()) return explanation.say("would", "do nothing");
  explanation.say("would", deeds.words.front());
  for (std::size_t i = 1; i < deeds.words.size(); ++i) explanation.go_on(deeds.words[i]);
}

}  // namespace

void explain_vote(Explanation& explanation, const SquadsVote& vote) {
  if (!vote.multisig) {
    explanation.say("settings",
                    "no multisig account at " + to_string(vote.multisig_address) + ", so the vote cannot be weighed");
    return say_deeds(explanation, vote.deeds);
  }
  const Prospect prospect = prospect_of(vote.transaction, *vote.multisig);
  explanation.json["state"] = prospect.state;
  explanation.json["live"] = prospect.is_live;
  explanation.say("state", prospect.state + (prospect.is_live ? "" : ": it cannot be executed any more"));
  const std::optional<Account>& account = vote.transaction.proposal;
  const auto proposal = account ? decode_proposal(account->bytes()) : Result<Proposal>(malformed("", "there is none"));
  if (proposal) {
    say_votes(explanation, vote, *proposal);
    say_executable(explanation, vote, *proposal);
  }
  say_deeds(explanation, vote.deeds);
}

void explain_pending(Explanation& explanation, const PendingTransactions& pending) {
  const TransactionRange& range = pending.looked_at;
  Json list = Json::array();
  std::string label = "can be executed";
  for (std::size_t i = 0; i < pending.live.size(); ++i) {
    const LiveTransaction& one = pending.live[i];
    const std::vector<std::string>& would = pending.deeds[i].words;
    list.push_back({{"transactionIndex", std::to_string(one.transaction.index)},
                    {"address", to_string(one.transaction.address)},
                    {"state", one.state},
                    {"would", would}});
    explanation.say(label,
                    "transaction " + std::to_string(one.transaction.index) + " (" + one.state + "), which would");
    label.clear();
    for (const std::string& words : would) explanation.go_on("  " + words);
    if (would.empty()) explanation.go_on("  do nothing");
  }
  if (pending.live.empty()) explanation.say(label, "no transaction, now or after votes");
  explanation.json["pending"] = list;
  explanation.json["pendingLookedAt"] = {{"first", std::to_string(range.first)}, {"count", range.count}};
  if (range.first > 1) {
    explanation.go_on("transactions 1 to " + std::to_string(range.first - 1) + " were not looked at");
  }
}

}  // namespace readyctl
