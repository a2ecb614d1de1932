// What happens when endpoints fail: another try, another endpoint, a deadline, and never a secret in what is said.
#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;
using std::chrono::milliseconds;

namespace {

const Request request = AccountRequest{address(1), std::nullopt, false};
using Lines = std::vector<std::string>;

// A server on our cluster that answers everything else with one response, the first `times` times.
struct Failing {
  Response response;
  unsigned times = 1000;
  unsigned count = 0;

  Response operator()(const Seen& seen) {
    if (seen.method() == "getGenesisHash") return result(seen, our_genesis);
    if (count++ < times) return response;
    return Chain{}(seen);
  }
};

Response page(int status, std::string body = {}) { return {status, std::move(body)}; }

Response with_headers(int status, std::vector<std::string> headers) { return {status, "", std::move(headers)}; }

Response raw(std::string bytes) {
  Response response;
  response.raw = std::move(bytes);
  response.closes = true;
  return response;
}

Response silence() {
  Response response;
  response.hangs = true;
  return response;
}

}  // namespace

// A server that fails twice in passing is asked three times, after waits that double.
TEST_CASE("transient faults are tried again", "[live-rpc]") {
  const LoopbackServer server(Failing{page(502, "<html>"), 2});
  Bench bench({&server});
  CHECK(summary(bench.ask_one(request)) == Lines{"one: http-status", "one: http-status", "one: ok"});
  CHECK(bench.passed() == milliseconds(250 + 500));
}

// After its attempts the next endpoint is asked, and later requests begin with that one.
TEST_CASE("the next endpoint takes over", "[live-rpc]") {
  const LoopbackServer bad(Failing{page(500)});
  const LoopbackServer good(Chain{});
  Bench bench({&bad, &good});
  CHECK(summary(bench.ask_one(request)) ==
        Lines{"one: http-status", "one: http-status", "one: http-status", "two: ok"});
  CHECK(summary(bench.ask_one(AccountRequest{address(2), {}, false})) == Lines{"two: ok"});
}

// An endpoint at which nobody listens is tried again, then left.
TEST_CASE("connection refused", "[live-rpc]") {
  const LoopbackServer good(Chain{});
  Bench bench({});
  bench.add_endpoint(closed_url());
  bench.add_endpoint(good.url());
  const Answer answer = bench.ask_one(request);
  CHECK(answer.observations.back().from == "two");
  CHECK(answer.deciding().outcome.has_value());
  CHECK(summary(answer).front() == "one: unreachable");
}

// Retry-After is kept, in seconds and as a date, and an absurd one is cut to the cap.
TEST_CASE("429 with Retry-After", "[live-rpc]") {
  struct Row {
    const char* header;
    milliseconds wait;
  };
  // The virtual wall clock begins at 2026-09-21T14:13:20Z.
  const Row row = GENERATE(values<Row>({{"Retry-After: 7", milliseconds(7000)},
                                        {"retry-after: Mon, 21 Sep 2026 14:13:25 GMT", milliseconds(5000)},
                                        {"Retry-After: 86400", milliseconds(15000)},
                                        {"Retry-After: soon", milliseconds(250)},
                                        {"X-Nothing: 1", milliseconds(250)}}));
  INFO(row.header);
  const LoopbackServer server(Failing{with_headers(429, {row.header}), 1});
  Bench bench({&server});
  CHECK(summary(bench.ask_one(request)) == Lines{"one: rate-limited", "one: ok"});
  CHECK(bench.passed() == row.wait);
}

// A server that asks for a wait gets no other request in the meantime either.
TEST_CASE("Retry-After holds for the whole endpoint", "[live-rpc]") {
  const LoopbackServer server(Failing{with_headers(429, {"Retry-After: 7"}), 1});
  Bench bench({&server});
  bench.options.endpoints.front().limits.requests_at_once = 1;
  const Time begin = bench.options.seams.wall_clock();
  const Request other = AccountRequest{address(2), Slice{0, 1}, false};
  const auto answers = bench.ask({request, other});
  CHECK(summary(answers.at(key_of(request))) == Lines{"one: rate-limited", "one: ok"});
  CHECK(summary(answers.at(key_of(other))) == Lines{"one: ok"});
  CHECK(answers.at(key_of(other)).deciding().at == begin + milliseconds(7000));
}

