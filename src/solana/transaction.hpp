// Transaction: what was signed, and what it told which programs.
//
// Sources: solana-sdk short-vec, message legacy.rs and versions; SIMD-0385 for version 1.
//
//   legacy, v0   compact-u16 signatures, 64 bytes each · message
//   message      [0x80 for v0] · header 3 · compact-u16 keys, 32 bytes each · blockhash 32 · compact-u16 instructions
//                {u8 program, compact-u16 account indexes, compact-u16 data} · for v0 compact-u16 lookups {32 table,
//                compact-u16 writable, compact-u16 read-only}
//   v1           0x81 · header 3 · config mask u32 · lifetime 32 · instructions u8 · keys u8 · keys, 32 bytes each ·
//                config values · instruction headers {u8 program, u8 accounts, u16 data} · {account indexes, data} each
//                · signatures, 64 bytes each
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/instruction.hpp"

namespace readyctl {

/// What a message of version 1 says of its own cost, in place of compute budget instructions.
struct MessageConfig {
  std::optional<std::uint64_t> priority_fee_lamports;
  std::optional<std::uint32_t> compute_units;
  std::optional<std::uint32_t> loaded_accounts_bytes;
  std::optional<std::uint32_t> heap_bytes;
};

struct Message {
  std::optional<std::uint8_t> version;  ///< none: legacy
  MessageConfig config;
  std::uint8_t signers = 0;           ///< of the keys, the first ones; the very first pays
  std::uint8_t readonly_signers = 0;  ///< of the signers, the last ones
  std::uint8_t readonly_others = 0;   ///< of the other keys, the last ones
  std::vector<Pubkey> keys;           ///< without those out of lookup tables
  Pubkey blockhash;                   ///< or the value of a durable nonce: 32 bytes, as an address has
  std::vector<CompiledInstruction> instructions;
  std::vector<AddressTableLookup> lookups;

  bool is_signer(std::size_t index) const { return index < signers; }
  /// Of one of `keys`, by its index.
  bool is_writable(std::size_t index) const;
};

struct Transaction {
  std::vector<Bytes> signatures;  ///< 64 bytes each; the i-th is by the i-th key
  Message message;
};

/// Errors (kind `malformed`): data that ends too early or goes on too long; a length that is not written the shortest
/// way; more signers than keys; another version. Indexes are not checked against the keys.
Result<Transaction> decode_transaction(ByteView transaction);

/// A message alone, as wallets are given it to sign. Errors as decode_transaction.
Result<Message> decode_message(ByteView message);

/// The message within the bytes that `decoded` was read from: what its signers sign.
ByteView message_bytes(ByteView transaction, const Transaction& decoded);

}  // namespace readyctl
