// Where the bytes come from: addresses and the decoded values are those of @solana/spl-governance 0.3.28. The accounts
// under "executed" were written by the program itself, run in litesvm with that SDK's instructions; the others were
// assembled by hand from the program's structs and read by the SDK (vectors.json).
#include "solana/spl_governance.hpp"

#include "solana/little_endian.hpp"
#include "solana/vectors.hpp"
#include "support/spl_governance.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& governance() { return vectors("spl_governance"); }
Pubkey program() { return key(governance().at("program_id")); }
Pubkey realm() { return key(governance().at("realm")); }
Bytes governance_bytes() { return unhex(governance().at("governance_v2_account").at("hex")); }
Bytes realm_bytes() { return unhex(governance().at("realm_v2_account").at("hex")); }

VoteThreshold threshold_in(const Vectors& value) {
  VoteThreshold threshold;
  threshold.kind = static_cast<VoteThreshold::Kind>(value.at("variant").get<int>());
  if (value.contains("value")) threshold.percent = value.at("value");
  return threshold;
}

const Vectors& executed() { return governance().at("executed"); }
Bytes executed_bytes(const std::string& name) { return unhex(executed().at(name).at("hex")); }

Bytes realm_config_bytes() {
  Bytes data{11};
  const Pubkey of = realm();
  const Pubkey addin = program();
  data.insert(data.end(), of.bytes.begin(), of.bytes.end());
  data.push_back(1);  // a voter weight add-in of the community
  data.insert(data.end(), addin.bytes.begin(), addin.bytes.end());
  for (const int byte : {0, 2}) data.push_back(static_cast<std::uint8_t>(byte));
  data.resize(data.size() + 8);
  for (const int byte : {0, 0, 1}) data.push_back(static_cast<std::uint8_t>(byte));
  data.resize(data.size() + 8 + 110);
  return data;
}

}  // namespace

// Everything derives from the id of the instance.
TEST_CASE("governance addresses are derived", "[solana]") {
  CHECK(realm_address(program(), text(governance().at("realm_name"))).value() ==
        Derived{realm(), governance().at("realm_bump").get<std::uint8_t>()});
  CHECK(realm_config_address(program(), realm()).address == key(governance().at("realm_config")));
  const Vectors& account = governance().at("governance");
  const Governance of{GovernanceAccount::governance_v2, realm(), key(account.at("seed")), {}, 0, 0};
  CHECK(governance_address(program(), of) == Derived{key(account.at("address")), account.at("bump")});
  const Vectors& legacy = governance().at("program_governance");
  const Governance of_program{
      GovernanceAccount::program_governance_v1, realm(), key(legacy.at("governed_program")), {}, 0, 0};
  CHECK(governance_address(program(), of_program) == Derived{key(legacy.at("address")), legacy.at("bump")});
  CHECK(native_treasury_address(program(), key(account.at("address"))) ==
        Derived{key(governance().at("native_treasury")), governance().at("native_treasury_bump")});
  const Vectors& holding = governance().at("token_holding");
  CHECK(governing_token_holding_address({program(), realm(), key(holding.at("mint"))}).address ==
        key(holding.at("address")));
  const Vectors& record = governance().at("token_owner_record");
  CHECK(token_owner_record_address({program(), realm(), key(record.at("mint"))}, key(record.at("owner"))).address ==
        key(record.at("address")));
  CHECK_FALSE(realm_address(program(), std::string(33, 'x')).has_value());
}

// Every field of the governance of the vectors; its last threshold is the one that has no percentage.
TEST_CASE("governances are read", "[solana]") {
  const Vectors& expected = governance().at("governance_v2_account").at("raw_fields");
  const Governance read = decode_governance(governance_bytes()).value();
  CHECK(words_for(read.type) == "GovernanceV2");
  CHECK(read.realm == realm());
  CHECK(read.seed == key(governance().at("governance").at("seed")));
  const GovernanceConfig& config = read.config;
  CHECK(config.community_vote_threshold == threshold_in(expected.at("community_vote_threshold")));
  CHECK(std::to_string(config.min_community_weight_to_create_proposal) ==
        text(expected.at("min_community_weight_to_create_proposal")));
  CHECK(config.hold_up_seconds == expected.at("transactions_hold_up_time").get<unsigned>());
  CHECK(config.voting_seconds == expected.at("voting_base_time").get<unsigned>());
  CHECK(static_cast<int>(config.community_vote_tipping) == expected.at("community_vote_tipping").get<int>());
  CHECK(config.council_vote_threshold == threshold_in(expected.at("council_vote_threshold")));
  CHECK(config.council_veto_vote_threshold == threshold_in(expected.at("council_veto_vote_threshold")));
  CHECK(std::to_string(config.min_council_weight_to_create_proposal) ==
        text(expected.at("min_council_weight_to_create_proposal")));
  CHECK(static_cast<int>(config.council_vote_tipping) == expected.at("council_vote_tipping").get<int>());
  CHECK(config.community_veto_vote_threshold == threshold_in(expected.at("community_veto_vote_threshold")));
  CHECK(config.cool_off_seconds == expected.at("voting_cool_off_time").get<unsigned>());
  CHECK(config.deposit_exempt_proposals == expected.at("deposit_exempt_proposal_count").get<int>());
  CHECK(read.required_signatories == expected.at("required_signatories_count").get<int>());
  CHECK(std::to_string(read.active_proposals.value()) == text(expected.at("active_proposal_count")));
}

