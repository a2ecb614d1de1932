// inspect, down to the people: vaults of multisigs that are members of multisigs, and what those have before them.
// Its parameters have names that the next header takes.
#include "support/squads.hpp"

#include "report/inspecting.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

constexpr std::uint8_t everything = 7;
const Pubkey other = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey third = "7bcJYZwW6tgzBLbjnBmUS8Zi3vfmU1ZoK2cmGebgHWbp"_pubkey;

// Multisigs and vaults of a family that exists nowhere else.
Pubkey multisig_of(std::uint8_t number) {
  Pubkey create_key = person;
  create_key.bytes[0] = number;
  return multisig_address(create_key).address;
}
Pubkey vault_of(std::uint8_t number, std::uint8_t index = 0) {
  return vault_address(multisig_of(number), index).address;
}

Multisig with(const std::vector<Pubkey>& members, std::uint64_t transactions = 0) {
  Multisig settings;
  settings.threshold = 2;
  settings.time_lock_seconds = 3600;
  settings.transaction_index = transactions;
  for (const Pubkey& member : members) settings.members.push_back({member, {everything}});
  return settings;
}

// A program under vault 0 of multisig 0, which is found by the vault transactions that it pays for.
struct World {
  FakeSource source;

  explicit World(const Multisig& first) {
    deploy(source, program, {0x7f, 'E', 'L', 'F'}, vault_of(0));
    holds(0, first);
  }
  void holds(std::uint8_t number, const Multisig& settings) {
    source.holds(multisig_of(number), multisig_account(settings));
    pays_for(number, 0);
  }
  void pays_for(std::uint8_t number, std::uint8_t index) {
    source.answers(vault_transactions_request(vault_of(number, index)),
                   one_account(lookalike, key_bytes(multisig_of(number))));
  }
  Explanation inspected(const Pubkey& address) { return explained(source, address).value(); }
};

// The node of the chain below `node` with this address.
Json below(const Json& node, const Pubkey& address) {
  for (const Json& holder : node["holders"]) {
    if (holder["address"] == to_string(address)) return holder;
  }
  return nullptr;
}

// From the program of a world to its first multisig.
Json first_multisig(const Explanation& explanation) {
  return explanation.json["authorityChain"]["holders"][0]["holders"][0]["holders"][0];
}

}  // namespace

// The whole way in words, indented, and in JSON.
TEST_CASE("inspect shows the custody chain down to the people", "[report][chain]") {
  World world(with({person, vault_of(1)}));
  world.holds(1, with({other, third}));
  const Explanation explanation = world.inspected(program);
  const std::string text = render_text(explanation);
  CHECK(says(text, "authority chain    program " + to_string(program)));
  CHECK(says(text, "    upgrade authority " + to_string(vault_of(0)) + ": vault 0 of multisig " +
                       to_string(multisig_of(0)) + ", proven by derivation"));
  CHECK(says(text, "      multisig " + to_string(multisig_of(0)) +
                       ": Squads v4 multisig, 2 of 2 voters must approve, time lock 1h 0min"));
  CHECK(says(text, "        member " + to_string(person) + ": may initiate, vote, execute; a key"));
  CHECK(says(text, "        member " + to_string(vault_of(1)) + ": may initiate, vote, execute; vault 0 of multisig "));
  CHECK(says(text, "            member " + to_string(third) + ": may initiate, vote, execute; a key"));
  const Json board = below(first_multisig(explanation), vault_of(1));
  CHECK(board["kind"] == "squads-v4-vault");
  CHECK(board["multisig"] == to_string(multisig_of(1)));
  const Json carol = below(board["holders"][0], third);
  CHECK(carol["kind"] == "key");
  CHECK(carol["permissions"] == Json::array({"initiate", "vote", "execute"}));
}

// A multisig that stands behind two members is shown once, and JSON says so of the second, whose list of holders is
// empty.
TEST_CASE("inspect shows a multisig that stands in two places once", "[report][chain]") {
  World world(with({vault_of(1), vault_of(1, 1)}));
  world.holds(1, with({other, third}));
  world.pays_for(1, 1);
  const Explanation explanation = world.inspected(program);
  const Json first = below(first_multisig(explanation), vault_of(1))["holders"][0];
  CHECK(first["holders"].size() == 2);
  CHECK_FALSE(first.contains("isAbove"));
  const Json second = below(first_multisig(explanation), vault_of(1, 1))["holders"][0];
  CHECK(second["holders"].empty());
  CHECK(second["isAbove"] == true);
  CHECK(says(render_text(explanation), "; its members are above"));
}

