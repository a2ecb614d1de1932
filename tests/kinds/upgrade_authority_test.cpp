#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "solana/vectors.hpp"
#include "solana/well_known.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/squads.hpp"

using namespace readyctl;
using namespace readyctl::test;
using Catch::Contains;

namespace {

const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
const Pubkey create_key = "DgDELAgbq7AdfHdCAuA7kjPpp39vMLE1tgf5YBPF3K7M"_pubkey;
const Pubkey multisig_key = multisig_address(create_key).address;
const Pubkey vault = vault_address(multisig_key, 0).address;
const Pubkey programdata = programdata_address(program).address;
const Bytes code{0x7f, 'E', 'L', 'F'};

// Members in the vectors of the official SDK, and a key of its own making.
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey carol = "7bcJYZwW6tgzBLbjnBmUS8Zi3vfmU1ZoK2cmGebgHWbp"_pubkey;
const Pubkey stranger = "yPj5tUT4xk5aWzbs9pwqqocL7p1F8B51aLV44aYurWj"_pubkey;

constexpr std::uint8_t everything = 7;
constexpr std::uint8_t only_vote = 2;
constexpr std::uint8_t all_but_vote = 5;

Multisig council() {
  Multisig multisig;
  multisig.create_key = create_key;
  multisig.threshold = 2;
  multisig.time_lock_seconds = 48 * 3600;
  multisig.transaction_index = 7;
  multisig.stale_transaction_index = 3;
  multisig.bump = 255;
  multisig.members = {{alice, {everything}}, {bob, {everything}}, {carol, {everything}}};
  return multisig;
}

// The council with the powers of its members replaced.
Multisig council_of(std::vector<MultisigMember> members) {
  Multisig multisig = council();
  multisig.members = std::move(members);
  return multisig;
}

Json squads(Json rules = Json::object()) {
  rules["multisig"] = to_string(multisig_key);
  return {{"program", to_string(program)}, {"custody", {{"squads-v4", rules}}}};
}

Json custody(const Json& forms) { return {{"program", to_string(program)}, {"custody", forms}}; }

// A program under `authority`, and a multisig.
struct World {
  explicit World(std::optional<Pubkey> authority, const Multisig& multisig = council()) {
    deploy(source, program, code, authority);
    source.holds(multisig_key, multisig_account(multisig));
  }
  FakeSource source;
};

Finding decided(World world, const Json& params) { return decide_gate(upgrade_authority(), params, world.source); }

// What the gate says of a multisig in whose vault the authority is.
Finding decided(const Multisig& multisig, const Json& rules) { return decided(World(vault, multisig), squads(rules)); }

// That a failure says exactly this.
void check_fails(const Finding& finding, const std::string& summary) {
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == summary);
}

const std::string vault_in_words = "vault 0 of multisig " + to_string(multisig_key) + " (" + to_string(vault) + ")";

}  // namespace

// --- squads-v4: the authority ---