// What a server asks to wait for is not waited for beyond the run's own deadline: the failure is told at once.
TEST_CASE("Retry-After beyond the deadline is not waited for", "[live-rpc]") {
  const LoopbackServer server(Failing{with_headers(429, {"Retry-After: 7"})});
  Bench bench({&server});
  bench.options.total_deadline = milliseconds(5000);
  CHECK(summary(bench.ask_one(request)) == Lines{"one: rate-limited"});
  CHECK(bench.passed() == milliseconds(0));
}

// A server that is down for maintenance says when it will be back, and is not asked before.
TEST_CASE("503 with Retry-After", "[live-rpc]") {
  const LoopbackServer server(Failing{with_headers(503, {"Retry-After: Mon, 21 Sep 2026 14:13:29 GMT"}), 1});
  Bench bench({&server});
  CHECK(summary(bench.ask_one(request)) == Lines{"one: http-status", "one: ok"});
  CHECK(bench.passed() == milliseconds(9000));
}

// Waits double until the least of them is as long as the longest that is allowed; chance takes away half at most.
TEST_CASE("the waits between attempts", "[live-rpc]") {
  const LoopbackServer server(Failing{page(503)});
  const auto waited = [&](double chance) {
    Bench bench({&server});
    bench.options.seams.chance = [chance] { return chance; };
    bench.options.retry.attempts_per_endpoint = 5;
    bench.options.retry.delay_max = milliseconds(1000);
    bench.ask_one(request);
    return bench.passed();
  };
  CHECK(waited(1.0) == milliseconds(250 + 500 + 1000 + 1000));
  CHECK(waited(0.0) == milliseconds(125 + 250 + 500 + 500));
}

namespace {

// A server that is at slot 1000 for the first account, and for later ones has not reached that before `attempts` tries.
struct Lagging {
  unsigned attempts = 0;
  bool admits = true;  // with -32016, or else by answering from an older slot
  std::shared_ptr<unsigned> tries = std::make_shared<unsigned>(0);

  Response operator()(const Seen& seen) const {
    const bool is_later = seen.params().size() == 2 && seen.params()[1].contains("minContextSlot");
    if (!is_later || ++*tries > attempts) return Chain{}(seen);
    if (admits) return rpc_error(seen, -32016, "Minimum context slot has not been reached");
    Chain older;
    older.slot = 999;
    return older(seen);
  }
};

}  // namespace

// A node that is a few slots behind is waited for, longer than other troubles are, and no longer than its own bound.
// Then another one is asked.
TEST_CASE("a node that lacks the slot is waited for", "[live-rpc]") {
  const bool admits = GENERATE(true, false);
  const Request later = AccountRequest{address(2), {}, false};
  SECTION("until it has it") {
    const LoopbackServer server(Lagging{4, admits});
    Bench bench({&server});
    bench.options.retry.retries_max = 0;
    bench.ask_one(request);
    const Answer answer = bench.ask_one(later);
    CHECK(summary(answer) == Lines{"one: behind", "one: behind", "one: behind", "one: behind", "one: ok"});
    CHECK(bench.passed() == milliseconds(250 + 500 + 1000 + 1250));
  }
  SECTION("and then left") {
    const LoopbackServer server(Lagging{1000, admits});
    const LoopbackServer other(Chain{});
    Bench bench({&server, &other});
    bench.ask_one(request);
    const Answer answer = bench.ask_one(later);
    CHECK(summary(answer).back() == "two: ok");
    CHECK(bench.passed() == milliseconds(3000));
  }
  SECTION("not beyond the deadline") {
    const LoopbackServer server(Lagging{1000, admits});
    Bench bench({&server});
    bench.options.total_deadline = milliseconds(1000);
    bench.ask_one(request);
    CHECK(summary(bench.ask_one(later)).back() == "one: timeout");
    CHECK(bench.passed() == milliseconds(1000));
  }
}

// A definite answer is not asked for again, here or elsewhere.
TEST_CASE("definite errors end the matter", "[live-rpc]") {
  const LoopbackServer first(
      on_our_cluster([](const Seen& seen) { return rpc_error(seen, -32009, "Slot 5 was skipped"); }));
  const LoopbackServer second(Chain{});
  Bench bench({&first, &second});
  const Answer answer = bench.ask_one(RpcRequest{"getBlockTime", Json::array({5})});
  CHECK(summary(answer) == Lines{"one: pruned"});
  CHECK(answer.deciding().outcome.error().retry == Retry::never);
  CHECK(second.seen().empty());
}

