// SPL Governance: realms, the governances in them, and the rules by which a governance acts.
//
// Source: solana-labs/solana-program-library governance/program/src/state/{enums,governance,realm,realm_config,
// native_treasury,legacy}.rs. An account begins with one byte that says what it is. Organisations deploy the program
// under ids of their own, so every address derives from the program's id. Bytes after a value are never read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/derive.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// What an account of the program is, numbered as stored.
enum class GovernanceAccount : std::uint8_t {
  uninitialized,
  realm_v1,
  token_owner_record_v1,
  governance_v1,
  program_governance_v1,
  proposal_v1,
  signatory_record_v1,
  vote_record_v1,
  proposal_instruction_v1,
  mint_governance_v1,
  token_governance_v1,
  realm_config,
  vote_record_v2,
  proposal_transaction_v2,
  proposal_v2,
  program_metadata,
  realm_v2,
  token_owner_record_v2,
  governance_v2,
  program_governance_v2,
  mint_governance_v2,
  token_governance_v2,
  signatory_record_v2,
  proposal_deposit,
  required_signatory,
};

/// What the first byte says; none for no byte or an unknown one. The owner says whether it is such a program's account.
std::optional<GovernanceAccount> governance_account(ByteView data);

/// The account's name in the program: "RealmV2", "ProgramGovernanceV1".
std::string_view words_for(GovernanceAccount account);

/// Of either version.
bool is_realm(GovernanceAccount account);
/// Of either version and any of the four sorts: account, program, mint, token.
bool is_governance(GovernanceAccount account);

/// How much of the votes that could be cast must say yes. Numbered as stored.
struct VoteThreshold {
  enum class Kind : std::uint8_t { yes_vote, quorum, disabled };
  Kind kind = Kind::disabled;
  std::uint8_t percent = 0;  ///< not used where disabled
  auto operator<=>(const VoteThreshold&) const = default;
};

/// "60 % yes", "quorum of 60 %", "disabled".
std::string words_for(const VoteThreshold& threshold);

/// How many of `max_weight` votes must say yes, rounded up as the program does; none where no number of them is enough,
/// because such votes are disabled or the program does not count them.
std::optional<std::uint64_t> votes_needed(const VoteThreshold& threshold, std::uint64_t max_weight);

/// When a vote ends before its time. Numbered as stored.
enum class VoteTipping : std::uint8_t {
  strict,    ///< as soon as no other vote could change what is decided
  early,     ///< as soon as enough say yes
  disabled,  ///< never
};

/// "Strict", "Early", "Disabled".
std::string_view words_for(VoteTipping tipping);

struct GovernanceConfig {
  VoteThreshold community_vote_threshold;
  std::uint64_t min_community_weight_to_create_proposal = 0;
  std::uint32_t hold_up_seconds = 0;  ///< transactions_hold_up_time: from success to execution, the time lock
  std::uint32_t voting_seconds = 0;   ///< voting_base_time
  VoteTipping community_vote_tipping = VoteTipping::strict;
  VoteThreshold council_vote_threshold;
  VoteThreshold council_veto_vote_threshold;
  std::uint64_t min_council_weight_to_create_proposal = 0;
  VoteTipping council_vote_tipping = VoteTipping::strict;
  VoteThreshold community_veto_vote_threshold;
  std::uint32_t cool_off_seconds = 0;  ///< voting_cool_off_time: at the end of a vote, no and veto only
  std::uint8_t deposit_exempt_proposals = 0;
};

/// The rules as the program applies them. Accounts from before version 3 hold a council threshold of 0 % yes, for which
/// the program takes what holds for the community, without a community veto or a cool-off time, and with 10 proposals
/// at a time that cost no deposit.
GovernanceConfig as_applied(const GovernanceConfig& stored);

struct Governance {
  GovernanceAccount type = GovernanceAccount::governance_v2;
  Pubkey realm;
  Pubkey seed;              ///< governance_seed, once called governed_account: what the address derives from
  GovernanceConfig config;  ///< as stored; see as_applied
  std::uint8_t required_signatories = 0;          ///< 0 in version 1
  std::optional<std::uint64_t> active_proposals;  ///< that are being voted on; version 1 does not say
};

