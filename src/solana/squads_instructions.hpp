// Squads v4: the instructions by which a transaction of a vault is made and executed, as its SDK builds them.
//
// Sources: Squads-Protocol/v4 instructions/vault_transaction_create.rs, vault_transaction_execute.rs and
// utils/small_vec.rs;
// @sqds/multisig 2.1.4 for the accounts of an execution and their order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/build_transaction.hpp"
#include "solana/instruction.hpp"
#include "solana/squads_transactions.hpp"

namespace readyctl {

/// The message of a vault that does this, as `vault_transaction_create` would store it.
/// Errors (kind `malformed`): as compile_message.
Result<VaultTransactionMessage> vault_message(const Pubkey& vault, const std::vector<Instruction>& instructions);

/// The short form in which a message travels: counts of one byte, of two for data.
/// Errors (kind `malformed`): more than fits the counts.
Result<Bytes> compact_message(const VaultTransactionMessage& message);

struct VaultTransactionCreation {
  Pubkey multisig;
  std::uint64_t index = 0;  ///< of the transaction
  Pubkey creator;           ///< a member, who pays the rent too
  std::uint8_t vault_index = 0;
  std::uint8_t ephemeral_signers = 0;
  Bytes message;  ///< compact
  std::optional<std::string> memo;
};

Instruction vault_transaction_create(const VaultTransactionCreation& creation);

struct VaultTransactionExecution {
  Pubkey multisig;
  std::uint64_t index = 0;  ///< of the transaction
  Pubkey member;            ///< who executes
  std::uint8_t vault_index = 0;
  std::uint8_t ephemeral_signers = 0;
};

/// `tables` are those of `message.lookups`, in their order. Errors (kind `malformed`): a table too few; an index past a
/// table.
Result<Instruction> vault_transaction_execute(const VaultTransactionExecution& execution,
                                              const VaultTransactionMessage& message,
                                              const std::vector<NamedTable>& tables);

}  // namespace readyctl