// A chain that ends in itself, or in somebody whom nobody knows, is a danger.
TEST_CASE("inspect names circles and who is not known", "[report][chain]") {
  World world(with({person, vault_of(1), vault_of(2)}));
  SECTION("a circle") {
    world.holds(1, with({other, vault_of(0, 3)}));
    const Explanation explanation = world.inspected(program);
    const Json circle = below(below(first_multisig(explanation), vault_of(1))["holders"][0], vault_of(0, 3));
    CHECK(circle["kind"] == "circle");
    CHECK(has_danger(explanation, "custody goes in a circle: member " + to_string(vault_of(0, 3))));
  }
  SECTION("somebody's address") {
    const Explanation explanation = world.inspected(program);
    const Json unknown = below(first_multisig(explanation), vault_of(2));
    CHECK(unknown["kind"] == "unknown");
    CHECK(unknown["tried"].size() == 3);
    CHECK(has_danger(explanation, "nobody knows who is behind member " + to_string(vault_of(2))));
  }
  SECTION("the account of a multisig") {
    world.holds(0, with({person, multisig_of(1)}));
    world.holds(1, with({other}));
    const Explanation explanation = world.inspected(program);
    CHECK(below(first_multisig(explanation), multisig_of(1))["kind"] == "squads-v4-multisig-account");
    CHECK(has_danger(explanation, "member " + to_string(multisig_of(1)) +
                                      " is the account of a multisig and not its vault: nothing can sign for it"));
  }
  SECTION("a config authority that nobody knows") {
    Multisig settings = with({person, other});
    settings.config_authority = vault_of(2);
    world.holds(0, settings);
    CHECK(
        has_danger(world.inspected(program), "nobody knows who is behind config authority " + to_string(vault_of(2))));
  }
}

// What a multisig behind a member lets one alone do, the rules of the first do not help against.
TEST_CASE("inspect names the dangers of nested multisigs", "[report][chain]") {
  World world(with({person, vault_of(1)}));
  Multisig board = with({other, third});
  const std::string nested = "in multisig " + to_string(multisig_of(1)) + " behind it ";
  const auto names_nested = [&] {
    const Explanation explanation = world.inspected(program);
    return std::any_of(explanation.dangers.begin(), explanation.dangers.end(),
                       [&](const std::string& danger) { return says(danger, nested); });
  };
  world.holds(1, board);
  CHECK_FALSE(names_nested());
  SECTION("of one of one") {
    board.threshold = 1;
    world.holds(1, board);
    CHECK(has_danger(world.inspected(program), nested + "one member alone can approve"));
  }
  SECTION("with a config authority") {
    board.config_authority = other;
    world.holds(1, board);
    CHECK(has_danger(world.inspected(program), nested + "the config authority " + to_string(other) +
                                                   " alone can change members and threshold, with no vote"));
  }
}

// Four multisigs below the first are followed; of the next it is said that it was not looked up.
TEST_CASE("inspect follows custody to a depth", "[report][chain]") {
  World world(with({person, vault_of(1)}));
  for (std::uint8_t number = 1; number <= 5; ++number) world.holds(number, with({person, vault_of(number + 1)}));
  Json node = first_multisig(world.inspected(program));
  for (std::uint8_t number = 1; number <= 4; ++number) {
    node = below(node, vault_of(number))["holders"][0];
    CHECK(node["address"] == to_string(multisig_of(number)));
  }
  CHECK(below(node, vault_of(5))["kind"] == "not-followed");
  const Explanation explanation = world.inspected(program);
  CHECK(has_danger(explanation, "who is behind member " + to_string(vault_of(5)) + " was not looked up"));
}

// The way to the people costs no more where many transactions wait.
TEST_CASE("the chain of a program with 20 pending transactions has depth 5 or less", "[report][chain]") {
  World world(with({person, other}, 20));
  const Queue queue{world.source, multisig_of(0)};
  for (std::uint64_t index = 1; index <= 20; ++index) {
    queue.tells(index, {});
    queue.proposes(index, ProposalStatus::active);
  }
  // The vault's history has the transaction that made it the authority, in which its multisig is not named.
  has_history(world.source, vault_of(0), 1);
  has_transaction(world.source, 0, transaction_of(0, {person, vault_of(0)}));
  const Explanation explanation = world.inspected(program);
  CHECK(first_multisig(explanation)["holders"].size() == 2);
  INFO(world.source.rounds().size());
  CHECK(world.source.rounds().size() <= 5);
}

