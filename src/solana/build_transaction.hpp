// Building transactions: the messages that a wallet would sign, to the byte. Nothing here signs.
//
// Source of the order of keys and lookups: @solana/web3.js TransactionMessage.compileToV0Message, by which the Squads
// SDK builds what its members sign. The wire format is drawn in transaction.hpp.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/instruction.hpp"
#include "solana/transaction.hpp"

namespace readyctl {

/// The most bytes that a legacy or version 0 transaction may have: one packet.
inline constexpr std::size_t transaction_bytes_max = 1232;

/// The most accounts that one may name, those out of lookup tables included; the feature increase_tx_account_lock_limit
/// doubles them. Source: agave transaction-context and runtime/src/bank.rs, get_transaction_account_lock_limit.
inline constexpr std::size_t transaction_accounts_max = 64;
inline constexpr std::size_t transaction_accounts_max_increased = 128;

/// The most compute units that one may ask for, and what it has for each instruction where it asks for none.
inline constexpr std::uint64_t compute_units_max = 1'400'000;
inline constexpr std::uint64_t compute_units_unasked = 200'000;

/// A lookup table that a message may take addresses from.
struct NamedTable {
  Pubkey address;
  std::vector<Pubkey> addresses;
};

/// A message of version 0 in which `payer` pays: writable signers, read-only signers, writable others, read-only
/// others, each in the order in which they are named first. What stands in a table is taken from it, signers and
/// programs apart. The blockhash is all zeros. Errors (kind `malformed`): more keys than an index can name.
Result<Message> compile_message(const Pubkey& payer, const std::vector<Instruction>& instructions,
                                const std::vector<NamedTable>& tables = {});

/// The bytes of a version 0 transaction with this message, every signature all zeros.
Bytes unsigned_transaction(const Message& message);

/// SetComputeUnitLimit and SetComputeUnitPrice, in this order: what a wallet adds to have a transaction included.
std::vector<Instruction> compute_budget_instructions(std::uint32_t units, std::uint64_t micro_lamports);

}  // namespace readyctl
