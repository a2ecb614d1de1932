#include "base/time.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;
using namespace std::chrono_literals;

// What is written is read again, to the millisecond, before and after 1970.
TEST_CASE("times go round", "[base]") {
  for (const char* text :
       {"2026-11-21T08:56:14Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "2024-02-29T23:59:59.001Z"}) {
    CHECK(to_string(parse_time(text).value()) == text);
  }
}

// Only UTC, only dates that exist, only one spelling.
TEST_CASE("times are read strictly", "[base]") {
  for (const char* bad : {"2026-11-21", "2026-11-21T08:56:14", "2026-11-21T08:56:14+00:00", "2026-02-30T00:00:00Z",
                          "2026-11-21T24:00:00Z", "2016-12-31T23:59:60Z", "2026-11-21t08:56:14z",
                          "2026-11-21T08:56:14.1Z", "", "yesterday"}) {
    INFO(bad);
    CHECK_FALSE(parse_time(bad).has_value());
  }
}

// A duration needs its unit and stays within ten years.
TEST_CASE("durations have units", "[base]") {
  CHECK(parse_duration("48h").value() == 48h);
  CHECK(parse_duration("1h30m").value() == 90min);
  for (const char* bad : {"", "48", "h", "-1h", "1.5h", "99999999d", "1 h"})
    CHECK_FALSE(parse_duration(bad).has_value());
  CHECK(parse_duration("3650d").has_value());
  CHECK(parse_duration("4000d").error().what == "\"4000d\" is more than 3650 days");
  CHECK(parse_duration("999999999999999s").error().what == "\"999999999999999s\" is more than 3650 days");
  CHECK(parse_duration("48").error().what.starts_with("\"48\" is no duration"));
}

TEST_CASE("durations are said in two units", "[base]") {
  CHECK(duration_text(850ms) == "850 ms");
  CHECK(duration_text(47min) == "47 min");
  CHECK(duration_text(51h) == "2d 3h");
}
