// What a run may cost: requests and bytes are counted, and what goes beyond them is told and not asked.
#include <zstd.h>

#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;
using std::chrono::milliseconds;

namespace {

std::vector<Request> questions(unsigned count) {
  std::vector<Request> requests;
  for (unsigned i = 0; i < count; ++i) requests.push_back(RpcRequest{"getBlockTime", Json::array({i})});
  return requests;
}

// How many were answered; of the others each must have gone over the budget, and name the option.
std::size_t answered(const std::map<std::string, Answer>& answers, const std::string& option) {
  std::size_t count = 0;
  for (const auto& [key, answer] : answers) {
    if (answer.deciding().outcome) {
      ++count;
      continue;
    }
    const Unobtainable& why = answer.deciding().outcome.error();
    CHECK(why.cause == "over-budget");
    CHECK(why.retry == Retry::never);
    CHECK(why.what.find(option) != std::string::npos);
  }
  return count;
}

// Answers whatever was asked at once, and each answer takes a while to be read.
class AtOnce final : public Transport {
 public:
  void start(std::uint64_t id, HttpRequest request) override {
    const Json reply = {{"jsonrpc", "2.0"}, {"id", Json::parse(request.body)["id"]}, {"result", 5}};
    finished_.push_back({id, HttpResponse{200, "application/json", std::nullopt, reply.dump()}, milliseconds(1), 1});
  }
  void cancel(std::uint64_t) override {}
  std::uint64_t received(std::uint64_t) const override { return 0; }
  std::vector<HttpFinished> wait(milliseconds) override { return std::exchange(finished_, {}); }

 private:
  std::vector<HttpFinished> finished_;
};

LoopbackServer::Handler answering(const Json& value) {
  return on_our_cluster([value](const Seen& seen) { return result(seen, value); });
}

}  // namespace

// Requests are counted, those about the cluster among them. What was sent is waited for; what was not never is.
TEST_CASE("a run makes no more requests than it may", "[live-rpc]") {
  const LoopbackServer server(answering(5));
  Bench bench({&server});
  bench.options.budget.requests_max = 3;
  CHECK(answered(bench.ask(questions(5)), "all requests that the run may make, 3, were made (--max-requests)") == 2);
  CHECK(server.seen().size() == 3);
  CHECK(answered(bench.ask({RpcRequest{"getSlot"}}), "--max-requests") == 0);
  CHECK(server.seen().size() == 3);
  CHECK(bench.passed() == milliseconds(0));
}

// A pack can ask for more than the run may in any time; ending all of it takes no longer than asking it did.
TEST_CASE("tens of thousands beyond the budget end together", "[live-rpc]") {
  const LoopbackServer server(answering(5));
  Bench bench({&server});
  bench.options.budget.requests_max = 3;
  CHECK(answered(bench.ask(questions(50'000)), "--max-requests") == 2);
  CHECK(server.seen().size() == 3);
}

// What was had when the time is over, and not read, is not read any more: there may be megabytes of it.
TEST_CASE("no answer is read after the end", "[live-rpc]") {
  RpcOptions options;
  options.endpoints = {parse_rpc_option("one=http://127.0.0.1:1", false).value()};
  options.seams.transport = [] { return std::make_unique<AtOnce>(); };
  std::chrono::steady_clock::time_point now{};
  options.seams.now = [&] { return now; };
  // Asked whenever an answer is read.
  options.seams.wall_clock = [&] {
    now += std::chrono::seconds(15);
    return Time{1'790'000'000'000};
  };
  RpcSource source(options);
  source.ask(questions(20));
  std::size_t had = 0;
  std::size_t late = 0;
  for (auto some = source.next(); !some.empty(); some = source.next()) {
    for (const Answered& one : some) {
      const auto& outcome = one.answer.deciding().outcome;
      had += outcome ? 1 : 0;
      late += !outcome && outcome.error().cause == "timeout" ? 1 : 0;
    }
  }
  CHECK(had + late == 20);
  CHECK(had > 0);
  CHECK(had <= 4);  // of 60 s
}

// A second try is a request like any other.
TEST_CASE("retries are within the budget", "[live-rpc]") {
  const LoopbackServer server(on_our_cluster([](const Seen&) { return Response{503, ""}; }));
  Bench bench({&server});
  bench.options.budget.requests_max = 2;
  const Answer answer = bench.ask_one(RpcRequest{"getSlot"});
  CHECK(summary(answer) == std::vector<std::string>{"one: http-status", "one: over-budget"});
  CHECK(server.seen().size() == 2);
}

// An endpoint whose cluster can no longer be asked for is believed nothing, and nobody waits for it.
TEST_CASE("a cluster that cannot be asked for any more counts for nothing", "[live-rpc]") {
  const LoopbackServer server(
      [](const Seen& seen) { return seen.method() == "getGenesisHash" ? Response{503, ""} : result(seen, 5); });
  Bench bench({&server});
  bench.options.budget.requests_max = 2;
  CHECK(answered(bench.ask({RpcRequest{"getSlot"}}), "--max-requests") == 0);
  // Not what the server has seen: the second one is cancelled, perhaps before it is read there.
  CHECK(bench.source().spent()->requests == 2);
}

// Bytes are those of answers. Once they are spent nothing more is asked.
TEST_CASE("a run receives no more than it may", "[live-rpc]") {
  const LoopbackServer server(answering(std::string(10'000, 'x')));
  Bench bench({&server});
  bench.options.endpoints.front().limits.requests_at_once = 1;
  bench.options.budget.bytes_max = 25'600;
  const auto answers = bench.ask(questions(5));
  CHECK(answered(answers, "all that the run may receive, 25 KiB, was received (--max-bytes)") == 3);
  CHECK(server.seen("getBlockTime").size() == 3);
  CHECK(answered(bench.ask({RpcRequest{"getSlot"}}), "--max-bytes") == 0);
}

// An account counts with what it inflates to: that is what a run holds.
TEST_CASE("compressed accounts count as they inflate", "[live-rpc]") {
  const Bytes data(1 << 20, 0);
  Bytes frame(ZSTD_compressBound(data.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), data.data(), data.size(), 1));
  const LoopbackServer server(on_our_cluster(
      [&](const Seen& seen) { return in_context(seen, account_json(to_base64(frame), "base64+zstd", data.size())); }));
  Bench bench({&server});
  CHECK(bench.ask_one(AccountRequest{address(1), {}, true}).deciding().outcome.has_value());
  CHECK(bench.source().spent()->bytes > data.size());
  CHECK(bench.source().spent()->bytes < data.size() + 4096);
}

// What was spent: every request, those that were second tries, and the time from the first question to the last answer.
TEST_CASE("what a run spends is counted", "[live-rpc]") {
  unsigned asked = 0;
  const LoopbackServer server(
      on_our_cluster([&](const Seen& seen) { return ++asked <= 2 ? Response{503, ""} : result(seen, 5); }));
  Bench bench({&server});
  CHECK_FALSE(bench.source().spent());
  bench.ask({EndpointsRequest{}});
  CHECK_FALSE(bench.source().spent());
  bench.ask_one(RpcRequest{"getSlot"});
  const Spent spent = bench.source().spent().value();
  CHECK(spent.requests == 4);
  CHECK(spent.retries == 2);
  CHECK(spent.elapsed == milliseconds(250 + 500));
  CHECK(spent.bytes > 100);
}
