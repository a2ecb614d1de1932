// Proposals of SPL Governance: how far the vote is, when what passed can be executed, and what it would do.
#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "facts/unix_time.hpp"
#include "report/inspect.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

// The program lets nobody put more than some hundreds into an account; an imitation of it may hold half a million.
constexpr std::size_t options_told_max = 100;

// The end of a span; nothing where there is no such second.
std::optional<std::int64_t> later(std::int64_t from, std::uint64_t seconds) {
  const auto room =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - static_cast<std::uint64_t>(from);
  if (from >= 0 && seconds > room) return std::nullopt;
  return from + static_cast<std::int64_t>(seconds);
}

std::string moment_words(const std::optional<std::int64_t>& moment) {
  return moment ? moment_text(*moment) : "a time that cannot be written";
}

const Electorate* electorate_of(const std::vector<Electorate>& electorates, const Pubkey& mint) {
  const auto found = std::find_if(electorates.begin(), electorates.end(), [&](const Electorate& one) {
    return one.mint != nullptr && one.mint->address == mint;
  });
  return found == electorates.end() ? nullptr : &*found;
}

std::string_view words_for(OptionResult result) {
  switch (result) {
    case OptionResult::succeeded:
      return "succeeded";
    case OptionResult::defeated:
      return "defeated";
    case OptionResult::undecided:
      break;
  }
  return "not decided";
}

bool can_be_executed(GovernanceProposalState state) {
  return state == GovernanceProposalState::succeeded || state == GovernanceProposalState::executing ||
         state == GovernanceProposalState::executing_with_errors;
}

bool can_still_pass(GovernanceProposalState state) {
  return state == GovernanceProposalState::draft || state == GovernanceProposalState::signing_off ||
         state == GovernanceProposalState::voting;
}

void say_options(Explanation& explanation, const GovernanceProposal& proposal) {
  Json list = Json::array();
  std::string label = proposal.is_multiple_choice ? "choices" : "yes votes";
  for (const ProposalOption& option : proposal.options) {
    if (list.size() == options_told_max) break;
    list.push_back({{"label", printable(option.label)},
                    {"votes", std::to_string(option.votes)},
                    {"result", words_for(option.result)},
                    {"transactions", option.transactions},
                    {"executed", option.executed}});
    explanation.say(std::exchange(label, ""), std::to_string(option.votes) + " for \"" + option.label + "\", " +
                                                  std::string(words_for(option.result)) + ", " +
                                                  std::to_string(option.executed) + " of " +
                                                  counted(option.transactions, "transaction") + " executed");
  }
  const std::size_t untold = proposal.options.size() - list.size();
  if (untold > 0) explanation.go_on(counted(untold, "more choice") + " are not told");
  explanation.json["options"] = list;
  explanation.json["optionsNotTold"] = untold;
  explanation.say("no votes", proposal.deny_votes ? std::to_string(*proposal.deny_votes)
                                                  : "not taken: this is a survey, which executes nothing");
  explanation.say("veto votes", std::to_string(proposal.veto_votes));
  explanation.json["denyVotes"] = proposal.deny_votes ? Json(std::to_string(*proposal.deny_votes)) : Json();
  explanation.json["vetoVotes"] = std::to_string(proposal.veto_votes);
}

std::string sort_of(GovernanceVoteKind kind) {
  switch (kind) {
    case GovernanceVoteKind::approve:
      return "yes";
    case GovernanceVoteKind::deny:
      return "no";
    case GovernanceVoteKind::abstain:
      return "abstains";
    case GovernanceVoteKind::veto:
      break;
  }
  return "veto";
}

// Those of the council who have said nothing yet, where the council votes and its members are known.
std::vector<Pubkey> not_voted(const GovernanceSeen& seen) {
  std::vector<Pubkey> waiting;
  if (!seen.realm.council_members || !seen.proposal->votes) return waiting;
  for (const TokenOwnerRecord& record : *seen.realm.council_members) {
    const auto& votes = *seen.proposal->votes;
    const bool has_voted =
        std::any_of(votes.begin(), votes.end(), [&](const auto& vote) { return vote.owner == record.owner; });
    if (!has_voted) waiting.push_back(record.owner);
  }
  return waiting;
}

