#include "solana/sysvars.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "solana/reader.hpp"

namespace readyctl {
namespace {

// Clock
//   0  u64  slot                      16  u64  epoch                     32  i64  Unix time
//   8  i64  Unix time of epoch start  24  u64  leader schedule epoch
static_assert(8 + 8 + 8 + 8 + 8 == clock_bytes);

// Rent
//   0  u64  lamports a byte     8  f64  exemption threshold     16  u8  burn percent
static_assert(8 + 8 + 1 == rent_bytes);

// EpochSchedule
//   0  u64  slots an epoch                16  u8   warmup              25  u64  first normal slot
//   8  u64  leader schedule slot offset   17  u64  first normal epoch
static_assert(8 + 8 + 1 + 8 + 8 == epoch_schedule_bytes);

constexpr Lamports largest{std::numeric_limits<std::uint64_t>::max()};

}  // namespace

Result<Clock> decode_clock(ByteView data) {
  Reader reader("Clock sysvar", data);
  Clock clock;
  clock.slot = Slot{reader.u64("slot")};
  clock.epoch_start_timestamp = reader.i64("epoch start");
  clock.epoch = reader.u64("epoch");
  clock.leader_schedule_epoch = reader.u64("leader schedule epoch");
  clock.unix_timestamp = reader.i64("Unix time");
  return reader.finish(clock);
}

Result<Rent> decode_rent(ByteView data) {
  Reader reader("Rent sysvar", data);
  Rent rent;
  rent.lamports_per_byte = reader.u64("lamports a byte");
  rent.exemption_threshold = reader.f64("exemption threshold");
  rent.burn_percent = reader.u8("burn percent");
  if (!std::isfinite(rent.exemption_threshold) || rent.exemption_threshold < 0) {
    reader.fail("expected an exemption threshold of 0 or more at offset 8, found " +
                std::to_string(rent.exemption_threshold));
  }
  return reader.finish(rent);
}

Lamports minimum_balance(const Rent& rent, std::uint64_t data_bytes) {
  std::uint64_t product = 0;
  if (__builtin_add_overflow(data_bytes, account_overhead_bytes, &product)) return largest;
  if (__builtin_mul_overflow(product, rent.lamports_per_byte, &product)) return largest;
  // The two thresholds that clusters use are exact in integers; for others the runtime multiplies and truncates.
  if (rent.exemption_threshold == 1.0) return Lamports{product};
  if (rent.exemption_threshold == 2.0) {
    return __builtin_mul_overflow(product, std::uint64_t{2}, &product) ? largest : Lamports{product};
  }
  const double balance = static_cast<double>(product) * rent.exemption_threshold;
  if (!(balance < 0x1p64)) return largest;
  return Lamports{balance > 0 ? static_cast<std::uint64_t>(balance) : 0};
}

Result<EpochSchedule> decode_epoch_schedule(ByteView data) {
  Reader reader("EpochSchedule sysvar", data);
  EpochSchedule schedule;
  schedule.slots_per_epoch = reader.u64("slots an epoch");
  schedule.leader_schedule_slot_offset = reader.u64("leader schedule slot offset");
  schedule.warmup = reader.boolean("warmup");
  schedule.first_normal_epoch = reader.u64("first normal epoch");
  schedule.first_normal_slot = Slot{reader.u64("first normal slot")};
  return reader.finish(schedule);
}

}  // namespace readyctl