// The usual case, and what a person reads of it.
TEST_CASE("upgrade-authority passes on the vault of a strong multisig", "[kinds]") {
  const Finding finding = decided(
      council(), {{"minMembers", 3}, {"minThreshold", 2}, {"minThresholdRatio", 0.5}, {"minTimelockHours", 48}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "upgrade authority is " + vault_in_words + ": 2 of 3 voters, time lock 48 hours (172800 s)");
  CHECK(observed(finding, "threshold").observed == "2 of 3 voters");
  CHECK(observed(finding, "time lock").observed == "48 hours (172800 s)");
  CHECK(observed(finding, "members").observed == "3 of 3 members may vote");
  CHECK(observed(finding, "member " + to_string(alice)).observed == "may initiate, vote, execute");
  CHECK(observed(finding, "last transaction").observed == "7");
  CHECK(observed(finding, "stale up to transaction").observed == "3");
}

// Program, programdata and multisig are derived or declared, so they travel together; each observation names its
// record.
TEST_CASE("upgrade-authority takes one round", "[kinds]") {
  World world(vault);
  const Finding finding = decide_gate(upgrade_authority(), squads(), world.source);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(world.source.rounds().size() == 1);
  CHECK(world.source.rounds().front().size() == 3);
  const Slice header{0, programdata_header_bytes};
  CHECK(observed(finding, "upgrade authority").fact == key_of(AccountRequest{programdata, header}));
  CHECK(observed(finding, "threshold").fact == key_of(AccountRequest{multisig_key}));
}

// The bytes of the official SDK: a rent collector shifts the members, one of whom may not vote.
TEST_CASE("upgrade-authority reads what the official SDK writes", "[kinds]") {
  const Vectors& cases = vectors("squads_v4_accounts").at("cases");
  World world(vault);
  SECTION("autonomous") {
    const std::string observer = "H8HVxNVSsEi5augWsAeYvU3hVDtc9RFwAZzkJYrS1K2A";
    const Vectors& one = case_named(cases, "Multisig, autonomous, rent_collector None");
    world.source.holds(multisig_key, {.owner = known::squads_v4, .data = unhex(one.at("hex"))});
    // The SDK's vector has an address off the curve for its observer.
    const Json rules = {{"minTimelockHours", 24}, {"unprovenMembers", {observer}}};
    const Finding finding = decide_gate(upgrade_authority(), squads(rules), world.source);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "threshold").observed == "2 of 3 voters");
    CHECK(observed(finding, "member " + observer).observed == "may initiate, execute");
    CHECK_THAT(finding.summary, Contains("only 3 of 4 members may vote (who may not: " + observer + ")"));
  }
  SECTION("controlled") {
    const Vectors& one = case_named(cases, "Multisig, controlled, rent_collector Some");
    world.source.holds(multisig_key, {.owner = known::squads_v4, .data = unhex(one.at("hex"))});
    const Finding finding = decide_gate(upgrade_authority(), squads(), world.source);
    check_fails(finding,
                "config authority 5x4gkkK6E9cNo71KoQXh3bcnEh4X83mwvipGypprCmHG may change members, threshold "
                "and time lock alone, without a vote; expected nobody");
    CHECK(observed(finding, "rent collector").observed == "3UcjAwY7mSK52tUDBTzfpo5CoUKzP1W1EEM9inQ8mi9n");
  }
}

// Nobody can upgrade what was meant to be upgraded.
TEST_CASE("upgrade-authority fails on an immutable program under a multisig's custody", "[kinds]") {
  check_fails(decided(World(std::nullopt), squads()),
              "program " + to_string(program) +
                  " is immutable: nobody can replace its code, expected upgrade authority " + vault_in_words);
}

// The mistake that costs the program: the multisig account cannot sign.
TEST_CASE("upgrade-authority fails on the multisig account in place of its vault", "[kinds]") {
  check_fails(decided(World(multisig_key), squads()),
              "upgrade authority " + to_string(multisig_key) + " is the multisig account itself and not its " +
                  vault_in_words + ": nothing signs for that address, so nobody can upgrade the program any more");
}

// Another vault of the same multisig is named by its index, the last one included.
TEST_CASE("upgrade-authority fails on another vault of the multisig", "[kinds]") {
  const Pubkey last = vault_address(multisig_key, 255).address;
  check_fails(decided(World(last), squads()), "upgrade authority " + to_string(last) +
                                                  " is vault 255 of the same multisig, expected " + vault_in_words);
}

// Vault 1 is right when the pack says vault 1.
TEST_CASE("upgrade-authority passes on a declared vault index", "[kinds]") {
  const Pubkey second = vault_address(multisig_key, 1).address;
  CHECK(decided(World(second), squads({{"vaultIndex", 1}})).outcome == Outcome::pass);
}

// One key, of which nobody can say where it is kept.
TEST_CASE("upgrade-authority fails on a single key under a multisig's custody", "[kinds]") {
  REQUIRE(is_on_curve(stranger));
  check_fails(decided(World(stranger), squads()), "upgrade authority " + to_string(stranger) + " is not " +
                                                      vault_in_words +
                                                      " but a single key: hot or hardware cannot be told");
}

// An address without a key, that belongs to something else.
TEST_CASE("upgrade-authority fails on another program-derived address", "[kinds]") {
  const Pubkey elsewhere = vault_address(create_key, 0).address;
  check_fails(decided(World(elsewhere), squads()), "upgrade authority " + to_string(elsewhere) + " is not " +
                                                       vault_in_words +
                                                       " but a program-derived address that is not this vault");
}

// --- squads-v4: the account ---

