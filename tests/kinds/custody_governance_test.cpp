// upgrade-authority, where the power is with a governance of SPL Governance.
#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "solana/token.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/spl_governance.hpp"

using namespace readyctl;
using namespace readyctl::test;
using Catch::Contains;

namespace {

const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
const Pubkey community_mint = "KLMityQ6FF76rEgLtmgbQRQeiKtwfWqFf6i8uU6dTus"_pubkey;
const Pubkey council_mint = "F3sLDPoeTm4creyaDpJJJdsweRNQ8juRn6PK4uJBo49b"_pubkey;
const Pubkey stranger = "yPj5tUT4xk5aWzbs9pwqqocL7p1F8B51aLV44aYurWj"_pubkey;
const std::string realm_name = "Ready DAO";

constexpr VoteThreshold yes(std::uint8_t percent) { return {VoteThreshold::Kind::yes_vote, percent}; }
constexpr VoteThreshold nobody_votes{};

// A program under a governance whose community needs 60 % and whose council needs 51 %, two days before anything runs.
struct World {
  Pubkey instance = known::spl_governance;
  Realm realm;
  Governance governance;
  std::optional<RealmConfig> config;
  std::optional<Pubkey> community_mint_authority;
  std::optional<Pubkey> council_mint_authority;
  std::optional<Pubkey> authority;

  explicit World(const Pubkey& of = known::spl_governance) : instance(of) {
    realm.community_mint = community_mint;
    realm.community_max_vote_weight.value = MaxVoteWeight::supply_fraction_base;
    realm.council_mint = council_mint;
    realm.name = realm_name;
    governance.realm = realm_key();
    governance.seed = program;
    governance.config.community_vote_threshold = yes(60);
    governance.config.council_vote_threshold = yes(51);
    governance.config.council_veto_vote_threshold = yes(40);
    governance.config.hold_up_seconds = 48 * 3600;
    governance.config.voting_seconds = 72 * 3600;
    governance.config.community_vote_tipping = VoteTipping::early;
    authority = key();
    realm.authority = key();
    council_mint_authority = treasury();
  }

  Pubkey realm_key() const { return realm_address(instance, realm_name).value().address; }
  Pubkey key() const { return governance_address(instance, governance).address; }
  Pubkey treasury() const { return native_treasury_address(instance, key()).address; }

  void fill(FakeSource& source) const {
    deploy(source, program, {0x7f, 'E', 'L', 'F'}, authority);
    source.holds(key(), {.owner = instance, .data = governance_bytes(governance)});
    source.holds(realm_key(), {.owner = instance, .data = realm_bytes(realm)});
    if (config) {
      source.holds(realm_config_address(instance, realm_key()).address,
                   {.owner = instance, .data = realm_config_bytes(*config)});
    }
    source.holds(community_mint, mint(community_mint_authority));
    source.holds(council_mint, mint(council_mint_authority));
  }

  static Holding mint(const std::optional<Pubkey>& authority) {
    Bytes data;
    put_u32(data, authority ? 1 : 0);
    put(data, authority.value_or(Pubkey{}).bytes);
    put_u64(data, 1'000'000);
    put(data, Bytes{0, 1});
    return {.owner = known::token, .data = padded(data, 82)};
  }

  Json params(Json rules = Json::object()) const {
    rules["governance"] = to_string(key());
    rules["realm"] = to_string(realm_key());
    return {{"program", to_string(program)}, {"custody", {{"spl-governance", rules}}}};
  }

  Finding decided(const Json& rules = Json::object()) const {
    FakeSource source;
    fill(source);
    return decide_gate(upgrade_authority(), params(rules), source);
  }
};

void check_fails(const Finding& finding, const std::string& words) {
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains(words));
}

}  // namespace

