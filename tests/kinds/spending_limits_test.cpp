#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/vectors.hpp"
#include "support/gate.hpp"
#include "support/history.hpp"
#include "support/squads.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// As the official SDK writes it: two members, one destination, a gigalamport a week from vault 1.
const Vectors& recorded() { return case_named(vectors("squads_v4_accounts").at("cases"), "SpendingLimit"); }
const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey destination = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;
const Pubkey limit = "5QBNeNX9Y96XoYn9nxUr6RYpW51DFC8ijGCvXmjwWoaU"_pubkey;

Request search() {
  const Bytes discriminator{0x0a, 0xc9, 0x1b, 0xa0, 0xda, 0xc3, 0xde, 0x98};
  return facts::program_accounts({known::squads_v4, {{0, discriminator}, {8, key_bytes(multisig)}}, Slice{0, 16'384}})
      .request;
}

FakeSource world(const Payload& found, const std::vector<Pubkey>& members = {alice, bob}) {
  FakeSource source;
  Multisig settings;
  settings.threshold = 1;
  for (const Pubkey& member : members) settings.members.push_back({member, {7}});
  source.holds(multisig, multisig_account(settings));
  source.answers(search(), found);
  return source;
}

Payload one_limit() { return one_account(limit, unhex(recorded().at("hex"))); }

Finding decide_on(FakeSource source, const Json& declared = Json::array()) {
  return decide_gate(spending_limits(), {{"multisig", to_string(multisig)}, {"declared", declared}}, source);
}

Json declared(Json more = Json::object()) {
  more["address"] = to_string(limit);
  more.emplace("vaultIndex", 1U);
  more.emplace("period", "week");
  return Json::array({more});
}

}  // namespace

// None at all, and none but the declared ones.
TEST_CASE("spending-limits passes on what is declared", "[kinds]") {
  const Finding none = decide_on(world(no_accounts()));
  CHECK(none.outcome == Outcome::pass);
  CHECK(none.summary == "multisig " + to_string(multisig) + " has no spending limit");
  const Json exact = {{"maxAmount", "1000000000"},
                      {"members", {to_string(bob), to_string(alice)}},
                      {"destinations", {to_string(destination)}}};
  const Finding known = decide_on(world(one_limit()), declared(exact));
  CHECK(known.outcome == Outcome::pass);
  CHECK(says(known.summary, "only the declared spending limits"));
}

// Who may spend what is said in full.
TEST_CASE("spending-limits names what nobody declared", "[kinds]") {
  const Finding finding = decide_on(world(one_limit()));
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "spending limit " + to_string(limit) + " is not declared: each of " + to_string(alice) +
                                  ", " + to_string(bob) +
                                  " alone may spend 1000000000 lamports a week from vault 1 to " +
                                  to_string(destination)));
}

TEST_CASE("spending-limits compares with the declaration", "[kinds]") {
  const auto fails = [](const Json& more, const std::string& part) {
    const Finding finding = decide_on(world(one_limit()), declared(more));
    INFO(finding.summary);
    CHECK(finding.outcome == Outcome::fail);
    CHECK(says(finding.summary, part));
  };
  const std::string name = "spending limit " + to_string(limit);
  fails({{"vaultIndex", 0U}}, "vault of " + name + " is 1, declared is 0");
  fails({{"period", "month"}}, "period of " + name + " is a week, declared is a month");
  fails({{"mint", to_string(alice)}}, "mint of " + name + " is SOL, declared is " + to_string(alice));
  fails({{"maxAmount", "999999999"}}, "allows 1000000000, declared are 999999999");
  fails({{"members", {to_string(alice)}}}, "members of spending limit " + to_string(limit) + " are");
  fails({{"destinations", Json::array()}}, "expected anybody");
}

// What the declaration does not say of a limit is the least: of SOL, from the first vault, once.
TEST_CASE("spending-limits fails on terms that nobody declared", "[kinds]") {
  const std::string name = "spending limit " + to_string(limit);
  const Json address_alone = Json::array({{{"address", to_string(limit)}}});
  fails(decide_on(world(one_limit()), address_alone), "vault of " + name + " is 1, declared is 0");
  fails(decide_on(world(one_limit()), address_alone), "period of " + name + " is a week, declared is once");
  Bytes of_tokens = unhex(recorded().at("hex"));
  of_tokens[73] = 7;  // the first byte of the mint
  const Finding finding = decide_on(world(one_account(limit, of_tokens)), declared());
  fails(finding, "mint of " + name + " is ");
  fails(finding, ", declared is SOL");
  CHECK(says(
      refusal_of(spending_limits(), {{"multisig", to_string(multisig)}, {"declared", declared({{"period", "year"}})}}),
      "expected \"once\", \"day\", \"week\" or \"month\""));
}

// A limit outlives the membership of whoever holds it.
TEST_CASE("spending-limits fails on a limit that outlived its member", "[kinds]") {
  const std::string who = "lets " + to_string(bob) + " spend, who is no member of the multisig";
  const Finding finding = decide_on(world(one_limit(), {alice}), declared());
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, who + ": remove the limit, or declare its \"members\""));
  const Json by_name = {{"members", {to_string(bob), to_string(alice)}}};
  const Finding named = decide_on(world(one_limit(), {alice}), declared(by_name));
  CHECK(named.outcome == Outcome::pass);
  CHECK(says(named.summary, who));
  CHECK(says(decide_on(world(no_accounts()), declared()).summary, "does not exist"));
}

// What cannot be read may allow anything; a search that is refused finds nothing out.
TEST_CASE("spending-limits passes nothing that it did not read", "[kinds]") {
  const Finding damaged = decide_on(world(one_account(limit, Bytes(50, 1))));
  CHECK(damaged.outcome == Outcome::fail);
  CHECK(says(damaged.summary, "cannot be read"));
  FakeSource refused = world(no_accounts());
  refused.refuses(search(), {"refused", "getProgramAccounts is disabled", Retry::other_endpoint});
  CHECK(decide_on(refused).outcome == Outcome::inconclusive);
  FakeSource nobody = world(no_accounts());
  nobody.holds(multisig, {.owner = known::system_program, .data = {}});
  CHECK(decide_on(nobody).outcome == Outcome::fail);
}
