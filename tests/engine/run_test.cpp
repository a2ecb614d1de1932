#include "engine/run.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "facts/run_record.hpp"
#include "kinds/catalogue.hpp"
#include "support/fake_source.hpp"
#include "support/release.hpp"
#include "support/sbpf.hpp"
#include "support/sysvars.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

using Rounds = std::vector<std::vector<std::string>>;

const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
const Pubkey payer = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const Pubkey programdata = programdata_address(program).address;

// The chain is another one from a given question on, counted in sets of requests: a run over these gates asks one, and
// one more when it closes its snapshot.
class Moving final : public Source {
 public:
  explicit Moving(FakeSource first) : states_{{0, std::move(first)}} {}
  Moving& then(std::size_t from, FakeSource state) {
    states_.emplace_back(from, std::move(state));
    return *this;
  }

  void ask(std::vector<Request> requests) override {
    for (const Request& request : requests) asked.push_back(key_of(request));
    while (now_ + 1 < states_.size() && states_[now_ + 1].first <= sets_) ++now_;
    ++sets_;
    state().ask(std::move(requests));
  }
  std::vector<Answered> next() override { return state().next(); }

  std::vector<std::string> asked;

 private:
  FakeSource& state() { return states_[now_].second; }

  std::vector<std::pair<std::size_t, FakeSource>> states_;
  std::size_t now_ = 0;
  std::size_t sets_ = 0;
};

// A chain at this slot and epoch, with the program last deployed in `deployed`.
FakeSource chain_at(std::uint64_t slot, std::uint64_t epoch, Slot deployed = {50}) {
  FakeSource source;
  source.is_now(parse_time("2026-11-21T09:00:00Z").value() + std::chrono::seconds(slot));
  source.holds(known::clock, {.owner = known::sysvar_owner, .data = clock_bytes_of(slot, epoch)});
  deploy(source, program, {1, 2, 3}, std::nullopt, deployed);
  source.holds(payer, {.owner = known::system_program, .data = {}, .lamports = {5}});
  source.holds_file("f", program_calling("sol_log_"));
  return source;
}

// One gate about the program, one that needs none of it, and one about a file.
Plan three_gates() {
  const Json of_program = {{"id", "state"}, {"kind", "program-state"}, {"params", {{"program", "${program}"}}}};
  const Json apart = {
      {"id", "apart"}, {"kind", "balance"}, {"params", {{"address", "${payer}"}, {"minLamports", "1"}}}};
  const Json local = {{"id", "local"},
                      {"kind", "artifact-hash"},
                      {"params", {{"path", "f"}, {"sha256", to_string(sha256(program_calling("sol_log_")))}}}};
  return make_plan(inputs({pack("p", Json::array({of_program, apart, local}))}), catalogue()).value();
}

std::size_t times_asked(const Moving& source, const Request& request) {
  return static_cast<std::size_t>(std::count(source.asked.begin(), source.asked.end(), key_of(request)));
}

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

// The chain's clock stands before and after what a run reads of it, and with the last one the programs that were read.
TEST_CASE("a run is between two readings of the clock", "[engine]") {
  Moving source(chain_at(1000, 7));
  source.then(1, chain_at(1003, 7));
  const Run run = decide_plan(three_gates(), source);
  REQUIRE(run.first_clock);
  REQUIRE(run.last_clock);
  CHECK(run.first_clock->slot == Slot{1000});
  CHECK(run.last_clock->slot == Slot{1003});
  CHECK(run.moved.empty());
  CHECK(run.depth == 1);
  const Slice beginning = facts::read_once_more;
  const std::set<std::string> last(source.asked.end() - 2, source.asked.end());
  CHECK(last == std::set<std::string>{key_of(AccountRequest{programdata, beginning, false, true}),
                                      key_of(AccountRequest{known::clock, beginning, false, true})});
}

// Gates about this machine ask no endpoint, and neither does the run around them.
TEST_CASE("a run of local gates asks no endpoint", "[engine]") {
  Plan plan = three_gates();
  plan.gates.erase(plan.gates.begin(), plan.gates.begin() + 2);
  FakeSource source = chain_at(1000, 7);
  const Run run = decide_plan(plan, source);
  CHECK(source.rounds() == Rounds{{key_of(ClockRequest{}), key_of(FileRequest{"f"})}});
  CHECK_FALSE(run.first_clock);
}