// Its proposals sign for the governance and for its native treasury alike.
TEST_CASE("upgrade-authority passes on a governance and on its native treasury", "[kinds]") {
  World world;
  const Json rules = {{"minHoldUpHours", 48}, {"minCommunityThreshold", 60}, {"minCouncilThreshold", 51}};
  SECTION("the governance") {
    const Finding finding = world.decided(rules);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(finding.summary == "upgrade authority is governance " + to_string(world.key()) +
                                 " of realm Ready DAO: hold-up time 48 hours (172800 s) (proposals that passed "
                                 "already, who holds the votes, "
                                 "and who can replace the governance program were not read)");
    CHECK(observed(finding, "community vote threshold").observed == "60 % yes");
    CHECK(observed(finding, "community vote tipping").observed == "Early");
    CHECK(observed(finding, "realm config").observed == "none: votes weigh what was deposited");
  }
  SECTION("its native treasury") {
    world.authority = world.treasury();
    const Finding finding = world.decided(rules);
    CHECK(finding.outcome == Outcome::pass);
    CHECK_THAT(finding.summary, Contains("the native treasury of governance " + to_string(world.key())));
  }
}

// All that is declared or derives is one round; the mints, which the realm names, are the second.
TEST_CASE("upgrade-authority asks for a governance in two rounds", "[kinds]") {
  FakeSource source;
  World world;
  world.fill(source);
  CHECK(decide_gate(upgrade_authority(), world.params(), source).outcome == Outcome::pass);
  CHECK(source.rounds().size() == 2);
  CHECK(source.rounds().front().size() == 5);
  CHECK(source.rounds().back().size() == 2);
}

// Anybody else than the two.
TEST_CASE("upgrade-authority fails on another authority than the governance", "[kinds]") {
  World world;
  SECTION("a key") {
    world.authority = stranger;
    check_fails(world.decided(), "upgrade authority " + to_string(stranger) + " is neither governance");
  }
  SECTION("nobody") {
    world.authority.reset();
    check_fails(world.decided(), "is immutable: nobody can replace its code, expected upgrade authority governance");
  }
  SECTION("the realm") {
    world.authority = world.realm_key();
    check_fails(world.decided(), "is the realm itself and not governance");
  }
}

// What else can stand at the addresses.
TEST_CASE("upgrade-authority fails where there is no governance", "[kinds]") {
  FakeSource source;
  World world;
  world.fill(source);
  const std::string name = "governance " + to_string(world.key());
  const auto decided = [&] { return decide_gate(upgrade_authority(), world.params(), source); };
  SECTION("a wallet") {
    source.holds(world.key(), {.owner = known::system_program, .data = {}});
    check_fails(decided(), "if this is a native treasury, name its governance instead");
  }
  SECTION("a realm") {
    source.holds(world.key(), {.owner = known::spl_governance, .data = realm_bytes(world.realm)});
    check_fails(decided(), name + " is none: Governance: expected the type of a governance at offset 0, found 16");
  }
  SECTION("half of one") {
    Bytes half = governance_bytes(world.governance);
    half.resize(80);
    source.holds(world.key(), {.owner = known::spl_governance, .data = half});
    check_fails(decided(), name + " is none: Governance: expected");
  }
  SECTION("one that belongs elsewhere") {
    Governance other = world.governance;
    other.seed = stranger;
    source.holds(world.key(), {.owner = known::spl_governance, .data = governance_bytes(other)});
    check_fails(decided(), name + " is not at the address that its realm and seed derive to");
  }
  SECTION("no realm") {
    source.holds(world.realm_key(), {.owner = stranger, .data = realm_bytes(world.realm)});
    check_fails(decided(), "is owned by " + to_string(stranger) + ", not by governance program");
  }
  SECTION("a realm config of hostile bytes") {
    source.holds(realm_config_address(known::spl_governance, world.realm_key()).address,
                 {.owner = known::spl_governance, .data = {11, 1, 2}});
    check_fails(decided(), "is none: RealmConfig: expected");
  }
  SECTION("no mint") {
    source.holds(community_mint, {.owner = known::token, .data = {1, 2, 3}});
    check_fails(decided(), "mint " + to_string(community_mint) + " is none");
  }
}

// A governance of another realm than the declared one.
TEST_CASE("upgrade-authority fails on a governance of another realm", "[kinds]") {
  World world;
  world.governance.realm = stranger;
  world.authority = world.key();
  check_fails(world.decided(), "the governance belongs to realm " + to_string(stranger) + ", expected");
}

