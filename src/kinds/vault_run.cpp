#include "kinds/vault_run.hpp"

#include "solana/derive.hpp"

namespace readyctl {
namespace {

// What a budget says does not change how long it is.
std::vector<Instruction> with_budget(const Carriage& carriage, Instruction instruction) {
  std::vector<Instruction> all;
  if (carriage.compute_budget) all = compute_budget_instructions(0, 0);
  all.push_back(std::move(instruction));
  return all;
}

Result<TransactionSize> size_of(const Pubkey& payer, const std::vector<Instruction>& instructions,
                                const std::vector<NamedTable>& tables) {
  const auto message = compile_message(payer, instructions, tables);
  if (!message) return failure(message.error());
  TransactionSize size{unsigned_transaction(*message).size(), message->keys.size()};
  for (const AddressTableLookup& one : message->lookups) {
    size.accounts += one.writable_indexes.size() + one.readonly_indexes.size();
  }
  return size;
}

}  // namespace

Result<VaultRun> vault_run(const VaultTransaction& stored, const std::vector<LookupTable>& tables) {
  auto instructions = instructions_of(stored.message, tables);
  if (!instructions) return failure(instructions.error());
  VaultRun run{stored.message,
               stored.vault_index,
               static_cast<std::uint8_t>(stored.ephemeral_signer_bumps.size()),
               {},
               std::move(*instructions)};
  for (std::size_t i = 0; i < tables.size(); ++i) {
    run.tables.push_back({stored.message.lookups[i].table, tables[i].addresses});
  }
  return run;
}

Result<VaultRun> vault_run(const Pubkey& multisig, std::uint8_t vault_index, std::vector<Instruction> instructions) {
  auto message = vault_message(vault_address(multisig, vault_index).address, instructions);
  if (!message) return failure(message.error());
  return VaultRun{std::move(*message), vault_index, 0, {}, std::move(instructions)};
}

Result<TransactionSize> creation_size(const VaultRun& run, const Carriage& carriage) {
  auto message = compact_message(run.message);
  if (!message) return failure(message.error());
  Instruction creation = vault_transaction_create({carriage.multisig, carriage.index, carriage.member, run.vault_index,
                                                   run.ephemeral_signers, std::move(*message), carriage.memo});
  return size_of(carriage.payer, with_budget(carriage, std::move(creation)), {});
}

Result<TransactionSize> execution_size(const VaultRun& run, const Carriage& carriage) {
  auto execution = vault_transaction_execute(
      {carriage.multisig, carriage.index, carriage.member, run.vault_index, run.ephemeral_signers}, run.message,
      run.tables);
  if (!execution) return failure(execution.error());
  return size_of(carriage.payer, with_budget(carriage, std::move(*execution)), run.tables);
}

Result<Bytes> bare_transaction(const VaultRun& run, const Pubkey& payer) {
  const auto message = compile_message(payer, run.instructions, run.tables);
  if (!message) return failure(message.error());
  return unsigned_transaction(*message);
}

}  // namespace readyctl
