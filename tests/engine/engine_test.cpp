#include "engine/engine.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "engine/behind.hpp"
#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"
#include "support/fake_source.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey first = "SysvarC1ock11111111111111111111111111111111"_pubkey;
const Pubkey second = "SysvarRent111111111111111111111111111111111"_pubkey;
const Pubkey third = "SysvarS1otHashes111111111111111111111111111"_pubkey;
const Pubkey fourth = "SysvarEpochRewards1111111111111111111111111"_pubkey;

Holding holding(const Bytes& data = {1, 2, 3}) { return {.owner = known::system_program, .data = data}; }

Task<Finding> reads_one(Pubkey address) {
  const Account account = co_await facts::account(address);
  co_return pass(std::to_string(account.data->size()) + " bytes");
}

// Asks for the second account only when it knows the first.
Task<Finding> reads_a_chain(Pubkey a, Pubkey b) {
  co_await facts::account(a);
  co_await facts::account(b);
  co_return pass("both");
}

Task<Account> inner(Pubkey address) {
  const Account account = co_await facts::account(address);
  co_return account;
}

Task<Finding> awaits_a_task(Pubkey address) {
  Task<Account> task = inner(address);
  const Account account = co_await task;
  co_return pass(to_string(account.address));
}

Task<Finding> reads_two_at_once(Pubkey a, Pubkey b) {
  auto both = co_await all(facts::account(a), facts::account(b));
  co_return pass(std::to_string(std::get<0>(both).data->size() + std::get<1>(both).data->size()));
}

Task<Finding> reads_anything(Request request) {
  const Fact<bool> fact{std::move(request), [](const Observation& seen) -> Reading<bool> {
                          if (!seen.outcome) return unobtainable(seen.outcome.error());
                          return true;
                        }};
  co_await fact;
  co_return pass("answered");
}

// A fact and a list in one round; the list may be empty.
Task<Finding> reads_one_and_a_list(Pubkey a, std::vector<Pubkey> others) {
  const auto one = facts::account(a);
  std::vector<Fact<Account>> list;
  for (const Pubkey& other : others) list.push_back(facts::account(other));
  auto both = co_await all(one, list);
  auto& [account, accounts] = both;
  std::string read = std::to_string(account.data->size());
  for (const Account& other : accounts) read += " " + std::to_string(other.data->size());
  co_return pass(read);
}

Task<Finding> expects_refusal(Pubkey address) {
  const Reading<Account> account = co_await maybe(facts::account(address));
  co_return account ? fail("it is there") : pass("it is not there");
}

Task<Finding> reads_slice(Pubkey address, Slice slice) {
  const Account account = co_await facts::account(address, slice);
  co_return pass(to_string(sha256(account.bytes())));
}

GateRun gate(std::string id, std::function<Task<Finding>()> begin) { return {std::move(id), std::move(begin)}; }

// Answers in the order of a list that a test writes beforehand, one answer at a time, whenever each was asked.
class Scripted final : public Source {
 public:
  explicit Scripted(std::vector<Answered> script) : script_(script.begin(), script.end()) {}
  void ask(std::vector<Request> requests) override {
    for (const Request& request : requests) asked_.insert(key_of(request));
  }
  std::vector<Answered> next() override {
    if (script_.empty() || !asked_.contains(key_of(script_.front().request))) return {};
    std::vector<Answered> answered{std::move(script_.front())};
    script_.pop_front();
    return answered;
  }

 private:
  std::deque<Answered> script_;
  std::set<std::string> asked_;
};

// A part of an account of three bytes.
Answered piece(const Pubkey& address, const std::optional<Slice>& slice, const Bytes& data,
               const Pubkey& owner = known::system_program) {
  const auto bytes = std::make_shared<const Bytes>(data);
  const Account account{address, owner, Lamports{1}, false, 3, bytes, Slot{1}};
  return {AccountRequest{address, slice},
          {{{"fake", Slot{1}, Time{}, std::chrono::milliseconds(0), account_payload(account, "raw", bytes, slice)}}}};
}

