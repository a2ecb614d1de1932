// SPL Governance: realms, governances and voters.
#include <algorithm>

#include "base/text.hpp"
#include "facts/unix_time.hpp"
#include "report/inspect.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

std::string span_words(std::uint32_t seconds) {
  return seconds == 0 ? "none" : duration_text(std::chrono::seconds(seconds));
}

Json address_json(const std::optional<Pubkey>& address) { return address ? Json(to_string(*address)) : Json(); }

// --- rules

// The program lets nobody have 2^64 − 1 votes, which is how proposals of a population are switched off.
std::string proposing_words(const Electorate& electorate) {
  if (electorate.min_weight_to_propose == std::numeric_limits<std::uint64_t>::max()) return "nobody";
  return "whoever has " + counted(electorate.min_weight_to_propose, "vote") + " of it";
}

std::string veto_words(const Electorate& electorate) {
  if (electorate.veto.kind == VoteThreshold::Kind::disabled) return "cannot veto";
  if (!electorate.all_votes) return "can veto with " + words_for(electorate.veto);
  const auto needed = votes_needed(electorate.veto, *electorate.all_votes);
  if (!needed) return "can veto with " + words_for(electorate.veto) + ", which the program does not count";
  return "can veto with " + std::to_string(*needed) + " of " + counted(*electorate.all_votes, "vote");
}

std::string_view tipping_words(VoteTipping tipping) {
  switch (tipping) {
    case VoteTipping::strict:
      return "a vote ends early once nothing could change it";
    case VoteTipping::early:
      return "a vote ends as soon as enough say yes";
    case VoteTipping::disabled:
      break;
  }
  return "a vote never ends early";
}

void add_addin_dangers(Explanation& explanation, const Electorate& electorate) {
  if (!electorate.token) return;
  for (const auto& addin : {electorate.token->voter_weight_addin, electorate.token->max_voter_weight_addin}) {
    if (!addin) continue;
    explanation.dangers.push_back("program " + to_string(*addin) + " says how much votes of the " + electorate.name +
                                  " weigh: whoever can replace it decides");
  }
}

void explain_electorate(Explanation& explanation, const Electorate& electorate) {
  explanation.say(electorate.name + " vote", words_for(electorate));
  if (electorate.mint != nullptr)
    explanation.go_on("of whoever has deposited mint " + to_string(electorate.mint->address));
  if (electorate.threshold.kind != VoteThreshold::Kind::disabled) {
    explanation.go_on("and more than say no; " + std::string(tipping_words(electorate.tipping)));
    if (electorate.threshold.percent == 0) {
      explanation.dangers.push_back("the " + electorate.name +
                                    " passes a proposal with one vote, where nobody votes no");
    }
  }
  explanation.go_on("proposals: " + proposing_words(electorate) + "; " + veto_words(electorate));
  add_addin_dangers(explanation, electorate);
}

void explain_times(Explanation& explanation, const GovernanceConfig& rules) {
  explanation.say(
      "voting time",
      span_words(rules.voting_seconds) +
          (rules.cool_off_seconds > 0 ? ", then " + span_words(rules.cool_off_seconds) + " for no and veto only" : ""));
  explanation.say("hold-up time", rules.hold_up_seconds == 0
                                      ? "none: what was voted may be executed at once"
                                      : span_words(rules.hold_up_seconds) + " from the end of the vote to execution");
  if (rules.hold_up_seconds == 0) {
    explanation.dangers.emplace_back("no hold-up time: nobody has time to react to the outcome of a vote");
  }
}

std::string deposit_words(const GovernanceConfig& rules) {
  return "the first " + std::to_string(rules.deposit_exempt_proposals) + " at a time cost no deposit";
}

// --- the realm

Json token_json(const GoverningToken& token) {
  return {{"type", words_for(token.type)},
          {"voterWeightAddin", address_json(token.voter_weight_addin)},
          {"maxVoterWeightAddin", address_json(token.max_voter_weight_addin)}};
}

