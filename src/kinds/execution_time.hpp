// When an approved transaction of a Squads v4 multisig can be executed.
//
// Source: Squads-Protocol/v4 instructions/vault_transaction_execute.rs: once the chain's clock says that the time lock,
// which is the multisig's at that moment, has passed since the approval.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace readyctl {

/// Unix seconds from which on it can be executed, under this time lock.
inline std::int64_t earliest_execution(std::int64_t approved_at, std::uint32_t time_lock_seconds) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(approved_at, std::int64_t{time_lock_seconds}, &sum)
             ? std::numeric_limits<std::int64_t>::max()
             : sum;
}

/// Seconds that are left; 0 when it can be executed. A clock that is behind the approval does not add to the time lock.
inline std::int64_t seconds_until_execution(std::int64_t approved_at, std::uint32_t time_lock_seconds,
                                            std::int64_t now) {
  if (now < approved_at) return std::max<std::int64_t>(time_lock_seconds, 1);
  const std::int64_t earliest = earliest_execution(approved_at, time_lock_seconds);
  return now >= earliest ? 0 : earliest - now;
}

}  // namespace readyctl
