// What the source asks of a healthy endpoint, and what it makes of the answers.
#include <zstd.h>
#include <catch2/catch.hpp>
#include <set>

#include "base/base64.hpp"
#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Request whole(unsigned number) { return AccountRequest{address(number), std::nullopt, false}; }
Request code(unsigned number) { return AccountRequest{address(number), std::nullopt, true}; }
Request sliced(unsigned number, Slice slice) { return AccountRequest{address(number), slice, false}; }

std::vector<std::size_t> batch_sizes(const LoopbackServer& server) {
  std::vector<std::size_t> sizes;
  for (const Seen& seen : server.seen("getMultipleAccounts")) sizes.push_back(seen.params()[0].size());
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

Chain chain_of(unsigned count) {
  Chain chain;
  for (unsigned i = 0; i < count; ++i) chain.accounts[to_string(address(i))] = some_bytes(i + 1, i);
  return chain;
}

}  // namespace

// No more is read of an answer than there can be in a true one, whatever was asked.
TEST_CASE("an answer is no longer than it can be", "[live-rpc]") {
  const auto trouble = [](const Request& request, std::size_t bytes) {
    const LoopbackServer server(on_our_cluster([&](const Seen&) { return Response{200, std::string(bytes, ' ')}; }));
    Bench bench({&server});
    const Answer answer = bench.ask_one(request);
    REQUIRE_FALSE(answer.deciding().outcome);
    return answer.deciding().outcome.error().cause;
  };
  const Request block_time = RpcRequest{"getBlockTime", Json::array({1})};
  CHECK(trouble(block_time, std::size_t{16} << 20) == "malformed");
  CHECK(trouble(block_time, (std::size_t{16} << 20) + 1) == "too-large");
  CHECK(trouble(code(1), 15'000'000) == "malformed");
  CHECK(trouble(code(1), 16'000'000) == "too-large");
  CHECK(trouble(whole(1), 16'000'000) == "too-large");
}

// A hundred accounts are one request, a hundred and one are two, and each account comes back as its own.
TEST_CASE("accounts travel together", "[live-rpc]") {
  const unsigned count = GENERATE(100U, 101U);
  const LoopbackServer server(chain_of(count));
  Bench bench({&server});
  const auto answers = bench.ask(account_requests(count));
  CHECK(batch_sizes(server) == (count == 100 ? std::vector<std::size_t>{100} : std::vector<std::size_t>{1, 100}));
  CHECK(server.seen("getGenesisHash").size() == 1);
  for (unsigned i = 0; i < count; ++i) {
    const Answer& answer = answers.at(key_of(whole(i)));
    CHECK(summary(answer) == std::vector<std::string>{"one: ok"});
    CHECK(account_in(answer, address(i)).bytes().size() == i + 1);
    CHECK(answer.deciding().slot == Slot{1000});
  }
}