// A source that answers one request at a time, in the order that a test chooses.
class OneByOne final : public Source {
 public:
  explicit OneByOne(std::vector<Pubkey> order) : order_(std::move(order)) {}
  void ask(std::vector<Request> requests) override {
    for (Request& request : requests) asked_.push_back(std::move(request));
    rounds.push_back(requests.size());
  }
  std::vector<Answered> next() override {
    for (const Pubkey& address : order_) {
      for (std::size_t i = 0; i < asked_.size(); ++i) {
        if (std::get<AccountRequest>(asked_[i]).address != address) continue;
        Request request = asked_[i];
        asked_.erase(asked_.begin() + static_cast<std::ptrdiff_t>(i));
        answered.push_back(address);
        return {
            {std::move(request), {{{"fake", Slot{1}, Time{}, std::chrono::milliseconds(0), no_account_payload()}}}}};
      }
    }
    return {};
  }
  std::vector<std::size_t> rounds;
  std::vector<Pubkey> answered;

 private:
  std::vector<Pubkey> order_;
  std::vector<Request> asked_;
};

// The answers of a FakeSource, one at a time in an order that a test chooses.
class InOrder final : public Source {
 public:
  InOrder(FakeSource table, std::vector<Request> order) : table_(std::move(table)), order_(std::move(order)) {}
  void ask(std::vector<Request> requests) override {
    for (Request& request : requests) asked_.emplace(key_of(request), std::move(request));
  }
  std::vector<Answered> next() override {
    for (const Request& one : order_) {
      auto found = asked_.extract(key_of(one));
      if (found.empty()) continue;
      table_.ask({std::move(found.mapped())});
      return table_.next();
    }
    return {};
  }

 private:
  FakeSource table_;
  std::vector<Request> order_;
  std::map<std::string, Request> asked_;
};

// Keeps what whoever follows a run is told.
class Follower final : public Observer {
 public:
  void follow(const Progress& progress) override { told.push_back(progress); }
  std::vector<Progress> told;
};

// Reads a list of accounts two at a time, as long lists are read.
Task<Finding> reads_in_parts(std::vector<Pubkey> addresses) {
  for (std::size_t begin = 0; begin < addresses.size(); begin += 2) {
    const std::vector<Fact<std::optional<Account>>> wanted{facts::account_if_any(addresses[begin]),
                                                           facts::account_if_any(addresses[begin + 1])};
    const ListPart part{"accounts", begin, addresses.size()};
    co_await each(wanted, part);
  }
  co_return pass("all");
}

Task<Finding> reads_if_any(std::vector<Fact<std::optional<Account>>> wanted) {
  const std::vector<std::optional<Account>> accounts = co_await each(wanted);
  co_return pass(std::to_string(accounts.size()));
}

// An address of its own for each number.
Pubkey numbered(std::uint32_t number) {
  Pubkey key;
  for (std::size_t i = 0; i < sizeof number; ++i) key.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return key;
}

// Answers a hundred accounts at a time, with nothing.
class ByTheHundred final : public Source {
 public:
  void ask(std::vector<Request> requests) override {
    sets.push_back(requests.size());
    for (Request& request : requests) asked_.push_back(std::move(request));
  }
  std::vector<Answered> next() override {
    std::vector<Answered> answered;
    for (; !asked_.empty() && answered.size() < 100; asked_.pop_front()) {
      answered.push_back(
          {asked_.front(), {{{"fake", Slot{1}, Time{}, std::chrono::milliseconds(0), no_account_payload()}}}});
    }
    return answered;
  }
  std::vector<std::size_t> sets;  ///< how many were asked for at once, each time

 private:
  std::deque<Request> asked_;
};

}  // namespace

// Twenty gates over the same account cost one request in one round.
TEST_CASE("gates share facts", "[engine]") {
  FakeSource source;
  source.holds(first, holding());
  std::vector<GateRun> gates;
  for (int i = 0; i < 20; ++i) gates.push_back(gate(std::to_string(i), [] { return reads_one(first); }));

  const Decisions decisions = decide(gates, source);
  CHECK(source.rounds() == std::vector<std::vector<std::string>>{{key_of(AccountRequest{first})}});
  CHECK(decisions.depth == 1);
  CHECK(decisions.facts.size() == 1);
  for (const Finding& finding : decisions.findings) CHECK(finding.outcome == Outcome::pass);
}

