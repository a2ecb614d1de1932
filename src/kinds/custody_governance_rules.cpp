// The rules of an SPL governance and its realm: thresholds, hold-up time, tipping; who can change the realm, make
// votes, or weigh them.
#include <algorithm>

#include "base/text.hpp"
#include "kinds/custody_squads.hpp"
#include "solana/names.hpp"
#include "solana/token.hpp"

namespace readyctl {
namespace {

using Kind = VoteThreshold::Kind;

// A population whose votes can decide: the community or the council.
struct Population {
  std::string name;
  VoteThreshold threshold;
  VoteTipping tipping;
  std::optional<VoteShare> declared;
};

// What is wrong with a threshold, whatever the pack asks; empty when nothing is.
std::string flaw_of(const Population& who) {
  const VoteThreshold& threshold = who.threshold;
  const std::string name = who.name + " vote threshold";
  if (threshold.kind == Kind::quorum) {
    return name + " is a " + words_for(threshold) + ", which the governance program does not count by";
  }
  if (threshold.percent == 0) return name + " is 0 % yes: any vote decides";
  if (threshold.percent > 100) return name + " is " + words_for(threshold) + ", which cannot be reached";
  return "";
}

std::string complaint_about(const Population& who) {
  const std::string name = who.name + " vote threshold";
  const bool may_vote = who.threshold.kind != Kind::disabled;
  const bool must_not_vote = who.declared && !who.declared->percent;
  if (!may_vote) return must_not_vote ? "" : name + " is disabled, which must be declared";
  if (must_not_vote) return name + " is " + words_for(who.threshold) + ", expected disabled";
  if (const std::string flaw = flaw_of(who); !flaw.empty()) return flaw;
  if (!who.declared || who.threshold.percent >= *who.declared->percent) return "";
  return name + " is " + words_for(who.threshold) + ", expected at least " + std::to_string(*who.declared->percent) +
         " % yes";
}

std::string expectation_of(const std::optional<VoteShare>& declared) {
  if (!declared) return "at least 1 % yes";
  return declared->percent ? "at least " + std::to_string(*declared->percent) + " % yes" : "disabled";
}

void judge_population(const SplGovernanceCustody& custody, const Population& who, Judgement& judgement) {
  const std::string complaint = complaint_about(who);
  judgement.expect(complaint.empty(),
                   {who.name + " vote threshold", expectation_of(who.declared), words_for(who.threshold)}, complaint);
  if (who.threshold.kind == Kind::disabled) return;
  if (!who.declared) {
    judgement.caveat(who.name + " vote threshold is " + words_for(who.threshold) + ", and the pack asks for no least");
  }
  const std::string tipping(words_for(who.tipping));
  if (!custody.vote_tipping) return judgement.note(who.name + " vote tipping", tipping);
  const std::string expected(words_for(*custody.vote_tipping));
  judgement.expect(who.tipping == *custody.vote_tipping, {who.name + " vote tipping", expected, tipping},
                   who.name + " vote tipping is " + tipping + ", expected " + expected);
}

void judge_thresholds(const SplGovernanceCustody& custody, const GovernanceConfig& rules, const Realm& realm,
                      Judgement& judgement) {
  const Population community{"community", rules.community_vote_threshold, rules.community_vote_tipping,
                             custody.min_community_threshold};
  const Population council{"council", rules.council_vote_threshold, rules.council_vote_tipping,
                           custody.min_council_threshold};
  judge_population(custody, community, judgement);
  if (realm.council_mint) {
    judge_population(custody, council, judgement);
  } else {
    const bool is_needed = custody.min_council_threshold && custody.min_council_threshold->percent;
    judgement.expect(!is_needed, {"council", is_needed ? "a council" : "", "none"},
                     "the realm has no council, whose vote is declared");
  }
  const bool council_votes = realm.council_mint && council.threshold.kind != Kind::disabled;
  judgement.expect(community.threshold.kind != Kind::disabled || council_votes, {"who may vote", "somebody", "nobody"},
                   "nobody may vote, so no upgrade can ever be approved");
}

void judge_hold_up(const SplGovernanceCustody& custody, const GovernanceConfig& rules, Judgement& judgement) {
  const std::string found = timelock_in_words(rules.hold_up_seconds);
  if (rules.hold_up_seconds == 0) judgement.caveat("what was voted may be executed at once");
  if (!custody.min_hold_up_hours) return judgement.note("hold-up time", found);
  const std::uint64_t least = std::uint64_t{*custody.min_hold_up_hours} * 3600;
  const std::string expected = "at least " + timelock_in_words(least);
  judgement.expect(rules.hold_up_seconds >= least, {"hold-up time", expected, found},
                   "hold-up time is " + found + ", expected " + expected);
}

bool is_itself(const SplGovernanceCustody& custody, const Pubkey& holder) {
  return holder == custody.governance || holder == native_treasury_address(custody.program, custody.governance).address;
}

// A power that may be with nobody or with the governance itself, unless the pack says otherwise.
struct Power {
  std::string name;
  std::string words;  ///< what it can do: "may change the realm alone"
  Holder accepted;
};

void judge_power(const SplGovernanceCustody& custody, const Power& power, const std::optional<Pubkey>& found,
                 Judgement& judgement) {
  const bool unless_said = power.accepted.kind == Holder::Kind::nobody;
  const bool itself = found && is_itself(custody, *found);
  const std::string expected = unless_said ? "nobody, or this governance" : power.accepted.words();
  judgement.expect(
      power.accepted.accepts(found) || (unless_said && itself), {power.name, expected, named(found)},
      power.name + " " + (found ? named(found) + " " + power.words : "is nobody") + "; expected " + expected);
  if (power.accepted.kind == Holder::Kind::anybody) judgement.caveat("any " + power.name + " was accepted");
  if (found && !itself) judgement.caveat(power.name + " " + named(found) + " " + power.words);
}

void judge_addins(const SplGovernanceCustody& custody, const GoverningToken& token, const std::string& who,
                  Judgement& judgement) {
  for (const auto& addin : {token.voter_weight_addin, token.max_voter_weight_addin}) {
    if (!addin) continue;
    const auto& accepted = custody.voter_weight_addins;
    const bool is_declared = std::find(accepted.begin(), accepted.end(), *addin) != accepted.end();
    const std::string words =
        who + " votes are weighed by program " + named(*addin) + ", whose owner decides how much they count";
    judgement.expect(is_declared, {who + " voter weight add-in", "none undeclared", named(*addin)},
                     words + "; expected none that is not declared");
    if (is_declared) judgement.caveat(words);
  }
}

// They keep voters from leaving, and vote for nobody.
void judge_locks(const GoverningToken& token, const std::string& who, Judgement& judgement) {
  for (const Pubkey& authority : token.lock_authorities) judgement.note(who + " lock authority", named(authority));
}

// No account means no add-ins: that is how the program itself takes it.
void judge_realm_config(const SplGovernanceCustody& custody, const GovernanceAccounts& accounts, Judgement& judgement) {
  const Pubkey address = realm_config_address(custody.program, custody.realm).address;
  judgement.rests_on(AccountRequest{address});
  const bool is_there = accounts.realm_config && accounts.realm_config->owner == custody.program;
  if (!is_there) return judgement.note("realm config", "none: votes weigh what was deposited");
  const auto config = decode_realm_config(accounts.realm_config->bytes());
  const std::string otherwise = config ? "" : "realm config " + to_string(address) + " is none: " + config.error().what;
  judgement.expect(config.has_value(), {"realm config", "there", config ? "there" : config.error().what}, otherwise);
  if (!config) return;
  judge_addins(custody, config->community, "community", judgement);
  judge_addins(custody, config->council, "council", judgement);
  judge_locks(config->community, "community", judgement);
  judge_locks(config->council, "council", judgement);
  judgement.note("community token", std::string(words_for(config->community.type)));
  judgement.note("council token", std::string(words_for(config->council.type)));
}

// Who can take everybody's tokens of a mint can vote with them.
void judge_delegate(const SplGovernanceCustody& custody, const Pubkey& address, const Mint& mint,
                    Judgement& judgement) {
  for (const TokenExtension& extension : mint.extensions) {
    if (extension.id != token_extension::permanent_delegate) continue;
    const auto delegate = permanent_delegate(extension);
    const std::string name = "permanent delegate of mint " + to_string(address);
    judgement.expect(delegate.has_value(), {name, "can be read", delegate ? "can be read" : delegate.error().what},
                     delegate ? "" : name + " cannot be read: " + delegate.error().what);
    if (delegate) judge_power(custody, {name, "may take and burn votes alone", {}}, *delegate, judgement);
  }
}

// The mint of a population that may vote: who makes its tokens makes votes.
void judge_mint(const SplGovernanceCustody& custody, const Power& power, const Pubkey& address,
                const std::optional<Account>& account, Judgement& judgement) {
  judgement.rests_on(AccountRequest{address});
  const bool is_token = account && (account->owner == known::token || account->owner == known::token_2022);
  const auto mint = is_token ? decode_mint(account->bytes()) : malformed("", "no account of a token program");
  judgement.expect(mint.has_value(), {"mint " + to_string(address), "a mint", mint ? "a mint" : mint.error().what},
                   mint ? "" : "mint " + to_string(address) + " is none: " + mint.error().what);
  if (!mint) return;
  judge_power(custody, power, mint->mint_authority, judgement);
  judge_delegate(custody, address, *mint, judgement);
}

}  // namespace

void judge_rules(const SplGovernanceCustody& custody, const Governance& governance, const Realm& realm,
                 Judgement& judgement) {
  const GovernanceConfig rules = as_applied(governance.config);
  judgement.rests_on(AccountRequest{custody.governance});
  judgement.expect(
      governance.realm == custody.realm,
      {"realm of the governance", to_string(custody.realm), to_string(governance.realm)},
      "the governance belongs to realm " + to_string(governance.realm) + ", expected " + to_string(custody.realm));
  judge_thresholds(custody, rules, realm, judgement);
  judge_hold_up(custody, rules, judgement);
  judgement.note("voting time", timelock_in_words(rules.voting_seconds));
  judgement.note("proposals being voted on",
                 governance.active_proposals ? std::to_string(*governance.active_proposals) : "not known");

  judgement.rests_on(AccountRequest{custody.realm});
  judge_power(custody, {"realm authority", "may change how the realm counts votes, alone", custody.realm_authority},
              realm.authority, judgement);
}

void judge_voting_power(const SplGovernanceCustody& custody, const Realm& realm, const GovernanceAccounts& accounts,
                        Judgement& judgement) {
  const VotingMints mints = voting_mints(custody, accounts);
  const MaxVoteWeight& weight = realm.community_max_vote_weight;
  if (mints.community) {
    judgement.rests_on(AccountRequest{custody.realm});
    const bool is_accepted = weight.is_full_supply() || custody.reduced_vote_weight;
    judgement.expect(is_accepted,
                     {"all community votes", custody.reduced_vote_weight ? "" : "the whole supply", words_for(weight)},
                     "all community votes are taken to be " + words_for(weight) +
                         ", so that fewer say yes than the threshold says; expected the whole supply");
    if (!weight.is_full_supply()) judgement.caveat("all community votes are taken to be " + words_for(weight));
  }
  judge_realm_config(custody, accounts, judgement);
  if (mints.community) {
    judge_mint(custody, {"community mint authority", "may make votes alone", custody.community_mint_authority},
               *mints.community, accounts.community_mint, judgement);
  }
  if (mints.council) {
    judge_mint(custody, {"council mint authority", "may make votes alone", custody.council_mint_authority},
               *mints.council, accounts.council_mint, judgement);
  }
}

}  // namespace readyctl