// A multisig shows what its members have before them.
TEST_CASE("inspect decodes what a multisig has before it", "[report][chain]") {
  World world(with({person, other}, 3));
  const Pubkey address = multisig_of(0);
  const Queue queue{world.source, address};
  queue.tells(1, {told(known::memo, {}, {'h', 'i'})});
  queue.proposes(1, ProposalStatus::executed);
  queue.holds(2, time_lock_transaction_bytes(address, 2, 0));
  queue.proposes(2, ProposalStatus::active);
  queue.tells(3, {told(known::memo, {}, {'h', 'i'})});
  const Explanation explanation = world.inspected(address);
  const Json& pending = explanation.json["pending"];
  REQUIRE(pending.size() == 2);
  CHECK(pending[0]["transactionIndex"] == "2");
  CHECK(pending[0]["would"] == Json::array({"set the time lock to 0 s"}));
  CHECK(pending[1]["state"] == "no proposal yet");
  CHECK(says(line(explanation, "can be executed"), "transaction 2 (Active since "));
  CHECK(says(render_text(explanation), "set the time lock to 0 s"));
  World idle(with({person, other}, 1));
  CHECK(line(idle.inspected(address), "can be executed") == "no transaction, now or after votes");
}

// How far the vote is, who has not voted, when it can be executed and what it would do, from either account.
TEST_CASE("inspect weighs a proposal", "[report][chain]") {
  World world(with({person, other, third}, 2));
  const Pubkey address = multisig_of(0);
  const Queue queue{world.source, address};
  queue.holds(2, time_lock_transaction_bytes(address, 2, 0));
  world.source.holds(known::clock, clock_at(1'700'000'600));
  const Pubkey proposal = proposal_address(address, 2).address;
  const Pubkey transaction = transaction_address(address, 2).address;
  SECTION("that waits for votes") {
    queue.proposes(2, ProposalStatus::active, 1'700'000'000, {other});
    const Explanation explanation = world.inspected(proposal);
    CHECK(line(explanation, "approvals") == "1 of the 2 that are needed");
    CHECK(explanation.json["notVoted"].size() == 2);
    CHECK(says(line(explanation, "executable"), "not before it is approved, and then after a time lock of 1h 0min"));
    CHECK(line(explanation, "would") == "set the time lock to 0 s");
    CHECK(explanation.json["live"] == true);
  }
  SECTION("that is approved") {
    queue.proposes(2, ProposalStatus::approved, 1'700'000'000, {other, person});
    for (const Pubkey& account : {proposal, transaction}) {
      const Explanation explanation = world.inspected(account);
      CHECK(line(explanation, "approvals") == "2 of the 2 that are needed");
      CHECK(line(explanation, "executable") == "from 2023-11-14T23:13:20Z (in 50 min), after a time lock of 1h 0min");
      CHECK(explanation.json["executableAt"] == "2023-11-14T23:13:20Z");
      CHECK(line(explanation, "has not voted") == to_string(third));
    }
    world.source.holds(known::clock, clock_at(1'700'003'600));
    World later = std::move(world);
    CHECK(says(line(later.inspected(proposal), "executable"), "now, from 2023-11-14T23:13:20Z"));
  }
  SECTION("whose execution began under an older program") {
    queue.proposes(2, ProposalStatus::executing, 0, {other, person});
    CHECK(line(world.inspected(proposal), "executable") ==
          "at no time that is known: its execution began under an older program");
  }
  SECTION("that is stale") {
    Multisig settings = with({person, other, third}, 2);
    settings.stale_transaction_index = 2;
    world.holds(0, settings);
    queue.proposes(2, ProposalStatus::approved, 1'700'000'000, {other, person});
    const Explanation explanation = world.inspected(proposal);
    CHECK(line(explanation, "executable") == "never");
    CHECK(says(line(explanation, "state"), "stale: it cannot be executed any more"));
  }
  SECTION("approved by who is no member now, at a time that cannot be") {
    queue.proposes(2, ProposalStatus::approved, std::numeric_limits<std::int64_t>::max(), {other, program});
    const Explanation explanation = world.inspected(proposal);
    CHECK(line(explanation, "approvals") == "2 of the 2 that are needed, 1 by who is no member now");
    CHECK(line(explanation, "executable") == "at no time that can be written");
  }
}
