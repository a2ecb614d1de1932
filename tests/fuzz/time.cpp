// Points in time and durations.
#include "base/time.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(time) {
  const std::string text = fuzz::text_in(data, size);
  if (const auto time = parse_time(text)) {
    const std::string printed = to_string(*time);
    const bool whole_second = text.ends_with(".000Z");
    fuzz::require(printed == text || (whole_second && printed == text.substr(0, 19) + "Z"), "a time has one spelling");
    fuzz::require(parse_time(printed) == *time, "a time goes round");
    duration_text(*time - Time{});
  }
  if (const auto span = parse_duration(text)) {
    fuzz::require(span->count() >= 0 && *span <= std::chrono::hours(24 * 3650), "a duration is ten years at most");
    fuzz::require(parse_duration(std::to_string(span->count()) + "s") == *span, "a duration goes round in seconds");
    duration_text(*span);
  }
  return 0;
}
