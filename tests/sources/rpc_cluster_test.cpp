// No answer of an endpoint counts before it is known to be on the release's cluster.
#include <catch2/catch.hpp>

#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Request request = AccountRequest{address(1), std::nullopt, false};

Chain chain_on(const std::string& genesis) {
  Chain chain;
  chain.genesis = genesis;
  chain.accounts[to_string(address(1))] = some_bytes(genesis == our_genesis ? 5 : 6);
  return chain;
}

}  // namespace

// An endpoint on another cluster is dropped and named, and the next one is asked, whatever the first one answered.
TEST_CASE("an endpoint on another cluster is dropped", "[live-rpc]") {
  const LoopbackServer wrong(chain_on(other_genesis));
  const LoopbackServer right(chain_on(our_genesis));
  Bench bench({&wrong, &right});
  const Answer answer = bench.ask_one(request);
  CHECK(summary(answer) == std::vector<std::string>{"one: wrong-cluster", "two: ok"});
  CHECK(answer.observations[0].outcome.error().what.find(other_genesis) != std::string::npos);
  CHECK(account_in(answer, address(1)).bytes().size() == 5);

  const std::size_t asked = wrong.seen().size();
  CHECK(summary(bench.ask_one(AccountRequest{address(2), std::nullopt, false})) == std::vector<std::string>{"two: ok"});
  CHECK(wrong.seen().size() == asked);
}

// A definite refusal by an endpoint on another cluster is no refusal by ours.
TEST_CASE("errors of another cluster do not count", "[live-rpc]") {
  const LoopbackServer wrong([](const Seen& seen) {
    return seen.method() == "getGenesisHash" ? result(seen, other_genesis)
                                             : rpc_error(seen, -32009, "Slot 5 was skipped");
  });
  const LoopbackServer right(on_our_cluster([](const Seen& seen) { return result(seen, 5); }));
  Bench bench({&wrong, &right});
  const Answer answer = bench.ask_one(RpcRequest{"getBlockTime", Json::array({5})});
  CHECK(summary(answer) == std::vector<std::string>{"one: wrong-cluster", "two: ok"});
}

// The genesis hash is asked in the same round: with the data, not before it.
TEST_CASE("the cluster costs no round of its own", "[live-rpc]") {
  // The data is answered although the genesis hash never is.
  const LoopbackServer server([](const Seen& seen) {
    if (seen.method() == "getGenesisHash") return Response{200, "", {}, true};
    return chain_on(our_genesis)(seen);
  });
  Bench bench({&server});
  const Answer answer = bench.ask_one(request);
  CHECK(server.seen("getMultipleAccounts").size() == 1);
  CHECK(summary(answer) == std::vector<std::string>{"one: timeout"});
  CHECK(answer.deciding().outcome.error().what.find("did not say which cluster") != std::string::npos);
}

// When every endpoint is on another cluster, the cause is that, for the first request and for later ones.
TEST_CASE("all endpoints on another cluster", "[live-rpc]") {
  const LoopbackServer first(chain_on(other_genesis));
  const LoopbackServer second(chain_on(other_genesis));
  Bench bench({&first, &second});
  const std::vector<std::string> expected{"one: wrong-cluster", "two: wrong-cluster"};
  CHECK(summary(bench.ask_one(request)) == expected);
  CHECK(summary(bench.ask_one(AccountRequest{address(2), std::nullopt, false})) == expected);
}

// What nobody is left to answer names the endpoint that was dropped before, and the last attempt decides.
TEST_CASE("a later failure names the endpoint that was dropped", "[live-rpc]") {
  const LoopbackServer wrong(chain_on(other_genesis));
  const LoopbackServer right([](const Seen& seen) {
    return seen.method() == "getBlockTime" ? Response{404, ""} : chain_on(our_genesis)(seen);
  });
  Bench bench({&wrong, &right});
  CHECK(summary(bench.ask_one(request)) == std::vector<std::string>{"one: wrong-cluster", "two: ok"});
  const std::vector<std::string> failed = summary(bench.ask_one(RpcRequest{"getBlockTime", Json::array({5})}));
  REQUIRE(failed.size() == 2);
  CHECK(failed[0] == "one: wrong-cluster");
  CHECK(failed[1].starts_with("two: "));
}