void say_voters(Explanation& explanation, const GovernanceSeen& seen, bool is_council) {
  const auto& votes = seen.proposal->votes;
  if (!votes) {
    explanation.json["votes"] = nullptr;
    return explanation.say("voters", "who voted how is not known: " + votes.error().what);
  }
  Json list = Json::array();
  std::string label = "voters";
  for (const GovernanceVoteRecord& vote : *votes) {
    list.push_back(
        {{"key", to_string(vote.owner)}, {"vote", sort_of(vote.kind)}, {"weight", std::to_string(vote.weight)}});
    explanation.say(std::exchange(label, ""),
                    named(vote.owner) + ": " + sort_of(vote.kind) + ", " + counted(vote.weight, "vote"));
  }
  if (votes->empty()) explanation.say(label, "nobody so far");
  explanation.json["votes"] = list;
  if (!is_council || !seen.realm.council_members) return;
  label = "has not voted";
  Json waiting = Json::array();
  for (const Pubkey& key : not_voted(seen)) {
    explanation.say(std::exchange(label, ""), named(key));
    waiting.push_back(to_string(key));
  }
  if (waiting.empty()) explanation.say(label, "nobody: all of the council have");
  explanation.json["notVoted"] = waiting;
}

// When voting ends at the latest; none: it has not begun, or there is no such second.
std::optional<std::int64_t> end_of_voting(const GovernanceProposal& proposal, const GovernanceConfig& rules) {
  if (!proposal.voting_at) return std::nullopt;
  return later(*proposal.voting_at, std::uint64_t{rules.voting_seconds} + rules.cool_off_seconds);
}

// The time to vote is over and nobody has asked for the outcome yet: whoever does sets the end of the vote to when its
// time was over, however long ago that is. (state/proposal.rs, finalize_vote)
bool waits_to_be_finalized(const GovernanceProposalSeen& seen, const std::optional<std::int64_t>& end) {
  return seen.proposal.state == GovernanceProposalState::voting && end && seen.clock &&
         seen.clock->unix_timestamp > *end;
}

void say_unfinalized(Explanation& explanation, std::int64_t end, std::uint32_t hold_up_seconds) {
  const auto from = later(end, std::uint64_t{hold_up_seconds} + 1);
  if (!from) return explanation.say("executable", "at no time that can be written");
  if (const auto time = time_of_unix(*from)) explanation.json["executableAt"] = to_string(*time);
  explanation.say("executable", "if the votes are enough, from " + moment_text(*from) +
                                    " on: whoever likes finalizes the vote and executes it in one go");
  explanation.dangers.push_back("its vote is over since " + moment_text(end) +
                                " and was not finalized: the hold-up time has run since then");
}

void say_times(Explanation& explanation, const GovernanceSeen& seen) {
  const GovernanceProposal& proposal = seen.proposal->proposal;
  const GovernanceConfig rules = as_applied(seen.governance->config);
  const auto end = end_of_voting(proposal, rules);
  explanation.json["executableAt"] = nullptr;
  if (proposal.voting_at) {
    explanation.say("voting",
                    "since " + moment_text(*proposal.voting_at) + ", at the latest until " + moment_words(end));
  }
  const std::string hold_up = rules.hold_up_seconds == 0
                                  ? "no hold-up time"
                                  : "a hold-up time of " + duration_text(std::chrono::seconds(rules.hold_up_seconds));
  if (waits_to_be_finalized(*seen.proposal, end)) return say_unfinalized(explanation, *end, rules.hold_up_seconds);
  if (can_still_pass(proposal.state))
    return explanation.say("executable", "not before it has passed, and then after " + hold_up);
  if (!can_be_executed(proposal.state) || !proposal.voting_completed_at) return explanation.say("executable", "never");
  const auto from = later(*proposal.voting_completed_at, std::uint64_t{rules.hold_up_seconds} + 1);
  if (!from) return explanation.say("executable", "at no time that can be written");
  if (const auto time = time_of_unix(*from)) explanation.json["executableAt"] = to_string(*time);
  const auto& clock = seen.proposal->clock;
  const bool is_over = clock && clock->unix_timestamp >= *from;
  explanation.say("executable", (is_over ? "now, from " : "from ") + moment_text(*from) +
                                    (is_over ? " on" : ", after " + hold_up) +
                                    (clock ? "" : "; the chain's clock could not be read"));
}

