// Self-tests: a gate that looks at one byte is seen to look at it, and one that looks at nothing is called vacuous.
#include "report/selftest.hpp"

#include <catch2/catch.hpp>

#include "facts/endpoints.hpp"
#include "report/replay.hpp"
#include "solana/well_known.hpp"
#include "sources/recorded.hpp"
#include "support/fake_source.hpp"
#include "support/release.hpp"
#include "support/sysvars.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey payer = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const Time noon = parse_time("2026-11-21T12:00:00Z").value();

struct OfAccount {
  Pubkey address;
  static constexpr auto fields() { return std::tuple{required("address", &OfAccount::address, "what it reads")}; }
};

Task<Finding> looks_away(OfAccount gate) {
  co_await facts::account_if_any(gate.address);
  co_return pass("whatever is there");
}

Task<Finding> looks_at_byte_7(OfAccount gate) {
  const Account account = co_await facts::account(gate.address);
  const ByteView bytes = account.bytes();
  const bool holds = bytes.size() > 7 && bytes[7] == 42;
  co_return holds ? pass("byte 7 is 42") : fail("byte 7 is another");
}

Task<Finding> reads_nothing(OfAccount) { co_return pass("nothing was read"); }

// Passes while any endpoint is healthy.
Task<Finding> wants_one_healthy(OfAccount) {
  std::vector<Fact<Probe>> questions;
  for (const char* name : {"one", "two", "three"}) questions.push_back(facts::probe({name, "getHealth"}));
  const std::vector<Probe> probes = co_await each(questions);
  std::size_t healthy = 0;
  for (const Probe& probe : probes) healthy += health_in(probe).has_value() ? 1 : 0;
  co_return healthy > 0 ? pass("one is healthy") : fail("none is healthy");
}

std::vector<GateKind> kinds() {
  const auto about = [](const char* name) { return AboutKind{name, "", "", "", "", "", "", std::nullopt}; };
  return {gate_kind<OfAccount>(about("looks-away"), looks_away),
          gate_kind<OfAccount>(about("looks-at-byte-7"), looks_at_byte_7),
          gate_kind<OfAccount>(about("reads-nothing"), reads_nothing),
          gate_kind<OfAccount>(about("wants-one-healthy"), wants_one_healthy)};
}

PlanInputs gates_of(const std::vector<std::string>& names, const char* severity = "blocking") {
  Json gates = Json::array();
  for (const std::string& name : names) {
    gates.push_back({{"id", name}, {"kind", name}, {"params", {{"address", "${payer}"}}}});
  }
  gates.back()["severity"] = severity;
  return inputs({pack("p", gates)});
}

FakeSource world() {
  FakeSource source;
  source.is_now(noon);
  source.holds(known::clock, {.owner = known::sysvar_owner, .data = clock_bytes_of(1000, 7)});
  Bytes data(20, 42);
  source.holds(payer, {.owner = known::system_program, .data = data});
  for (const char* name : {"one", "two", "three"}) {
    source.answers(ProbeRequest{name, "getHealth"}, {{{"result", "ok"}}, nullptr, nullptr});
  }
  return source;
}

struct Tested {
  Statement statement;
  SelfTest result;
  bool replays_after = false;

  const GateSelfTest& gate(const std::string& name) const {
    for (const GateSelfTest& one : result.gates) {
      if (one.gate == "p/" + name) return one;
    }
    throw std::runtime_error("no gate " + name);
  }
};

Tested selftested(const PlanInputs& made, FakeSource source = world()) {
  const Run run = decide_plan(make_plan(made, kinds()).value(), source);
  const Plan plan = make_plan(made, kinds()).value();
  Statement statement = parse_statement(make_statement(made, plan, run, {}, {}), "r").value();
  Evidence evidence{{}, run.facts, {}};
  RecordedSource recorded(evidence);
  SelfTest result = selftest(statement, kinds(), recorded, evidence.facts).value();
  const bool same = replay(statement, kinds(), recorded, evidence.facts).has_value();
  return {std::move(statement), std::move(result), same};
}

}  // namespace

