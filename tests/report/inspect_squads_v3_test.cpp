// inspect, for Squads v3: who may act, what they have before them, and what an authority of theirs holds.
#include "support/squads_v3.hpp"

#include "report/inspecting.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey other = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey third = "7bcJYZwW6tgzBLbjnBmUS8Zi3vfmU1ZoK2cmGebgHWbp"_pubkey;
const Pubkey ms = squads_v3_multisig_address(person).address;
const Pubkey authority = squads_v3_authority_address(ms, 1);

SquadsV3Multisig of_three(std::uint32_t transactions = 0) {
  SquadsV3Multisig settings;
  settings.threshold = 2;
  settings.authority_index = 1;
  settings.transaction_index = transactions;
  settings.create_key = person;
  settings.members = {person, other, third};
  return settings;
}

struct World {
  FakeSource source;

  explicit World(const SquadsV3Multisig& settings = of_three()) { holds(ms, squads_v3_bytes(settings)); }
  void holds(const Pubkey& address, const Bytes& data) {
    source.holds(address, {.owner = known::squads_v3, .data = data});
  }
  // Transaction `index` with one instruction, a memo.
  Pubkey tells(std::uint32_t index, SquadsV3Status status, std::vector<Pubkey> approved = {}) {
    const Pubkey address = squads_v3_transaction_address(ms, index).address;
    holds(address, squads_v3_bytes(
                       SquadsV3Transaction{other, ms, index, 1, 255, status, 1, 255, std::move(approved), {}, {}, 0}));
    holds(squads_v3_instruction_address(address, 1).address,
          squads_v3_bytes(SquadsV3Instruction{told(known::memo, {}, {'h', 'i'}), 1, 255, false}));
    return address;
  }
  Explanation inspected(const Pubkey& address, const VaultSearchOptions& options = {}) {
    return explained(source, address, options).value();
  }
};

}  // namespace

TEST_CASE("inspect explains a Squads v3 multisig", "[report][v3]") {
  World world;
  const Explanation explanation = world.inspected(ms);
  CHECK(explanation.kind == "squads-v3-multisig");
  CHECK(explanation.summary == to_string(ms) + " is a Squads v3 multisig: 2 of 3 members must approve.");
  CHECK(line(explanation, "threshold") == "2 of 3 members must approve");
  CHECK(line(explanation, "time lock") == "none: Squads v3 has none, and what is approved may be executed at once");
  CHECK(line(explanation, "members") == to_string(person) + " may initiate, vote, execute");
  CHECK(line(explanation, "transactions") == "0 so far, stale up to 0");
  CHECK(says(line(explanation, "authority 0"), to_string(ms) + ", this account"));
  CHECK(line(explanation, "authority 1") == to_string(authority) + ", the default vault");
  CHECK(explanation.json["authorities"] == Json::array({to_string(ms), to_string(authority)}));
  CHECK(explanation.json["members"][2] ==
        Json{{"key", to_string(third)}, {"permissions", {"initiate", "vote", "execute"}}});
  CHECK(explanation.json["authorityChain"]["kind"] == "squads-v3-multisig");
  CHECK(explanation.json["authorityChain"]["holders"].size() == 3);
  CHECK(has_danger(explanation, "no time lock"));
  CHECK_FALSE(has_danger(explanation, "one member alone"));
}

TEST_CASE("inspect warns of the thresholds of Squads v3", "[report][v3]") {
  SquadsV3Multisig one = of_three();
  one.threshold = 1;
  CHECK(has_danger(World(one).inspected(ms), "one member alone can approve"));
  one.threshold = 4;
  CHECK(has_danger(World(one).inspected(ms), "nothing can ever be approved"));
}

