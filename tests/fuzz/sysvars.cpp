// Sysvars: clock, rent, epoch schedule.
#include "solana/sysvars.hpp"

#include <bit>

#include "fuzz/retrace.hpp"

using namespace readyctl;

namespace {

void retrace_clock(fuzz::Retrace retrace, const Clock& clock) {
  retrace.number(clock.slot.value);
  retrace.number(clock.epoch_start_timestamp);
  retrace.number(clock.epoch);
  retrace.number(clock.leader_schedule_epoch);
  retrace.number(clock.unix_timestamp);
}

void retrace_rent(fuzz::Retrace retrace, const Rent& rent) {
  retrace.number(rent.lamports_per_byte);
  retrace.number(std::bit_cast<std::uint64_t>(rent.exemption_threshold));
  retrace.number(rent.burn_percent);
  fuzz::require(minimum_balance(rent, 0) <= minimum_balance(rent, 1), "more data never costs less");
  fuzz::require(minimum_balance(rent, 10'485'760) <= minimum_balance(rent, ~std::uint64_t{0}),
                "more data never costs less");
}

void retrace_schedule(fuzz::Retrace retrace, const EpochSchedule& schedule) {
  retrace.number(schedule.slots_per_epoch);
  retrace.number(schedule.leader_schedule_slot_offset);
  retrace.number(std::uint8_t{schedule.warmup});
  retrace.number(schedule.first_normal_epoch);
  retrace.number(schedule.first_normal_slot.value);
}

}  // namespace

FUZZ_TARGET(sysvars) {
  const ByteView account(data, size);
  if (const auto clock = decode_clock(account)) retrace_clock(fuzz::Retrace(account), *clock);
  if (const auto rent = decode_rent(account)) retrace_rent(fuzz::Retrace(account), *rent);
  if (const auto schedule = decode_epoch_schedule(account)) retrace_schedule(fuzz::Retrace(account), *schedule);
  return 0;
}