// Each thing that can stand at the multisig's address instead of it.
TEST_CASE("upgrade-authority fails where there is no multisig", "[kinds]") {
  FakeSource source;
  deploy(source, program, code, vault);
  const std::string name = to_string(multisig_key);
  SECTION("no account") {
    check_fails(decide_gate(upgrade_authority(), squads(), source), "multisig " + name + " does not exist");
  }
  SECTION("a wallet or a vault") {
    source.holds(multisig_key, {.owner = known::system_program, .data = {}});
    const std::string summary = decide_gate(upgrade_authority(), squads(), source).summary;
    CHECK_THAT(summary, Contains("multisig " + name + " is owned by 11111111111111111111111111111111"));
    CHECK_THAT(summary, Contains("if this is a vault, name its multisig instead"));
  }
  SECTION("another Squads account") {
    Bytes proposal = multisig_bytes(council());
    const Bytes discriminator{0x1a, 0x5e, 0xbd, 0xbb, 0x74, 0x88, 0x35, 0x21};
    std::copy(discriminator.begin(), discriminator.end(), proposal.begin());
    source.holds(multisig_key, {.owner = known::squads_v4, .data = proposal});
    const std::string summary = decide_gate(upgrade_authority(), squads(), source).summary;
    CHECK_THAT(summary, Contains(name + " is no multisig") && Contains("discriminator") && Contains("(Proposal)"));
  }
  SECTION("half of one") {
    Bytes half = multisig_bytes(council());
    half.resize(120);
    source.holds(multisig_key, {.owner = known::squads_v4, .data = half});
    CHECK_THAT(decide_gate(upgrade_authority(), squads(), source).summary, Contains(name + " is no multisig"));
  }
  const Finding finding = decide_gate(upgrade_authority(), squads(), source);
  CHECK(finding.outcome == Outcome::fail);
  REQUIRE(finding.misnamed);
  CHECK(finding.misnamed->value == name);
  CHECK_THAT(finding.misnamed->besides, Contains("do not move the upgrade authority"));
}

// An address that derives from what is no multisig is nobody's vault: whoever reads it would give the program to it.
TEST_CASE("upgrade-authority shows no vault of a multisig that does not exist", "[kinds]") {
  FakeSource source;
  deploy(source, program, code, stranger);
  const Finding finding = decide_gate(upgrade_authority(), squads(), source);
  CHECK(finding.outcome == Outcome::fail);
  const auto shows_vault = [](const std::string& text) { return text.find(to_string(vault)) != std::string::npos; };
  CHECK_FALSE(shows_vault(finding.summary));
  for (const Observed& one : finding.observations) CHECK_FALSE(shows_vault(one.expected));
}

// With one character wrong, most likely the address is at fault and not the program.
TEST_CASE("upgrade-authority doubts the address of a program that is not there", "[kinds]") {
  FakeSource source;
  source.holds(multisig_key, multisig_account(council()));
  const Finding finding = decide_gate(upgrade_authority(), squads(), source);
  REQUIRE(finding.misnamed);
  CHECK(finding.misnamed->value == to_string(program));
}

// --- squads-v4: the rules ---

// Three entries that are two people.
TEST_CASE("upgrade-authority fails on a member listed twice", "[kinds]") {
  const Multisig multisig = council_of({{alice, {everything}}, {bob, {everything}}, {bob, {everything}}});
  SECTION("by itself") {
    check_fails(decided(multisig, Json::object()), "the multisig lists a member more than once: " + to_string(bob));
  }
  SECTION("who does not count twice") {
    check_fails(decided(multisig, {{"minMembers", 3}}),
                "the multisig has 2 distinct members, expected at least 3; the "
                "multisig lists a member more than once: " +
                    to_string(bob));
  }
}

// A member who may not vote is no member for this purpose, and is named.
TEST_CASE("upgrade-authority counts the members who may vote", "[kinds]") {
  const Multisig multisig = council_of({{alice, {everything}}, {bob, {everything}}, {carol, {all_but_vote}}});
  const std::string votes = "2 of 3 members may vote (who may not: " + to_string(carol) + ")";
  SECTION("too few") { check_fails(decided(multisig, {{"minMembers", 3}}), "only " + votes + ", expected at least 3"); }
  SECTION("too few of too few") {
    check_fails(decided(multisig, {{"minMembers", 4}}),
                "the multisig has 3 distinct members, " + votes + ", expected at least 4");
  }
  SECTION("enough") {
    const Finding finding = decided(multisig, {{"minMembers", 2}});
    CHECK(finding.outcome == Outcome::pass);
    CHECK_THAT(finding.summary, Contains("only " + votes));
  }
}