// A program that is deployed again after it was read: the gates that rest on it are undecided, and no others.
TEST_CASE("an upgrade after its program was read is noticed", "[engine]") {
  Moving source(chain_at(1000, 7));
  source.then(1, chain_at(1001, 7, {1001}));
  const Run run = decide_plan(three_gates(), source);
  CHECK(run.findings[0].outcome == Outcome::inconclusive);
  CHECK(run.findings[0].cause->cause == "moved");
  CHECK(run.findings[0].summary.find("deployed at slot 50, and then at slot 1001") != std::string::npos);
  CHECK(run.findings[1].outcome == Outcome::pass);
  CHECK(run.moved.size() == 1);
}

// Of two programs only one is deployed again: the other was seen to be the same.
TEST_CASE("an upgrade of one program leaves the gates of another one alone", "[engine]") {
  const Pubkey other = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;
  const auto chain_with_two = [&](std::uint64_t slot, Slot deployed) {
    FakeSource chain = chain_at(slot, 7, deployed);
    deploy(chain, other, {4, 5, 6}, std::nullopt, Slot{60});
    return chain;
  };
  const auto state_of = [](const std::string& id, const Pubkey& which) {
    return Json{{"id", id}, {"kind", "program-state"}, {"params", {{"program", to_string(which)}}}};
  };
  const Json gates = Json::array({state_of("one", program), state_of("two", other)});
  Moving source(chain_with_two(1000, {50}));
  source.then(1, chain_with_two(1001, {1001}));
  const Run run = decide_plan(make_plan(inputs({pack("p", gates)}), catalogue()).value(), source);
  CHECK(run.findings[0].cause->cause == "moved");
  CHECK(run.findings[1].outcome == Outcome::pass);
  CHECK(run.moved.size() == 1);
}

// A program that cannot be read once more may have been deployed again: what rests on it is undecided, for that reason.
TEST_CASE("a program that cannot be read again is not believed to be the same", "[engine]") {
  FakeSource later = chain_at(1001, 7);
  const Slice beginning = facts::read_once_more;
  later.refuses(AccountRequest{programdata, beginning, false, true}, {"contradiction", "a: 1; b: 2", Retry::now});
  Moving source(chain_at(1000, 7));
  source.then(1, later);
  const Run run = decide_plan(three_gates(), source);
  CHECK(run.findings[0].outcome == Outcome::inconclusive);
  CHECK(run.findings[0].cause->cause == "contradiction");
  CHECK(run.findings[0].summary.find("could not be read once more at the end of the run") != std::string::npos);
  CHECK(run.findings[1].outcome == Outcome::pass);
  CHECK(run.last_clock);
  CHECK(run.moved.empty());
}

// What a run reads last tells how old the first of it was: a node that stands still is not believed to be at the tip
// because nothing else was asked in between.
TEST_CASE("what lies far behind the end of a run decides nothing", "[engine]") {
  const auto with_clock_read_at = [](Slot slot) {
    FakeSource later = chain_at(1001, 7);
    later.at_slot(AccountRequest{known::clock}, slot);
    Moving source(chain_at(1000, 7));  // each fact at slot 100
    return decide_plan(three_gates(), source.then(1, later));
  };
  for (const Finding& finding : with_clock_read_at({250}).findings) CHECK(finding.outcome == Outcome::pass);
  const Run run = with_clock_read_at({251});
  for (const std::size_t gate : {std::size_t{0}, std::size_t{1}}) {
    CHECK(run.findings[gate].outcome == Outcome::inconclusive);
    CHECK(run.findings[gate].cause->cause == "behind");
    CHECK(run.findings[gate].summary.find("slot 251 was seen in the same run") != std::string::npos);
  }
  CHECK(run.findings[2].outcome == Outcome::pass);
}

