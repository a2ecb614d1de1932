// When an endpoint that failed is asked again, and how much.
#include "sources/endpoint_rest.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;
using std::chrono::milliseconds;
using Instant = EndpointRest::Instant;

namespace {

Instant at(std::int64_t ms) { return Instant{} + milliseconds(ms); }

// An endpoint whose failures are told with the chance that makes waits longest.
struct Patient {
  EndpointRest rest;
  RetryPolicy policy;

  void fails(std::int64_t began, std::int64_t ended) { rest.failed({at(began), at(ended)}, policy, 1.0); }
  void is_asked_to_wait(std::int64_t ended, milliseconds wait) {
    rest.failed({at(ended - 1), at(ended), false, wait}, policy, 1.0);
  }
  void is_limited(std::int64_t ended, std::optional<milliseconds> wait = {}) {
    rest.failed({at(ended - 1), at(ended), true, wait}, policy, 1.0);
  }
  // How long after a request the next one may follow.
  milliseconds spacing() {
    const Instant late = at(1'000'000);
    rest.sent(late);
    return std::chrono::ceil<milliseconds>(rest.silent_until() - late);
  }
};

}  // namespace

// An endpoint that never failed is at everybody's service.
TEST_CASE("a sound endpoint does not rest", "[rest]") {
  Patient one;
  CHECK_FALSE(one.rest.is_resting());
  CHECK_FALSE(one.rest.is_to_be_tried(at(0)));
  one.rest.sent(at(5));
  CHECK(one.rest.silent_until() == Instant{});
  one.rest.answered(at(5));
  CHECK_FALSE(one.rest.is_resting());
}

// Each failure in a row doubles the rest, up to the longest wait of the policy; an answer ends it and the row.
TEST_CASE("rest grows with failures in a row", "[rest]") {
  Patient one;
  one.fails(0, 10);
  CHECK(one.rest.until() == at(10 + 250));
  one.fails(300, 310);
  CHECK(one.rest.until() == at(310 + 500));
  one.fails(900, 910);
  CHECK(one.rest.until() == at(910 + 1000));
  for (std::int64_t i = 0; i < 20; ++i) one.fails(10'000 + i * 10, 10'005 + i * 10);
  CHECK(one.rest.until() == at(10'195) + one.policy.delay_max);
  one.rest.answered(at(30'000));
  CHECK_FALSE(one.rest.is_resting());
  one.fails(40'000, 40'010);
  CHECK(one.rest.until() == at(40'010 + 250));
}

// What was under way when it failed fails with it, once, and an answer to what was sent before proves nothing.
TEST_CASE("what was sent before a failure is not another one", "[rest]") {
  Patient one;
  one.fails(0, 10);
  one.fails(5, 20);
  one.fails(10, 30);
  CHECK(one.rest.until() == at(10 + 250));
  one.rest.answered(at(10));
  CHECK(one.rest.is_resting());
  one.rest.answered(at(11));
  CHECK_FALSE(one.rest.is_resting());
}

// Once it has rested, one request looks whether it is well, until that has come to something.
TEST_CASE("an endpoint that has rested is tried once", "[rest]") {
  Patient one;
  one.fails(0, 0);
  CHECK_FALSE(one.rest.is_to_be_tried(at(249)));
  CHECK(one.rest.is_to_be_tried(at(250)));
  one.rest.tried();
  CHECK_FALSE(one.rest.is_to_be_tried(at(250)));
  SECTION("and rests again") {
    one.fails(250, 260);
    CHECK_FALSE(one.rest.is_to_be_tried(at(759)));
    CHECK(one.rest.is_to_be_tried(at(760)));
  }
  SECTION("and is well") {
    one.rest.answered(at(250));
    CHECK_FALSE(one.rest.is_to_be_tried(at(9999)));
    one.fails(300, 300);
    CHECK(one.rest.is_to_be_tried(at(550)));
  }
}

// It is left alone for as long as it asks, whoever asks first or longest, up to the policy's cap, and even when it
// answers something in between. Other failures keep nobody from trying.
TEST_CASE("an endpoint that asks to be left alone", "[rest]") {
  Patient one;
  one.fails(0, 10);
  CHECK(one.rest.silent_until() == Instant{});
  one.is_asked_to_wait(400, milliseconds(7000));
  CHECK(one.rest.silent_until() == at(7400));
  CHECK(one.rest.until() == at(7400));
  one.is_asked_to_wait(400, milliseconds(9000));
  CHECK(one.rest.silent_until() == at(9400));
  one.is_asked_to_wait(400, milliseconds(300));
  CHECK(one.rest.silent_until() == at(9400));
  one.rest.answered(at(401));
  CHECK(one.rest.silent_until() == at(9400));
  one.is_asked_to_wait(20'000, std::chrono::hours(24));
  CHECK(one.rest.silent_until() == at(20'000) + one.policy.retry_after_max);
}

// One request too many: nothing is sent while it rests, and then half as much with every further one. Each answer lets
// it be a little more, until nothing is held back.
TEST_CASE("rate limits space requests", "[rest]") {
  Patient one;
  one.is_limited(10);
  CHECK(one.rest.silent_until() == at(10 + 250));
  CHECK(one.spacing() == milliseconds(100));
  one.is_limited(1000);
  CHECK(one.spacing() == milliseconds(200));
  SECTION("to a limit") {
    for (std::int64_t i = 2; i < 12; ++i) one.is_limited(1000 * i);
    CHECK(one.spacing() == milliseconds(1600));
  }
  SECTION("not for those that were under way") {
    one.rest.failed({at(999), at(1001), true, {}}, one.policy, 1.0);
    one.rest.failed({at(1000), at(1002), true, {}}, one.policy, 1.0);
    CHECK(one.spacing() == milliseconds(200));
  }
  SECTION("and recover") {
    one.rest.answered(at(1001));
    CHECK(one.spacing() == milliseconds(196));
    for (int i = 0; i < 35; ++i) one.rest.answered(at(1001));
    CHECK(one.spacing() < milliseconds(100));
    for (int i = 0; i < 150; ++i) one.rest.answered(at(1001));
    CHECK(one.spacing() <= milliseconds(0));
  }
}
