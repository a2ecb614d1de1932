// Squads v4 multisigs for a FakeSource, in the bytes that the program writes.
#pragma once

#include "solana/squads.hpp"
#include "solana/well_known.hpp"
#include "support/fake_source.hpp"
#include "support/programs.hpp"

namespace readyctl::test {

inline void put_u16(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}

/// The account data of a multisig, with the room for a rent collector that the program always leaves.
inline Bytes multisig_bytes(const Multisig& multisig) {
  Bytes data{0xe0, 0x74, 0x79, 0xba, 0x44, 0xa1, 0x4f, 0xec};
  put(data, multisig.create_key.bytes);
  put(data, multisig.config_authority.bytes);
  put_u16(data, multisig.threshold);
  put_u32(data, multisig.time_lock_seconds);
  put_u64(data, multisig.transaction_index);
  put_u64(data, multisig.stale_transaction_index);
  data.push_back(multisig.rent_collector ? 1 : 0);
  if (multisig.rent_collector) put(data, multisig.rent_collector->bytes);
  data.push_back(multisig.bump);
  put_u32(data, static_cast<std::uint32_t>(multisig.members.size()));
  for (const MultisigMember& member : multisig.members) {
    put(data, member.key.bytes);
    data.push_back(member.permissions.mask);
  }
  return padded(data, data.size() + (multisig.rent_collector ? 0 : 32));
}

inline Holding multisig_account(const Multisig& multisig) {
  return {.owner = known::squads_v4, .data = multisig_bytes(multisig)};
}

}  // namespace readyctl::test