// Ten thousand accounts that are wanted at once are a hundred requests of a hundred, and nobody is asked twice for one.
TEST_CASE("ten thousand accounts go out in hundreds", "[live-rpc]") {
  const LoopbackServer server(Chain{});
  Bench bench({&server});
  const auto answers = bench.ask(account_requests(10'000));
  CHECK(answers.size() == 10'000);
  CHECK(batch_sizes(server) == std::vector<std::size_t>(100, 100));
  std::set<std::string> asked;
  for (const Seen& seen : server.seen("getMultipleAccounts")) {
    const Json params = seen.params();
    for (const Json& address : params[0]) asked.insert(address.get<std::string>());
  }
  CHECK(asked.size() == 10'000);
}

// An account that does not exist is an answer, not a failure.
TEST_CASE("null is the absence of an account", "[live-rpc]") {
  const LoopbackServer server(Chain{});
  Bench bench({&server});
  const Answer answer = bench.ask_one(whole(1));
  CHECK(answer.deciding().outcome.value().head == Json{{"exists", false}});
}

// Whole accounts, each slice, and accounts with code go in requests of their own; equal slices go together.
TEST_CASE("requests are grouped by what is wanted", "[live-rpc]") {
  const LoopbackServer server(chain_of(9));
  Bench bench({&server});
  const auto answers =
      bench.ask({whole(0), whole(1), sliced(2, {0, 4}), sliced(3, {0, 4}), sliced(4, {1, 4}), code(5), code(6)});
  CHECK(batch_sizes(server) == std::vector<std::size_t>{1, 2, 2});
  REQUIRE(server.seen("getAccountInfo").size() == 2);
  for (const Seen& seen : server.seen("getAccountInfo")) CHECK(seen.params()[1]["encoding"] == "base64+zstd");
  for (const Seen& seen : server.seen("getMultipleAccounts")) {
    CHECK(seen.params()[1]["encoding"] == "base64");
    CHECK(seen.params()[1]["commitment"] == "finalized");
  }
  const Account slice = account_in(answers.at(key_of(sliced(3, {0, 4}))), address(3));
  CHECK(slice.space == 4);
  CHECK(slice.bytes().size() == 4);
}

// A provider that takes five accounts at once gets five at once, from then on without being told again.
TEST_CASE("batches shrink to what the provider takes", "[live-rpc]") {
  const Chain chain = chain_of(12);
  const LoopbackServer server(on_our_cluster([&](const Seen& seen) {
    if (seen.params()[0].size() > 5) return rpc_error(seen, -32602, "Too many inputs provided; max 5");
    return chain(seen);
  }));
  Bench bench({&server});
  const auto answers = bench.ask(account_requests(12));
  CHECK(batch_sizes(server) == std::vector<std::size_t>{2, 5, 5, 12});
  CHECK(summary(answers.at(key_of(whole(11)))) == std::vector<std::string>{"one: rpc-error", "one: ok"});
  CHECK(bench.passed() == std::chrono::milliseconds(0));
  bench.ask({whole(20), whole(21), whole(22), whole(23), whole(24), whole(25)});
  CHECK(batch_sizes(server) == std::vector<std::size_t>{1, 2, 5, 5, 5, 12});
}

// The limits of the endpoints file hold from the first request.
TEST_CASE("declared limits are kept", "[live-rpc]") {
  const LoopbackServer server(chain_of(7));
  Bench bench({&server});
  bench.options.endpoints.front().limits = {3, 1};
  bench.ask(account_requests(7));
  CHECK(batch_sizes(server) == std::vector<std::size_t>{1, 3, 3});
  CHECK(server.connections() == 1);
}

// A server without zstd is asked once; the code comes in base64 then, and the next one is asked for in base64 at once.
TEST_CASE("zstd falls back to base64", "[live-rpc]") {
  const Chain chain = chain_of(4);
  const LoopbackServer server(on_our_cluster([&](const Seen& seen) {
    if (seen.params()[1]["encoding"] == "base64+zstd") return rpc_error(seen, -32602, "unknown variant `base64+zstd`");
    return chain(seen);
  }));
  Bench bench({&server});
  const Answer first = bench.ask_one(code(2));
  CHECK(summary(first) == std::vector<std::string>{"one: rpc-error", "one: ok"});
  CHECK(account_in(first, address(2)).bytes().size() == 3);
  CHECK(summary(bench.ask_one(code(3))) == std::vector<std::string>{"one: ok"});
}

// Code arrives compressed and is recorded so.
TEST_CASE("zstd code arrives", "[live-rpc]") {
  const Bytes data = some_bytes(300'000);
  Bytes frame(ZSTD_compressBound(data.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), data.data(), data.size(), 1));
  const LoopbackServer server(on_our_cluster(
      [&](const Seen& seen) { return in_context(seen, account_json(to_base64(frame), "base64+zstd", data.size())); }));
  Bench bench({&server});
  const Answer answer = bench.ask_one(code(1));
  CHECK(*answer.deciding().outcome.value().body == frame);
  CHECK(account_in(answer, address(1)).bytes().size() == data.size());
}

// Once a slot was seen, later requests demand it, and a node that answers from before it is not believed.
TEST_CASE("slots never go backwards", "[live-rpc]") {
  Chain ahead = chain_of(2);
  const LoopbackServer server([&](const Seen& seen) {
    Chain chain = ahead;
    chain.slot = seen.params().size() == 2 && seen.params()[1].contains("minContextSlot") ? 999 : 1000;
    return chain(seen);
  });
  Bench bench({&server});
  CHECK(bench.ask_one(whole(0)).deciding().outcome.has_value());
  CHECK_FALSE(server.seen("getMultipleAccounts")[0].params()[1].contains("minContextSlot"));
  const Answer stale = bench.ask_one(whole(1));
  CHECK(server.seen("getMultipleAccounts")[1].params()[1]["minContextSlot"] == 1000);
  CHECK(summary(stale) == std::vector<std::string>(5, "one: behind"));
}

// One that makes up a slot makes nobody else late; one that is merely ahead is named.
TEST_CASE("a slot that cannot be is not believed", "[live-rpc]") {
  Chain mad = chain_of(2);
  mad.slot = 2'000'000'000;
  const LoopbackServer first(mad);
  const LoopbackServer second(chain_of(2));
  Bench bench({&first, &second});
  const Answer answer = bench.ask_one(whole(0));
  CHECK(summary(answer) == std::vector<std::string>{"one: malformed", "two: ok"});
  CHECK(all_text(answer).find("slot 2000000000, which no cluster can have reached") != std::string::npos);
  CHECK(summary(bench.ask_one(whole(1))) == std::vector<std::string>{"one: malformed", "two: ok"});
}

TEST_CASE("who was ahead of a node that is behind is named", "[live-rpc]") {
  Chain ahead = chain_of(1);
  ahead.slot = 900'000'000;
  const LoopbackServer first([&](const Seen& seen) {
    return seen.method() == "getProgramAccounts" ? rpc_error(seen, -32601, "Method not found") : ahead(seen);
  });
  const LoopbackServer second(on_our_cluster([](const Seen& seen) { return in_context(seen, Json::array(), 1000); }));
  Bench bench({&first, &second});
  bench.ask_one(whole(0));
  const Answer answer = bench.ask_one(RpcRequest{"getProgramAccounts", Json::array({"x"})});
  CHECK(summary(answer).back() == "two: behind");
  CHECK(all_text(answer).find("endpoint one answered from slot 900000000") != std::string::npos);
}

// A search on a node that lags does not find what is new.
TEST_CASE("slots of searches never go backwards", "[live-rpc]") {
  Chain chain = chain_of(1);
  const LoopbackServer server([&](const Seen& seen) {
    return seen.method() == "getProgramAccounts" ? in_context(seen, Json::array(), 999) : chain(seen);
  });
  Bench bench({&server});
  const Request search = RpcRequest{"getProgramAccounts", Json::array({"x"})};
  CHECK(summary(bench.ask_one(whole(0))) == std::vector<std::string>{"one: ok"});
  CHECK(summary(bench.ask_one(search)) == std::vector<std::string>(5, "one: behind"));
}

// Any other question goes out with its params as they are; its slot is known when the result has a context.
TEST_CASE("rpc requests", "[live-rpc]") {
  const LoopbackServer server(on_our_cluster([](const Seen& seen) {
    return seen.method() == "getEpochInfo" ? result(seen, {{"epoch", 930}}) : in_context(seen, true, 4321);
  }));
  Bench bench({&server});
  const Json params = Json::array({"hash", {{"commitment", "finalized"}}});
  const Answer valid = bench.ask_one(RpcRequest{"isBlockhashValid", params});
  CHECK(valid.deciding().outcome.value().head["result"]["value"] == true);
  CHECK(valid.deciding().slot == Slot{4321});
  CHECK(server.seen("isBlockhashValid")[0].params() == params);
  const Answer epoch = bench.ask_one(RpcRequest{"getEpochInfo", Json::array()});
  CHECK(epoch.deciding().outcome.value().head == Json{{"result", {{"epoch", 930}}}});
  CHECK_FALSE(epoch.deciding().slot.has_value());
}

// A probe goes to the endpoint that it names; the endpoint's own error is what it says of itself.
TEST_CASE("probes", "[live-rpc]") {
  const LoopbackServer first(Chain{});
  const LoopbackServer second([](const Seen& seen) {
    return seen.method() == "getHealth" ? rpc_error(seen, -32005, "Node is behind by 42 slots") : result(seen, 7);
  });
  Bench bench({&first, &second});
  const auto answers =
      bench.ask({ProbeRequest{"two", "getHealth"}, ProbeRequest{"two", "getSlot"}, ProbeRequest{"nine", "getSlot"}});
  CHECK(answers.at(key_of(ProbeRequest{"two", "getHealth"})).deciding().outcome.value().head ==
        Json{{"error", {{"code", -32005}, {"message", "Node is behind by 42 slots"}}}});
  CHECK(answers.at(key_of(ProbeRequest{"two", "getSlot"})).deciding().outcome.value().head == Json{{"result", 7}});
  CHECK(summary(answers.at(key_of(ProbeRequest{"nine", "getSlot"}))) == std::vector<std::string>{"nine: no-endpoint"});
  CHECK(first.seen().empty());
  CHECK(second.seen("getGenesisHash").empty());
}

// How the connection is protected is told where it is asked for, beside a result as beside an error, and only there.
TEST_CASE("probes tell of their connection", "[live-rpc]") {
  const LoopbackServer server([](const Seen& seen) {
    return seen.method() == "getHealth" ? rpc_error(seen, -32005, "Node is behind by 42 slots") : result(seen, 7);
  });
  Bench bench({&server});
  const Json plain = {{"plain", "on this machine"}};
  const auto asked = [&](const std::string& method) {
    ProbeRequest request{"one", method};
    request.with_certificate = true;
    return bench.ask_one(request).deciding().outcome.value().head;
  };
  CHECK(asked("getSlot") == Json{{"connection", plain}, {"result", 7}});
  CHECK(asked("getHealth")["connection"] == plain);
  CHECK(asked("getHealth")["error"]["code"] == -32005);
  CHECK(bench.ask_one(ProbeRequest{"one", "getSlot"}).deciding().outcome.value().head == Json{{"result", 7}});
}

// A probe measures: trouble of the transport and rate limits are not tried again and not asked elsewhere.
TEST_CASE("probes are tried once", "[live-rpc]") {
  const LoopbackServer healthy(Chain{});
  const LoopbackServer busy([](const Seen&) { return Response{503, ""}; });
  const LoopbackServer limited(
      [](const Seen&) { return Response{200, R"({"error":{"code":-32429,"message":"rate limited"}})"}; });
  Bench bench({&healthy, &busy, &limited});
  bench.add_endpoint(closed_url());
  CHECK(summary(bench.ask_one(ProbeRequest{"two", "getSlot"})) == std::vector<std::string>{"two: http-status"});
  CHECK(summary(bench.ask_one(ProbeRequest{"three", "getSlot"})) == std::vector<std::string>{"three: rate-limited"});
  CHECK(summary(bench.ask_one(ProbeRequest{"four", "getSlot"})) == std::vector<std::string>{"four: unreachable"});
  CHECK(busy.seen().size() == 1);
  CHECK(healthy.seen().empty());
}

// The list of endpoints needs no network and names no URL. With it stands the cluster that they are asked for.
TEST_CASE("the endpoints of a run", "[live-rpc]") {
  Bench bench({});
  bench.add_endpoint("https://s3cret.example/s3cret");
  bench.options.endpoints.front().provider = "acme";
  const Json genesis_hash = GENERATE(Json(our_genesis), Json());
  if (genesis_hash.is_null()) bench.options.genesis_hash.reset();
  const Answer answer = bench.ask_one(EndpointsRequest{});
  const Json expected = Json::array({{{"name", "one"}, {"provider", "acme"}, {"role", nullptr}}});
  CHECK(answer.deciding().outcome.value().head ==
        Json{{"endpoints", expected},
             {"genesisHash", genesis_hash},
             {"quorum", {{"needed", 1}, {"voters", Json::array({Json::array({"one"})})}}}});
}

// Requests that are asked while others are under way share connections and are all answered.
TEST_CASE("connections are kept", "[live-rpc]") {
  const LoopbackServer server(chain_of(3));
  Bench bench({&server});
  bench.ask({whole(0)});
  const unsigned connections = server.connections();
  bench.ask({whole(1)});
  bench.ask({whole(2)});
  CHECK(server.connections() == connections);
}

// Without anything under way there is nothing to wait for.
TEST_CASE("next returns when nothing is under way", "[live-rpc]") {
  Bench bench({});
  CHECK(bench.source().next().empty());
}

// What is decided live is what the evidence holds: a number has the form in which it will be read back.
TEST_CASE("numbers of an answer are those of its record", "[live-rpc]") {
  const LoopbackServer server(on_our_cluster([](const Seen& seen) {
    const std::string id = std::to_string(seen.id());
    return Response{200, R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":[-0.0,1e22,1.0,0.10,18446744073709551615]})"};
  }));
  Bench bench({&server});
  const Request question = GENERATE(Request(ProbeRequest{"one", "getHealth"}), Request(RpcRequest{"getHealth"}));
  const Json head = bench.ask_one(question).deciding().outcome.value().head;
  CHECK(head.dump() == R"({"result":[0,1e+22,1,0.1,18446744073709551615]})");
  CHECK(head.dump() == parse_json(exact_json(head), "")->dump());
}

// What no record could be read back from is no answer.
TEST_CASE("an answer that nests too deep for a record is malformed", "[live-rpc]") {
  const std::string result = std::string(62, '[') + std::string(62, ']');
  const LoopbackServer server(on_our_cluster([&](const Seen& seen) {
    return Response{200, R"({"jsonrpc":"2.0","id":)" + std::to_string(seen.id()) + ",\"result\":" + result + "}"};
  }));
  Bench bench({&server});
  CHECK(summary(bench.ask_one(ProbeRequest{"one", "getHealth"})) == std::vector<std::string>{"one: malformed"});
}
