#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/vectors.hpp"
#include "solana/well_known.hpp"
#include "support/gate.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey wallet = "3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG"_pubkey;
const Lamports balance_of_wallet{2'039'280};  // what 165 bytes take at 6960 lamports a byte

Json params(Json more) {
  more["address"] = to_string(wallet);
  return more;
}

/// A wallet with 165 bytes of data that is just rent exempt, and the Rent sysvar as a real one was read.
FakeSource exempt_wallet(Lamports lamports = balance_of_wallet) {
  FakeSource source;
  source.holds(wallet, {.owner = known::system_program, .data = Bytes(165), .lamports = lamports});
  source.holds(known::rent, {.owner = known::sysvar_owner, .data = unhex(vectors("sysvars").at("rent").at("hex"))});
  return source;
}

Finding verdict(const Json& more, FakeSource source = exempt_wallet()) {
  return decide_gate(balance(), params(more), source);
}

}  // namespace

// Both bounds include their ends.
TEST_CASE("balance passes within its bounds", "[kinds]") {
  const Finding finding = verdict({{"minLamports", "2039280"}, {"maxLamports", "2039280"}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "account " + to_string(wallet) + " holds 2039280 lamports (0.00203928 SOL)");
  CHECK(observed(finding, "owner").observed == to_string(known::system_program) + " (System program)");
}

// Too little and too much fail with what is there and what was expected, in lamports and in SOL.
TEST_CASE("balance fails outside its bounds", "[kinds]") {
  const Finding poor = verdict({{"minLamports", "2039281"}});
  CHECK(poor.outcome == Outcome::fail);
  CHECK(poor.summary == "account " + to_string(wallet) +
                            ": balance is 2039280 lamports (0.00203928 SOL), expected at least 2039281 lamports "
                            "(0.002039281 SOL)");
  const Finding rich = verdict({{"minLamports", "1"}, {"maxLamports", "2039279"}});
  CHECK(rich.outcome == Outcome::fail);
  CHECK(says(rich.summary, "expected at least 1 lamports (0.000000001 SOL) and at most 2039279 lamports"));
}

// Rent exemption is what the cluster's own rent says for the bytes that the account has.
TEST_CASE("balance compares with the rent", "[kinds]") {
  CHECK(verdict({{"rentExempt", true}}).outcome == Outcome::pass);
  const Finding finding = verdict({{"rentExempt", true}}, exempt_wallet(Lamports{2'039'279}));
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "and rent exemption of its 165 bytes takes 2039280 lamports"));
}

// Account and rent travel in one round, the account without its data; the rent only where it is asked.
TEST_CASE("balance takes one round", "[kinds]") {
  FakeSource source = exempt_wallet();
  const Finding finding = decide_gate(balance(), params({{"rentExempt", true}}), source);
  REQUIRE(source.rounds().size() == 1);
  CHECK(source.rounds().front().size() == 2);
  const std::string head = key_of(AccountRequest{wallet, Slice{0, 0}});
  CHECK(observed(finding, "balance").fact == head);

  FakeSource again = exempt_wallet();
  decide_gate(balance(), params({{"minLamports", "1"}}), again);
  CHECK(again.rounds() == std::vector<std::vector<std::string>>{{head}});
}

// Another owner fails by name.
TEST_CASE("balance compares the owner", "[kinds]") {
  CHECK(verdict({{"owner", to_string(known::system_program)}}).outcome == Outcome::pass);
  const Finding finding = verdict({{"owner", to_string(known::squads_v4)}});
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "owner is " + to_string(known::system_program) + " (System program), expected " +
                                  to_string(known::squads_v4) + " (Squads v4 program)"));
}

// Everything that is wrong is said at once.
TEST_CASE("balance says all that is wrong", "[kinds]") {
  const Finding finding = verdict({{"minLamports", "9999999"}, {"rentExempt", true}, {"owner", to_string(wallet)}},
                                  exempt_wallet(Lamports{5}));
  CHECK(std::count(finding.summary.begin(), finding.summary.end(), ';') == 2);
}

// An account that does not exist has no balance, not even one that is small enough.
TEST_CASE("balance fails without an account", "[kinds]") {
  const Finding finding = verdict({{"maxLamports", "5"}}, FakeSource());
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "account " + to_string(wallet) + " does not exist");
  REQUIRE(finding.misnamed);  // nobody funds an address with a wrong character
  CHECK(finding.misnamed->value == to_string(wallet));
  CHECK(finding.misnamed->may_be_right);
}

// No answer for the account or the rent is no verdict.
TEST_CASE("balance is inconclusive without an answer", "[kinds]") {
  FakeSource source = exempt_wallet();
  source.refuses(AccountRequest{known::rent});
  CHECK(decide_gate(balance(), params({{"rentExempt", true}}), source).outcome == Outcome::inconclusive);
  CHECK(decide_gate(balance(), params({{"minLamports", "1"}}), source).outcome == Outcome::pass);
  source.refuses(AccountRequest{wallet, Slice{0, 0}});
  CHECK(decide_gate(balance(), params({{"minLamports", "1"}}), source).outcome == Outcome::inconclusive);
}

// A Rent sysvar of other bytes than the cluster writes fails by name.
TEST_CASE("balance fails on a malformed rent", "[kinds]") {
  FakeSource source = exempt_wallet();
  source.holds(known::rent, {.owner = known::sysvar_owner, .data = Bytes(3)});
  const Finding finding = decide_gate(balance(), params({{"rentExempt", true}}), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "is no Rent sysvar"));
}

// Definitions that expect nothing, or what cannot be, are refused.
TEST_CASE("balance refuses what cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& more) { return refusal_of(balance(), params(more)); };
  CHECK(says(refusal(Json::object()), "expects nothing of the account"));
  CHECK(says(refusal({{"rentExempt", false}}), "expects nothing of the account"));
  CHECK(says(refusal({{"minLamports", "2"}, {"maxLamports", "1"}}),
             "\"minLamports\" is greater than \"maxLamports\": 2 > 1"));
  CHECK(says(refusal({{"minLamports", 2}}), "write it in quotes"));
  CHECK(says(refusal({{"minLamport", "2"}}), "did you mean \"minLamports\"?"));
}
