// Unix time as the chain and git write it: any number of seconds, which need not be a time that RFC 3339 can write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace readyctl {

/// The time; nothing before 1970 or after 9999.
inline std::optional<Time> time_of_unix(std::int64_t seconds) {
  constexpr std::int64_t last_second_of_9999 = 253'402'300'799;
  if (seconds < 0 || seconds > last_second_of_9999) return std::nullopt;
  return Time{seconds * 1000};
}

/// The time in words, also when RFC 3339 cannot write it.
inline std::string moment_text(std::int64_t seconds) {
  const auto time = time_of_unix(seconds);
  return time ? to_string(*time) : std::to_string(seconds) + " s since 1970";
}

}  // namespace readyctl
