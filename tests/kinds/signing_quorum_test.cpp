#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/gate.hpp"
#include "support/squads.hpp"
#include "support/sysvars.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey carol = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc"_pubkey;
const Pubkey stranger = "3UcjAwY7mSK52tUDBTzfpo5CoUKzP1W1EEM9inQ8mi9n"_pubkey;

// What a plain account must hold, and what the accounts of an upgrade (378 bytes) and of its proposal with room for
// three members (358 bytes) cost, at 6960 lamports a byte.
constexpr std::uint64_t least = 128 * 6960;
constexpr std::uint64_t rent_of_transaction = (128 + 378) * 6960;
constexpr std::uint64_t rent_of_proposal = (128 + 358) * 6960;
constexpr std::uint64_t enough = 1'000'000 + least + rent_of_transaction + rent_of_proposal;

// Two of alice and bob must approve; carol may only execute.
FakeSource world(Lamports lamports = {enough}) {
  FakeSource source;
  source.holds(known::rent, {.owner = known::sysvar_owner, .data = rent_bytes_of(6960)});
  Multisig settings;
  settings.threshold = 2;
  settings.members = {{alice, {7}}, {bob, {2}}, {carol, {4}}};
  source.holds(multisig, multisig_account(settings));
  for (const Pubkey& key : {alice, bob, carol, stranger}) {
    source.holds(key, {.owner = known::system_program, .data = {}, .lamports = lamports});
  }
  return source;
}

Finding decide_on(const std::vector<Pubkey>& reachable, Json more = Json::object(), FakeSource source = world()) {
  more["multisig"] = to_string(multisig);
  more["reachable"] = Json::array();
  for (const Pubkey& key : reachable) more["reachable"].push_back(to_string(key));
  return decide_gate(signing_quorum(), more, source);
}

}  // namespace

