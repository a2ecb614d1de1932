// Sysvars for a FakeSource, in the bytes that the runtime writes.
#pragma once

#include "support/programs.hpp"

namespace readyctl::test {

/// The Rent sysvar with an exemption threshold of 1, as clusters have it.
inline Bytes rent_bytes_of(std::uint64_t per_byte) {
  Bytes data;
  put_u64(data, per_byte);
  put(data, Bytes{0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 50});
  return data;
}

/// The Clock sysvar at this slot; its times follow from the slot.
inline Bytes clock_bytes_of(std::uint64_t slot, std::uint64_t epoch) {
  Bytes data;
  put_u64(data, slot);
  put_u64(data, 1'790'000'000);
  put_u64(data, epoch);
  put_u64(data, epoch + 1);
  put_u64(data, 1'790'000'000 + slot);
  return data;
}

}  // namespace readyctl::test