// Bits above the three known ones mean that another program wrote this.
TEST_CASE("upgrade-authority fails on unknown permission bits", "[kinds]") {
  check_fails(decided(council_of({{alice, {everything}}, {bob, {everything}}, {carol, {15}}}), Json::object()),
              "member " + to_string(carol) + " has permission bits that the Squads program does not know: 15");
}

// Thresholds that mean nothing, whatever the pack asks.
TEST_CASE("upgrade-authority fails on a threshold that cannot be meant", "[kinds]") {
  Multisig multisig = council();
  SECTION("none needed") {
    multisig.threshold = 0;
    check_fails(decided(multisig, Json::object()), "threshold is 0: an upgrade needs no approval");
  }
  SECTION("more than there are members") {
    multisig.threshold = 4;
    check_fails(decided(multisig, Json::object()), "threshold 4 cannot be reached: 3 of 3 members may vote");
  }
  SECTION("more than may vote") {
    multisig.members = {{alice, {everything}}, {bob, {all_but_vote}}, {carol, {all_but_vote}}};
    const Finding finding = decided(multisig, Json::object());
    CHECK_THAT(finding.summary, Contains("threshold 2 cannot be reached: 1 of 3 members may vote (who may not: " +
                                         to_string(bob) + ", " + to_string(carol) + ")"));
  }
  SECTION("more than the distinct members who may vote") {
    multisig.members = {{alice, {everything}}, {alice, {everything}}};
    CHECK_THAT(decided(multisig, Json::object()).summary,
               Contains("threshold 2 cannot be reached: 1 of 1 member may vote"));
  }
}