// Behind one address there may be endpoints that lag: what they hold was true, and need not be.
TEST_CASE("a fact that is older than the rest of the run decides nothing", "[engine]") {
  const auto decided = [](std::uint64_t slot, const Request& fresh) {
    FakeSource source;
    source.holds(first, holding());
    source.at_slot(AccountRequest{first}, Slot{slot});
    source.answers(fresh, {Json{{"result", {{"value", nullptr}}}}, nullptr, nullptr}, Slot{1000});
    const auto reads_other = [fresh] { return reads_anything(fresh); };
    return decide({gate("old", [] { return reads_one(first); }), gate("new", reads_other)}, source).findings;
  };
  const Request anything = RpcRequest{"getSomething"};
  CHECK(decided(1000 - slots_behind_max, anything)[0].outcome == Outcome::pass);
  const std::vector<Finding> findings = decided(1000 - slots_behind_max - 1, anything);
  CHECK(findings[0].outcome == Outcome::inconclusive);
  CHECK(findings[0].cause->cause == "behind");
  CHECK(findings[0].summary.find("at slot 849, and slot 1000 was seen") != std::string::npos);
  CHECK(findings[1].outcome == Outcome::pass);
  // What another endpoint says of itself tells how old a fact is.
  CHECK(decided(7, ProbeRequest{"fallback", "getLatestBlockhash"})[0].outcome == Outcome::inconclusive);
}

// What a fake source answered, each in turn an account of its own: at a slot, after a time.
struct SlotAt {
  std::uint64_t slot;
  std::chrono::milliseconds asked;
};

// How the gate ends that reads the first of these, while others read the rest.
Finding decided_beside(const std::vector<SlotAt>& answers) {
  const Time begin = parse_time("2026-11-21T09:16:40Z").value();
  FakeSource source;
  std::vector<GateRun> gates;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    Pubkey address;
    address.bytes[0] = static_cast<std::uint8_t>(i + 1);
    const AccountRequest request{address};
    source.holds(address, holding());
    source.at_slot(request, Slot{answers[i].slot});
    source.takes(request, std::chrono::milliseconds(0));
    source.at_time(request, begin + answers[i].asked);
    gates.push_back(gate("gate " + std::to_string(i), [address] { return reads_one(address); }));
  }
  return decide(gates, source).findings[0];
}