// Probes are answered by an endpoint on another cluster too: rpc-health wants to see it.
TEST_CASE("probes reach another cluster", "[live-rpc]") {
  const LoopbackServer wrong(chain_on(other_genesis));
  Bench bench({&wrong});
  bench.ask_one(request);
  const Answer answer = bench.ask_one(ProbeRequest{"one", "getGenesisHash"});
  CHECK(answer.deciding().outcome.value().head == Json{{"result", other_genesis}});
}

// A genesis hash that is no string is no genesis hash.
TEST_CASE("a genesis hash of another type", "[live-rpc]") {
  const LoopbackServer server([](const Seen& seen) {
    return seen.method() == "getGenesisHash" ? result(seen, nullptr) : chain_on(our_genesis)(seen);
  });
  Bench bench({&server});
  CHECK(summary(bench.ask_one(request)) == std::vector<std::string>{"one: wrong-cluster"});
}

// The genesis hash and the data run out of time at the same moment: the data is taken elsewhere once.
TEST_CASE("a silent endpoint is left with everything it was asked", "[live-rpc]") {
  const LoopbackServer silent([](const Seen&) { return Response{200, "", {}, true}; });
  const LoopbackServer second(chain_on(our_genesis));
  const LoopbackServer third(chain_on(our_genesis));
  Bench bench({&silent, &second, &third});
  const auto answers = bench.ask({request, RpcRequest{"getGenesisHash"}, AccountRequest{address(2), {}, true}});
  CHECK(summary(answers.at(key_of(request))) == std::vector<std::string>{"one: timeout", "two: ok"});
  for (const auto& answer : answers) CHECK(answer.second.deciding().from == "two");
  CHECK(third.seen().empty());
}

// A genesis request that fails in passing is tried again, and the data that waited for it counts.
TEST_CASE("a genesis request is tried again", "[live-rpc]") {
  unsigned asked = 0;
  const LoopbackServer server([&](const Seen& seen) {
    if (seen.method() == "getGenesisHash" && ++asked == 1) return Response{503, ""};
    return chain_on(our_genesis)(seen);
  });
  Bench bench({&server});
  CHECK(summary(bench.ask_one(request)) == std::vector<std::string>{"one: ok"});
  CHECK(server.seen("getMultipleAccounts").size() == 1);
}

// In passing, nothing is taken away from it either: whoever else could be asked may be dead.
TEST_CASE("a genesis request is tried again beside one that is dead", "[live-rpc]") {
  unsigned asked = 0;
  const LoopbackServer server([&](const Seen& seen) {
    if (seen.method() == "getGenesisHash" && ++asked == 1) return Response{503, ""};
    return chain_on(our_genesis)(seen);
  });
  const LoopbackServer dead([](const Seen&) { return Response{404, ""}; });
  Bench bench({&server, &dead});
  CHECK(bench.ask_one(request).deciding().from == "one");
}

// Without an expected hash nothing is asked about the cluster.
TEST_CASE("any cluster will do when none is expected", "[live-rpc]") {
  const LoopbackServer server(chain_on(other_genesis));
  Bench bench({&server});
  bench.options.genesis_hash.reset();
  CHECK(summary(bench.ask_one(request)) == std::vector<std::string>{"one: ok"});
  CHECK(server.seen("getGenesisHash").empty());
}

// A run without endpoints says so instead of waiting.
TEST_CASE("no endpoint at all", "[live-rpc]") {
  Bench bench({});
  CHECK(summary(bench.ask_one(request)) == std::vector<std::string>{"local: no-endpoint"});
}
