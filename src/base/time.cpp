#include "base/time.hpp"

#include <array>
#include <cctype>
#include <cstdio>
#include <optional>

namespace readyctl {
namespace {

using namespace std::chrono;

constexpr std::int64_t ms_per_day = 86'400'000;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

tl::unexpected<Error> bad_time(std::string_view text) {
  return malformed("", "\"" + std::string(text) + "\" is no time in the form 2026-11-21T08:56:14Z (RFC 3339, UTC)");
}

std::optional<std::int64_t> seconds_per(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    default:
      return std::nullopt;
  }
}

}  // namespace

Time wall_clock() { return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()}; }

std::string to_string(Time time) {
  const std::int64_t day_number = time.milliseconds / ms_per_day - (time.milliseconds % ms_per_day < 0 ? 1 : 0);
  const std::int64_t in_day = time.milliseconds - day_number * ms_per_day;
  const year_month_day date{sys_days{days{day_number}}};
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(in_day / 3'600'000), static_cast<int>(in_day / 60'000 % 60),
                static_cast<int>(in_day / 1000 % 60));
  std::string text = buffer.data();
  if (in_day % 1000 != 0) {
    std::snprintf(buffer.data(), buffer.size(), ".%03d", static_cast<int>(in_day % 1000));
    text += buffer.data();
  }
  return text + "Z";
}

Result<Time> parse_time(std::string_view text) {
  const bool whole = text.size() == 20;
  if (!whole && text.size() != 24) return bad_time(text);
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return bad_time(text);
  if (text.back() != 'Z' || (!whole && text[19] != '.')) return bad_time(text);

  const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  const auto h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  const auto ms = whole ? std::optional<int>(0) : digits(text, 20, 3);
  if (!y || !mo || !d || !h || !mi || !s || !ms || *h > 23 || *mi > 59 || *s > 59) return bad_time(text);

  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return bad_time(text);
  const std::int64_t in_day = ((*h * 60 + *mi) * 60 + *s) * std::int64_t{1000} + *ms;
  return Time{sys_days{date}.time_since_epoch().count() * ms_per_day + in_day};
}

Result<seconds> parse_duration(std::string_view text) {
  constexpr std::int64_t longest = 3650 * std::int64_t{86400};
  const auto refuse_length = [&] { return malformed("", "\"" + std::string(text) + "\" is more than 3650 days"); };
  const auto refuse = [&] {
    return malformed("", "\"" + std::string(text) + "\" is no duration; write for example 45s, 5m, 48h, 7d or 1h30m");
  };
  std::int64_t total = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::int64_t amount = 0;
    const std::size_t begin = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      amount = amount * 10 + (text[at] - '0');
      if (amount > longest) return refuse_length();
    }
    const auto unit = at < text.size() ? seconds_per(text[at]) : std::nullopt;
    if (at == begin || !unit) return refuse();
    total += amount * *unit;
    if (total > longest) return refuse_length();
    ++at;
  }
  if (text.empty()) return refuse();
  return seconds(total);
}

std::string duration_text(milliseconds span) {
  const std::int64_t ms = span.count();
  if (ms < 0) return "-" + duration_text(-span);
  if (ms < 1000) return std::to_string(ms) + " ms";
  const std::int64_t s = ms / 1000;
  if (s < 60) return std::to_string(s) + " s";
  if (s < 3600) return std::to_string(s / 60) + " min";
  if (s < 86400) return std::to_string(s / 3600) + "h " + std::to_string(s / 60 % 60) + "min";
  return std::to_string(s / 86400) + "d " + std::to_string(s / 3600 % 24) + "h";
}

}  // namespace readyctl
