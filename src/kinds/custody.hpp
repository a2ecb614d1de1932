// Custody: the forms in which the power to replace a program may be held, and whether one of them holds.
//
// Each form judges the same two things on its own: whether the upgrade authority is the one that the form means, and
// whether what stands behind that authority is as strong as the pack asks.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "engine/finding.hpp"
#include "facts/field_types.hpp"
#include "facts/programs.hpp"
#include "solana/spl_governance.hpp"
#include "solana/well_known.hpp"

namespace readyctl {

/// Nobody can replace the program.
struct ImmutableCustody {
  static constexpr auto fields() { return std::tuple{}; }
};

/// One key can, alone.
struct KeypairCustody {
  Pubkey address;

  static constexpr auto fields() {
    return std::tuple{required("address", &KeypairCustody::address, "the key that may replace the program alone")};
  }
  /// Errors: an address for which there is no key pair.
  Result<void> validate(const Place& place) const;
};

/// The members of a Squads v3 multisig can, together, through one of its authorities. There are no roles, and no time
/// lock that could be declared.
struct SquadsV3Custody {
  Pubkey multisig;
  std::uint32_t authority_index = 1;
  std::optional<std::uint32_t> min_members;
  std::optional<std::uint32_t> min_threshold;
  std::optional<Ratio> min_threshold_ratio;
  std::optional<std::vector<Pubkey>> members;

  static constexpr auto fields() {
    using Squads = SquadsV3Custody;
    return std::tuple{
        required("multisig", &Squads::multisig, "address of the Ms account"),
        optional("authorityIndex", &Squads::authority_index,
                 "which of its authorities is the upgrade authority; 1, the default vault, unless said; not 0, the Ms "
                 "account itself, which upgrades nothing"),
        optional("minMembers", &Squads::min_members, "how many distinct members there must be at least"),
        optional("minThreshold", &Squads::min_threshold, "how many approvals must be needed at least"),
        optional("minThresholdRatio", &Squads::min_threshold_ratio, "the same as a share of the members"),
        optional("members", &Squads::members, "exactly who the members must be, in any order"),
    };
  }
  /// Errors: authority 0; a list of members that is empty or repeats one.
  Result<void> validate(const Place& place) const;
};

/// The least share of all votes that must say yes; none: this population must have no vote.
struct VoteShare {
  std::optional<std::uint8_t> percent;
};

template <>
struct FieldType<VoteShare> {
  static Result<VoteShare> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "whole number of percent, 1 to 100, or \"disabled\""; }
};

template <>
struct FieldType<VoteTipping> {
  static Result<VoteTipping> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "\"strict\", \"early\" or \"disabled\""; }
};

/// The voters of an SPL Governance realm can, through one governance or its native treasury.
struct SplGovernanceCustody {
  Pubkey governance;
  Pubkey realm;
  Pubkey program = known::spl_governance;
  std::optional<std::uint32_t> min_hold_up_hours;
  std::optional<VoteShare> min_community_threshold;
  std::optional<VoteShare> min_council_threshold;
  std::optional<VoteTipping> vote_tipping;
  Holder realm_authority;
  Holder community_mint_authority;
  Holder council_mint_authority;
  std::vector<Pubkey> voter_weight_addins;
  bool reduced_vote_weight = false;

  static constexpr auto fields() {
    using Spl = SplGovernanceCustody;
    return std::tuple{
        required("governance", &Spl::governance, "address of the governance account (not of its native treasury)"),
        required("realm", &Spl::realm, "address of the realm that it belongs to"),
        optional("program", &Spl::program, "id of the governance program; the default instance unless said"),
        optional("minHoldUpHours", &Spl::min_hold_up_hours,
                 "how long a proposal that succeeded must wait at least before it is executed"),
        optional("minCommunityThreshold", &Spl::min_community_threshold,
                 "share of the community's votes that must say yes at least; \"disabled\": it must have no vote. A "
                 "quorum in "
                 "place of a share of yes votes fails, whatever is said here"),
        optional("minCouncilThreshold", &Spl::min_council_threshold,
                 "share of the council's votes that must say yes at least; \"disabled\": it must have no vote. A "
                 "quorum in place "
                 "of a share of yes votes fails, whatever is said here"),
        optional("voteTipping", &Spl::vote_tipping, "when votes may end before their time, for all who may vote"),
        optional("realmAuthority", &Spl::realm_authority,
                 "who may change the realm alone; nobody but this governance unless said"),
        optional("communityMintAuthority", &Spl::community_mint_authority,
                 "who may make community votes; nobody but this governance unless said"),
        optional("councilMintAuthority", &Spl::council_mint_authority,
                 "who may make council votes; nobody but this governance unless said"),
        optional("voterWeightAddins", &Spl::voter_weight_addins,
                 "programs that may say how much votes weigh; none unless said"),
        optional("reducedVoteWeight", &Spl::reduced_vote_weight,
                 "whether less than the whole supply may count as all of the community's votes"),
    };
  }
};

/// What was read for that: the three accounts that derive or are declared, and the mints that these name.
struct GovernanceAccounts {
  std::optional<Account> governance;
  std::optional<Account> realm;
  std::optional<Account> realm_config;
  std::optional<Account> community_mint;  ///< only where the community may vote
  std::optional<Account> council_mint;    ///< only where there is a council that may vote
};

/// The mints whose authorities could make votes.
struct VotingMints {
  std::optional<Pubkey> community;
  std::optional<Pubkey> council;
};

/// None where the accounts are not what they should be; judge_custody says so.
VotingMints voting_mints(const SplGovernanceCustody& custody, const GovernanceAccounts& accounts);

/// Who can replace a program, as the chain has it.
struct Control {
  Pubkey program;
  Loader loader = Loader::v3;
  std::optional<Pubkey> authority;  ///< none: nobody
  Request seen_in;                  ///< the record that says so
};

Finding judge_custody(const ImmutableCustody& custody, const Control& control);
Finding judge_custody(const KeypairCustody& custody, const Control& control);
Finding judge_custody(const SquadsV3Custody& custody, const Control& control, const std::optional<Account>& multisig);
Finding judge_custody(const SplGovernanceCustody& custody, const Control& control, const GovernanceAccounts& accounts);

/// What an SPL governance and its realm must be. Says everything that is wrong.
void judge_rules(const SplGovernanceCustody& custody, const Governance& governance, const Realm& realm,
                 Judgement& judgement);

/// Who may make votes or weigh them apart from the members of the realm.
void judge_voting_power(const SplGovernanceCustody& custody, const Realm& realm, const GovernanceAccounts& accounts,
                        Judgement& judgement);

/// "program 9xQ… is immutable: nobody can replace its code".
std::string words_for_immutable(const Control& control);

/// A multisig, governance or realm that is not where the pack or the release says. Nobody could use what was given to
/// an address that derives from it.
Misnamed misnamed_holder(const Pubkey& address);

/// What sort of address an unexpected authority is: a program-derived one, or one key.
std::string sort_of_authority(const Pubkey& authority);

}  // namespace readyctl
