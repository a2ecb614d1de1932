// Custody to the bottom: a program under a multisig of which members are vaults of further multisigs.
#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/squads.hpp"

using namespace readyctl;
using namespace readyctl::test;
using Catch::Contains;

namespace {

const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
const Bytes code{0x7f, 'E', 'L', 'F'};

// Keys on the curve, from the vectors of the official SDK.
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey carol = "7bcJYZwW6tgzBLbjnBmUS8Zi3vfmU1ZoK2cmGebgHWbp"_pubkey;
const Pubkey dave = "yPj5tUT4xk5aWzbs9pwqqocL7p1F8B51aLV44aYurWj"_pubkey;

constexpr std::uint8_t everything = 7;

// The multisig number `number` of a family that exists nowhere else, and a vault of it.
Pubkey multisig_of(std::uint8_t number) {
  Pubkey create_key = alice;
  create_key.bytes[0] = number;
  return multisig_address(create_key).address;
}
Pubkey vault_of(std::uint8_t number, std::uint8_t index = 0) {
  return vault_address(multisig_of(number), index).address;
}
const Pubkey council = multisig_of(0);
const Pubkey board = multisig_of(1);
const Pubkey board_vault = vault_of(1);

Multisig with(const std::vector<Pubkey>& members, std::uint16_t threshold = 2) {
  Multisig multisig;
  multisig.threshold = threshold;
  multisig.time_lock_seconds = 48 * 3600;
  for (const Pubkey& member : members) multisig.members.push_back({member, {everything}});
  return multisig;
}

// A program under vault 0 of the council: Alice, Bob and the board, which is Carol and Dave.
struct World {
  World() {
    deploy(source, program, code, vault_of(0));
    holds(0, with({alice, bob, board_vault}));
    holds(1, with({carol, dave}));
  }
  void holds(std::uint8_t number, const Multisig& multisig) {
    source.holds(multisig_of(number), multisig_account(multisig));
  }
  FakeSource source;
};

Json nested(std::uint8_t number, Json rules = Json::object()) {
  rules["multisig"] = to_string(multisig_of(number));
  return rules;
}
Json custody(Json rules) {
  rules["multisig"] = to_string(council);
  return {{"program", to_string(program)}, {"custody", {{"squads-v4", rules}}}};
}
Json behind(const Json& vaults) { return custody({{"nested", vaults}}); }
Json the_board(Json rules = Json::object()) { return behind(Json::array({nested(1, std::move(rules))})); }

Finding decided(World& world, const Json& params) { return decide_gate(upgrade_authority(), params, world.source); }

void check_fails(const Finding& finding, const std::string& part) {
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains(part));
}

const std::string board_seat = "member " + to_string(board_vault) + " of multisig " + to_string(council);

}  // namespace