// A gate that passes whatever it reads is named, and the command that tells it fails.
TEST_CASE("a gate that always passes is vacuous", "[report]") {
  const Tested tested = selftested(gates_of({"looks-at-byte-7", "looks-away"}));
  const GateSelfTest& gate = tested.gate("looks-away");
  CHECK(gate.proof() == Proof::vacuous);
  CHECK(gate.count.mutants > 80);
  CHECK(gate.count.fail == 0);
  CHECK(gate.count.inconclusive > 0);  // without the account it is undecided, which is no failure
  const auto proven = require_proof(tested.result);
  REQUIRE_FALSE(proven);
  CHECK(proven.error().kind == ErrorKind::malformed);
  CHECK(says(proven.error().what, "p/looks-away"));
  CHECK_FALSE(says(proven.error().what, "p/looks-at-byte-7"));
  const std::string text = selftest_text(tested.statement, tested.result);
  CHECK(text.find("VACUOUS    p/looks-away") < text.find("can fail   p/looks-at-byte-7"));
  CHECK(says(text, "absent 1"));
}

// Of a gate that looks at one byte the first mutant that fails it is the one with another byte there.
TEST_CASE("the byte that a gate rests on is found", "[report]") {
  const Tested tested = selftested(gates_of({"looks-at-byte-7"}));
  const GateSelfTest& gate = tested.gate("looks-at-byte-7");
  CHECK(gate.proof() == Proof::can_fail);
  REQUIRE(gate.first);
  CHECK(gate.first->mutation ==
        "bytes 0 to 7 are 0000000000000000 and not 2a2a2a2a2a2a2a2a in account " + to_string(payer));
  CHECK(gate.first->finding == "byte 7 is another");
  CHECK(gate.looks_within);
  CHECK(gate.by_sort.at("byte").fail == 2 + 8 * 2);  // itself twice, and each word that it is in
  CHECK(gate.count.mutants == gate.count.fail + gate.count.inconclusive + gate.count.pass);
  CHECK(require_proof(tested.result));
  CHECK(tested.replays_after);
}

// What is asked of several endpoints is changed at all of them at once too.
TEST_CASE("a gate that one endpoint of many satisfies can fail", "[report]") {
  const Tested tested = selftested(gates_of({"wants-one-healthy"}));
  const GateSelfTest& gate = tested.gate("wants-one-healthy");
  REQUIRE(gate.first);
  CHECK(says(gate.first->mutation, "in getHealth of every endpoint"));
}

// No evidence, no mutants: such a gate cannot depend on anything.
TEST_CASE("a gate that reads nothing is vacuous", "[report]") {
  const Tested tested = selftested(gates_of({"looks-at-byte-7", "reads-nothing"}));
  CHECK(tested.gate("reads-nothing").proof() == Proof::vacuous);
  CHECK(tested.gate("reads-nothing").count.mutants == 0);
  CHECK(says(selftest_text(tested.statement, tested.result), "nothing: it reads no evidence"));
}

// An advisory gate is told and decides nothing, here as anywhere.
TEST_CASE("a vacuous advisory gate is no failure of the self-test", "[report]") {
  const Tested tested = selftested(gates_of({"looks-at-byte-7", "looks-away"}, "advisory"));
  CHECK(tested.gate("looks-away").proof() == Proof::vacuous);
  CHECK(require_proof(tested.result));
}

// A gate that fails as it is has shown it; one that is undecided has not.
TEST_CASE("what the evidence itself shows counts", "[report]") {
  FakeSource source = world();
  SECTION("a failure") {
    source.holds(payer, {.owner = known::system_program, .data = {}});
    const Tested tested = selftested(gates_of({"looks-at-byte-7"}), source);
    CHECK(tested.gate("looks-at-byte-7").proof() == Proof::can_fail);
    CHECK(says(selftest_text(tested.statement, tested.result), "it fails on the evidence as it is: byte 7 is another"));
  }
  SECTION("no decision") {
    source.refuses(AccountRequest{payer});
    const Tested tested = selftested(gates_of({"looks-at-byte-7"}), source);
    CHECK(tested.gate("looks-at-byte-7").proof() == Proof::undecided);
    const auto proven = require_proof(tested.result);
    REQUIRE_FALSE(proven);
    CHECK(says(proven.error().what, "not decided"));
  }
}

// The same report gives the same self-test, word for word.
TEST_CASE("a self-test is deterministic", "[report]") {
  const auto made = gates_of({"looks-at-byte-7", "wants-one-healthy"});
  const auto json = [&] {
    const Tested tested = selftested(made);
    return selftest_json(tested.statement, tested.result);
  };
  const Json first = json();
  CHECK(first == json());
  CHECK(first["proven"] == true);
  CHECK(first["gates"][0]["proof"] == "can-fail");
}
