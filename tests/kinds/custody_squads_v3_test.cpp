// upgrade-authority, where the power is with a Squads v3 multisig. The bytes are put together from the program's
// structs (support/squads_v3.hpp), but for the multisig of vectors.json.
#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "solana/vectors.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/squads_v3.hpp"

using namespace readyctl;
using namespace readyctl::test;
using Catch::Contains;

namespace {

const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
const Pubkey multisig_key = "6HvLzGrVRfvKcGSR5Kq5zjdrvx4Do1dgsVCXb43ynNgB"_pubkey;
const Pubkey stranger = "yPj5tUT4xk5aWzbs9pwqqocL7p1F8B51aLV44aYurWj"_pubkey;

Pubkey authority_of(std::uint32_t index) { return squads_v3_authority_address(multisig_key, index); }

// The members of the vector are any 32 bytes; those of people are keys.
SquadsV3Multisig council() {
  auto multisig = decode_squads_v3_multisig(unhex(vectors("squads_v3").at("ms_account").at("hex"))).value();
  for (Pubkey& member : multisig.members) {
    while (!is_on_curve(member)) ++member.bytes[0];
  }
  return multisig;
}

Json squads(Json rules = Json::object()) {
  rules["multisig"] = to_string(multisig_key);
  return {{"program", to_string(program)}, {"custody", {{"squads-v3", rules}}}};
}

struct World {
  explicit World(std::optional<Pubkey> authority = authority_of(1), const SquadsV3Multisig& multisig = council()) {
    deploy(source, program, {0x7f, 'E', 'L', 'F'}, authority);
    source.holds(multisig_key, {.owner = known::squads_v3, .data = squads_v3_bytes(multisig)});
  }
  FakeSource source;
};

Finding decided(World world, const Json& rules = Json::object()) {
  return decide_gate(upgrade_authority(), squads(rules), world.source);
}

void check_fails(const Finding& finding, const std::string& words) {
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains(words));
}

}  // namespace

// The default vault, in one round; that there is no time lock is always said.
TEST_CASE("upgrade-authority passes on the authority of a Squads v3 multisig", "[kinds]") {
  World world;
  const Json rules = {{"minMembers", 3}, {"minThreshold", 2}, {"minThresholdRatio", 0.6}};
  const Finding finding = decide_gate(upgrade_authority(), squads(rules), world.source);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary ==
        "upgrade authority is authority 1 of Squads v3 multisig " + to_string(multisig_key) + " (" +
            to_string(authority_of(1)) +
            "): 2 of 3 members (Squads v3 has no time lock: what is approved may be executed at once)");
  CHECK(observed(finding, "time lock").observed == "none: Squads v3 has none");
  CHECK(world.source.rounds().size() == 1);
  CHECK(world.source.rounds().front().size() == 3);
}

TEST_CASE("upgrade-authority passes on a declared Squads v3 authority", "[kinds]") {
  CHECK(decided(World(authority_of(2)), {{"authorityIndex", 2}}).outcome == Outcome::pass);
}

// Each other authority has words of its own.
TEST_CASE("upgrade-authority fails on another authority than the Squads v3 one", "[kinds]") {
  check_fails(decided(World(authority_of(3))), "is authority 3 of the same multisig, expected authority 1");
  check_fails(
      decided(World(multisig_key)),
      "is the account of the multisig itself and not authority 1 of Squads v3 multisig " + to_string(multisig_key));
  check_fails(decided(World(multisig_key)), "so nobody can upgrade the program any more");
  check_fails(decided(World(stranger)), "but a single key: hot or hardware cannot be told");
  check_fails(decided(World(std::nullopt)), "is immutable: nobody can replace its code, expected upgrade authority");
}

// Each thing that can stand at the multisig's address instead of it.
TEST_CASE("upgrade-authority fails where there is no Squads v3 multisig", "[kinds]") {
  World world;
  const auto decide = [&] { return decide_gate(upgrade_authority(), squads(), world.source); };
  SECTION("one of version 4") {
    world.source.holds(multisig_key, {.owner = known::squads_v4, .data = {}});
    check_fails(decide(), "declare it under \"squads-v4\"");
  }
  SECTION("a transaction") {
    world.source.holds(multisig_key, {.owner = known::squads_v3, .data = squads_v3_bytes(SquadsV3Transaction{})});
    check_fails(decide(), "is no multisig: Squads v3 Ms: expected discriminator");
  }
  SECTION("half of one") {
    Bytes half = squads_v3_bytes(council());
    half.resize(100);
    world.source.holds(multisig_key, {.owner = known::squads_v3, .data = half});
    check_fails(decide(), "is no multisig: Squads v3 Ms: expected room for 3");
  }
  SECTION("nothing") {
    FakeSource empty;
    deploy(empty, program, {1}, authority_of(1));
    check_fails(decide_gate(upgrade_authority(), squads(), empty), "does not exist");
  }
}

// Too few people, or others than declared.
TEST_CASE("upgrade-authority fails on weak rules of a Squads v3 multisig", "[kinds]") {
  SquadsV3Multisig multisig = council();
  SECTION("members") { check_fails(decided(World(), {{"minMembers", 4}}), "expected at least 4"); }
  SECTION("threshold") { check_fails(decided(World(), {{"minThreshold", 3}}), "threshold is 2 of 3 voters"); }
  SECTION("ratio") { check_fails(decided(World(), {{"minThresholdRatio", 0.7}}), "expected at least 0.7"); }
  SECTION("list") {
    check_fails(decided(World(), {{"members", {to_string(stranger)}}}),
                "declared and not a member: " + to_string(stranger));
  }
  SECTION("no threshold") {
    multisig.threshold = 0;
    check_fails(decided(World(authority_of(1), multisig)), "threshold is 0");
  }
  SECTION("a threshold out of reach") {
    multisig.threshold = 4;
    check_fails(decided(World(authority_of(1), multisig)), "threshold 4 cannot be reached");
  }
  SECTION("a member twice") {
    multisig.members.push_back(multisig.members.front());
    check_fails(decided(World(authority_of(1), multisig)), "lists a member more than once");
  }
  SECTION("nobody") {
    multisig.members.clear();
    check_fails(decided(World(authority_of(1), multisig)), "cannot be reached");
  }
}

// What cannot be read is not decided.
TEST_CASE("upgrade-authority is inconclusive without the Squads v3 multisig", "[kinds]") {
  World world;
  world.source.refuses(AccountRequest{multisig_key});
  CHECK(decide_gate(upgrade_authority(), squads(), world.source).outcome == Outcome::inconclusive);
}

// There is no time lock to declare.
TEST_CASE("upgrade-authority refuses Squads v3 rules that cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& rules) { return refusal_of(upgrade_authority(), squads(rules)); };
  CHECK_THAT(refusal({{"minTimelockHours", 48}}), Contains("unknown key \"minTimelockHours\""));
  CHECK_THAT(refusal({{"members", Json::array()}}), Contains("names nobody"));
  // The program takes no instruction of another program for authority 0, so nobody could upgrade.
  CHECK_THAT(refusal({{"authorityIndex", 0}}), Contains("signs for nothing but changes of the multisig"));
}

// A vault among the members has members of its own, who are not read.
TEST_CASE("a member of a Squads v3 multisig who is nobody's key fails", "[upgrade-authority]") {
  SquadsV3Multisig multisig = council();
  multisig.members.front() = authority_of(7);
  check_fails(decided(World(authority_of(1), multisig)), "off the curve: who is behind it is not known");
}