// A change of the multisig voids what is voted on, and leaves what was approved.
TEST_CASE("inspect decodes what a Squads v3 multisig has before it", "[report][v3]") {
  SquadsV3Multisig settings = of_three(4);
  settings.change_index = 2;
  World world(settings);
  world.tells(1, SquadsV3Status::active);
  world.tells(2, SquadsV3Status::execute_ready, {person, other});
  world.tells(3, SquadsV3Status::executed);
  world.tells(4, SquadsV3Status::active, {person});
  const Explanation explanation = world.inspected(ms);
  const Json& pending = explanation.json["pending"];
  REQUIRE(pending.size() == 2);
  CHECK(pending[0]["transactionIndex"] == "2");
  CHECK(pending[0]["state"] == "ExecuteReady, stale, and executable all the same");
  CHECK(pending[1]["transactionIndex"] == "4");
  CHECK(pending[1]["would"][0] == "say \"hi\"");
  CHECK(line(explanation, "can be executed") ==
        "transaction 2 (ExecuteReady, stale, and executable all the same), which would");
}

TEST_CASE("inspect weighs a Squads v3 transaction", "[report][v3]") {
  World world(of_three(2));
  const Pubkey waiting = world.tells(1, SquadsV3Status::active, {person});
  const Explanation explanation = world.inspected(waiting);
  CHECK(explanation.kind == "squads-v3-transaction");
  CHECK(line(explanation, "authority") == to_string(authority));
  CHECK(line(explanation, "approved by") == to_string(person));
  CHECK(line(explanation, "approvals") == "1 of the 2 that are needed");
  CHECK(explanation.json["notVoted"] == Json::array({to_string(other), to_string(third)}));
  CHECK(line(explanation, "executable") == "as soon as it is approved: Squads v3 has no time lock");
  CHECK(line(explanation, "would") == "say \"hi\"");
  const Pubkey ready = world.tells(2, SquadsV3Status::execute_ready, {person, other});
  CHECK(line(world.inspected(ready), "executable") == "now, by any member: Squads v3 has no time lock");
  const Explanation instruction = world.inspected(squads_v3_instruction_address(ready, 1).address);
  CHECK(instruction.kind == "squads-v3-instruction");
  CHECK(line(instruction, "would") == "say \"hi\"");
  // Without its multisig nothing is weighed.
  world.source.holds(ms, {.owner = known::system_program, .data = {}});
  CHECK(says(line(world.inspected(waiting), "settings"), "no Squads v3 multisig at " + to_string(ms)));
}

// What is not there, and bytes that do not decode, are said in place of the instruction.
TEST_CASE("inspect says what it cannot read of a Squads v3 transaction", "[report][v3]") {
  World world(of_three(1));
  const Pubkey address = world.tells(1, SquadsV3Status::active);
  const Pubkey instruction = squads_v3_instruction_address(address, 1).address;
  world.holds(instruction, {0xee, 0xb9, 0x7e, 0x95, 0xbd, 0x59, 0xff, 0x5c, 1});
  CHECK(says(line(world.inspected(address), "would"), "instruction 1 cannot be read: Squads v3 MsInstruction"));
  CHECK(world.inspected(instruction).kind == "unknown");
  world.source.holds(instruction, {.owner = known::token, .data = {}});
  CHECK(says(line(world.inspected(address), "would"), "instruction 1 is owned by " + to_string(known::token)));
  world.holds(address, {0xb6, 0x97, 0x68, 0xd8, 0xff, 0x01, 0x13, 0x9d, 1});
  CHECK(world.inspected(address).kind == "unknown");
  CHECK(says(line(world.inspected(ms), "can be executed"), "transaction 1 (cannot be read: Squads v3 MsTransaction"));
  world.holds(ms, {0x46, 0x76, 0x09, 0x6c, 0xfe, 0xd7, 0x1f, 0x78, 1});
  CHECK(world.inspected(ms).kind == "unknown");
  world.holds(ms, Bytes(200));
  CHECK(world.inspected(ms).kind == "unknown");
}