// What one endpoint cannot do another may: no second try here, one there.
TEST_CASE("errors of one endpoint go elsewhere", "[live-rpc]") {
  const Response response =
      GENERATE(page(401), page(403), page(404), page(413), with_headers(302, {"Location: http://h/"}),
               page(200, "<html>"), page(200), page(204), page(200, "{}"));
  const LoopbackServer first(Failing{response});
  const LoopbackServer second(Chain{});
  Bench bench({&first, &second});
  const Answer answer = bench.ask_one(request);
  REQUIRE(answer.observations.size() == 2);
  CHECK(answer.observations[0].from == "one");
  CHECK_FALSE(answer.observations[0].outcome.has_value());
  CHECK(answer.deciding().outcome.has_value());
  CHECK(first.seen("getMultipleAccounts").size() == 1);
  CHECK(bench.passed() == milliseconds(0));
}

// Codes that blame the request are also how a provider refuses its customer: another endpoint may answer. When all say
// so, that is the answer.
TEST_CASE("a request that one endpoint calls invalid goes elsewhere", "[live-rpc]") {
  const std::int64_t code = GENERATE(-32700, -32600, -32602);
  const auto refusing =
      on_our_cluster([code](const Seen& seen) { return rpc_error(seen, code, "API key is not allowed"); });
  const LoopbackServer first(refusing);
  SECTION("and is answered") {
    const LoopbackServer second(Chain{});
    CHECK(summary(Bench({&first, &second}).ask_one(request)) == Lines{"one: rpc-error", "two: ok"});
  }
  SECTION("and is refused everywhere") {
    const LoopbackServer second(refusing);
    const Answer answer = Bench({&first, &second}).ask_one(request);
    CHECK(summary(answer) == Lines{"one: rpc-error", "two: rpc-error"});
    CHECK(answer.deciding().outcome.error().what.find("API key is not allowed") != std::string::npos);
  }
}

// A redirect is not followed, not even to the same server.
TEST_CASE("redirects are refused", "[live-rpc]") {
  const LoopbackServer target(Chain{});
  const LoopbackServer server(Failing{with_headers(307, {"Location: " + target.url()})});
  Bench bench({&server});
  const Answer answer = bench.ask_one(request);
  CHECK(answer.deciding().outcome.error().what.find("redirect") != std::string::npos);
  CHECK(target.seen().empty());
}

// Of several accounts in one answer only the bad one is asked of somebody else.
TEST_CASE("one bad account spoils no others", "[live-rpc]") {
  const LoopbackServer first(on_our_cluster([](const Seen& seen) {
    Json values = Json::array();
    const Json names = seen.params()[0];
    for (const Json& name : names) {
      values.push_back(name == to_string(address(1)) ? account_json("AAAA", "base64", 99)
                                                     : account_json(some_bytes(3)));
    }
    return in_context(seen, values);
  }));
  const LoopbackServer second(Chain{});
  Bench bench({&first, &second});
  const auto answers = bench.ask(account_requests(3));
  CHECK(summary(answers.at(key_of(request))) == Lines{"one: malformed", "two: ok"});
  CHECK(answers.at(key_of(request)).observations[0].outcome.error().what.find(to_string(address(1))) !=
        std::string::npos);
  CHECK(summary(answers.at(key_of(AccountRequest{address(2), {}, false}))) == Lines{"one: ok"});
  CHECK(second.seen("getMultipleAccounts")[0].params()[0].size() == 1);
}

