// What a vault would run, and the transactions that carry it there: the one that members make, and the one that
// executes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "solana/squads_instructions.hpp"

namespace readyctl {

struct VaultRun {
  VaultTransactionMessage message;
  std::uint8_t vault_index = 0;
  std::uint8_t ephemeral_signers = 0;
  std::vector<NamedTable> tables;  ///< of the message's lookups, in their order
  std::vector<Instruction> instructions;
};

/// What a transaction account holds. `tables` are those of its lookups, in their order.
/// Errors (kind `malformed`): as instructions_of.
Result<VaultRun> vault_run(const VaultTransaction& stored, const std::vector<LookupTable>& tables);

/// What would be made of instructions. Errors (kind `malformed`): as compile_message.
Result<VaultRun> vault_run(const Pubkey& multisig, std::uint8_t vault_index, std::vector<Instruction> instructions);

/// Who brings it there, and what else stands in the same transactions.
struct Carriage {
  Pubkey multisig;
  std::uint64_t index = 0;  ///< of the vault's transaction
  Pubkey member;            ///< who makes or executes it
  Pubkey payer;             ///< of the fees
  bool compute_budget = true;
  std::optional<std::string> memo;  ///< of the one that makes it
};

/// What a transaction takes up of what the runtime allows.
struct TransactionSize {
  std::size_t bytes = 0;
  std::size_t accounts = 0;  ///< those out of lookup tables included
};

/// Of each of the two transactions. Errors (kind `malformed`): as the functions that build them.
Result<TransactionSize> creation_size(const VaultRun& run, const Carriage& carriage);
Result<TransactionSize> execution_size(const VaultRun& run, const Carriage& carriage);

/// The instructions themselves as a transaction for which `payer` pays: what is asked of a simulation.
Result<Bytes> bare_transaction(const VaultRun& run, const Pubkey& payer);

}  // namespace readyctl
