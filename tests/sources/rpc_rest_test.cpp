// An endpoint that fails is spared while others are asked, and asked again when it is well.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;
using std::chrono::milliseconds;

namespace {

using Lines = std::vector<std::string>;

Request read_of(unsigned number) { return AccountRequest{address(number), std::nullopt, false}; }

Response page(int status, std::vector<std::string> headers = {}) { return {status, "", std::move(headers)}; }

// A server on our cluster that is down, or not, as the test says.
struct Switched {
  std::atomic<bool> is_down = true;
  Response when_down = page(503);
  bool hides_cluster = false;  // while it is down

  LoopbackServer::Handler handler() {
    return [this](const Seen& seen) {
      const bool is_told = seen.method() == "getGenesisHash" && !hides_cluster;
      if (is_down && !is_told) return when_down;
      return seen.method() == "getHealth" ? result(seen, "ok") : Chain{}(seen);
    };
  }
};

// A server that takes long, in virtual time, for anything but the question for its cluster: the clock moves on.
LoopbackServer::Handler silent() {
  return on_our_cluster([](const Seen&) {
    Response response;
    response.hangs = true;
    return response;
  });
}

}  // namespace

// While the first one rests the second is asked. Once it has rested it is asked for its health beside what the run
// wants to know, and when it answers that it is the first again.
TEST_CASE("an endpoint that is well again is asked again", "[live-rpc]") {
  Switched one;
  const LoopbackServer first(one.handler());
  const LoopbackServer second(Chain{});
  const LoopbackServer slow(silent());
  Bench bench({&first, &second, &slow});
  CHECK(summary(bench.ask_one(read_of(1))).back() == "two: ok");
  CHECK(summary(bench.ask_one(read_of(2))) == Lines{"two: ok"});
  CHECK(first.seen("getHealth").empty());

  bench.ask_one(ProbeRequest{"three", "getSlot"});  // ten seconds pass
  SECTION("it is well") {
    one.is_down = false;
    CHECK(summary(bench.ask_one(read_of(3))) == Lines{"two: ok"});
    bench.ask_one(ProbeRequest{"three", "getSlot"});
    CHECK(first.seen("getHealth").size() == 1);
    CHECK(summary(bench.ask_one(read_of(4))) == Lines{"one: ok"});
  }
  SECTION("it is not") {
    CHECK(summary(bench.ask_one(read_of(3))) == Lines{"two: ok"});
    bench.ask_one(ProbeRequest{"three", "getSlot"});
    CHECK(first.seen("getHealth").size() == 1);
    CHECK(summary(bench.ask_one(read_of(4))) == Lines{"two: ok"});
    bench.ask_one(ProbeRequest{"three", "getSlot"});
    CHECK(first.seen("getHealth").size() == 2);
  }
  CHECK(first.seen("getMultipleAccounts").size() <= 4);
}

// One that could not tell its cluster is asked for that again, and nothing it says counts before it is the right one.
TEST_CASE("an endpoint that was down from the start may return", "[live-rpc]") {
  Switched one;
  one.hides_cluster = true;
  const LoopbackServer first(one.handler());
  const LoopbackServer second(Chain{});
  const LoopbackServer slow(silent());
  Bench bench({&first, &second, &slow});
  CHECK(summary(bench.ask_one(read_of(1))).back() == "two: ok");
  bench.ask_one(ProbeRequest{"three", "getSlot"});
  const std::size_t asked = first.seen("getGenesisHash").size();
  one.is_down = false;
  CHECK(summary(bench.ask_one(read_of(2))) == Lines{"two: ok"});
  bench.ask_one(ProbeRequest{"three", "getSlot"});
  CHECK(first.seen("getGenesisHash").size() == asked + 1);
  CHECK(first.seen("getHealth").empty());
  CHECK(summary(bench.ask_one(read_of(3))) == Lines{"one: ok"});
}

// What waits for room at an endpoint that fails goes to another one, without an attempt at the first.
TEST_CASE("what was not sent to an endpoint that fails goes elsewhere", "[live-rpc]") {
  Switched one;
  const LoopbackServer first(one.handler());
  const LoopbackServer second(Chain{});
  Bench bench({&first, &second});
  bench.options.endpoints[0].limits = {.accounts_per_request = 1, .requests_at_once = 2};
  const auto answers = bench.ask(account_requests(20));
  std::size_t untried = 0;
  for (const auto& [key, answer] : answers) {
    CHECK(answer.deciding().from == "two");
    untried += answer.observations.size() == 1 ? 1 : 0;
  }
  CHECK(untried >= 18);
}

// With no other endpoint a rest is waited for, and what is asked then is the trial.
TEST_CASE("the only endpoint is asked again when it has rested", "[live-rpc]") {
  Switched one;
  const LoopbackServer server(one.handler());
  Bench bench({&server});
  CHECK(summary(bench.ask_one(read_of(1))) == Lines{"one: http-status", "one: http-status", "one: http-status"});
  const milliseconds before = bench.passed();
  one.is_down = false;
  CHECK(summary(bench.ask_one(read_of(2))) == Lines{"one: ok"});
  CHECK(bench.passed() == before + milliseconds(1000));
  CHECK(server.seen("getHealth").empty());
}

// One request too many, and what follows is spaced, so that the limit is not hit again.
TEST_CASE("requests are spaced after a rate limit", "[live-rpc]") {
  unsigned count = 0;
  const LoopbackServer server(on_our_cluster(
      [&count](const Seen& seen) { return ++count == 1 ? page(429, {"Retry-After: 2"}) : result(seen, 7); }));
  Bench bench({&server});
  const Time begin = bench.options.seams.wall_clock();
  bench.ask_one(RpcRequest{"getSlot"});
  CHECK(bench.passed() == milliseconds(2000));
  std::vector<Request> more;
  for (const char* method : {"getEpochInfo", "getBlockHeight", "getVersion"}) more.push_back(RpcRequest{method});
  const auto answers = bench.ask(more);
  std::vector<Time> times;
  for (const auto& [key, answer] : answers) times.push_back(answer.deciding().at);
  std::sort(times.begin(), times.end());
  REQUIRE(times.size() == 3);
  CHECK(times[0] >= begin + milliseconds(2000 + 98));
  CHECK(times[1] - times[0] >= milliseconds(94));
  CHECK(times[2] - times[1] >= milliseconds(94));
  CHECK(bench.passed() < milliseconds(2400));
}