// Who holds the program is said down to the people, and costs no second round.
TEST_CASE("nested custody is proven by derivation in one round", "[kinds][nested]") {
  World world;
  const Finding finding =
      decided(world, the_board({{"minThreshold", 2}, {"members", {to_string(carol), to_string(dave)}}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains(board_seat + " is vault 0 of multisig " + to_string(board) + " (" +
                                       to_string(board_vault) + "): 2 of 2 voters, time lock 48 hours (172800 s)"));
  const std::string subject = "multisig " + to_string(board) + ": ";
  CHECK(observed(finding, subject + "threshold").fact == key_of(AccountRequest{board}));
  CHECK(observed(finding, subject + "member " + to_string(carol)).observed == "may initiate, vote, execute");
  CHECK(world.source.rounds().size() == 1);
  CHECK(world.source.rounds().front().size() == 4);
}

// A member without a key is somebody, and nobody said who.
TEST_CASE("nested custody fails on a member whose holders are not known", "[kinds][nested]") {
  World world;
  SECTION("not declared") {
    check_fails(decided(world, custody(Json::object())),
                "the holders of " + board_seat + " are not known: a program signs for it");
  }
  SECTION("another vault of a multisig that is declared") {
    world.holds(0, with({alice, bob, vault_of(1, 3)}));
    const Finding finding = decided(world, the_board());
    check_fails(finding, "it is vault 3 of multisig " + to_string(board) + ", which is not declared under \"nested\"");
    check_fails(finding, "is declared under \"nested\" and is a member of no multisig");
  }
  SECTION("the account of a multisig, which nothing signs for") {
    world.holds(0, with({alice, bob, board}));
    check_fails(decided(world, the_board()), "it is the account of a multisig and not a vault of it");
  }
  SECTION("declared as one of whom nobody needs to know") {
    const Finding finding = decided(world, custody({{"unprovenMembers", {to_string(board_vault)}}}));
    CHECK(finding.outcome == Outcome::pass);
    CHECK_THAT(finding.summary, Contains("who is behind " + board_seat + " is not known, which the pack accepts"));
  }
}

// Each rule of the first multisig is a rule of every other, judged and named likewise.
TEST_CASE("nested custody judges the nested multisig by its own rules", "[kinds][nested]") {
  World world;
  const std::string subject = "multisig " + to_string(board) + ": ";
  SECTION("threshold") {
    world.holds(1, with({carol, dave}, 1));
    check_fails(decided(world, the_board({{"minThreshold", 2}})), subject + "threshold is 1 of 2 voters");
  }
  SECTION("one is enough, which a pass says") {
    world.holds(1, with({carol, dave}, 1));
    CHECK_THAT(decided(world, the_board()).summary, Contains(subject + "one member alone is enough"));
  }
  SECTION("config authority") {
    Multisig controlled = with({carol, dave});
    controlled.config_authority = bob;
    world.holds(1, controlled);
    check_fails(decided(world, the_board()), subject + "config authority " + to_string(bob));
    CHECK(decided(world, the_board({{"configAuthority", to_string(bob)}})).outcome == Outcome::pass);
  }
  SECTION("no multisig") {
    world.source.holds(board, {.owner = known::system_program, .data = {}});
    check_fails(decided(world, the_board()), "multisig " + to_string(board) + " is owned by");
  }
  SECTION("hostile bytes") {
    Bytes half = multisig_bytes(with({carol, dave}));
    half.resize(140);
    world.source.holds(board, {.owner = known::squads_v4, .data = half});
    check_fails(decided(world, the_board()), to_string(board) + " is no multisig");
  }
  SECTION("no answer") {
    world.source.refuses(AccountRequest{board});
    CHECK(decided(world, the_board()).outcome == Outcome::inconclusive);
  }
}

// What is declared and nowhere is a mistake in the definition, or a member who is gone.
TEST_CASE("nested custody fails on a declared vault that is nobody's member", "[kinds][nested]") {
  World world;
  world.holds(0, with({alice, bob, carol}));
  check_fails(decided(world, the_board()), "vault 0 of multisig " + to_string(board) + " (" + to_string(board_vault) +
                                               ") is declared under \"nested\" and is a member of no multisig");
  world.holds(0, with({alice, bob, carol}));
  CHECK_THAT(decided(world, custody({{"unprovenMembers", {to_string(board_vault)}}})).summary,
             Contains("unproven member " + to_string(board_vault) + " is no member"));
}

// Custody that ends in itself is held by nobody.
TEST_CASE("nested custody names a circle", "[kinds][nested]") {
  World world;
  const std::string circle = "multisig " + to_string(council) + ", then multisig " + to_string(board) +
                             ", then multisig " + to_string(council);
  SECTION("by the vault that is the authority") { world.holds(1, with({carol, dave, vault_of(0)})); }
  SECTION("by another vault") { world.holds(1, with({carol, dave, vault_of(0, 7)})); }
  check_fails(decided(world, the_board()), circle);
  world.holds(0, with({alice, bob, vault_of(0, 2)}));
  check_fails(decided(world, custody(Json::object())),
              "multisig " + to_string(council) + ", then multisig " + to_string(council));
}

// Four below the first are looked through, the fifth is one too many.
TEST_CASE("nested custody is followed to a depth", "[kinds][nested]") {
  World world;
  Json vaults = Json::array();
  world.holds(0, with({vault_of(1)}, 1));
  const auto chain = [&](std::uint8_t last) {
    for (std::uint8_t number = 1; number <= last; ++number) {
      vaults.push_back(nested(number));
      world.holds(number, number == last ? with({alice, bob}) : with({vault_of(number + 1)}, 1));
    }
    return decided(world, behind(vaults));
  };
  SECTION("four") { CHECK(chain(4).outcome == Outcome::pass); }
  SECTION("five") { check_fails(chain(5), "is a vault behind 4 nested multisigs already"); }
}

// Two of three says nothing when one person is two of the three.
TEST_CASE("nested custody fails on somebody with two votes", "[kinds][nested]") {
  World world;
  SECTION("in the first and in a nested one") {
    world.holds(1, with({alice, dave}, 1));
    check_fails(decided(world, the_board()),
                "member " + to_string(alice) + " votes for vault 0 of multisig " + to_string(council));
    Json declared = the_board();
    declared["custody"]["squads-v4"]["sharedMembers"] = {to_string(alice)};
    const Finding finding = decided(world, declared);
    CHECK(finding.outcome == Outcome::pass);
    CHECK_THAT(finding.summary, Contains("so fewer people than approvals can replace the program"));
  }
  SECTION("by two vaults of one multisig") {
    world.holds(0, with({alice, board_vault, vault_of(1, 1)}));
    check_fails(decided(world, behind(Json::array({nested(1), nested(1, {{"vaultIndex", 1}})}))),
                "member " + to_string(carol) + " votes for vault 0");
  }
  SECTION("who is declared and has only one") {
    Json declared = the_board();
    declared["custody"]["squads-v4"]["sharedMembers"] = {to_string(alice), to_string(program)};
    const std::string summary = decided(world, declared).summary;
    CHECK_THAT(summary, Contains("shared member " + to_string(alice) + " votes in one multisig only"));
    CHECK_THAT(summary, Contains("shared member " + to_string(program) + " votes in none of them"));
  }
}

// Who may begin, vote and end is as exact as who is a member.
TEST_CASE("upgrade-authority compares proposers, voters and executors with the declared lists", "[kinds]") {
  World world;
  Multisig roles = with({alice, bob, carol});
  roles.members[0].permissions.mask = 3;
  roles.members[2].permissions.mask = 6;
  world.holds(0, roles);
  const Json exact = {{"proposers", {to_string(bob), to_string(alice)}},
                      {"voters", {to_string(alice), to_string(bob), to_string(carol)}},
                      {"executors", {to_string(bob), to_string(carol)}}};
  CHECK(decided(world, custody(exact)).outcome == Outcome::pass);
  const auto fails = [&](const std::string& list, const std::vector<Pubkey>& keys, const std::string& part) {
    Json rules = exact;
    rules[list] = Json::array();
    for (const Pubkey& key : keys) rules[list].push_back(to_string(key));
    check_fails(decided(world, custody(rules)), part);
  };
  fails("proposers", {alice}, "a proposer and not declared: " + to_string(bob));
  fails("voters", {alice, bob, carol, dave}, "declared and not a voter: " + to_string(dave));
  fails("executors", {carol, alice, bob}, "declared and not an executor: " + to_string(alice));
}

// It gets rent and nothing else, so it is judged where somebody is declared.
TEST_CASE("upgrade-authority compares the rent collector with the declared one", "[kinds]") {
  World world;
  Multisig multisig = with({alice, bob});
  multisig.rent_collector = dave;
  world.holds(0, multisig);
  const Finding unsaid = decided(world, custody(Json::object()));
  CHECK(unsaid.outcome == Outcome::pass);
  CHECK(observed(unsaid, "rent collector").observed == to_string(dave));
  CHECK(decided(world, custody({{"rentCollector", to_string(dave)}})).outcome == Outcome::pass);
  check_fails(decided(world, custody({{"rentCollector", nullptr}})),
              "rent collector is " + to_string(dave) + ", expected nobody");
}

// What cannot be meant is refused before anything is asked, in a nested vault as in the first.
TEST_CASE("nested custody refuses definitions that cannot be meant", "[kinds][nested]") {
  const auto refusal = [](const Json& params) { return refusal_of(upgrade_authority(), params); };
  CHECK_THAT(refusal(the_board({{"minTreshold", 2}})), Contains("/custody/squads-v4/nested/0/minTreshold") &&
                                                           Contains("unknown key \"minTreshold\"") &&
                                                           Contains("minThreshold"));
  CHECK_THAT(refusal(the_board({{"nested", Json::array()}})), Contains("unknown key \"nested\""));
  CHECK_THAT(refusal(the_board({{"minTimelockHours", 2161}})), Contains("/nested/0/minTimelockHours"));
  CHECK_THAT(refusal(behind(Json::array({nested(1), nested(1)}))), Contains("/nested/1") && Contains("declared twice"));
  CHECK_THAT(refusal(behind(Json::array({nested(0)}))), Contains("declared twice"));
  CHECK(refusal(behind(Json::array({nested(1), nested(1, {{"vaultIndex", 1}})}))).empty());
  CHECK_THAT(refusal(custody({{"unprovenMembers", {to_string(alice)}}})), Contains("is on the curve"));
  Json both = the_board();
  both["custody"]["squads-v4"]["unprovenMembers"] = {to_string(board_vault)};
  CHECK_THAT(refusal(both), Contains("is a vault that is declared here"));
  CHECK_THAT(refusal(custody({{"voters", Json::array()}})), Contains("names nobody"));
  CHECK_THAT(refusal(custody({{"executors", {to_string(bob), to_string(bob)}}})), Contains("is named twice"));
}