TEST_CASE("signing-quorum passes when enough can act", "[kinds]") {
  const Finding finding = decide_on({alice, bob}, {{"executor", to_string(carol)}, {"proposer", to_string(alice)}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary ==
        "multisig " + to_string(multisig) + " can act: 2 must approve, and 2 members can be reached");
}

// A pass does not read as if those had been looked at whom nobody named.
TEST_CASE("signing-quorum says whom it did not look at", "[kinds]") {
  passes(decide_on({alice, bob}), "no executor was named, so whether somebody may execute and pay was not looked at");
  passes(decide_on({alice, bob}), "no proposer was named, so whether somebody may propose and pay the rent was not");
  passes(decide_on({alice, bob}, {{"rentPayer", to_string(stranger)}}), "whether somebody may propose was not");
  FakeSource proposed = world();
  proposed.holds(transaction_address(multisig, 5).address, {.owner = known::squads_v4, .data = Bytes(100)});
  proposed.holds(proposal_address(multisig, 5).address, {.owner = known::squads_v4, .data = Bytes(100)});
  const Finding finding = decide_on({alice, bob}, {{"executor", to_string(carol)}, {"transaction", "5"}}, proposed);
  passes(finding, "can act: 2 must approve, and 2 members can be reached");
  CHECK_FALSE(says(finding.summary, "was named"));
}

// Who may not vote, and who is named twice, adds nobody.
TEST_CASE("signing-quorum counts voters", "[kinds]") {
  fails(decide_on({alice}), "only 1 voter can be reached, and 2 of 2 voters must approve");
  fails(decide_on({alice, carol}), "only 1 voter can be reached");
  fails(decide_on({alice, alice}), "only 1 voter can be reached");
  fails(decide_on({alice, bob, stranger}), to_string(stranger) + " is no member of the multisig");
}

TEST_CASE("signing-quorum judges who sends the transactions", "[kinds]") {
  fails(decide_on({alice, bob}, {{"executor", to_string(bob)}}),
        "executor " + to_string(bob) + " has not the permission");
  fails(decide_on({alice, bob}, {{"proposer", to_string(carol)}}),
        "proposer " + to_string(carol) + " has not the permission");
  fails(decide_on({alice, bob}, {{"executor", to_string(stranger)}}), "has not the permission");
  fails(decide_on({alice, bob}, {{"executor", to_string(carol)}}, world({least + 999'999})),
        "expected at least 1890880 lamports (0.00189088 SOL) for fees");
  CHECK(decide_on({alice, bob}, {{"executor", to_string(carol)}, {"minLamports", "5"}}, world({least + 5})).outcome ==
        Outcome::pass);
  FakeSource poor = world();
  poor.answers(AccountRequest{carol, Slice{0, 0}}, no_account_payload());
  fails(decide_on({alice, bob}, {{"executor", to_string(carol)}}, poor), "holds 0 lamports");
}

// Who proposes pays for the accounts of transaction and proposal, as far as they are not there.
TEST_CASE("signing-quorum counts the rent of what is still to be made", "[kinds]") {
  const auto proposes = [](FakeSource source, Json more = Json::object()) {
    more["proposer"] = to_string(alice);
    return decide_on({alice, bob}, more, source);
  };
  passes(proposes(world()), "can act");
  fails(proposes(world({enough - 1})), "expected at least 8795200 lamports");
  fails(proposes(world({enough - 1})), "for fees and the rent of the accounts of transaction and proposal");
  fails(proposes(world(), {{"transactionBytes", 379U}}), "expected at least 8802160 lamports");

  FakeSource half_made = world({enough - rent_of_transaction});
  half_made.holds(transaction_address(multisig, 5).address, {.owner = known::squads_v4, .data = Bytes(100)});
  passes(proposes(half_made, {{"transaction", "5"}}), "can act");
  fails(proposes(half_made, {{"transaction", "6"}}), "expected at least 8795200 lamports");
  FakeSource made = world({least + 1'000'000});
  fails(proposes(made, {{"transaction", "5"}}), "for fees and the rent");
  made.holds(transaction_address(multisig, 5).address, {.owner = known::squads_v4, .data = Bytes(100)});
  made.holds(proposal_address(multisig, 5).address, {.owner = known::squads_v4, .data = Bytes(100)});
  passes(proposes(made, {{"transaction", "5"}}), "can act");
  CHECK(says(refusal_of(signing_quorum(),
                        {{"multisig", to_string(multisig)}, {"reachable", Json::array()}, {"transaction", "0"}}),
             "counted from 1"));
}

// Somebody else may pay it, who needs no permission and pays no fee.
TEST_CASE("signing-quorum asks the payer of rent", "[kinds]") {
  const Json paid = {{"proposer", to_string(alice)}, {"rentPayer", to_string(stranger)}};
  FakeSource source = world({enough - 1'000'000});
  passes(decide_on({alice, bob}, paid, source), "can act");
  source.holds(stranger, {.owner = known::system_program, .data = {}, .lamports = {enough - 1'000'001}});
  fails(decide_on({alice, bob}, paid, source), "payer of rent " + to_string(stranger) + " holds");
  const Json himself = {{"proposer", to_string(alice)}, {"rentPayer", to_string(alice)}};
  fails(decide_on({alice, bob}, himself, world({enough - 1})), "proposer " + to_string(alice) + " holds");
}

// What is spent on rent pays no fee.
TEST_CASE("signing-quorum asks both of an executor who pays the rent", "[kinds]") {
  const Json paid = {{"executor", to_string(carol)}, {"proposer", to_string(alice)}, {"rentPayer", to_string(carol)}};
  passes(decide_on({alice, bob}, paid, world({enough})), "can act");
  FakeSource source = world({enough});
  source.holds(carol, {.owner = known::system_program, .data = {}, .lamports = {enough - 1}});
  fails(decide_on({alice, bob}, paid, source), "executor " + to_string(carol) + " holds");
}

TEST_CASE("signing-quorum is inconclusive without an answer", "[kinds]") {
  FakeSource silent = world();
  silent.refuses(AccountRequest{carol, Slice{0, 0}});
  CHECK(decide_on({alice, bob}, {{"executor", to_string(carol)}}, silent).outcome == Outcome::inconclusive);
  CHECK(decide_on({alice, bob}, Json::object(), FakeSource()).outcome == Outcome::fail);
  FakeSource rentless = world();
  rentless.refuses(AccountRequest{known::rent});
  CHECK(decide_on({alice, bob}, {{"executor", to_string(carol)}}, rentless).outcome == Outcome::inconclusive);
  CHECK(decide_on({alice, bob}, Json::object(), rentless).outcome == Outcome::pass);
}
