// Points in time and spans of time, as people and files write them.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace readyctl {

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
struct Time {
  std::int64_t milliseconds = 0;
  auto operator<=>(const Time&) const = default;
};

inline Time operator+(Time time, std::chrono::milliseconds span) { return {time.milliseconds + span.count()}; }
inline std::chrono::milliseconds operator-(Time a, Time b) {
  return std::chrono::milliseconds(a.milliseconds - b.milliseconds);
}

/// The wall clock. The only place that reads it.
Time wall_clock();

/// RFC 3339 in UTC: `2026-11-21T08:56:14Z`, with `.123` when there are milliseconds.
std::string to_string(Time time);

/// Reads exactly what to_string writes. Errors: another zone, a date or time that does not exist, a leap second,
/// fractions of other than three digits.
Result<Time> parse_time(std::string_view text);

/// `45s`, `5m`, `48h`, `7d` or a sum such as `1h30m`; never negative. Errors: a missing unit, more than ten years.
Result<std::chrono::seconds> parse_duration(std::string_view text);

/// The largest two units: `2d 3h`, `47 min`, `12 s`, `850 ms`.
std::string duration_text(std::chrono::milliseconds span);

}  // namespace readyctl