// Version 1 ends behind the rules.
TEST_CASE("governances of version 1 are read", "[solana]") {
  Bytes data = governance_bytes();
  data.at(0) = 4;
  data.resize(108);
  const Governance read = decode_governance(data).value();
  CHECK(words_for(read.type) == "ProgramGovernanceV1");
  CHECK(read.config.cool_off_seconds == 43200);
  data.resize(106);
  CHECK(trouble(decode_governance(data)).starts_with("Governance: expected 1 byte of deposit-exempt proposals"));
}

// A council threshold of 0 % is how an account from before version 3 looks: the community's rules hold for it.
TEST_CASE("old governances are taken as the program takes them", "[solana]") {
  GovernanceConfig stored = decode_governance(governance_bytes()).value().config;
  CHECK(as_applied(stored).council_vote_threshold.percent == 51);
  stored.council_vote_threshold = {VoteThreshold::Kind::yes_vote, 0};
  stored.deposit_exempt_proposals = 3;  // what was a count of proposals then
  const GovernanceConfig applied = as_applied(stored);
  CHECK(applied.council_vote_threshold == stored.community_vote_threshold);
  CHECK(applied.council_veto_vote_threshold == stored.community_vote_threshold);
  CHECK(applied.council_vote_tipping == VoteTipping::early);
  CHECK(applied.community_veto_vote_threshold.kind == VoteThreshold::Kind::disabled);
  CHECK(applied.cool_off_seconds == 0);
  CHECK(applied.deposit_exempt_proposals == 10);
}

// The realm of the vectors, and the same without council and authority.
TEST_CASE("realms are read", "[solana]") {
  const Vectors& expected = governance().at("realm_v2_account").at("decoded");
  const Realm read = decode_realm(realm_bytes()).value();
  CHECK(words_for(read.type) == "RealmV2");
  CHECK(read.community_mint == key(expected.at("communityMint")));
  CHECK(read.council_mint == key(expected.at("config").at("councilMint")));
  CHECK(read.authority == key(expected.at("authority")));
  CHECK(read.name == text(expected.at("name")));
  CHECK(read.min_community_weight_to_create_governance == 100);
  CHECK(read.community_max_vote_weight.is_full_supply());

  Bytes bare = realm_bytes();
  bare.erase(bare.begin() + 100, bare.begin() + 132);
  bare.at(99) = 0;
  bare.erase(bare.begin() + 59, bare.begin() + 91);
  bare.at(58) = 0;
  const Realm without = decode_realm(bare).value();
  CHECK_FALSE(without.council_mint);
  CHECK_FALSE(without.authority);
  CHECK(without.name == "Ready DAO");
}

// Add-ins and types of tokens; assembled from the struct in realm_config.rs.
TEST_CASE("realm configs are read", "[solana]") {
  const RealmConfig read = decode_realm_config(realm_config_bytes()).value();
  CHECK(read.realm == realm());
  CHECK(read.community.voter_weight_addin == program());
  CHECK_FALSE(read.community.max_voter_weight_addin);
  CHECK(words_for(read.community.type) == "Dormant");
  CHECK_FALSE(read.council.voter_weight_addin);
  CHECK(words_for(read.council.type) == "Membership");
}