// A run that takes minutes, because a history is long, is not behind for that.
TEST_CASE("what a run read minutes ago is as old as the run", "[engine]") {
  const Time begin;  // when chain_at has each fact read
  const auto with_last_answer = [&](std::int64_t seconds, Slot slot) {
    FakeSource later = chain_at(1001, 7);
    later.at_slot(AccountRequest{known::clock}, slot);
    later.at_time(AccountRequest{known::clock}, begin + std::chrono::seconds(seconds));
    Moving source(chain_at(1000, 7));  // each fact at slot 100
    return decide_plan(three_gates(), source.then(1, later)).findings[1];
  };
  CHECK(with_last_answer(120, {100 + 150 + 600}).outcome == Outcome::pass);
  const Finding behind = with_last_answer(120, {100 + 150 + 601});
  CHECK(behind.cause->cause == "behind");
  CHECK(behind.summary.find("at most 750 slots between them") != std::string::npos);
  CHECK(with_last_answer(-120, {100 + 150}).outcome == Outcome::pass);
}

// A run that is ended before it looked again says so of every program, and keeps what rests on no chain.
TEST_CASE("a program that was not looked at again is not believed to be the same", "[engine]") {
  Moving source(chain_at(1000, 7));
  const auto once_read = [&] { return times_asked(source, AccountRequest{payer, Slice{0, 0}}) > 0; };
  const Run run = decide_plan(three_gates(), source, once_read);
  CHECK(run.findings[0].outcome == Outcome::inconclusive);
  CHECK(run.findings[0].cause->cause == "timeout");
  CHECK(run.findings[0].summary.find("the run ended before") != std::string::npos);
  CHECK(run.findings[1].cause->cause == "timeout");
  CHECK(run.findings[1].summary.find("clock could not be read at the end") != std::string::npos);
  CHECK(run.findings[2].outcome == Outcome::pass);
  CHECK_FALSE(run.last_clock);
}

// Without the clock the programs are still looked at again.
TEST_CASE("a run without a clock is closed too", "[engine]") {
  FakeSource first = chain_at(1000, 7);
  first.refuses(AccountRequest{known::clock});
  FakeSource later = chain_at(1001, 7, {1001});
  later.refuses(AccountRequest{known::clock});
  Moving source(first);
  source.then(1, later);
  const Run run = decide_plan(three_gates(), source);
  CHECK_FALSE(run.first_clock);
  CHECK(run.findings[0].outcome == Outcome::inconclusive);
  CHECK(run.findings[0].cause->cause == "moved");
}

// Between a clock and none an epoch may have ended: what the chain says then passes nothing, and fails as before.
TEST_CASE("nothing passes between a clock and none", "[engine]") {
  const auto state = GENERATE(std::pair(true, false), std::pair(false, true), std::pair(false, false));
  const auto chain_with = [](bool clock) {
    FakeSource chain = chain_at(1000, 7);
    if (!clock) chain.refuses(AccountRequest{known::clock}, {"contradiction", "a: 1; b: 2", Retry::now});
    return chain;
  };
  Plan plan = three_gates();
  const Json poor = {
      {"id", "poor"}, {"kind", "balance"}, {"params", {{"address", "${payer}"}, {"minLamports", "9999999999"}}}};
  plan.gates.push_back(make_plan(inputs({pack("p", Json::array({poor}))}), catalogue()).value().gates.front());
  Moving source(chain_with(state.first));
  source.then(1, chain_with(state.second));
  const Run run = decide_plan(plan, source);
  for (const std::size_t gate : {std::size_t{0}, std::size_t{1}}) {
    CHECK(run.findings[gate].outcome == Outcome::inconclusive);
    CHECK(run.findings[gate].cause->cause == "contradiction");
    CHECK(run.findings[gate].summary.find(state.first ? "at the end of the run" : "at the beginning of the run") !=
          std::string::npos);
  }
  CHECK(run.findings[2].outcome == Outcome::pass);
  CHECK(run.findings[3].outcome == Outcome::fail);
  CHECK(run.moved.empty());
}

// A new epoch between the two readings: which of the two a fact is of is not known, so whoever read the chain is
// undecided.
TEST_CASE("an epoch change in the middle of a run is noticed", "[engine]") {
  Moving source(chain_at(1000, 7));
  source.then(1, chain_at(1001, 8));
  const Run run = decide_plan(three_gates(), source);
  CHECK(run.findings[0].outcome == Outcome::inconclusive);
  CHECK(run.findings[1].outcome == Outcome::inconclusive);
  CHECK(run.findings[1].summary.find("from epoch 7 to epoch 8") != std::string::npos);
  CHECK(run.findings[2].outcome == Outcome::pass);
}