// Thresholds that are low, off, or mean nothing.
TEST_CASE("upgrade-authority fails on weak vote thresholds", "[kinds]") {
  World world;
  GovernanceConfig& rules = world.governance.config;
  SECTION("community") {
    rules.community_vote_threshold = yes(59);
    check_fails(world.decided({{"minCommunityThreshold", 60}}),
                "community vote threshold is 59 % yes, expected at least 60 % yes");
  }
  SECTION("council") {
    rules.council_vote_threshold = yes(10);
    check_fails(world.decided({{"minCouncilThreshold", 51}}), "council vote threshold is 10 % yes");
  }
  SECTION("a zero, which for a council means what the community has") {
    rules.community_vote_threshold = yes(0);
    check_fails(world.decided(), "community vote threshold is 0 % yes: any vote decides");
  }
  SECTION("one that cannot be reached") {
    rules.council_vote_threshold = yes(101);
    check_fails(world.decided(), "council vote threshold is 101 % yes, which cannot be reached");
  }
  SECTION("a quorum") {
    rules.council_vote_threshold = {VoteThreshold::Kind::quorum, 60};
    check_fails(world.decided(), "which the governance program does not count by");
  }
  SECTION("disabled and not said") {
    rules.community_vote_threshold = nobody_votes;
    check_fails(world.decided(), "community vote threshold is disabled, which must be declared");
    CHECK(world.decided({{"minCommunityThreshold", "disabled"}}).outcome == Outcome::pass);
  }
  SECTION("said to be disabled and not so") {
    check_fails(world.decided({{"minCouncilThreshold", "disabled"}}),
                "council vote threshold is 51 % yes, expected disabled");
  }
  SECTION("nobody") {
    rules.community_vote_threshold = nobody_votes;
    rules.council_vote_threshold = nobody_votes;
    check_fails(world.decided({{"minCommunityThreshold", "disabled"}, {"minCouncilThreshold", "disabled"}}),
                "nobody may vote");
  }
  SECTION("a council that is not there") {
    world.realm.council_mint.reset();
    check_fails(world.decided({{"minCouncilThreshold", 51}}), "the realm has no council, whose vote is declared");
    CHECK(world.decided().outcome == Outcome::pass);
  }
}

// One second short is short.
TEST_CASE("upgrade-authority fails on a short hold-up time", "[kinds]") {
  World world;
  world.governance.config.hold_up_seconds = 48 * 3600 - 1;
  check_fails(world.decided({{"minHoldUpHours", 48}}), "hold-up time is 47 hours 59 min 59 s (172799 s)");
}

// What the pack does not ask for is said.
TEST_CASE("upgrade-authority says which rules of a governance were not asked for", "[kinds]") {
  World world;
  world.governance.config.hold_up_seconds = 0;
  world.governance.type = GovernanceAccount::governance_v1;
  world.authority = world.key();
  const Finding finding = world.decided();
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains("what was voted may be executed at once"));
  CHECK_THAT(finding.summary, Contains("council vote threshold is 51 % yes, and the pack asks for no least"));
  CHECK(observed(finding, "proposals being voted on").observed == "not known");
}

// Tipping is noted, and judged where it is declared.
TEST_CASE("upgrade-authority fails on another vote tipping than declared", "[kinds]") {
  check_fails(World().decided({{"voteTipping", "strict"}}), "community vote tipping is Early, expected Strict");
}

