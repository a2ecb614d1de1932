// What a run would send before anything is answered is known without sending it.
#include "sources/rehearsal.hpp"

#include <unistd.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

/// A folder with one file, for as long as this lives.
class ReleaseFolder {
 public:
  ReleaseFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "readyctl-rehearsal-XXXXXX").string();
    path = ::mkdtemp(name.data());
    std::ofstream(path / "artifact.so") << "code";
  }
  ~ReleaseFolder() { std::filesystem::remove_all(path); }
  ReleaseFolder(const ReleaseFolder&) = delete;
  ReleaseFolder& operator=(const ReleaseFolder&) = delete;

  std::filesystem::path path;
};

std::vector<std::string> methods(const std::vector<FirstCall>& calls) {
  std::vector<std::string> names;
  for (const FirstCall& call : calls) names.push_back(call.endpoint + " " + call.method);
  return names;
}

std::vector<std::size_t> account_counts(const std::vector<FirstCall>& calls) {
  std::vector<std::size_t> counts;
  for (const FirstCall& call : calls) {
    if (!call.accounts.empty()) counts.push_back(call.accounts.size());
  }
  return counts;
}

/// A rehearsal over these servers, none of which may be asked.
struct Stage {
  explicit Stage(const std::vector<const LoopbackServer*>& servers) : bench(servers) {
    rehearsal = Rehearsal::open({bench.options, folder.path}).value();
  }

  /// Asks, and goes on until only an endpoint could answer. What was answered.
  std::vector<Answered> ask(std::vector<Request> requests) {
    rehearsal->ask(std::move(requests));
    std::vector<Answered> all;
    while (!rehearsal->is_over()) {
      for (Answered& one : rehearsal->next()) all.push_back(std::move(one));
    }
    return all;
  }

  ReleaseFolder folder;
  Bench bench;
  std::unique_ptr<Rehearsal> rehearsal;
};

}  // namespace

// A hundred accounts are one request, a hundred and one are two, and the cluster is asked for once, before them.
TEST_CASE("a rehearsal batches as a run does", "[rehearsal]") {
  const LoopbackServer server(Chain{});
  Stage stage({&server});
  CHECK(stage.ask(account_requests(101)).empty());
  const std::string many = "one getMultipleAccounts";
  CHECK(methods(stage.rehearsal->calls()) == std::vector<std::string>{"one getGenesisHash", many, many});
  REQUIRE(account_counts(stage.rehearsal->calls()) == std::vector<std::size_t>{100, 1});
  CHECK(stage.rehearsal->calls()[2].accounts == std::vector<std::string>{to_string(address(100))});
}

// Nobody is connected to, let alone asked.
TEST_CASE("a rehearsal sends nothing", "[rehearsal]") {
  const LoopbackServer server(Chain{});
  Stage stage({&server});
  stage.ask(account_requests(3));
  CHECK(stage.rehearsal->calls().size() == 2);
  CHECK(server.connections() == 0);
}

// The same bytes that a source sends which is answered by nobody.
TEST_CASE("a rehearsal writes what a run sends", "[rehearsal]") {
  std::vector<Request> requests = account_requests(150);
  for (unsigned i = 150; i < 160; ++i) requests.emplace_back(AccountRequest{address(i), Slice{0, 45}, false});
  requests.emplace_back(AccountRequest{address(200), std::nullopt, true});
  requests.emplace_back(RpcRequest{"getSignaturesForAddress", Json::array({to_string(address(1))})});
  requests.emplace_back(ProbeRequest{"two", "getHealth"});

  const auto hang = [](const Seen&) {
    Response nothing;
    nothing.hangs = true;
    return nothing;
  };
  const LoopbackServer one(hang);
  const LoopbackServer two(hang);
  Stage stage({&one, &two});
  stage.ask(requests);

  Bench bench({&one, &two});
  bench.ask(requests);
  std::vector<std::string> sent;
  for (const auto* server : {&one, &two}) {
    for (const Seen& seen : server->seen()) sent.push_back(seen.method() + " " + std::to_string(seen.text.size()));
  }
  std::vector<std::string> foretold;
  for (const FirstCall& call : stage.rehearsal->calls()) {
    foretold.push_back(call.method + " " + std::to_string(call.sent_bytes));
  }
  CHECK(foretold.size() == 7);
  // The bench goes on to the second endpoint once the first has been silent for too long.
  for (const std::string& call : foretold) CHECK(std::count(sent.begin(), sent.end(), call) >= 1);
  std::vector<std::string> to_one;
  for (const FirstCall& call : stage.rehearsal->calls()) {
    if (call.endpoint == "one") to_one.push_back(call.method + " " + std::to_string(call.sent_bytes));
  }
  std::vector<std::string> sent_to_one;
  for (const Seen& seen : one.seen()) sent_to_one.push_back(seen.method() + " " + std::to_string(seen.text.size()));
  std::sort(to_one.begin(), to_one.end());
  std::sort(sent_to_one.begin(), sent_to_one.end());
  CHECK(to_one == sent_to_one);
}

