#include "solana/spl_governance.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/invariant.hpp"
#include "solana/spl_governance_reader.hpp"

namespace readyctl {
namespace {

constexpr std::array<std::string_view, 25> account_names = {
    "Uninitialized",     "RealmV1",           "TokenOwnerRecordV1", "GovernanceV1",          "ProgramGovernanceV1",
    "ProposalV1",        "SignatoryRecordV1", "VoteRecordV1",       "ProposalInstructionV1", "MintGovernanceV1",
    "TokenGovernanceV1", "RealmConfig",       "VoteRecordV2",       "ProposalTransactionV2", "ProposalV2",
    "ProgramMetadata",   "RealmV2",           "TokenOwnerRecordV2", "GovernanceV2",          "ProgramGovernanceV2",
    "MintGovernanceV2",  "TokenGovernanceV2", "SignatoryRecordV2",  "ProposalDeposit",       "RequiredSignatory",
};
static_assert(account_names.size() == static_cast<std::size_t>(GovernanceAccount::required_signatory) + 1);

// Governance
//    0  u8   type              65  u32  reserved (V1: count of proposals)
//    1  32B  realm             69  config, of variable length because of its thresholds
//   33  32B  seed              then, in V2 alone, 119B reserved, u8 required signatories, u64 active proposals
static_assert(1 + 32 + 32 == 65 && 65 + 4 == 69);
constexpr std::size_t governance_reserved_bytes = 119;
constexpr std::uint8_t deposit_exempt_proposals_usual = 10;

// Realm
//    0  u8   type              35  6B   reserved                        then  6B   reserved
//    1  32B  community mint    41  u64  weight to create a governance         u16  legacy
//   33  u8   legacy            49  u8   source of the largest weight          u8   1 if an authority follows, 32B
//   34  u8   legacy            50  u64  its value                             u32  length of the name, the name
//                              58  u8   1 if a council mint follows, 32B
static_assert(1 + 32 + 1 + 1 == 35 && 35 + 6 == 41 && 41 + 8 == 49 && 49 + 1 + 8 == 58);
constexpr std::size_t realm_reserved_bytes = 6;

// RealmConfig: u8 type, 32B realm, then for community and council: u8 and 32B add-in, u8 and 32B largest-weight add-in,
// u8 type of token, 4B reserved, vec lock authorities, 32B each. Before there were locks, the count of that list was
// reserved and zero; before version 3 the bytes of the council were.
constexpr std::size_t token_reserved_bytes = 4;

bool is_v1(GovernanceAccount type) {
  return type == GovernanceAccount::governance_v1 || type == GovernanceAccount::program_governance_v1 ||
         type == GovernanceAccount::mint_governance_v1 || type == GovernanceAccount::token_governance_v1;
}

GovernanceConfig read_config(Reader& reader) {
  GovernanceConfig config;
  config.community_vote_threshold = read_threshold(reader, "community vote threshold");
  config.min_community_weight_to_create_proposal = reader.u64("community weight to create a proposal");
  config.hold_up_seconds = reader.u32("hold-up time");
  config.voting_seconds = reader.u32("voting time");
  config.community_vote_tipping = read_enum<VoteTipping>(reader, "community vote tipping", 3);
  config.council_vote_threshold = read_threshold(reader, "council vote threshold");
  config.council_veto_vote_threshold = read_threshold(reader, "council veto vote threshold");
  config.min_council_weight_to_create_proposal = reader.u64("council weight to create a proposal");
  config.council_vote_tipping = read_enum<VoteTipping>(reader, "council vote tipping", 3);
  config.community_veto_vote_threshold = read_threshold(reader, "community veto vote threshold");
  config.cool_off_seconds = reader.u32("cool-off time");
  config.deposit_exempt_proposals = reader.u8("deposit-exempt proposals");
  return config;
}

GoverningToken read_token(Reader& reader) {
  GoverningToken token;
  token.voter_weight_addin = reader.option_pubkey("voter weight add-in");
  token.max_voter_weight_addin = reader.option_pubkey("max voter weight add-in");
  token.type = read_enum<GoverningTokenType>(reader, "token type", 3);
  reader.bytes("reserved bytes", token_reserved_bytes);
  token.lock_authorities = reader.pubkey_vec("lock authorities");
  return token;
}

Derived address_of(const Pubkey& program, const std::vector<ByteView>& seeds) {
  const auto found = find_program_address(seeds, program);
  invariant(found.has_value(), "seeds of fixed lengths have a program-derived address");
  return *found;
}

std::string_view prefix_of(GovernanceAccount type) {
  switch (type) {
    case GovernanceAccount::program_governance_v1:
    case GovernanceAccount::program_governance_v2:
      return "program-governance";
    case GovernanceAccount::mint_governance_v1:
    case GovernanceAccount::mint_governance_v2:
      return "mint-governance";
    case GovernanceAccount::token_governance_v1:
    case GovernanceAccount::token_governance_v2:
      return "token-governance";
    default:
      return "account-governance";
  }
}

}  // namespace

GovernanceAccount read_governance_type(Reader& reader, bool (*accepts)(GovernanceAccount), std::string_view expected) {
  const std::uint8_t type = reader.u8("account type");
  const bool known = type < account_names.size();
  if (known && accepts(static_cast<GovernanceAccount>(type))) return static_cast<GovernanceAccount>(type);
  reader.fail("expected the type of " + std::string(expected) + " at offset 0, found " + std::to_string(type) +
              (known ? " (" + std::string(account_names[type]) + ")" : ""));
  return GovernanceAccount::uninitialized;
}

VoteThreshold read_threshold(Reader& reader, std::string_view field) {
  VoteThreshold threshold;
  threshold.kind = read_enum<VoteThreshold::Kind>(reader, field, 3);
  if (threshold.kind != VoteThreshold::Kind::disabled) threshold.percent = reader.u8(field);
  return threshold;
}

std::optional<GovernanceAccount> governance_account(ByteView data) {
  if (data.empty() || data[0] >= account_names.size()) return std::nullopt;
  return static_cast<GovernanceAccount>(data[0]);
}

std::string_view words_for(GovernanceAccount account) { return account_names.at(static_cast<std::size_t>(account)); }

bool is_realm(GovernanceAccount account) {
  return account == GovernanceAccount::realm_v1 || account == GovernanceAccount::realm_v2;
}

bool is_governance(GovernanceAccount account) {
  return is_v1(account) || account == GovernanceAccount::governance_v2 ||
         account == GovernanceAccount::program_governance_v2 || account == GovernanceAccount::mint_governance_v2 ||
         account == GovernanceAccount::token_governance_v2;
}

std::string words_for(const VoteThreshold& threshold) {
  const std::string percent = std::to_string(threshold.percent) + " %";
  switch (threshold.kind) {
    case VoteThreshold::Kind::yes_vote:
      return percent + " yes";
    case VoteThreshold::Kind::quorum:
      return "quorum of " + percent;
    case VoteThreshold::Kind::disabled:
      break;
  }
  return "disabled";
}

std::string_view words_for(VoteTipping tipping) {
  static constexpr std::array<std::string_view, 3> words = {"Strict", "Early", "Disabled"};
  return words.at(static_cast<std::size_t>(tipping));
}

std::string_view words_for(GoverningTokenType type) {
  static constexpr std::array<std::string_view, 3> words = {"Liquid", "Membership", "Dormant"};
  return words.at(static_cast<std::size_t>(type));
}

std::string words_for(const MaxVoteWeight& weight) {
  if (weight.kind == MaxVoteWeight::Kind::absolute) return std::to_string(weight.value) + " raw units";
  if (weight.is_full_supply()) return "the whole supply";
  return std::to_string(weight.value) + " of " + std::to_string(MaxVoteWeight::supply_fraction_base) +
         " parts of the supply";
}

std::uint64_t MaxVoteWeight::of_supply(std::uint64_t supply) const {
  if (kind == Kind::absolute) return value;
  // supply × value / 10^10, rounded down, without ever exceeding 64 bits; the program refuses a value above 10^10.
  constexpr std::uint64_t half = 100'000;
  static_assert(half * half == supply_fraction_base);
  const std::uint64_t share = std::min(value, supply_fraction_base);
  const std::uint64_t whole = supply / supply_fraction_base;
  const std::uint64_t rest = supply % supply_fraction_base;
  const std::uint64_t high = rest * (share / half);
  const std::uint64_t low = (high % half * half + rest * (share % half)) / supply_fraction_base;
  return whole * share + high / half + low;
}

std::optional<std::uint64_t> votes_needed(const VoteThreshold& threshold, std::uint64_t max_weight) {
  if (threshold.kind != VoteThreshold::Kind::yes_vote || threshold.percent > 100) return std::nullopt;
  return max_weight / 100 * threshold.percent + (max_weight % 100 * threshold.percent + 99) / 100;
}

GovernanceConfig as_applied(const GovernanceConfig& stored) {
  GovernanceConfig config = stored;
  if (stored.council_vote_threshold != VoteThreshold{VoteThreshold::Kind::yes_vote, 0}) return config;
  config.council_vote_threshold = stored.community_vote_threshold;
  config.council_veto_vote_threshold = stored.community_vote_threshold;
  config.council_vote_tipping = stored.community_vote_tipping;
  config.community_veto_vote_threshold = {};
  config.cool_off_seconds = 0;
  config.deposit_exempt_proposals = deposit_exempt_proposals_usual;
  return config;
}

Result<Governance> decode_governance(ByteView data) {
  Reader reader("Governance", data);
  Governance governance;
  governance.type = read_governance_type(reader, is_governance, "a governance");
  governance.realm = reader.pubkey("realm");
  governance.seed = reader.pubkey("governance seed");
  reader.u32("reserved bytes");
  governance.config = read_config(reader);
  if (!is_v1(governance.type)) {
    reader.bytes("reserved bytes", governance_reserved_bytes);
    governance.required_signatories = reader.u8("required signatories");
    governance.active_proposals = reader.u64("active proposals");
  }
  return reader.finish(governance);
}

Result<Realm> decode_realm(ByteView data) {
  Reader reader("Realm", data);
  Realm realm;
  realm.type = read_governance_type(reader, is_realm, "a realm");
  realm.community_mint = reader.pubkey("community mint");
  reader.u16("legacy bytes");
  reader.bytes("reserved bytes", realm_reserved_bytes);
  realm.min_community_weight_to_create_governance = reader.u64("community weight to create a governance");
  realm.community_max_vote_weight.kind = read_enum<MaxVoteWeight::Kind>(reader, "max vote weight source", 2);
  realm.community_max_vote_weight.value = reader.u64("max vote weight");
  realm.council_mint = reader.option_pubkey("council mint");
  reader.bytes("reserved bytes", realm_reserved_bytes);
  reader.u16("legacy bytes");
  realm.authority = reader.option_pubkey("authority");
  const Bytes name = reader.byte_vec("name");
  realm.name.assign(name.begin(), name.end());
  return reader.finish(std::move(realm));
}

Result<RealmConfig> decode_realm_config(ByteView data) {
  const auto accepts = [](GovernanceAccount type) { return type == GovernanceAccount::realm_config; };
  Reader reader("RealmConfig", data);
  RealmConfig config;
  read_governance_type(reader, accepts, "a realm config");
  config.realm = reader.pubkey("realm");
  config.community = read_token(reader);
  config.council = read_token(reader);
  return reader.finish(std::move(config));
}

Result<Derived> realm_address(const Pubkey& program, std::string_view name) {
  return find_program_address({bytes_of("governance"), bytes_of(name)}, program);
}

Derived realm_config_address(const Pubkey& program, const Pubkey& realm) {
  return address_of(program, {bytes_of("realm-config"), realm.bytes});
}

Derived governance_address(const Pubkey& program, const Governance& governance) {
  return address_of(program, {bytes_of(prefix_of(governance.type)), governance.realm.bytes, governance.seed.bytes});
}

Derived native_treasury_address(const Pubkey& program, const Pubkey& governance) {
  return address_of(program, {bytes_of("native-treasury"), governance.bytes});
}

Derived governing_token_holding_address(const GoverningTokenOf& of) {
  return address_of(of.program, {bytes_of("governance"), of.realm.bytes, of.mint.bytes});
}

Derived token_owner_record_address(const GoverningTokenOf& of, const Pubkey& owner) {
  return address_of(of.program, {bytes_of("governance"), of.realm.bytes, of.mint.bytes, owner.bytes});
}

}  // namespace readyctl
