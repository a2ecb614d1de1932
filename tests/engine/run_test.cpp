#include "engine/run.hpp"

#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/fake_source.hpp"
#include "support/release.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Decision decision_with(Outcome outcome, Severity severity = Severity::blocking) {
  return decision_of({{severity, outcome}, {Severity::blocking, Outcome::pass}});
}

}  // namespace

// Every blocking gate must have passed; nothing else is a GO.
TEST_CASE("the verdict fails closed", "[engine]") {
  CHECK(decision_with(Outcome::pass) == Decision::go);
  CHECK(decision_with(Outcome::waived) == Decision::go);
  CHECK(decision_with(Outcome::skipped) == Decision::go);
  CHECK(decision_with(Outcome::fail) == Decision::no_go);
  CHECK(decision_with(Outcome::inconclusive) == Decision::inconclusive);
  CHECK(decision_with(Outcome::not_run) == Decision::inconclusive);
}

// An advisory gate never decides.
TEST_CASE("advisory gates do not decide", "[engine]") {
  for (const Outcome outcome : {Outcome::fail, Outcome::inconclusive, Outcome::not_run}) {
    CHECK(decision_with(outcome, Severity::advisory) == Decision::go);
  }
}

// A set in which no blocking gate was decided is never a GO.
TEST_CASE("nothing decided is no GO", "[engine]") {
  CHECK(decision_of({}) == Decision::inconclusive);
  CHECK(decision_of({{Severity::blocking, Outcome::skipped}}) == Decision::inconclusive);
  CHECK(decision_of({{Severity::advisory, Outcome::pass}}) == Decision::inconclusive);
}

// A failure outweighs what is undecided, whatever stands first.
TEST_CASE("a failure outweighs the undecided", "[engine]") {
  const Vote failed{Severity::blocking, Outcome::fail};
  const Vote open{Severity::blocking, Outcome::inconclusive};
  CHECK(decision_of({failed, open}) == Decision::no_go);
  CHECK(decision_of({open, failed}) == Decision::no_go);
}

// A run knows its moment: the clock, and a blockhash that proves it was not made before.
TEST_CASE("a run knows its moment", "[engine]") {
  const Json gate = {{"id", "g"}, {"kind", "balance"}, {"params", {{"address", "${payer}"}, {"minLamports", "1"}}}};
  const auto plan = make_plan(inputs({pack("p", Json::array({gate}))}), catalogue());
  FakeSource source;
  const Time now = parse_time("2026-11-21T09:00:00Z").value();
  source.is_now(now);
  const std::string hash = "SysvarRent111111111111111111111111111111111";
  source.answers(RpcRequest{"getLatestBlockhash", Json::array({{{"commitment", "finalized"}}})},
                 {{{"result", {{"context", {{"slot", 5U}}}, {"value", {{"blockhash", hash}}}}}}, nullptr, nullptr});
  const Run run = decide_plan(*plan, source);
  CHECK(run.decided_at == now);
  REQUIRE(run.blockhash);
  CHECK(run.blockhash->hash == hash);
  CHECK(run.depth == 1);
  CHECK(valid_until(*plan, now) == now + std::chrono::hours(1));
}