// What is said over a WebSocket is sent too, where one is declared.
TEST_CASE("a rehearsal writes what a run says over a WebSocket", "[rehearsal]") {
  const LoopbackServer server(Chain{});
  Bench bench({&server});
  bench.options.endpoints[0].ws = Url::parse_websocket("ws://127.0.0.1:1/").value();
  const ReleaseFolder folder;
  const auto rehearsal = Rehearsal::open({bench.options, folder.path}).value();
  ProbeRequest subscription{"one", "slotSubscribe"};
  subscription.over_websocket = true;
  rehearsal->ask({subscription});
  CHECK(rehearsal->next().empty());
  CHECK(methods(rehearsal->calls()) == std::vector<std::string>{"one slotSubscribe"});
}

// How much data comes back is known where a part of it is asked for.
TEST_CASE("a rehearsal says how much data parts of accounts have at most", "[rehearsal]") {
  const LoopbackServer server(Chain{});
  Stage stage({&server});
  stage.ask({AccountRequest{address(1), Slice{0, 45}, false}, AccountRequest{address(2), Slice{0, 45}, false},
             AccountRequest{address(3), std::nullopt, false}, AccountRequest{address(4), std::nullopt, true}});
  std::vector<std::optional<std::uint64_t>> most;
  for (const FirstCall& call : stage.rehearsal->calls()) {
    if (!call.accounts.empty()) most.push_back(call.data_bytes_max);
  }
  std::sort(most.begin(), most.end());
  CHECK(most == std::vector<std::optional<std::uint64_t>>{std::nullopt, std::nullopt, 90});
}

// An endpoint with room for one request is sent the others later, and they are part of what is sent.
TEST_CASE("a rehearsal sends what an endpoint has no room for", "[rehearsal]") {
  const LoopbackServer server(Chain{});
  Bench bench({&server});
  bench.options.endpoints[0].limits = {.accounts_per_request = 5, .requests_at_once = 1};
  const ReleaseFolder folder;
  const auto rehearsal = Rehearsal::open({bench.options, folder.path}).value();
  rehearsal->ask(account_requests(12));
  CHECK(rehearsal->next().empty());
  CHECK(account_counts(rehearsal->calls()) == std::vector<std::size_t>{5, 5, 2});
}

// What this machine knows is answered, so that a gate comes to what it asks of the chain.
TEST_CASE("a rehearsal reads files, the clock and who the endpoints are", "[rehearsal]") {
  const LoopbackServer server(Chain{});
  Stage stage({&server});
  const auto answered = stage.ask(
      {FileRequest{"artifact.so"}, ClockRequest{}, EndpointsRequest{}, FileRequest{"none"}, RpcRequest{"getSlot"}});
  CHECK(answered.size() == 4);
  CHECK(methods(stage.rehearsal->calls()) == std::vector<std::string>{"one getGenesisHash", "one getSlot"});
  for (const Answered& one : answered) CHECK(one.answer.deciding().outcome.has_value());
}

// Where no endpoint was given, that is an answer too, and nothing is waited for.
TEST_CASE("a rehearsal without endpoints sends nothing", "[rehearsal]") {
  const ReleaseFolder folder;
  const auto rehearsal = Rehearsal::open({std::nullopt, folder.path}).value();
  rehearsal->ask(account_requests(1));
  const auto answered = rehearsal->next();
  REQUIRE(answered.size() == 1);
  CHECK(answered[0].answer.deciding().outcome.error().cause == "no-endpoint");
  CHECK_FALSE(rehearsal->is_over());
  CHECK(rehearsal->calls().empty());
}

// A folder that cannot be opened is refused as a run refuses it.
TEST_CASE("a rehearsal needs the folder of the release", "[rehearsal]") {
  const auto refused = Rehearsal::open({std::nullopt, "/nonexistent"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unreadable);
}
