// Sysvars: what the cluster itself keeps in accounts: its clock, its rent, its epochs.
//
// Sources: solana-sdk clock, rent, epoch-schedule. All decoders accept longer data and do not read the rest.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/amounts.hpp"

namespace readyctl {

inline constexpr std::size_t clock_bytes = 40;
inline constexpr std::size_t rent_bytes = 17;
inline constexpr std::size_t epoch_schedule_bytes = 33;

/// The on-chain clock. Times are Unix seconds as validators voted them; they may lag wall time.
struct Clock {
  Slot slot;
  std::int64_t epoch_start_timestamp = 0;
  std::uint64_t epoch = 0;
  std::uint64_t leader_schedule_epoch = 0;
  std::int64_t unix_timestamp = 0;
};

/// Errors (kind `malformed`): shorter than 40 bytes.
Result<Clock> decode_clock(ByteView data);

/// What an account must hold to stay.
struct Rent {
  std::uint64_t lamports_per_byte = 0;
  double exemption_threshold = 0;  ///< a factor: 1 since SIMD-0194, 2 before
  std::uint8_t burn_percent = 0;
};

/// Errors (kind `malformed`): shorter than 17 bytes; a threshold that is negative or no finite number.
Result<Rent> decode_rent(ByteView data);

/// Bytes that every account is charged for on top of its data.
inline constexpr std::uint64_t account_overhead_bytes = 128;

/// The least balance that keeps an account of `data_bytes` bytes: (128 + data_bytes) × lamports_per_byte × threshold.
/// What does not fit in 64 bits, or a threshold that is no number, gives the largest amount there is. Never fails.
Lamports minimum_balance(const Rent& rent, std::uint64_t data_bytes);

struct EpochSchedule {
  std::uint64_t slots_per_epoch = 0;
  std::uint64_t leader_schedule_slot_offset = 0;
  bool warmup = false;
  std::uint64_t first_normal_epoch = 0;
  Slot first_normal_slot;
};

/// Errors (kind `malformed`): shorter than 33 bytes; a warmup flag other than 0 or 1.
Result<EpochSchedule> decode_epoch_schedule(ByteView data);

}  // namespace readyctl
