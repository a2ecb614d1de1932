#include "solana/squads_instructions.hpp"

#include <algorithm>
#include <limits>

#include "solana/anchor.hpp"
#include "solana/derive.hpp"
#include "solana/little_endian.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::size_t small_count_max = std::numeric_limits<std::uint8_t>::max();
constexpr std::size_t data_bytes_max = std::numeric_limits<std::uint16_t>::max();

void append_small(Bytes& out, const Bytes& bytes) {
  out.push_back(static_cast<std::uint8_t>(bytes.size()));
  append(out, bytes);
}

bool fits(const VaultTransactionMessage& message) {
  const auto instruction_fits = [](const CompiledInstruction& one) {
    return one.account_indexes.size() <= small_count_max && one.data.size() <= data_bytes_max;
  };
  const auto lookup_fits = [](const AddressTableLookup& one) {
    return one.writable_indexes.size() <= small_count_max && one.readonly_indexes.size() <= small_count_max;
  };
  return message.account_keys.size() <= small_count_max && message.instructions.size() <= small_count_max &&
         message.lookups.size() <= small_count_max &&
         std::all_of(message.instructions.begin(), message.instructions.end(), instruction_fits) &&
         std::all_of(message.lookups.begin(), message.lookups.end(), lookup_fits);
}

Bytes discriminator(std::string_view name) {
  const Discriminator first = anchor_instruction_discriminator(name);
  return {first.begin(), first.end()};
}

// Adds what the lookup of one table means, in the order in which the program wants it.
bool append_looked_up(const AddressTableLookup& lookup, const NamedTable& table,
                      std::vector<InstructionAccount>& accounts) {
  for (const bool writable : {true, false}) {
    for (const std::uint8_t place : writable ? lookup.writable_indexes : lookup.readonly_indexes) {
      if (place >= table.addresses.size()) return false;
      accounts.push_back({table.addresses[place], false, writable});
    }
  }
  return true;
}

}  // namespace

Result<VaultTransactionMessage> vault_message(const Pubkey& vault, const std::vector<Instruction>& instructions) {
  auto compiled = compile_message(vault, instructions);
  if (!compiled) return failure(compiled.error());
  return as_vault_message(std::move(*compiled));
}

Result<Bytes> compact_message(const VaultTransactionMessage& message) {
  if (!fits(message)) return malformed("", "a message that is too long for the counts of its short form");
  Bytes bytes{message.signers, message.writable_signers, message.writable_non_signers,
              static_cast<std::uint8_t>(message.account_keys.size())};
  for (const Pubkey& key : message.account_keys) append(bytes, key.bytes);
  bytes.push_back(static_cast<std::uint8_t>(message.instructions.size()));
  for (const CompiledInstruction& instruction : message.instructions) {
    bytes.push_back(instruction.program_id_index);
    append_small(bytes, instruction.account_indexes);
    append_u16(bytes, static_cast<std::uint16_t>(instruction.data.size()));
    append(bytes, instruction.data);
  }
  bytes.push_back(static_cast<std::uint8_t>(message.lookups.size()));
  for (const AddressTableLookup& lookup : message.lookups) {
    append(bytes, lookup.table.bytes);
    append_small(bytes, lookup.writable_indexes);
    append_small(bytes, lookup.readonly_indexes);
  }
  return bytes;
}

Instruction vault_transaction_create(const VaultTransactionCreation& creation) {
  Bytes data = discriminator("vault_transaction_create");
  data.insert(data.end(), {creation.vault_index, creation.ephemeral_signers});
  append_u32(data, static_cast<std::uint32_t>(creation.message.size()));
  append(data, creation.message);
  data.push_back(creation.memo ? 1 : 0);
  if (creation.memo) {
    append_u32(data, static_cast<std::uint32_t>(creation.memo->size()));
    append(data, bytes_of(*creation.memo));
  }
  const Pubkey transaction = transaction_address(creation.multisig, creation.index).address;
  return {known::squads_v4,
          {{creation.multisig, false, true},
           {transaction, false, true},
           {creation.creator, true, false},
           {creation.creator, true, true},
           {known::system_program, false, false}},
          std::move(data)};
}

Result<Instruction> vault_transaction_execute(const VaultTransactionExecution& execution,
                                              const VaultTransactionMessage& message,
                                              const std::vector<NamedTable>& tables) {
  if (tables.size() != message.lookups.size()) return malformed("", "a lookup table of the message is not there");
  const Pubkey transaction = transaction_address(execution.multisig, execution.index).address;
  std::vector<Pubkey> signed_by_program{vault_address(execution.multisig, execution.vault_index).address};
  for (std::uint8_t i = 0; i < execution.ephemeral_signers; ++i) {
    signed_by_program.push_back(ephemeral_signer_address(transaction, i).address);
  }

  std::vector<InstructionAccount> accounts{
      {execution.multisig, false, false},
      {proposal_address(execution.multisig, execution.index).address, false, true},
      {transaction, false, false},
      {execution.member, true, false},
  };
  for (const NamedTable& table : tables) accounts.push_back({table.address, false, false});
  for (std::size_t i = 0; i < message.account_keys.size(); ++i) {
    const Pubkey& key = message.account_keys[i];
    const bool by_program =
        std::find(signed_by_program.begin(), signed_by_program.end(), key) != signed_by_program.end();
    accounts.push_back({key, message.is_signer(i) && !by_program, message.is_writable(i)});
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (append_looked_up(message.lookups[i], tables[i], accounts)) continue;
    return malformed("", "the message takes an address past the end of lookup table " + to_string(tables[i].address));
  }
  return Instruction{known::squads_v4, std::move(accounts), discriminator("vault_transaction_execute")};
}

}  // namespace readyctl