// A realm, its governance and its configuration as the program left them, and where.
TEST_CASE("accounts that the governance program wrote are read", "[solana]") {
  const Vectors& facts = executed().at("facts");
  const Vectors& rules = facts.at("rules");
  const Realm realm = decode_realm(executed_bytes("realm")).value();
  const Governance read = decode_governance(executed_bytes("governance")).value();
  CHECK(realm_address(program(), realm.name).value().address == key(executed().at("realm").at("address")));
  CHECK(governance_address(program(), read).address == key(executed().at("governance").at("address")));
  CHECK(realm_config_address(program(), read.realm).address == key(executed().at("realm_config").at("address")));
  CHECK(realm.authority == key(executed().at("governance").at("address")));
  CHECK(realm.community_mint == key(facts.at("community_mint")));
  CHECK(realm.council_mint == key(facts.at("council_mint")));
  CHECK(realm.community_max_vote_weight.is_full_supply());
  CHECK(read.seed == key(facts.at("seed")));
  CHECK(read.required_signatories == 0);
  CHECK(read.active_proposals == 0);
  const GovernanceConfig& config = read.config;
  CHECK(config.community_vote_threshold ==
        VoteThreshold{VoteThreshold::Kind::yes_vote, rules.at("community_threshold")});
  CHECK(config.council_vote_threshold == VoteThreshold{VoteThreshold::Kind::yes_vote, rules.at("council_threshold")});
  CHECK(config.council_veto_vote_threshold == VoteThreshold{VoteThreshold::Kind::yes_vote, rules.at("council_veto")});
  CHECK(config.community_veto_vote_threshold.kind == VoteThreshold::Kind::disabled);
  CHECK(config.hold_up_seconds == rules.at("hold_up_seconds").get<unsigned>());
  CHECK(config.voting_seconds == rules.at("voting_seconds").get<unsigned>());
  CHECK(config.cool_off_seconds == rules.at("cool_off_seconds").get<unsigned>());
  CHECK(config.deposit_exempt_proposals == rules.at("deposit_exempt").get<int>());

  const RealmConfig weighed = decode_realm_config(executed_bytes("realm_config")).value();
  CHECK(weighed.realm == read.realm);
  CHECK_FALSE(weighed.community.voter_weight_addin);
  CHECK(weighed.council.voter_weight_addin == key(facts.at("council_voter_weight_addin")));
  CHECK(words_for(weighed.council.type) == "Membership");
}

// What other tests put together is what the program writes of the same values.
TEST_CASE("governance accounts are written as the program writes them", "[solana]") {
  const Bytes realm = executed_bytes("realm");
  CHECK(to_hex(readyctl::test::realm_bytes(decode_realm(realm).value())) == to_hex(realm));
  const Bytes governance = executed_bytes("governance");
  CHECK(to_hex(readyctl::test::governance_bytes(decode_governance(governance).value())) == to_hex(governance));
  const Bytes config = executed_bytes("realm_config");
  CHECK(to_hex(readyctl::test::realm_config_bytes(decode_realm_config(config).value())) == to_hex(config));
}

// What stands behind the community's lock authorities is the council's, and not what their addresses look like.
TEST_CASE("realm configs with lock authorities are read", "[solana]") {
  Bytes data{11};
  append(data, realm().bytes);
  append(data, Bytes{0, 0, 0, 0, 0, 0, 0});  // community: no add-ins, liquid, reserved
  append_u32(data, 1);
  append(data, Pubkey{}.bytes);  // a lock authority that reads like a council without add-ins
  data.push_back(1);
  append(data, program().bytes);                      // the council's add-in
  append(data, Bytes{0, 1, 0, 0, 0, 0, 0, 0, 0, 0});  // no other, membership, reserved, no lock authorities
  data.resize(data.size() + 110);
  const RealmConfig read = decode_realm_config(data).value();
  CHECK(read.community.lock_authorities == std::vector<Pubkey>{Pubkey{}});
  CHECK(read.council.voter_weight_addin == program());
  CHECK(words_for(read.council.type) == "Membership");
}

// A decoder that meets another account says which, and numbers that mean nothing are errors.
TEST_CASE("other governance accounts are refused by name", "[solana]") {
  CHECK(trouble(decode_governance(realm_bytes())) ==
        "Governance: expected the type of a governance at offset 0, found 16 (RealmV2)");
  CHECK(trouble(decode_realm(governance_bytes())) ==
        "Realm: expected the type of a realm at offset 0, found 18 (GovernanceV2)");
  CHECK(trouble(decode_realm_config(Bytes{25, 0})) ==
        "RealmConfig: expected the type of a realm config at offset 0, found 25");
  Bytes data = governance_bytes();
  data.at(69) = 3;
  CHECK(trouble(decode_governance(data)) ==
        "Governance: expected 0 to 2 for community vote threshold at offset 69, found 3");
}
