#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/gate.hpp"
#include "support/squads.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const std::string alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4";
const std::string bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8";
const std::string carol = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc";

FakeSource members(const std::vector<std::string>& keys) {
  FakeSource source;
  Multisig settings;
  settings.threshold = 1;
  for (const std::string& key : keys) settings.members.push_back({parse_pubkey(key).value(), {7}});
  source.holds(multisig, multisig_account(settings));
  return source;
}

Finding decide_on(const Json& roles, Json more = Json::object(), FakeSource source = FakeSource()) {
  more["roles"] = roles;
  return decide_gate(role_separation(), more, source);
}

Json signers() { return {{"signersOf", {{"multisig", to_string(multisig)}, {"role", "signer"}}}}; }

}  // namespace

// Everybody does one thing: nothing is read for that.
TEST_CASE("role-separation passes when every key has one role", "[kinds]") {
  FakeSource source;
  const Json params = {{"roles", {{"deployer", {alice}}, {"signer", {bob, carol}}}}};
  const Finding finding = decide_gate(role_separation(), params, source);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "no key has two of the 2 roles that must be apart");
  CHECK(source.rounds().empty());
}

// Unless the pack says which pairs matter, all of them do.
TEST_CASE("role-separation names a key in two roles", "[kinds]") {
  const Json roles = {{"deployer", {alice}}, {"reviewer", {bob}}, {"signer", {alice, bob}}};
  const Finding finding = decide_on(roles);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, alice + " is deployer and signer"));
  CHECK(says(finding.summary, bob + " is reviewer and signer"));
  const Finding some = decide_on(roles, {{"disjoint", Json::array({{"signer", "reviewer"}})}});
  CHECK(some.outcome == Outcome::fail);
  CHECK_FALSE(says(some.summary, "deployer and signer"));
  const Finding allowed = decide_on(roles, {{"disjoint", Json::array({{"deployer", "reviewer"}})}});
  CHECK(allowed.outcome == Outcome::pass);
  CHECK(says(allowed.summary, alice + " is deployer and signer"));
}

TEST_CASE("role-separation refuses denied keys any role", "[kinds]") {
  const Finding finding = decide_on({{"deployer", {alice}}}, {{"deny", {alice}}});
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, alice + " is denied, and is deployer"));
}

// The members of the multisig are those whom the role names, all of them and nobody else.
TEST_CASE("role-separation compares the members with the role", "[kinds]") {
  const Json roles = {{"signer", {alice, bob}}};
  CHECK(decide_on(roles, signers(), members({alice, bob})).outcome == Outcome::pass);
  const Finding more = decide_on(roles, signers(), members({alice, bob, carol}));
  CHECK(says(more.summary, "member " + carol + " of the multisig is not declared as signer"));
  const Finding fewer = decide_on(roles, signers(), members({alice}));
  CHECK(says(fewer.summary, bob + " is declared as signer and is no member of the multisig"));
  Json with_denied = signers();
  with_denied["deny"] = {carol};
  CHECK(says(decide_on(roles, with_denied, members({alice, bob, carol})).summary,
             "member " + carol + " of the multisig is denied"));
}

TEST_CASE("role-separation is inconclusive without an answer", "[kinds]") {
  FakeSource silent;
  silent.refuses(AccountRequest{multisig});
  CHECK(decide_on({{"signer", {alice}}}, signers(), silent).outcome == Outcome::inconclusive);
  CHECK(decide_on({{"signer", {alice}}}, signers(), FakeSource()).outcome == Outcome::fail);
}

TEST_CASE("role-separation refuses what cannot be meant", "[kinds]") {
  const auto refused = [](Json params) { return refusal_of(role_separation(), params); };
  CHECK(
      says(refused({{"roles", {{"a", {alice}}}}, {"disjoint", Json::array({{"a", "b"}})}}), "no role is called \"b\""));
  CHECK(says(refused({{"roles", {{"a", {alice}}}}, {"disjoint", Json::array({{"a", "a"}})}}), "names no two roles"));
  CHECK(says(refused({{"roles", {{"a", {"x"}}}}}), "/roles/a/0"));
  CHECK(says(refused({{"roles", {{"a", alice}}}}), "expected a list"));
  CHECK(says(refused({{"roles", {{"a", {alice}}}}, {"signersOf", {{"multisig", to_string(multisig)}, {"role", "b"}}}}),
             "/signersOf/role"));
  CHECK(says(refused({{"roles", {{"a", {alice}}}}}), "nothing could fail"));
  CHECK(says(refused({{"roles", {{"a", {alice}}, {"b", {bob}}}}, {"disjoint", Json::array()}}), "nothing could fail"));
  const Json nobody = Json::array();
  CHECK(says(refused({{"roles", {{"a", nobody}, {"b", {bob}}}}}), "nothing could fail"));
  CHECK(says(refused({{"roles", {{"a", nobody}, {"b", {bob}}, {"c", {alice}}}},
                      {"disjoint", Json::array({Json::array({"a", "b"})})}}),
             "nothing could fail"));
  CHECK(says(refused({{"roles", {{"a", nobody}}}, {"deny", {bob}}}), "nothing could fail"));
}