Json mint_json(const std::optional<VotingMint>& voting) {
  if (!voting) return nullptr;
  Json json = {{"address", to_string(voting->address)}};
  if (!voting->mint) return json;
  json["supply"] = std::to_string(voting->mint->supply);
  json["decimals"] = voting->mint->decimals;
  json["mintAuthority"] = address_json(voting->mint->mint_authority);
  return json;
}

Json council_json(const RealmSeen& realm) {
  if (!realm.council_members) return nullptr;
  Json list = Json::array();
  for (const TokenOwnerRecord& record : *realm.council_members) {
    list.push_back({{"key", to_string(record.owner)},
                    {"votes", std::to_string(record.deposit)},
                    {"delegate", address_json(record.delegate)}});
  }
  return list;
}

Json realm_json(const RealmSeen& realm) {
  Json json = {{"address", to_string(realm.address)}, {"program", to_string(realm.program)}};
  if (!realm.realm) return json;
  json["name"] = printable(realm.realm->name);
  json["authority"] = address_json(realm.realm->authority);
  json["communityMint"] = mint_json(realm.community);
  json["communityMaxVoteWeight"] = words_for(realm.realm->community_max_vote_weight);
  json["minCommunityWeightToCreateGovernance"] = std::to_string(realm.realm->min_community_weight_to_create_governance);
  json["councilMint"] = mint_json(realm.council);
  json["councilMembers"] = realm.council ? council_json(realm) : Json();
  const bool has_config = realm.config && *realm.config;
  json["communityToken"] = has_config ? token_json((*realm.config)->community) : Json();
  json["councilToken"] = has_config ? token_json((*realm.config)->council) : Json();
  return json;
}

std::string token_words(const GoverningToken& token) {
  std::string words(words_for(token.type));
  if (token.type == GoverningTokenType::membership) words += ": the realm's authority may burn it";
  if (token.type == GoverningTokenType::dormant) words += ": no longer taken as a deposit";
  if (token.voter_weight_addin) words += "; votes are weighed by program " + named(*token.voter_weight_addin);
  if (token.max_voter_weight_addin) {
    words += "; all votes are counted by program " + named(*token.max_voter_weight_addin);
  }
  return words;
}

void explain_mint(Explanation& explanation, const std::string& who, const std::optional<VotingMint>& voting) {
  if (!voting) return explanation.say(who + " mint", who == "council" ? "none: the realm has no council" : "not known");
  explanation.say(who + " mint", to_string(voting->address));
  if (!voting->mint) return explanation.go_on("which " + voting->mint.error().what);
  explanation.go_on("supply " + std::to_string(voting->mint->supply) + " base units, " +
                    std::to_string(voting->mint->decimals) + " decimals; more are made by " +
                    named(voting->mint->mint_authority));
}

void explain_members(Explanation& explanation, const RealmSeen& realm) {
  if (!realm.council) return;
  if (!realm.council_members) {
    return explanation.say("council members", "not known: " + realm.council_members.error().what);
  }
  std::string label = "council members";
  for (const TokenOwnerRecord& record : *realm.council_members) {
    explanation.say(std::exchange(label, ""),
                    named(record.owner) + " has " + counted(record.deposit, "vote") +
                        (record.delegate ? ", which " + named(*record.delegate) + " may cast" : ""));
  }
  if (realm.council_members->empty()) explanation.say(label, "nobody: no council token is deposited");
}

void explain_realm(Explanation& explanation, const RealmSeen& realm) {
  explanation.say("realm", to_string(realm.address));
  if (!realm.realm) return explanation.go_on("which " + realm.realm.error().what);
  explanation.go_on("named \"" + realm.realm->name + "\"");
  explanation.say("realm authority", realm.realm->authority
                                         ? named(*realm.realm->authority) + ", who may change how votes are counted"
                                         : "nobody: how votes are counted cannot be changed");
  explain_mint(explanation, "community", realm.community);
  explanation.say("community votes",
                  "all of them are taken to be " + words_for(realm.realm->community_max_vote_weight));
  explain_mint(explanation, "council", realm.council);
  explain_members(explanation, realm);
  if (!realm.config) return explanation.say("realm config", "none: votes weigh what was deposited");
  if (!*realm.config) return explanation.say("realm config", "cannot be read: " + realm.config->error().what);
  explanation.say("community token", token_words((*realm.config)->community));
  explanation.say("council token", token_words((*realm.config)->council));
}