/// Errors (kind `malformed`): another account of the program, by name, or an unknown one; data that ends before the
/// value does; an unknown kind of threshold or of tipping.
Result<Governance> decode_governance(ByteView data);

/// How many votes count as all of the community's. Numbered as stored.
struct MaxVoteWeight {
  enum class Kind : std::uint8_t { supply_fraction, absolute };
  Kind kind = Kind::supply_fraction;
  std::uint64_t value = 0;  ///< a share of supply_fraction_base, or raw token units

  static constexpr std::uint64_t supply_fraction_base = 10'000'000'000;
  /// How many votes that is of a mint with so many raw units, rounded down as the program does.
  std::uint64_t of_supply(std::uint64_t supply) const;
  bool is_full_supply() const { return kind == Kind::supply_fraction && value == supply_fraction_base; }
  auto operator<=>(const MaxVoteWeight&) const = default;
};

/// "the whole supply", "5000000000 of 10000000000 parts of the supply", "1000 raw units".
std::string words_for(const MaxVoteWeight& weight);

struct Realm {
  GovernanceAccount type = GovernanceAccount::realm_v2;
  Pubkey community_mint;
  std::uint64_t min_community_weight_to_create_governance = 0;
  MaxVoteWeight community_max_vote_weight;
  std::optional<Pubkey> council_mint;
  std::optional<Pubkey> authority;  ///< changes the realm's configuration alone, and burns membership tokens
  std::string name;                 ///< bytes as stored, which need not be UTF-8
};

/// Errors (kind `malformed`): as decode_governance; a flag other than 0 or 1; an unknown source of vote weight; a name
/// longer than the data.
Result<Realm> decode_realm(ByteView data);

/// Numbered as stored.
enum class GoverningTokenType : std::uint8_t {
  liquid,      ///< held by its owners
  membership,  ///< the realm's authority may burn it
  dormant,     ///< not accepted as a deposit
};

/// "Liquid", "Membership", "Dormant".
std::string_view words_for(GoverningTokenType type);

struct GoverningToken {
  std::optional<Pubkey> voter_weight_addin;      ///< a program that says how much a voter's vote weighs
  std::optional<Pubkey> max_voter_weight_addin;  ///< a program that says how much all votes weigh
  GoverningTokenType type = GoverningTokenType::liquid;
  std::vector<Pubkey> lock_authorities;  ///< who may keep voters from withdrawing what they deposited
};

/// Where there is no such account, the program takes one with neither add-ins nor other types than liquid.
struct RealmConfig {
  Pubkey realm;
  GoverningToken community;
  GoverningToken council;
};

/// Errors (kind `malformed`): as decode_governance; a flag other than 0 or 1; an unknown type of token; a list longer
/// than the data.
Result<RealmConfig> decode_realm_config(ByteView data);

// --- Addresses. `program` is the id of the instance. ---

/// Errors (kind `malformed`): a name longer than a seed may be.
Result<Derived> realm_address(const Pubkey& program, std::string_view name);

/// The following never fail: their seeds have fixed lengths.
Derived realm_config_address(const Pubkey& program, const Pubkey& realm);

/// The address of a governance of this type, realm and seed. `governance.type` says which of the four prefixes.
Derived governance_address(const Pubkey& program, const Governance& governance);

/// The wallet of a governance. Its proposals sign for it as for the governance itself.
Derived native_treasury_address(const Pubkey& program, const Pubkey& governance);

struct GoverningTokenOf {
  Pubkey program;
  Pubkey realm;
  Pubkey mint;
};

/// The token account in which a realm keeps what voters have deposited.
Derived governing_token_holding_address(const GoverningTokenOf& of);

/// What a realm knows of one voter.
Derived token_owner_record_address(const GoverningTokenOf& of, const Pubkey& owner);

}  // namespace readyctl