// When the chain moved, everything of it is read a second time and decided from that; files are not.
TEST_CASE("the snapshot is taken a second time when the chain moved", "[engine]") {
  Moving source(chain_at(1000, 7));
  source.then(1, chain_at(1001, 7, {1001}));
  const Run run = decide_plan_live(three_gates(), source);
  for (const Finding& finding : run.findings) CHECK(finding.outcome == Outcome::pass);
  CHECK(run.moved.empty());
  CHECK(times_asked(source, AccountRequest{payer, Slice{0, 0}}) == 2);
  CHECK(times_asked(source, ClockRequest{}) == 2);
  CHECK(times_asked(source, FileRequest{"f"}) == 1);
  CHECK(run.first_clock->slot == Slot{1001});
  const auto retake = retake_in(run.facts);
  REQUIRE(retake);
  REQUIRE(retake->because.size() == 1);
  CHECK(retake->because[0].find(to_string(programdata)) != std::string::npos);
  CHECK(retake->first_decided_at < run.decided_at);
}

// A chain that is quiet is read once.
TEST_CASE("a snapshot that holds is taken once", "[engine]") {
  Moving source(chain_at(1000, 7));
  const Run run = decide_plan_live(three_gates(), source);
  CHECK(times_asked(source, ClockRequest{}) == 1);
  CHECK_FALSE(retake_in(run.facts));
}

// There is no third time: what moves again is undecided.
TEST_CASE("what moves again is undecided", "[engine]") {
  Moving source(chain_at(1000, 7));
  source.then(1, chain_at(1001, 7, {1001})).then(3, chain_at(1002, 7, {1002}));
  const Run run = decide_plan_live(three_gates(), source);
  CHECK(run.findings[0].outcome == Outcome::inconclusive);
  CHECK(run.findings[0].cause->cause == "moved");
  CHECK(run.findings[1].outcome == Outcome::pass);
  CHECK(times_asked(source, ClockRequest{}) == 2);
  CHECK(retake_in(run.facts));
}

// What a run notes of itself is read as it was written, and nothing else is.
TEST_CASE("a retake is noted", "[engine]") {
  FactStore facts;
  CHECK_FALSE(retake_in(facts));
  note(facts, Retake{Time{1000}, std::vector<std::string>(12, "x")}, Time{2000});
  const auto retake = retake_in(facts);
  REQUIRE(retake);
  CHECK(retake->first_decided_at == Time{1000});
  CHECK(retake->because.size() == Retake::reasons_max);
  CHECK(retake->because.back() == "and 3 more");
  for (const Json& head : {Json(), Json{{"firstDecidedAt", "noon"}, {"because", Json::array()}},
                           Json{{"firstDecidedAt", "1970-01-01T00:00:01Z"}, {"because", Json::array({1})}}}) {
    facts.begin()->second.observations.back().outcome->head = head;
    CHECK_FALSE(retake_in(facts));
  }
}

// What a run spent is read as it was written. A number that a report could not hold is none.
TEST_CASE("what was spent is noted", "[engine]") {
  FactStore facts;
  CHECK_FALSE(spent_in(facts));
  note(facts, Spent{4, 5, 6, std::chrono::milliseconds(7)}, Time{2000});
  const auto spent = spent_in(facts);
  REQUIRE(spent);
  CHECK(spent->requests == 4);
  CHECK(spent->bytes == 5);
  CHECK(spent->retries == 6);
  CHECK(spent->elapsed == std::chrono::milliseconds(7));
  Json& head = facts.begin()->second.observations.back().outcome->head;
  for (const Json& wrong : {Json(), Json(-1), Json("4"), Json(18446744073709551615U)}) {
    for (const char* field : {"requests", "bytes", "retries", "elapsedMs"}) {
      const Json right = std::exchange(head[field], wrong);
      CHECK_FALSE(spent_in(facts));
      head[field] = right;
    }
  }
}