// --- accounts

Explanation explain_realm_account(const Inspection& inspection) {
  const RealmSeen& realm = inspection.governance->realm;
  Explanation explanation;
  explanation.kind = "spl-governance-realm";
  explanation.summary = to_string(inspection.address) + " is a realm of SPL Governance" +
                        (realm.realm ? ", named \"" + printable(realm.realm->name) + "\"." : ".");
  explanation.json = realm_json(realm);
  explain_instance(explanation, realm.program);
  explain_realm(explanation, realm);
  return explanation;
}

Explanation explain_config_account(const Inspection& inspection) {
  const RealmSeen& realm = inspection.governance->realm;
  Explanation explanation;
  explanation.kind = "spl-governance-realm-config";
  explanation.summary =
      to_string(inspection.address) + " is the configuration of SPL Governance realm " + to_string(realm.address) + ".";
  explanation.json = {{"realm", realm_json(realm)}};
  explain_instance(explanation, realm.program);
  explain_realm(explanation, realm);
  return explanation;
}

// What a governance was made for; the program holds to none of it.
std::string purpose_of(const Governance& governance) {
  switch (governance.type) {
    case GovernanceAccount::program_governance_v1:
    case GovernanceAccount::program_governance_v2:
      return "made for program " + to_string(governance.seed);
    case GovernanceAccount::mint_governance_v1:
    case GovernanceAccount::mint_governance_v2:
      return "made for mint " + to_string(governance.seed);
    case GovernanceAccount::token_governance_v1:
    case GovernanceAccount::token_governance_v2:
      return "made for token account " + to_string(governance.seed);
    default:
      break;
  }
  return "seed " + to_string(governance.seed);
}

Explanation explain_governance_account(const Inspection& inspection) {
  const GovernanceSeen& seen = *inspection.governance;
  const Governance& governance = *seen.governance;
  Explanation explanation;
  explanation.kind = "spl-governance";
  explanation.summary = to_string(inspection.address) + " is an SPL governance " + words_for(seen.realm) + ".";
  explanation.json = json_of(governance, seen.realm);
  explanation.json["nativeTreasury"] =
      to_string(native_treasury_address(seen.realm.program, inspection.address).address);
  explanation.say("type", std::string(words_for(governance.type)) + ", " + purpose_of(governance));
  explanation.say("native treasury", explanation.json["nativeTreasury"].get<std::string>());
  explanation.go_on("proposals sign for it, and for this account: either can hold authorities");
  explain_rules(explanation, governance, seen.realm);
  explanation.say("proposals", governance.active_proposals
                                   ? std::to_string(*governance.active_proposals) + " being voted on"
                                   : "version 1 does not say how many are being voted on");
  explanation.go_on(deposit_words(as_applied(governance.config)));
  explanation.go_on("which these are is not looked for: inspect each by its address");
  return explanation;
}

Explanation explain_record(const Inspection& inspection, const TokenOwnerRecord& record) {
  const RealmSeen& realm = inspection.governance->realm;
  Explanation explanation;
  explanation.kind = "spl-governance-token-owner-record";
  explanation.summary = to_string(inspection.address) + " is what SPL Governance knows of voter " +
                        to_string(record.owner) + " in realm " + to_string(record.realm) + ".";
  explanation.json = {{"realm", to_string(record.realm)},
                      {"program", to_string(realm.program)},
                      {"mint", to_string(record.mint)},
                      {"tokenOwner", to_string(record.owner)},
                      {"votes", std::to_string(record.deposit)},
                      {"delegate", address_json(record.delegate)},
                      {"unrelinquishedVotes", std::to_string(record.unrelinquished_votes)},
                      {"outstandingProposals", record.outstanding_proposals}};
  explain_instance(explanation, realm.program);
  explanation.say("realm", to_string(realm.address));
  explanation.go_on(realm.realm ? "named \"" + realm.realm->name + "\"" : "which " + realm.realm.error().what);
  const bool is_council = realm.realm && realm.realm->council_mint == record.mint;
  const bool is_community = realm.realm && realm.realm->community_mint == record.mint;
  explanation.say("votes with", std::string(is_council     ? "the council"
                                            : is_community ? "the community"
                                                           : "nobody: the realm does not have this mint") +
                                    ", mint " + to_string(record.mint));
  explanation.say("voter", named(record.owner));
  explanation.say("votes", counted(record.deposit, "base unit") + " deposited");
  explanation.say("delegate",
                  record.delegate ? named(*record.delegate) + ", who may vote and propose with them" : "nobody");
  explanation.say("open", counted(record.unrelinquished_votes, "vote") + " cast and not taken back, " +
                              counted(record.outstanding_proposals, "proposal") + " of the voter's not decided");
  return explanation;
}

}  // namespace