// A server that says nothing is left for the next one as soon as one attempt ran out of time.
TEST_CASE("a silent endpoint costs one attempt", "[live-rpc]") {
  const LoopbackServer silent(Failing{silence()});
  const LoopbackServer good(Chain{});
  // Of a short run that is a third, so that there is time to ask another one.
  const auto [total, attempt] = GENERATE(table<int, int>({{60'000, 10'000}, {12'000, 4000}, {5000, 3000}}));
  Bench bench({&silent, &good});
  bench.options.total_deadline = milliseconds(total);
  CHECK(summary(bench.ask_one(request)) == Lines{"one: timeout", "two: ok"});
  CHECK(bench.passed() == milliseconds(attempt));
}

// The last one that is left has as long as if it were the only one.
TEST_CASE("nobody is hurried for the sake of those who were asked", "[live-rpc]") {
  const LoopbackServer first(Failing{silence()});
  const bool tells_its_cluster = GENERATE(true, false);
  const LoopbackServer::Handler silent = [](const Seen&) { return silence(); };
  const LoopbackServer second(tells_its_cluster ? LoopbackServer::Handler(Failing{silence()}) : silent);
  Bench bench({&first, &second});
  bench.options.total_deadline = milliseconds(12'000);
  const Answer answer = bench.ask_one(request);
  CHECK(answer.observations.front().outcome.error().what == "it gave no whole answer within 4 s");
  CHECK(bench.passed() == milliseconds(12'000));
}

// What a silent endpoint was asked delays nobody who did not ask it.
TEST_CASE("a silent endpoint delays only those who asked it", "[live-rpc]") {
  const LoopbackServer good(Chain{});
  const LoopbackServer silent(Failing{silence()});
  Bench bench({&good, &silent});
  bench.source().ask({ProbeRequest{"two", "getSlot"}, request});
  const auto first = bench.source().next();
  REQUIRE(first.size() == 1);
  CHECK(key_of(first[0].request) == key_of(request));
  CHECK(bench.passed() == milliseconds(0));
  CHECK(summary(bench.source().next().at(0).answer) == Lines{"two: timeout"});
}

// What only one endpoint can be asked has a third of a short run where there are others: what they are asked once all
// are known must not wait for it to the end. With nobody else there is nothing to save the time for.
TEST_CASE("a probe that nobody answers leaves time in a short run", "[live-rpc]") {
  const LoopbackServer silent(Failing{silence()});
  const LoopbackServer good(Chain{});
  const auto passed_with = [](const std::vector<const LoopbackServer*>& servers) {
    Bench bench(servers);
    bench.options.total_deadline = milliseconds(12'000);
    bench.options.retry.retries_max = 0;
    CHECK(summary(bench.ask_one(ProbeRequest{"one", "getSlot"})) == Lines{"one: timeout"});
    return bench.passed();
  };
  CHECK(passed_with({&silent, &good}) == milliseconds(4000));
  CHECK(passed_with({&silent}) == milliseconds(10'000));
}

// Everything ends at the run's total deadline, and later requests are answered with it at once.
TEST_CASE("the total deadline", "[live-rpc]") {
  const LoopbackServer silent([](const Seen&) { return silence(); });
  Bench bench({&silent});
  bench.options.attempt_deadline = std::chrono::hours(1);
  const Answer answer = bench.ask_one(request);
  CHECK(summary(answer) == Lines{"one: timeout"});
  CHECK(answer.deciding().outcome.error().what ==
        "no answer within the 1 min that the run has for all its requests (--timeout)");
  CHECK(bench.passed() == milliseconds(60'000));
  const std::size_t seen = silent.seen().size();
  CHECK(summary(bench.ask_one(AccountRequest{address(2), {}, false})) == Lines{"one: timeout"});
  CHECK(silent.seen().size() == seen);
}

namespace {

// A transport on a clock of its own, over which one answer arrives piece by piece: `bytes_a_second`, until `stops`.
struct SlowTransport final : Transport {
  using Instant = std::chrono::steady_clock::time_point;
  struct Line {
    std::uint64_t bytes_a_second = 0;
    std::chrono::seconds stops{0};
    std::chrono::seconds ends{0};  // never, when it stops before
    Instant now{};
    unsigned started = 0;
  };

  explicit SlowTransport(std::shared_ptr<Line> shared) : line(std::move(shared)) {}

  void start(std::uint64_t id, HttpRequest) override {
    under_way = id;
    since = line->now;
    ++line->started;
  }
  void cancel(std::uint64_t) override { under_way.reset(); }
  std::uint64_t received(std::uint64_t) const override {
    const auto span = std::min<Instant::duration>(line->now - since, line->stops);
    return line->bytes_a_second * static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(span).count()) /
           1000;
  }
  std::vector<HttpFinished> wait(milliseconds at_most) override {
    line->now += at_most;
    if (!under_way || line->stops < line->ends || line->now - since < line->ends) return {};
    const std::string body = R"({"jsonrpc":"2.0","id":)" + std::to_string(*under_way) + R"(,"result":5})";
    return {{*std::exchange(under_way, std::nullopt), HttpResponse{200, "application/json", {}, body}, {}}};
  }

  std::shared_ptr<Line> line;
  std::optional<std::uint64_t> under_way;
  Instant since{};
};

Answer asked_over(const std::shared_ptr<SlowTransport::Line>& line, RpcBudget budget = {}) {
  RpcOptions options;
  options.budget = budget;
  options.endpoints.push_back({"one", {}, {}, Url::parse_http("http://h").value(), {}, {}, {}});
  options.retry.attempts_per_endpoint = 1;
  options.seams.now = [line] { return line->now; };
  options.seams.transport = [line] { return std::make_unique<SlowTransport>(line); };
  RpcSource source(options);
  source.ask({RpcRequest{"getSlot"}});
  return source.next().at(0).answer;
}

milliseconds passed(const SlowTransport::Line& line) {
  return std::chrono::duration_cast<milliseconds>(line.now.time_since_epoch());
}

}  // namespace

// The deadline of an attempt is for a silent endpoint: one that keeps sending is heard out.
TEST_CASE("a slow answer that keeps arriving is waited for", "[live-rpc]") {
  using std::chrono::seconds;
  const auto line = std::make_shared<SlowTransport::Line>();
  line->bytes_a_second = 20'000;
  SECTION("to its end") {
    line->stops = line->ends = seconds(45);
    CHECK(summary(asked_over(line)) == Lines{"one: ok"});
    CHECK(line->started == 1);
  }
  SECTION("until it stops") {
    line->stops = seconds(7);
    line->ends = seconds(45);
    const Answer answer = asked_over(line);
    CHECK(summary(answer) == Lines{"one: timeout"});
    CHECK(answer.deciding().outcome.error().what.find("stopped arriving") != std::string::npos);
    CHECK(passed(*line) >= seconds(16));
    CHECK(passed(*line) <= seconds(18));
  }
  SECTION("until the run has no more time") {
    line->stops = line->ends = seconds(1000);
    CHECK(summary(asked_over(line)) == Lines{"one: timeout"});
    CHECK(passed(*line) == seconds(60));
  }
  SECTION("until it brought all that the run may receive") {
    line->stops = line->ends = seconds(1000);
    CHECK(summary(asked_over(line, {.requests_max = 1, .bytes_max = 100'000})) == Lines{"one: over-budget"});
    CHECK(passed(*line) >= seconds(5));
    CHECK(passed(*line) < seconds(6));
  }
  SECTION("unless it only drips, to hold the run up") {
    line->bytes_a_second = 100;
    line->stops = line->ends = seconds(45);
    CHECK(summary(asked_over(line)) == Lines{"one: timeout"});
    CHECK(passed(*line) == seconds(10));
  }
}

// The budget of retries is the run's, not the request's.
TEST_CASE("the retry budget", "[live-rpc]") {
  const LoopbackServer server(Failing{page(503)});
  Bench bench({&server});
  bench.options.retry.retries_max = 3;
  bench.ask({RpcRequest{"getSlot", Json::array()}, RpcRequest{"getEpochInfo", Json::array()},
             RpcRequest{"getBlockHeight", Json::array()}});
  CHECK(server.seen().size() == 1 + 3 + 3);
}

// An interrupt ends the waiting with nothing.
TEST_CASE("an interrupt ends next", "[live-rpc]") {
  const LoopbackServer silent([](const Seen&) { return silence(); });
  Bench bench({&silent});
  unsigned asked = 0;
  bench.options.interrupted = [&asked] { return ++asked > 2; };
  bench.source().ask({request});
  CHECK(bench.source().next().empty());
  CHECK(bench.passed() <= milliseconds(200));
}

// An answer that breaks off, lies about its length or is none of HTTP is never parsed.
TEST_CASE("broken answers", "[live-rpc]") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  const std::string body = R"({"jsonrpc":"2.0","id":1,"result":null})";
  struct Row {
    std::string bytes;
    std::string cause;
  };
  const std::vector<Row> rows{
      {head + "Content-Length: 500\r\n\r\n" + body, "unreachable"},
      {head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + body, "malformed"},
      {head + "Content-Length: 99999999999999999999\r\n\r\n" + body, "too-large"},
      {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"jso", "unreachable"},
      {head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}", "malformed"},
      {head + "X: " + std::string(400'000, 'x') + "\r\n\r\n", "too-large"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "malformed"},
      {head.substr(0, 20), "not-json-rpc"},
  };
  for (const Row& row : rows) {
    const LoopbackServer server(Failing{raw(row.bytes)});
    Bench bench({&server});
    const Answer answer = bench.ask_one(request);
    INFO(row.bytes.substr(0, 120) << "\n" << all_text(answer));
    REQUIRE_FALSE(answer.deciding().outcome.has_value());
    CHECK(answer.deciding().outcome.error().cause == row.cause);
  }
}

// A message is cut only after it was looked through, so that no part of a secret is left where the cut falls.
TEST_CASE("a secret across the end of a long message is taken out", "[live-rpc]") {
  for (std::size_t before = 240; before <= 400; before += 4) {
    const std::string message = std::string(before, '-') + "p4thsecretkey is not allowed";
    const LoopbackServer server(Failing{page(200, R"({"error":{"code":-32602,"message":")" + message + "\"}}")});
    Bench bench({});
    bench.add_endpoint(server.url() + "/p4thsecretkey");
    const std::string text = all_text(bench.ask_one(request));
    INFO(text);
    CHECK(text.find("-32602") != std::string::npos);
    CHECK(text.find("p4th") == std::string::npos);
  }
}

// Whatever part of an endpoint is secret, and wherever a server repeats it: it is in no answer.
TEST_CASE("no secret in any answer", "[live-rpc]") {
  const std::string secrets =
      "127.0.0.1 us3rname p4ssword dXMzcm5hbWU6cDRzc3dvcmQ= p4thsecret qu3rysecret h34dersecret";
  const Response response = GENERATE_COPY(
      page(500, secrets), page(200, secrets), page(200, "{\"" + secrets + "\":"), page(403, "<html>" + secrets),
      page(200, R"({"error":{"code":-32603,"message":")" + secrets + "\"}}"),
      page(400, R"({"error":{"code":-31000,"message":")" + secrets + "\"}}"),
      with_headers(302, {"Location: http://" + secrets}),
      raw("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + secrets), raw(secrets + "\r\n"), page(200, ""));
  const LoopbackServer server([&](const Seen& seen) {
    if (seen.method() == "getGenesisHash") return result(seen, our_genesis);
    if (seen.method() == "getVersion") return result(seen, {{secrets, secrets}});
    if (seen.method() == "getHealth") return rpc_error(seen, -32005, secrets);
    return response;
  });
  const LoopbackServer elsewhere([&](const Seen& seen) { return result(seen, secrets); });
  Bench bench({});
  for (const LoopbackServer* one : {&server, &elsewhere}) {
    const std::string port = one->url().substr(one->url().rfind(':'));
    bench.add_endpoint("http://us3rname:p4ssword@127.0.0.1" + port + "/p4thsecret?api-key=qu3rysecret");
    bench.options.endpoints.back().headers = {{"x-key", "h34dersecret"}};
  }
  const auto answers =
      bench.ask({request, RpcRequest{"getSlot", Json::array()}, RpcRequest{"getVersion", Json::array()},
                 ProbeRequest{"one", "getHealth"}, ProbeRequest{"one", "getSlot"}, ProbeRequest{"two", "getIdentity"},
                 EndpointsRequest{}});
  CHECK(server.seen()[0].head.find("h34dersecret") != std::string::npos);
  CHECK(server.seen()[0].head.find("qu3rysecret") != std::string::npos);
  for (const auto& [key, answer] : answers) {
    const std::string text = all_text(answer);
    INFO(key << ": " << text);
    for (const char* secret : {"127.0.0.1", "us3rname", "p4ssword", "dXMzcm5hbWU6cDRzc3dvcmQ", "p4thsecret",
                               "qu3rysecret", "h34dersecret"}) {
      CHECK(text.find(secret) == std::string::npos);
    }
  }
}