namespace {

bool holds_text(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

// A vault given in place of its multisig is a mistake in the release; the program is not lost, and must not be moved.
TEST_CASE("upgrade-authority tells a vault that was given as multisig", "[kinds]") {
  const Pubkey given = vault_address(multisig_key, 0).address;
  FakeSource source;
  deploy(source, program, {1, 2, 3}, given);
  source.holds(given, {.owner = known::system_program, .data = {}});
  const Json params = {{"program", to_string(program)}, {"custody", {{"squads-v4", {{"multisig", to_string(given)}}}}}};
  const Finding finding = decide_gate(upgrade_authority(), params, source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(holds_text(finding.summary,
                   "most likely it is a vault, whose multisig `readyctl inspect " + to_string(given) + "` names"));
  CHECK_FALSE(holds_text(finding.summary, "nobody can upgrade"));
}

// Thresholds lower than the pack asks, absolutely or of those who may vote.
TEST_CASE("upgrade-authority fails on a low threshold", "[kinds]") {
  Multisig multisig = council();
  SECTION("in number") {
    check_fails(decided(multisig, {{"minThreshold", 3}}), "threshold is 2 of 3 voters, expected at least 3");
  }
  SECTION("as a share of the voters") {
    check_fails(decided(multisig, {{"minThresholdRatio", 0.7}}),
                "threshold is 2 of 3 voters, expected at least 0.7 of those who may vote");
  }
  SECTION("exactly the share is enough") {
    CHECK(decided(multisig, {{"minThresholdRatio", 2.0 / 3}}).outcome == Outcome::pass);
  }
  SECTION("of the voters, not of the members") {
    multisig.members.push_back({stranger, {all_but_vote}});
    CHECK(decided(multisig, {{"minThresholdRatio", 0.6}}).outcome == Outcome::pass);
  }
}

// A threshold of one is allowed where nothing else is asked, and is said.
TEST_CASE("upgrade-authority says when one member is enough", "[kinds]") {
  Multisig multisig = council();
  multisig.threshold = 1;
  const Finding finding = decided(multisig, Json::object());
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains("one member alone can approve an upgrade"));
}

// One second short is short, and both are shown in hours and seconds.
TEST_CASE("upgrade-authority fails on a short time lock", "[kinds]") {
  Multisig multisig = council();
  SECTION("by a second") {
    multisig.time_lock_seconds = 48 * 3600 - 1;
    check_fails(decided(multisig, {{"minTimelockHours", 48}}),
                "time lock is 47 hours 59 min 59 s (172799 s), expected at least 48 hours (172800 s)");
  }
  SECTION("none at all") {
    multisig.time_lock_seconds = 0;
    check_fails(decided(multisig, {{"minTimelockHours", 48}}),
                "time lock is 0 hours (0 s), expected at least 48 hours (172800 s)");
  }
}

// A key that can rewrite the rules alone must be mentioned to be accepted.
TEST_CASE("upgrade-authority fails on a config authority that nobody mentioned", "[kinds]") {
  Multisig multisig = council();
  multisig.config_authority = stranger;
  const std::string power =
      "config authority " + to_string(stranger) + " may change members, threshold and time lock alone, without a vote";
  SECTION("unmentioned") { check_fails(decided(multisig, Json::object()), power + "; expected nobody"); }
  SECTION("null") { check_fails(decided(multisig, {{"configAuthority", nullptr}}), power + "; expected nobody"); }
  SECTION("another") {
    check_fails(decided(multisig, {{"configAuthority", to_string(alice)}}), power + "; expected " + to_string(alice));
  }
  SECTION("this one, which a pass says") {
    const Finding finding = decided(multisig, {{"configAuthority", to_string(stranger)}});
    CHECK(finding.outcome == Outcome::pass);
    CHECK_THAT(finding.summary, Contains(power));
  }
  SECTION("any, which a pass says") {
    const Finding finding = decided(multisig, {{"configAuthority", "any"}});
    CHECK(finding.outcome == Outcome::pass);
    CHECK_THAT(finding.summary, Contains("any config authority was accepted") && Contains(power));
  }
}

// A config authority that is declared must be there.
TEST_CASE("upgrade-authority fails without the declared config authority", "[kinds]") {
  check_fails(decided(council(), {{"configAuthority", to_string(alice)}}),
              "the multisig has no config authority, expected " + to_string(alice));
}

// Without somebody to begin and to end it, no upgrade happens however many approve.
TEST_CASE("upgrade-authority fails when nobody can begin or end an upgrade", "[kinds]") {
  SECTION("nobody may initiate") {
    check_fails(decided(council_of({{alice, {6}}, {bob, {6}}}), Json::object()),
                "no member may initiate, so no upgrade can be proposed");
  }
  SECTION("nobody may execute") {
    check_fails(decided(council_of({{alice, {3}}, {bob, {3}}}), Json::object()),
                "no member may execute, so no approved upgrade can happen");
  }
  SECTION("neither") {
    check_fails(decided(council_of({{alice, {only_vote}}, {bob, {only_vote}}}), Json::object()),
                "no member may initiate, so no upgrade can be proposed; no member may execute, so no approved upgrade "
                "can happen");
  }
}

// The declared list is exact, in any order; who is missing and who is too many are named.
TEST_CASE("upgrade-authority compares the members with the declared list", "[kinds]") {
  const Json expected = {{"members", {to_string(carol), to_string(alice), to_string(bob)}}};
  SECTION("the same in another order") { CHECK(decided(council(), expected).outcome == Outcome::pass); }
  SECTION("one replaced") {
    const Multisig multisig = council_of({{alice, {everything}}, {bob, {everything}}, {stranger, {everything}}});
    check_fails(decided(multisig, expected), "declared and not a member: " + to_string(carol) +
                                                 "; a member and not declared: " + to_string(stranger));
  }
  SECTION("one added") {
    Multisig multisig = council();
    multisig.members.push_back({stranger, {everything}});
    check_fails(decided(multisig, expected), "a member and not declared: " + to_string(stranger));
  }
  SECTION("one removed") {
    check_fails(decided(council_of({{alice, {everything}}, {bob, {everything}}}), expected),
                "declared and not a member: " + to_string(carol));
  }
}

// Everything that is wrong is said at once.
TEST_CASE("upgrade-authority names all that is wrong", "[kinds]") {
  Multisig multisig = council();
  multisig.time_lock_seconds = 0;
  multisig.threshold = 1;
  const Finding finding = decided(World(stranger, multisig), squads({{"minThreshold", 2}, {"minTimelockHours", 1}}));
  CHECK_THAT(finding.summary, Contains("hot or hardware cannot be told") && Contains("threshold is 1 of 3 voters") &&
                                  Contains("time lock is 0 hours"));
}

// --- immutable and keypair ---

// A final program is what some packs want; the key that the loader leaves behind the cleared tag is not read.
TEST_CASE("upgrade-authority passes on an immutable program", "[kinds]") {
  Holding final_account = programdata_account(code, stranger);
  final_account.data[12] = 0;
  World world(std::nullopt);
  world.source.holds(programdata, final_account);
  const Finding finding = decided(world, custody({{"immutable", Json::object()}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "program " + to_string(program) + " is immutable: nobody can replace its code");
}

// Programs of the old loaders have no authority at all.
TEST_CASE("upgrade-authority takes loader v2 for immutable", "[kinds]") {
  FakeSource source;
  source.holds(program, {.owner = known::loader_v2, .data = code, .executable = true});
  source.holds(multisig_key, multisig_account(council()));
  const std::string immutable =
      "program " + to_string(program) + " is immutable by loader v2: nobody can replace its code";
  const Finding wanted = decide_gate(upgrade_authority(), custody({{"immutable", Json::object()}}), source);
  CHECK(wanted.outcome == Outcome::pass);
  CHECK(wanted.summary == immutable);
  check_fails(decide_gate(upgrade_authority(), squads(), source),
              immutable + ", expected upgrade authority " + vault_in_words);
}

// Somebody can still replace what was meant to be final.
TEST_CASE("upgrade-authority fails on an authority over a program that must be immutable", "[kinds]") {
  SECTION("a key") {
    check_fails(decided(World(stranger), custody({{"immutable", Json::object()}})),
                "program " + to_string(program) + " is not immutable: its upgrade authority is " + to_string(stranger) +
                    ", a single key: hot or hardware cannot be told");
  }
  SECTION("a vault") {
    check_fails(decided(World(vault), custody({{"immutable", Json::object()}})),
                "program " + to_string(program) + " is not immutable: its upgrade authority is " + to_string(vault) +
                    ", a program-derived address, for which there is no key");
  }
}

// A single key passes where it is asked for, and never without the caveat.
TEST_CASE("upgrade-authority passes on the declared key with a caveat", "[kinds]") {
  const Finding finding = decided(World(alice), custody({{"keypair", {{"address", to_string(alice)}}}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary ==
        "upgrade authority is " + to_string(alice) + " (a single key: hot or hardware cannot be told)");
}

// Any other authority than the declared key.
TEST_CASE("upgrade-authority fails on another authority than the declared key", "[kinds]") {
  const Json expected = custody({{"keypair", {{"address", to_string(alice)}}}});
  SECTION("another key") {
    check_fails(decided(World(bob), expected), "upgrade authority " + to_string(bob) + " is not " + to_string(alice) +
                                                   " but a single key: hot or hardware cannot be told");
  }
  SECTION("a program-derived address") {
    check_fails(decided(World(vault), expected), "upgrade authority " + to_string(vault) + " is not " +
                                                     to_string(alice) +
                                                     " but a program-derived address, for which there is no key");
  }
  SECTION("nobody") {
    check_fails(decided(World(std::nullopt), expected),
                "program " + to_string(program) +
                    " is immutable: nobody can replace its code, expected upgrade authority " + to_string(alice));
  }
}

// --- several forms ---

// Any one that holds suffices, and the finding speaks of that one alone.
TEST_CASE("upgrade-authority passes on any of several forms", "[kinds]") {
  const Json forms = custody({{"immutable", Json::object()}, {"squads-v4", {{"multisig", to_string(multisig_key)}}}});
  CHECK(decided(World(std::nullopt), forms).summary ==
        "program " + to_string(program) + " is immutable: nobody can replace its code");
  CHECK_THAT(decided(World(vault), forms).summary, Contains("2 of 3 voters"));
}

// When none holds, each says why.
TEST_CASE("upgrade-authority explains each form when none holds", "[kinds]") {
  const Json forms = custody({{"immutable", Json::object()},
                              {"keypair", {{"address", to_string(alice)}}},
                              {"squads-v4", {{"multisig", to_string(multisig_key)}}}});
  const Finding finding = decided(World(stranger), forms);
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains("not squads-v4: upgrade authority " + to_string(stranger)) &&
                                  Contains("; not immutable: program " + to_string(program)) &&
                                  Contains("; not keypair: upgrade authority " + to_string(stranger)));
  CHECK_FALSE(observed(finding, "keypair: upgrade authority").holds);
  CHECK(observed(finding, "squads-v4: threshold").observed == "2 of 3 voters");
}

// --- the program ---

// Each way in which there is no program to have an authority over.
TEST_CASE("upgrade-authority fails where no program is deployed", "[kinds]") {
  FakeSource source;
  source.holds(multisig_key, multisig_account(council()));
  SECTION("no account") {
    check_fails(decide_gate(upgrade_authority(), squads(), source),
                "program account " + to_string(program) + " does not exist");
  }
  SECTION("closed") {
    source.holds(program, program_account(programdata));
    const Finding finding = decide_gate(upgrade_authority(), squads(), source);
    CHECK(finding.outcome == Outcome::fail);
    CHECK_THAT(finding.summary, Contains("program " + to_string(program) + " is closed"));
  }
  SECTION("malformed programdata") {
    Holding odd = programdata_account(code, vault);
    odd.data[12] = 2;
    source.holds(program, program_account(programdata));
    source.holds(programdata, odd);
    const Finding finding = decide_gate(upgrade_authority(), squads(), source);
    CHECK(finding.outcome == Outcome::fail);
    CHECK_THAT(finding.summary, Contains("programdata " + to_string(programdata)));
  }
}

// No answer is no verdict, on whichever account.
TEST_CASE("upgrade-authority is inconclusive without an answer", "[kinds]") {
  World world(vault);
  SECTION("of the programdata") { world.source.refuses(AccountRequest{programdata}); }
  SECTION("of the multisig") { world.source.refuses(AccountRequest{multisig_key}); }
  SECTION("of the program") { world.source.refuses(AccountRequest{program}); }
  const Finding finding = decide_gate(upgrade_authority(), squads(), world.source);
  REQUIRE(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "timeout");
}

// A record that is no account leaves the gate undecided.
TEST_CASE("upgrade-authority is inconclusive on a malformed record", "[kinds]") {
  World world(vault);
  world.source.answers(AccountRequest{multisig_key}, {Json{{"exists", true}}, nullptr, nullptr});
  const Finding finding = decide_gate(upgrade_authority(), squads(), world.source);
  REQUIRE(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "malformed");
}

// --- definitions ---

// What no chain could ever satisfy, or what would hide a mistake, is refused before anything is asked.
TEST_CASE("upgrade-authority refuses definitions that cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& params) { return refusal_of(upgrade_authority(), params); };
  CHECK_THAT(refusal(custody(Json::object())), Contains("expected at least one of immutable, keypair, squads-v4"));
  CHECK_THAT(refusal(custody({{"squads-v5", Json::object()}})), Contains("unknown key \"squads-v5\""));
  CHECK_THAT(refusal(squads({{"minTimelockHour", 48}})), Contains("did you mean \"minTimelockHours\"?"));
  CHECK_THAT(refusal(squads({{"minTimelockHours", 2161}})), Contains("accepts at most 2160"));
  CHECK(refusal(squads({{"minTimelockHours", 2160}})).empty());
  CHECK_THAT(refusal(squads({{"vaultIndex", 256}})), Contains("whole number, 0 to 255"));
  CHECK_THAT(refusal(squads({{"minThresholdRatio", 1.5}})), Contains("at most 1"));
  CHECK_THAT(refusal(squads({{"members", Json::array()}})), Contains("names nobody"));
  CHECK_THAT(refusal(squads({{"members", {to_string(bob), to_string(bob)}}})),
             Contains(to_string(bob) + " is named twice"));
  CHECK_THAT(refusal(custody({{"squads-v4", Json::object()}})), Contains("has no \"multisig\""));
  CHECK_THAT(refusal(custody({{"keypair", {{"address", to_string(vault)}}}})),
             Contains("is a program-derived address: no key pair signs for it"));
  CHECK_THAT(refusal({{"program", to_string(program)}}), Contains("has no \"custody\""));
}