// As many slots further back may a fact lie as passed since it was read, and no more: that a run takes minutes makes
// nothing fresh that was stale when it was read.
TEST_CASE("a fact is as old as it was when it was read", "[engine]") {
  using std::chrono::milliseconds;
  const auto decided = [](std::uint64_t slot, milliseconds asked, milliseconds other_asked) {
    return decided_beside({{slot, asked}, {1000, other_asked}});
  };
  CHECK(decided(850, milliseconds(0), milliseconds(0)).outcome == Outcome::pass);
  CHECK(decided(849, milliseconds(0), milliseconds(199)).outcome == Outcome::inconclusive);
  CHECK(decided(849, milliseconds(0), milliseconds(200)).outcome == Outcome::pass);
  CHECK(decided(100, milliseconds(0), milliseconds(150'000)).outcome == Outcome::pass);
  const Finding behind = decided(100, milliseconds(149'600), milliseconds(150'000));
  CHECK(behind.outcome == Outcome::inconclusive);
  CHECK(behind.summary.find("slot 1000 was seen in the same run 400 ms later; at most 152 slots between them") !=
        std::string::npos);
  CHECK(decided(850, milliseconds(150'000), milliseconds(0)).outcome == Outcome::pass);
  CHECK(decided(849, milliseconds(150'000), milliseconds(0)).outcome == Outcome::inconclusive);
}

// Slots take longer than the shortest, as a rule: what a long run read last would allow for too much.
TEST_CASE("a fact is too old beside any other one of the run", "[engine]") {
  using std::chrono::seconds;
  const SlotAt last{1600, seconds(300)};  // 500 ms each
  CHECK(decided_beside({{849, seconds(0)}, last}).outcome == Outcome::pass);
  CHECK(decided_beside({{849, seconds(0)}, {1000, seconds(0)}, last}).outcome == Outcome::inconclusive);
  CHECK(decided_beside({{849, seconds(1)}, {1000, seconds(0)}, last}).outcome == Outcome::inconclusive);
  CHECK(decided_beside({{849, seconds(0)}, {1005, seconds(1)}, last}).outcome == Outcome::inconclusive);
  CHECK(decided_beside({{849, seconds(0)}, {1002, seconds(2)}, {1010, seconds(2)}, last}).outcome ==
        Outcome::inconclusive);
  CHECK(decided_beside({{849, seconds(0)}, {1004, seconds(1)}, last}).outcome == Outcome::pass);
  CHECK(decided_beside({{900, seconds(0)}, {7, seconds(0)}, {1000, seconds(1)}, last}).outcome == Outcome::pass);
}

// A long answer is of the slot at which it began.
TEST_CASE("a fact is as old as its request", "[engine]") {
  FakeSource source;
  for (const Pubkey& address : {first, second}) source.holds(address, holding());
  source.at_slot(AccountRequest{first}, Slot{800});
  source.at_slot(AccountRequest{second}, Slot{1000});
  const auto outcome = [&] {
    return decide({gate("old", [] { return reads_one(first); }), gate("new", [] { return reads_one(second); })}, source)
        .findings[0]
        .outcome;
  };
  CHECK(outcome() == Outcome::inconclusive);
  source.takes(AccountRequest{first}, std::chrono::seconds(10) + std::chrono::milliseconds(1));
  CHECK(outcome() == Outcome::pass);
  source.takes(AccountRequest{second}, std::chrono::seconds(1));
  CHECK(outcome() == Outcome::inconclusive);
}

// An endpoint that is probed may lag: whether that matters is its gate's to say.
TEST_CASE("a probe that is behind still counts", "[engine]") {
  FakeSource source;
  source.holds(first, holding());
  source.at_slot(AccountRequest{first}, Slot{1000});
  const Request probe = ProbeRequest{"fallback", "getLatestBlockhash"};
  source.answers(probe, {Json{{"result", {{"value", nullptr}}}}, nullptr, nullptr}, Slot{7});
  const auto findings =
      decide({gate("g", [] { return reads_one(first); }), gate("p", [&] { return reads_anything(probe); })}, source)
          .findings;
  CHECK(findings[0].outcome == Outcome::pass);
  CHECK(findings[1].outcome == Outcome::pass);
}

// Facts and lists of facts are asked together, and each gets its own answers.
TEST_CASE("a fact and a list come in one round", "[engine]") {
  FakeSource source;
  source.holds(first, holding({1}));
  source.holds(second, holding({1, 2}));
  source.holds(third, holding({1, 2, 3}));
  const auto read = [&](const std::vector<Pubkey>& others) {
    return decide({gate("g", [&] { return reads_one_and_a_list(first, others); })}, source).findings.front();
  };
  CHECK(read({second, third}).summary == "1 2 3");
  CHECK(source.rounds().size() == 1);
  CHECK(read({third, second}).summary == "1 3 2");
  CHECK(read({}).summary == "1");
  CHECK(read({second, fourth}).outcome == Outcome::fail);
}

// Who was asked and what each said is in the finding; what one endpoint said again and again is there once.
TEST_CASE("attempts that failed alike are said once", "[engine]") {
  FakeSource source;
  source.refuses_after(
      AccountRequest{first},
      {{"a", "HTTP 503"}, {"a", "HTTP 503"}, {"a", "no answer"}, {"b", "HTTP 503"}, {"a", "HTTP 503"}});
  const Decisions decisions = decide({gate("g", [] { return reads_one(first); })}, source);
  CHECK(decisions.findings.front().summary ==
        "account " + to_string(first) +
            " could not be read; a: HTTP 503 (2 attempts); a: no answer; b: HTTP 503; a: HTTP 503");
}

// Twenty gates over a program, its multisig and its treasury are as deep as their longest chain, and each account is
// fetched once.
TEST_CASE("a run is as deep as its longest chain", "[engine]") {
  FakeSource source;
  for (const Pubkey& address : {first, second, third, fourth}) source.holds(address, holding());
  std::vector<GateRun> gates;
  for (int i = 0; i < 9; ++i) gates.push_back(gate("one", [] { return reads_two_at_once(first, second); }));
  for (int i = 0; i < 9; ++i) gates.push_back(gate("other", [] { return reads_one(third); }));
  gates.push_back(gate("known by then", [] { return reads_a_chain(third, first); }));
  gates.push_back(gate("chain", [] { return reads_a_chain(third, fourth); }));

  const Decisions decisions = decide(gates, source);
  CHECK(decisions.depth == 2);
  CHECK(decisions.facts.size() == 4);
  REQUIRE(source.rounds().size() == 2);
  CHECK(source.rounds()[0].size() == 3);
  CHECK(source.rounds()[1] == std::vector<std::string>{key_of(AccountRequest{fourth})});
}

// A chain over accounts that nobody else asks for takes two rounds.
TEST_CASE("dependent facts take a round each", "[engine]") {
  FakeSource source;
  source.holds(first, holding());
  source.holds(second, holding());
  const Decisions decisions = decide({gate("chain", [] { return reads_a_chain(first, second); })}, source);
  CHECK(source.rounds().size() == 2);
  CHECK(decisions.depth == 2);
  CHECK(decisions.findings[0].outcome == Outcome::pass);
}

// Tasks that await tasks wait for the same gate and hand their results over.
TEST_CASE("a gate may await another task", "[engine]") {
  FakeSource source;
  source.holds(first, holding());
  const Decisions decisions = decide({gate("nested", [] { return awaits_a_task(first); })}, source);
  CHECK(decisions.findings[0].summary == to_string(first));
}

// What cannot be had ends the gate as inconclusive, with its cause; gates that did not ask for it go on.
TEST_CASE("a fact that cannot be had is inconclusive", "[engine]") {
  FakeSource source;
  source.holds(second, holding());
  source.refuses(AccountRequest{first}, {"rate-limited", "429 after 3 tries", Retry::other_endpoint});
  const Decisions decisions =
      decide({gate("a", [] { return reads_one(first); }), gate("b", [] { return reads_one(second); }),
              gate("nested", [] { return awaits_a_task(first); })},
             source);
  CHECK(decisions.findings[0].outcome == Outcome::inconclusive);
  REQUIRE(decisions.findings[0].cause);
  CHECK(decisions.findings[0].cause->cause == "rate-limited");
  CHECK(decisions.findings[0].cause->retry == Retry::other_endpoint);
  CHECK(decisions.findings[1].outcome == Outcome::pass);
  CHECK(decisions.findings[2].outcome == Outcome::inconclusive);
}

// What is absent is a definite answer: the gate fails and names it.
TEST_CASE("a fact that is absent fails its gate by name", "[engine]") {
  FakeSource source;
  const Decisions decisions = decide({gate("a", [] { return reads_one(first); })}, source);
  CHECK(decisions.findings[0].outcome == Outcome::fail);
  CHECK(decisions.findings[0].summary == "account " + to_string(first) + " does not exist");
}

// Of two facts, one absent and one not to be had, the definite one decides.
TEST_CASE("absence outweighs ignorance", "[engine]") {
  FakeSource source;
  source.refuses(AccountRequest{first});
  const Decisions decisions = decide({gate("a", [] { return reads_two_at_once(first, second); })}, source);
  CHECK(decisions.findings[0].outcome == Outcome::fail);
}

// Only a gate that asks for absence by name hears of it.
TEST_CASE("maybe hands a refusal to its asker", "[engine]") {
  FakeSource source;
  const Decisions decisions = decide({gate("a", [] { return expects_refusal(first); })}, source);
  CHECK(decisions.findings[0].outcome == Outcome::pass);
}

// A request for the whole account covers one for a slice of it, and both read the same bytes.
TEST_CASE("the whole account covers its slices", "[engine]") {
  FakeSource source;
  source.holds(first, holding({10, 11, 12, 13}));
  const Decisions decisions = decide(
      {gate("slice", [] { return reads_slice(first, {1, 2}); }),
       gate("beyond", [] { return reads_slice(first, {3, 9}); }), gate("whole", [] { return reads_one(first); })},
      source);
  CHECK(source.rounds() == std::vector<std::vector<std::string>>{{key_of(AccountRequest{first})}});
  CHECK(decisions.findings[0].summary == to_string(sha256(Bytes{11, 12})));
  CHECK(decisions.findings[1].summary == to_string(sha256(Bytes{13})));
}

// An account whose whole is not what an earlier slice of it was has changed under the run: nobody may rest on it.
TEST_CASE("an account that changes within a run is inconclusive", "[engine]") {
  FakeSource source;
  const auto data = std::make_shared<const Bytes>(Bytes{9, 9});
  const Account sliced{first, known::system_program, Lamports{1'000'000}, false, 3, data, Slot{100}};
  source.answers(AccountRequest{first, Slice{0, 2}}, account_payload(sliced, "raw", data, Slice{0, 2}));
  source.holds(first, holding({1, 2, 3}));
  source.holds(second, holding());
  const auto slice_then_whole = []() -> Task<Finding> {
    co_await facts::account(first, Slice{0, 2});
    co_await facts::account(first);
    co_return pass("never");
  };
  const Decisions decisions = decide({gate("a", slice_then_whole)}, source);
  CHECK(decisions.findings[0].outcome == Outcome::inconclusive);
  REQUIRE(decisions.findings[0].cause);
  CHECK(decisions.findings[0].cause->cause == "moved");
}

// A gate that was decided on the part before the whole was seen has rested on it too.
TEST_CASE("a pass on what then changed is taken back", "[engine]") {
  FakeSource source;
  const auto data = std::make_shared<const Bytes>(Bytes{9, 9});
  const Account sliced{first, known::system_program, Lamports{1'000'000}, false, 3, data, Slot{100}};
  source.answers(AccountRequest{first, Slice{0, 2}}, account_payload(sliced, "raw", data, Slice{0, 2}));
  source.holds(first, holding({1, 2, 3}));
  source.holds(second, holding());
  const auto whole_later = []() -> Task<Finding> {
    co_await facts::account(second);
    co_await facts::account(first);
    co_return pass("never");
  };
  const Decisions decisions = decide({gate("early", [] { return reads_slice(first, {0, 2}); }),
                                      gate("late", whole_later), gate("apart", [] { return reads_one(second); })},
                                     source);
  CHECK(decisions.findings[0].outcome == Outcome::inconclusive);
  CHECK(decisions.findings[1].outcome == Outcome::inconclusive);
  CHECK(decisions.findings[2].outcome == Outcome::pass);
}

// A part that was asked for first may arrive last. Whoever was decided on the whole has rested on what changed too, as
// a replay finds, to which nothing arrives late.
TEST_CASE("a part of an account that comes after the whole of it is compared too", "[engine]") {
  const auto decide_on = [](const Bytes& part) {
    FakeSource table;
    const auto data = std::make_shared<const Bytes>(part);
    const Account sliced{first, known::system_program, Lamports{1'000'000}, false, 3, data, Slot{100}};
    table.answers(AccountRequest{first, Slice{0, 2}}, account_payload(sliced, "raw", data, Slice{0, 2}));
    table.holds(first, holding({1, 2, 3}));
    table.holds(second, holding());
    InOrder source(table, {AccountRequest{second}, AccountRequest{first}, AccountRequest{first, Slice{0, 2}}});
    const auto whole_later = []() -> Task<Finding> {
      co_await facts::account(second);
      co_await facts::account(first);
      co_return pass("decided");
    };
    return decide({gate("part", [] { return reads_slice(first, {0, 2}); }), gate("whole", whole_later)}, source);
  };
  const Decisions same = decide_on({1, 2});
  CHECK(same.findings[0].outcome == Outcome::pass);
  CHECK(same.findings[1].outcome == Outcome::pass);
  const Decisions moved = decide_on({9, 9});
  CHECK(moved.findings[0].outcome == Outcome::inconclusive);
  REQUIRE(moved.findings[1].outcome == Outcome::inconclusive);
  CHECK(moved.findings[1].cause->cause == "moved");
}

// Whichever of two answers comes later, and however much of the account each holds: where both speak they must agree.
TEST_CASE("any two readings of an account must agree", "[engine]") {
  const auto slices = [](Slice a, Slice b) {
    return [a, b]() -> Task<Finding> {
      co_await facts::account(first, a);
      co_await facts::account(first, b);
      co_return pass("both");
    };
  };
  const auto outcome_of = [](std::vector<Answered> script, const std::vector<GateRun>& gates) {
    Scripted source(std::move(script));
    return decide(gates, source).findings.front().outcome;
  };
  const Slice head{0, 2};
  const Slice tail{1, 2};
  const std::vector<GateRun> two{gate("a", slices(head, tail))};
  CHECK(outcome_of({piece(first, head, {1, 2}), piece(first, tail, {2, 3})}, two) == Outcome::pass);
  CHECK(outcome_of({piece(first, head, {1, 2}), piece(first, tail, {9, 3})}, two) == Outcome::inconclusive);
  CHECK(outcome_of({piece(first, head, {1, 2}), piece(first, tail, {2, 3}, known::loader_v3)}, two) ==
        Outcome::inconclusive);
}

// A sysvar is another one with every slot. That it is so is no news, and moves nothing.
TEST_CASE("a sysvar that changes has not moved", "[engine]") {
  Scripted source({piece(first, Slice{0, 2}, {1, 2}, known::sysvar_owner),
                   piece(first, std::nullopt, {3, 4, 5}, known::sysvar_owner)});
  const auto slice_then_whole = []() -> Task<Finding> {
    co_await facts::account(first, Slice{0, 2});
    co_await facts::account(first);
    co_return pass("both");
  };
  CHECK(decide({gate("a", slice_then_whole)}, source).findings[0].outcome == Outcome::pass);
}

// What accompanies the chain leaves with the first question to an endpoint, and never where there is none.
TEST_CASE("a companion begins with the chain", "[engine]") {
  const auto with_companion = [](std::function<Task<Finding>()> begin) {
    GateRun companion = gate("companion", [] { return reads_one(second); });
    companion.begins = Begins::with_the_chain;
    return std::vector<GateRun>{companion, gate("a", std::move(begin))};
  };
  FakeSource source;
  source.holds_file("f", {1});
  source.holds(first, holding());
  source.holds(second, holding());
  const auto file_then_chain = []() -> Task<Finding> {
    const RelativePath path{"f"};
    co_await facts::file(path);
    co_await facts::account(first);
    co_return pass("both");
  };
  const Decisions both = decide(with_companion(file_then_chain), source);
  const auto key = [](const Pubkey& address) { return key_of(AccountRequest{address}); };
  CHECK(source.rounds() ==
        std::vector<std::vector<std::string>>{{key_of(FileRequest{"f"})}, {key(first), key(second)}});
  CHECK(both.findings[0].outcome == Outcome::pass);

  FakeSource local;
  local.holds_file("f", {1});
  const Decisions alone = decide(with_companion([] { return reads_anything(FileRequest{"f"}); }), local);
  CHECK(local.rounds().size() == 1);
  CHECK(alone.findings[0].outcome == Outcome::not_run);
}

// What is known already is not asked for.
TEST_CASE("what is known is not asked for", "[engine]") {
  FakeSource source;
  source.holds(first, holding());
  FactStore known = decide({gate("a", [] { return reads_one(first); })}, source).facts;
  FakeSource nobody;
  const Decisions decisions =
      decide({gate("a", [] { return reads_one(first); })}, nobody, {}, nullptr, std::move(known));
  CHECK(decisions.findings[0].outcome == Outcome::pass);
  CHECK(nobody.rounds().empty());
  CHECK(decisions.facts.size() == 1);
}

// Rounds are no barrier: what arrives resumes its waiter, and what that asks for is answered before the slow account.
TEST_CASE("a slow account delays only the gates that asked for it", "[engine]") {
  OneByOne source({second, third, first});
  const auto chain = []() -> Task<Finding> {
    co_await facts::account_if_any(second);
    co_await facts::account_if_any(third);
    co_return pass("done");
  };
  const auto slow = []() -> Task<Finding> {
    co_await facts::account_if_any(first);
    co_return pass("done");
  };
  const Decisions decisions = decide({gate("slow", slow), gate("chain", chain)}, source);
  CHECK(source.answered == std::vector<Pubkey>{second, third, first});
  CHECK(decisions.findings[1].outcome == Outcome::pass);
  CHECK(decisions.depth == 2);
}

// An interrupt leaves what is not decided as not-run, which is never a pass.
TEST_CASE("an interrupted run leaves gates not-run", "[engine]") {
  FakeSource source;
  source.holds(first, holding());
  const Decisions decisions = decide({gate("a", [] { return reads_one(first); })}, source, [] { return true; });
  CHECK(decisions.findings[0].outcome == Outcome::not_run);
}

// Whoever follows a run hears before each wait how far it is: gates, facts, and not what else the run looks at.
TEST_CASE("a run can be followed", "[engine]") {
  OneByOne source({first, second, third});
  Follower follower;
  const std::vector<GateRun> gates{{"chain", [] { return reads_if_any({facts::account_if_any(first)}); }},
                                   {"later", [] { return reads_in_parts({second, first}); }},
                                   {"no gate", [] { return reads_if_any({facts::account_if_any(third)}); }, false}};
  const Decisions decisions = decide(gates, source, {}, &follower);
  REQUIRE(decisions.findings.size() == 3);
  for (const Finding& finding : decisions.findings) CHECK(finding.outcome == Outcome::pass);
  REQUIRE(follower.told.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    INFO(i);
    CHECK(follower.told[i].gates == 2);
    CHECK(follower.told[i].gates_decided == i);
    CHECK(follower.told[i].facts_asked == 3);
    CHECK(follower.told[i].facts_had == i);
  }
}

// Of a list that is read part by part it hears how much of the whole list is had, until that is all of it.
TEST_CASE("whoever follows a run hears of long lists", "[engine]") {
  const std::vector<Pubkey> list{first, second, third, fourth};
  OneByOne source(list);
  Follower follower;
  decide({gate("list", [list] { return reads_in_parts(list); })}, source, {}, &follower);
  REQUIRE(follower.told.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    REQUIRE(follower.told[i].list);
    CHECK(follower.told[i].list->of == "accounts");
    CHECK(follower.told[i].list->read == i);
    CHECK(follower.told[i].list->all == 4);
  }
}

// Ten thousand facts that are wanted at once are handed over once, however many pieces they arrive in, and two gates
// that want them share them.
TEST_CASE("a wait for thousands of facts is asked once", "[engine]") {
  std::vector<Fact<std::optional<Account>>> wanted;
  for (std::uint32_t i = 0; i < 10'000; ++i) wanted.push_back(facts::account_if_any(numbered(i)));
  ByTheHundred source;
  Follower follower;
  const auto reads = [&] { return reads_if_any(wanted); };
  const Decisions decisions = decide({gate("a", reads), gate("b", reads)}, source, {}, &follower);
  CHECK(source.sets == std::vector<std::size_t>{10'000});
  CHECK(decisions.facts.size() == 10'000);
  CHECK(decisions.findings[1].summary == "10000");
  CHECK(decisions.depth == 1);
  REQUIRE(follower.told.size() == 100);
  CHECK(follower.told[99].facts_had == 9900);
}