// Each power that could undo the rules alone fails unless it is declared, and is said when it is.
TEST_CASE("upgrade-authority fails on powers over a realm that nobody declared", "[kinds]") {
  World world;
  SECTION("a realm authority") {
    world.realm.authority = stranger;
    const std::string power =
        "realm authority " + to_string(stranger) + " may change how the realm counts votes, alone";
    check_fails(world.decided(), power + "; expected nobody, or this governance");
    for (const std::string& declared : {to_string(stranger), std::string("any")}) {
      const Finding finding = world.decided({{"realmAuthority", declared}});
      CHECK(finding.outcome == Outcome::pass);
      CHECK_THAT(finding.summary, Contains(power));
    }
  }
  SECTION("no realm authority is fine") {
    world.realm.authority.reset();
    CHECK(world.decided().outcome == Outcome::pass);
    check_fails(world.decided({{"realmAuthority", to_string(stranger)}}), "realm authority is nobody");
  }
  SECTION("a community mint authority") {
    world.community_mint_authority = stranger;
    check_fails(world.decided(), "community mint authority " + to_string(stranger) + " may make votes alone");
    CHECK(world.decided({{"communityMintAuthority", to_string(stranger)}}).outcome == Outcome::pass);
  }
  SECTION("a council mint authority") {
    world.council_mint_authority = stranger;
    check_fails(world.decided(), "council mint authority " + to_string(stranger) + " may make votes alone");
    CHECK(world.decided({{"councilMintAuthority", "any"}}).outcome == Outcome::pass);
  }
  SECTION("a permanent delegate") {
    FakeSource source;
    world.fill(source);
    Bytes data = padded(World::mint(std::nullopt).data, 165);
    put(data, Bytes{1, 12, 0, 32, 0});
    put(data, stranger.bytes);
    source.holds(community_mint, {.owner = known::token_2022, .data = data});
    check_fails(decide_gate(upgrade_authority(), world.params(), source),
                to_string(stranger) + " may take and burn votes alone; expected nobody, or this governance");
  }
  SECTION("a permanent delegate that cannot be read") {
    FakeSource source;
    world.fill(source);
    Bytes data = padded(World::mint(std::nullopt).data, 165);
    put(data, Bytes{1, 12, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8});
    source.holds(community_mint, {.owner = known::token_2022, .data = data});
    check_fails(decide_gate(upgrade_authority(), world.params(), source),
                "mint " + to_string(community_mint) + " is none: mint: PermanentDelegate: expected 32 bytes, found 8");
  }
  SECTION("a voter weight add-in") {
    world.config = RealmConfig{world.realm_key(), {}, {}};
    CHECK(world.decided().outcome == Outcome::pass);
    world.config->council.max_voter_weight_addin = stranger;
    check_fails(world.decided(), "council votes are weighed by program " + to_string(stranger));
    const Finding finding = world.decided({{"voterWeightAddins", {to_string(stranger)}}});
    CHECK(finding.outcome == Outcome::pass);
    CHECK_THAT(finding.summary, Contains("council votes are weighed by program"));
  }
  SECTION("votes counted against less than the supply") {
    world.realm.community_max_vote_weight = {MaxVoteWeight::Kind::absolute, 1};
    check_fails(world.decided(), "all community votes are taken to be 1 raw units");
    CHECK(world.decided({{"reducedVoteWeight", true}}).outcome == Outcome::pass);
  }
}

// Another instance derives other addresses, and somebody may replace it.
TEST_CASE("upgrade-authority takes the declared instance of the governance program", "[kinds]") {
  const World own(stranger);
  const Finding finding = own.decided({{"program", to_string(stranger)}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains("is not the default instance"));
  check_fails(own.decided(), "not by governance program");
}

// What cannot be read is not decided.
TEST_CASE("upgrade-authority is inconclusive without governance or mint", "[kinds]") {
  World world;
  FakeSource source;
  world.fill(source);
  SECTION("governance") { source.refuses(AccountRequest{world.key()}); }
  SECTION("realm") { source.refuses(AccountRequest{world.realm_key()}); }
  SECTION("mint") { source.refuses(AccountRequest{council_mint}); }
  SECTION("realm config") {
    source.refuses(AccountRequest{realm_config_address(known::spl_governance, world.realm_key()).address});
  }
  CHECK(decide_gate(upgrade_authority(), world.params(), source).outcome == Outcome::inconclusive);
}

// What cannot be meant is refused before anything is asked.
TEST_CASE("upgrade-authority refuses governance rules that cannot be meant", "[kinds]") {
  const World world;
  const auto refusal = [&](const Json& rules) { return refusal_of(upgrade_authority(), world.params(rules)); };
  CHECK_THAT(refusal({{"minCouncilThreshold", 0}}), Contains("expected a whole number of percent, 1 to 100"));
  CHECK_THAT(refusal({{"minCommunityThreshold", 101}}), Contains("expected a whole number of percent"));
  CHECK_THAT(refusal({{"voteTipping", "late"}}), Contains("expected \"strict\", \"early\" or \"disabled\""));
  CHECK_THAT(refusal({{"minTimelockHours", 48}}), Contains("unknown key"));
}