void say_deeds(Explanation& explanation, const GovernanceProposalSeen& seen) {
  Json list = Json::array();
  std::string label = "would";
  for (const GovernanceDeed& deed : seen.deeds) {
    list.push_back({{"address", to_string(deed.address)},
                    {"option", deed.of.option_index},
                    {"transaction", deed.of.index},
                    {"executed", deed.is_executed},
                    {"would", deed.would}});
    explanation.say(std::exchange(label, ""), "transaction " + std::to_string(deed.of.index) + " of choice " +
                                                  std::to_string(deed.of.option_index + 1) +
                                                  (deed.is_executed ? " (executed)" : ""));
    for (const std::string& words : deed.would) explanation.go_on("  " + words);
  }
  if (seen.deeds.empty()) explanation.say(label, "do nothing: it has no transactions");
  if (seen.deeds_not_read > 0) {
    explanation.go_on(counted(seen.deeds_not_read, "more transaction") + " were not read");
  }
  explanation.json["would"] = list;
}

}  // namespace

Explanation explain_governance_proposal(const Inspection& inspection) {
  const GovernanceSeen& seen = *inspection.governance;
  const GovernanceProposal& proposal = seen.proposal->proposal;
  const std::string state(words_for(proposal.state));
  const std::vector<Electorate> electorates = electorates_of(*seen.governance, seen.realm);
  const Electorate* electorate = electorate_of(electorates, proposal.mint);
  Explanation explanation;
  explanation.kind = "spl-governance-proposal";
  explanation.summary = to_string(inspection.address) + " is a proposal of SPL governance " +
                        to_string(seen.governance_address) + ": " + state + ".";
  explanation.json = {{"governance", to_string(seen.governance_address)},
                      {"realm", to_string(seen.realm.address)},
                      {"program", to_string(seen.realm.program)},
                      {"name", printable(proposal.name)},
                      {"descriptionLink", printable(proposal.description_link)},
                      {"state", state},
                      {"votesOf", electorate != nullptr ? Json(electorate->name) : Json()},
                      {"mint", to_string(proposal.mint)},
                      {"proposer", seen.proposal->proposer ? Json(to_string(seen.proposal->proposer->owner)) : Json()}};
  explanation.say("name", "\"" + proposal.name + "\"");
  explanation.say("description", proposal.description_link.empty() ? "none" : "\"" + proposal.description_link + "\"");
  explain_instance(explanation, seen.realm.program);
  explanation.say("governance", to_string(seen.governance_address) + " " + words_for(seen.realm));
  explanation.say("proposed by", seen.proposal->proposer
                                     ? named(seen.proposal->proposer->owner)
                                     : "not known: no token owner record at " + to_string(proposal.token_owner_record));
  explanation.say("state", state);
  explanation.say("signed off",
                  std::to_string(proposal.signed_off) + " of " + counted(proposal.signatories, "signatory record"));
  explanation.say("votes of", electorate == nullptr
                                  ? "mint " + to_string(proposal.mint) + ", which the realm does not have"
                                  : "the " + electorate->name + ": " + words_for(*electorate));
  say_options(explanation, proposal);
  say_voters(explanation, seen, electorate != nullptr && electorate->name == "council");
  say_times(explanation, seen);
  say_deeds(explanation, *seen.proposal);
  return explanation;
}

}  // namespace readyctl