Explanation explain_governance(const Inspection& inspection) {
  const auto type = governance_account(inspection.account->bytes());
  if (inspection.governance) {
    if (inspection.governance->proposal) return explain_governance_proposal(inspection);
    if (inspection.governance->governance) return explain_governance_account(inspection);
    if (type && is_realm(*type)) return explain_realm_account(inspection);
    if (type == GovernanceAccount::realm_config) return explain_config_account(inspection);
    if (const auto record = decode_token_owner_record(inspection.account->bytes())) {
      return explain_record(inspection, *record);
    }
  }
  const std::string name = type ? "its first byte says " + std::string(words_for(*type)) : "";
  return explain_unknown(inspection,
                         name.empty() ? "" : name + ", which is not decoded, or is not where its fields derive to");
}

void explain_instance(Explanation& explanation, const Pubkey& program) {
  explanation.say("governance program", named(program));
  if (program == known::spl_governance) return;
  explanation.dangers.push_back("program " + to_string(program) +
                                " is not the default instance of SPL Governance: whoever can replace it decides, and "
                                "that it is one was told from its accounts alone");
}

void explain_rules(Explanation& explanation, const Governance& governance, const RealmSeen& realm) {
  const GovernanceConfig rules = as_applied(governance.config);
  const std::vector<Electorate> electorates = electorates_of(governance, realm);
  explain_instance(explanation, realm.program);
  for (const Electorate& electorate : electorates) explain_electorate(explanation, electorate);
  const bool may_vote = std::any_of(electorates.begin(), electorates.end(), [](const Electorate& one) {
    return one.threshold.kind != VoteThreshold::Kind::disabled;
  });
  if (!may_vote && realm.realm) explanation.dangers.emplace_back("nobody may vote: nothing can ever be approved");
  explain_times(explanation, rules);
  explain_realm(explanation, realm);
}

Json json_of(const Governance& governance, const RealmSeen& realm) {
  const GovernanceConfig rules = as_applied(governance.config);
  return {
      {"type", words_for(governance.type)},
      {"program", to_string(realm.program)},
      {"seed", to_string(governance.seed)},
      {"communityVoteThreshold", words_for(rules.community_vote_threshold)},
      {"communityVetoVoteThreshold", words_for(rules.community_veto_vote_threshold)},
      {"communityVoteTipping", words_for(rules.community_vote_tipping)},
      {"minCommunityWeightToCreateProposal", std::to_string(rules.min_community_weight_to_create_proposal)},
      {"councilVoteThreshold", words_for(rules.council_vote_threshold)},
      {"councilVetoVoteThreshold", words_for(rules.council_veto_vote_threshold)},
      {"councilVoteTipping", words_for(rules.council_vote_tipping)},
      {"minCouncilWeightToCreateProposal", std::to_string(rules.min_council_weight_to_create_proposal)},
      {"holdUpTime", rules.hold_up_seconds},
      {"votingTime", rules.voting_seconds},
      {"coolOffTime", rules.cool_off_seconds},
      {"depositExemptProposals", rules.deposit_exempt_proposals},
      {"requiredSignatories", governance.required_signatories},
      {"activeProposals", governance.active_proposals ? Json(std::to_string(*governance.active_proposals)) : Json()},
      {"realm", realm_json(realm)}};
}

}  // namespace readyctl
