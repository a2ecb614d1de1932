// Squads v3 accounts in the bytes that the program writes, put together from programs/squads-mpl/src/state.rs:
// tests/solana compares them with what its published IDL makes. The program does not run in the localnet.
#pragma once

#include "solana/squads_v3.hpp"
#include "solana/well_known.hpp"
#include "support/squads.hpp"

namespace readyctl::test {

inline Bytes squads_v3_bytes(const SquadsV3Multisig& multisig) {
  Bytes data{0x46, 0x76, 0x09, 0x6c, 0xfe, 0xd7, 0x1f, 0x78};
  put_u16(data, multisig.threshold);
  put_u16(data, multisig.authority_index);
  put_u32(data, multisig.transaction_index);
  put_u32(data, multisig.change_index);
  data.push_back(multisig.bump);
  put(data, multisig.create_key.bytes);
  data.push_back(multisig.allow_external_execute ? 1 : 0);
  put_keys(data, multisig.members);
  return data;
}

inline Bytes squads_v3_bytes(const SquadsV3Transaction& transaction) {
  Bytes data{0xb6, 0x97, 0x68, 0xd8, 0xff, 0x01, 0x13, 0x9d};
  put(data, transaction.creator.bytes);
  put(data, transaction.multisig.bytes);
  put_u32(data, transaction.index);
  put_u32(data, transaction.authority_index);
  put(data, Bytes{transaction.authority_bump, static_cast<std::uint8_t>(transaction.status), transaction.instructions,
                  transaction.bump});
  put_keys(data, transaction.approved);
  put_keys(data, transaction.rejected);
  put_keys(data, transaction.cancelled);
  data.push_back(transaction.executed_index);
  return data;
}

inline Bytes squads_v3_bytes(const SquadsV3Instruction& stored) {
  Bytes data{0xee, 0xb9, 0x7e, 0x95, 0xbd, 0x59, 0xff, 0x5c};
  put(data, stored.instruction.program.bytes);
  put_u32(data, static_cast<std::uint32_t>(stored.instruction.accounts.size()));
  for (const InstructionAccount& account : stored.instruction.accounts) {
    put(data, account.key.bytes);
    data.push_back(account.is_signer ? 1 : 0);
    data.push_back(account.is_writable ? 1 : 0);
  }
  put_byte_vec(data, stored.instruction.data);
  put(data, Bytes{stored.index, stored.bump, static_cast<std::uint8_t>(stored.executed ? 1 : 0)});
  return data;
}

}  // namespace readyctl::test