// The whole way, by the history of the authority, by a name, and from the list of everything.
TEST_CASE("inspect follows an upgrade authority to a Squads v3 multisig", "[report][v3]") {
  World world;
  deploy(world.source, program, {0x7f, 'E', 'L', 'F'}, authority);
  has_history(world.source, authority, 1);
  has_transaction(world.source, 0, transaction_of(0, {person, authority, ms}));
  const Explanation explanation = world.inspected(program);
  CHECK(explanation.json["custody"]["kind"] == "squads-v3");
  CHECK(explanation.json["custody"]["multisig"] == to_string(ms));
  CHECK(explanation.json["custody"]["authorityIndex"] == 1);
  CHECK(line(explanation, "threshold") == "2 of 3 members must approve");
  const std::string text = render_text(explanation);
  CHECK(says(text, "    upgrade authority " + to_string(authority) + ": authority 1 of Squads v3 multisig " +
                       to_string(ms) + ", proven by derivation; found in its history"));
  CHECK(says(text,
             "      multisig " + to_string(ms) + ": Squads v3 multisig, 2 of 3 members must approve, no time lock"));
  CHECK(says(text, "        member " + to_string(third) + ": may initiate, vote, execute; a key"));
  CHECK(world.inspected(authority).kind == "squads-v3-authority");

  const Pubkey far = squads_v3_authority_address(ms, 200);
  CHECK(world.inspected(far, {.hint = ms}).json["authorityIndex"] == 200);

  const Pubkey second = squads_v3_authority_address(ms, 2);
  world.source.answers(all_multisigs_request(), no_accounts());
  lists_nothing_else(world.source);
  world.source.answers(all_v3_multisigs_request(), one_account(ms, {}, known::squads_v3));
  const auto found = search(world.source, second, {.hint = {}, .ask_for_all = true});
  REQUIRE(found->authority());
  CHECK(found->authority()->how == "found among all Squads v3 multisigs");
}

// The program takes no instruction of another program for authority 0: what that holds is lost.
TEST_CASE("inspect knows that the account of a Squads v3 multisig upgrades nothing", "[report][v3]") {
  World world;
  deploy(world.source, program, {0x7f, 'E', 'L', 'F'}, ms);
  const Explanation explanation = world.inspected(program);
  CHECK(explanation.json["custody"]["authorityIndex"] == 0);
  CHECK(says(render_text(explanation), "the account of a Squads v3 multisig and not an authority of it, which signs"));
  CHECK(has_danger(explanation,
                   "the upgrade authority is the account of a Squads v3 multisig and not an authority of "
                   "it: it signs for nothing but changes of the multisig, so nobody can use it"));
  CHECK(explanation.json["authorityChain"]["holders"][0]["holders"][0]["kind"] == "squads-v3-multisig-account");
}

TEST_CASE("inspect warns of a member that is the account of a Squads v3 multisig", "[report][v3]") {
  SquadsV3Multisig settings = of_three();
  const Pubkey below = squads_v3_multisig_address(other).address;
  settings.members = {person, below};
  World world(settings);
  world.holds(below, squads_v3_bytes(of_three()));
  CHECK(has_danger(world.inspected(ms), "member " + to_string(below) +
                                            " is the account of a multisig and not an "
                                            "authority of it"));
}

// Members of either version lead on to multisigs of either version, and a circle ends the walk.
TEST_CASE("inspect follows the members of a Squads v3 multisig", "[report][v3]") {
  SquadsV3Multisig settings = of_three();
  settings.members = {person, vault};
  SECTION("to a multisig of version 4") {
    World world(settings);
    world.source.holds(readyctl::test::multisig, autonomous());
    world.source.answers(vault_transactions_request(vault),
                         one_account(lookalike, key_bytes(readyctl::test::multisig)));
    const Json chain = world.inspected(ms).json["authorityChain"];
    CHECK(chain["holders"][1]["kind"] == "squads-v4-vault");
    CHECK(chain["holders"][1]["holders"][0]["kind"] == "squads-v4-multisig");
  }
  SECTION("in a circle") {
    settings.members = {person, authority};
    World world(settings);
    const Explanation explanation = world.inspected(ms);
    CHECK(explanation.json["authorityChain"]["holders"][1]["kind"] == "circle");
    CHECK(has_danger(explanation, "custody goes in a circle: member " + to_string(authority)));
  }
}
