// Very many requests in one run: each is answered, and nothing is left behind. That no memory is, the leak check of the
// sanitizer says at the end.
#include <sys/resource.h>
#include <catch2/catch.hpp>
#include <filesystem>

#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

// As many descriptors as the system gives: both ends of each connection are this process's.
void allow_descriptors(unsigned wanted) {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  INFO("ulimit -Hn must be higher for this test");
  REQUIRE(limit.rlim_max >= wanted);
  limit.rlim_cur = limit.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

LoopbackServer::Handler echo() {
  return on_our_cluster([](const Seen& seen) { return result(seen, seen.params()); });
}

Request question(unsigned number) { return RpcRequest{"echo", Json::array({number})}; }

// Whether this is the answer to that question.
bool is_echo(const Answer& answer, unsigned number) {
  const auto& outcome = answer.deciding().outcome;
  return outcome && outcome->head == Json{{"result", Json::array({number})}};
}

}  // namespace

// One after the other, over connections that are kept.
TEST_CASE("ten thousand requests leave nothing behind", "[live-rpc]") {
  constexpr unsigned count = 10'000;
  const std::ptrdiff_t before = open_descriptors();
  {
    const LoopbackServer server(echo());
    Bench bench({&server});
    bench.options.budget.requests_max = 2 * count;
    unsigned right = 0;
    for (unsigned i = 0; i < count; ++i) right += is_echo(bench.ask_one(question(i)), i) ? 1 : 0;
    CHECK(right == count);
    CHECK(server.connections() <= 2);
  }
  CHECK(open_descriptors() == before);
}

// All at once, and none is answered before all were asked, so that each has a connection of its own.
TEST_CASE("a thousand requests at once leave nothing behind", "[live-rpc]") {
  constexpr unsigned count = 1000;
  allow_descriptors(2 * count + 100);
  const std::ptrdiff_t before = open_descriptors();
  {
    const LoopbackServer server(on_our_cluster([](const Seen& seen) {
      Response answer = result(seen, seen.params());
      answer.together = seen.method() == "echo" ? count : 0;
      return answer;
    }));
    Bench bench({&server});
    bench.options.endpoints[0].limits.requests_at_once = count;
    std::vector<Request> questions;
    for (unsigned i = 0; i < count; ++i) questions.push_back(question(i));
    const auto answers = bench.ask(questions);
    unsigned right = 0;
    for (unsigned i = 0; i < count; ++i) right += is_echo(answers.at(key_of(question(i))), i) ? 1 : 0;
    CHECK(right == count);
    CHECK(server.connections() >= count);
  }
  CHECK(open_descriptors() == before);
}
