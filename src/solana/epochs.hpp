// Which slots an epoch has.
//
// Source: solana-sdk epoch-schedule: epochs before the first normal one double in length, from 32 slots on.
#pragma once

#include <cstdint>
#include <limits>

#include "solana/sysvars.hpp"

namespace readyctl {

inline constexpr std::uint64_t first_epoch_slots = 32;

/// The first slot of an epoch; the largest there is where it does not fit in 64 bits. Never fails.
inline Slot first_slot_of(const EpochSchedule& schedule, std::uint64_t epoch) {
  constexpr Slot largest{std::numeric_limits<std::uint64_t>::max()};
  if (epoch <= schedule.first_normal_epoch) {
    if (epoch >= 58) return largest;
    return Slot{((std::uint64_t{1} << epoch) - 1) * first_epoch_slots};
  }
  std::uint64_t slot = 0;
  if (__builtin_mul_overflow(epoch - schedule.first_normal_epoch, schedule.slots_per_epoch, &slot)) return largest;
  if (__builtin_add_overflow(slot, schedule.first_normal_slot.value, &slot)) return largest;
  return Slot{slot};
}

}  // namespace readyctl
