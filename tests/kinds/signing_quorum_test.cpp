#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/gate.hpp"
#include "support/squads.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey carol = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc"_pubkey;
const Pubkey stranger = "3UcjAwY7mSK52tUDBTzfpo5CoUKzP1W1EEM9inQ8mi9n"_pubkey;

// Two of alice and bob must approve; carol may only execute.
FakeSource world(Lamports lamports = {1'000'000}) {
  FakeSource source;
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
  fails(decide_on({alice, bob}, {{"executor", to_string(carol)}}, world({999'999})),
        "expected at least 1000000 lamports");
  CHECK(decide_on({alice, bob}, {{"executor", to_string(carol)}, {"minLamports", "5"}}, world({5})).outcome ==
        Outcome::pass);
  FakeSource poor = world();
  poor.answers(AccountRequest{carol, Slice{0, 0}}, no_account_payload());
  fails(decide_on({alice, bob}, {{"executor", to_string(carol)}}, poor), "holds 0 lamports");
}

TEST_CASE("signing-quorum is inconclusive without an answer", "[kinds]") {
  FakeSource silent = world();
  silent.refuses(AccountRequest{carol, Slice{0, 0}});
  CHECK(decide_on({alice, bob}, {{"executor", to_string(carol)}}, silent).outcome == Outcome::inconclusive);
  CHECK(decide_on({alice, bob}, Json::object(), FakeSource()).outcome == Outcome::fail);
}
