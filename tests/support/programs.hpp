// Programs for a FakeSource, in the bytes that loader v3 writes.
#pragma once

#include <algorithm>

#include "solana/derive.hpp"
#include "solana/well_known.hpp"
#include "support/fake_source.hpp"

namespace readyctl::test {

inline void put_u16(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}

inline void put_u32(Bytes& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline void put_u64(Bytes& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline void put(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

inline Bytes padded(Bytes bytes, std::size_t size) {
  bytes.resize(std::max(size, bytes.size()));
  return bytes;
}

inline Holding program_account(const Pubkey& programdata) {
  Bytes data;
  put_u32(data, 2);
  put(data, programdata.bytes);
  return {.owner = known::loader_v3, .data = data, .executable = true};
}

inline Holding programdata_account(const Bytes& code, std::optional<Pubkey> authority = std::nullopt,
                                   Slot slot = {50}) {
  Bytes data;
  put_u32(data, 3);
  put_u64(data, slot.value);
  data.push_back(authority ? 1 : 0);
  put(data, authority.value_or(Pubkey{}).bytes);
  put(data, code);
  return {.owner = known::loader_v3, .data = data};
}

/// Both accounts of an upgradeable program.
inline void deploy(FakeSource& source, const Pubkey& program, const Bytes& code,
                   std::optional<Pubkey> authority = std::nullopt, Slot slot = {50}) {
  const Pubkey programdata = programdata_address(program).address;
  source.holds(program, program_account(programdata));
  source.holds(programdata, programdata_account(code, authority, slot));
}

}  // namespace readyctl::test
