// Squads v4 multisigs for a FakeSource, in the bytes that the program writes.
#pragma once

#include <algorithm>

#include "solana/derive.hpp"
#include "solana/squads.hpp"
#include "solana/squads_transactions.hpp"
#include "solana/system_accounts.hpp"
#include "solana/well_known.hpp"
#include "support/fake_source.hpp"
#include "support/programs.hpp"

namespace readyctl::test {

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

inline void put_keys(Bytes& out, const std::vector<Pubkey>& keys) {
  put_u32(out, static_cast<std::uint32_t>(keys.size()));
  for (const Pubkey& key : keys) put(out, key.bytes);
}

inline void put_byte_vec(Bytes& out, const Bytes& bytes) {
  put_u32(out, static_cast<std::uint32_t>(bytes.size()));
  put(out, bytes);
}

inline Bytes proposal_bytes(const Proposal& proposal) {
  Bytes data{0x1a, 0x5e, 0xbd, 0xbb, 0x74, 0x88, 0x35, 0x21};
  put(data, proposal.multisig.bytes);
  put_u64(data, proposal.transaction_index);
  data.push_back(static_cast<std::uint8_t>(proposal.status));
  if (proposal.status_since) put_u64(data, static_cast<std::uint64_t>(*proposal.status_since));
  data.push_back(proposal.bump);
  put_keys(data, proposal.approved);
  put_keys(data, proposal.rejected);
  put_keys(data, proposal.cancelled);
  return data;
}

inline void put_message(Bytes& data, const VaultTransactionMessage& message) {
  put(data, Bytes{message.signers, message.writable_signers, message.writable_non_signers});
  put_keys(data, message.account_keys);
  put_u32(data, static_cast<std::uint32_t>(message.instructions.size()));
  for (const CompiledInstruction& instruction : message.instructions) {
    data.push_back(instruction.program_id_index);
    put_byte_vec(data, instruction.account_indexes);
    put_byte_vec(data, instruction.data);
  }
  put_u32(data, static_cast<std::uint32_t>(message.lookups.size()));
  for (const AddressTableLookup& lookup : message.lookups) {
    put(data, lookup.table.bytes);
    put_byte_vec(data, lookup.writable_indexes);
    put_byte_vec(data, lookup.readonly_indexes);
  }
}

inline Bytes vault_transaction_bytes(const VaultTransaction& transaction) {
  Bytes data{0xa8, 0xfa, 0xa2, 0x64, 0x51, 0x0e, 0xa2, 0xcf};
  put(data, transaction.multisig.bytes);
  put(data, transaction.creator.bytes);
  put_u64(data, transaction.index);
  put(data, Bytes{transaction.bump, transaction.vault_index, transaction.vault_bump});
  put_byte_vec(data, transaction.ephemeral_signer_bumps);
  put_message(data, transaction.message);
  return data;
}

/// The head that every sort of transaction begins with, and a list of one action: a time lock.
inline Bytes time_lock_transaction_bytes(const Pubkey& multisig, std::uint64_t index, std::uint32_t seconds) {
  Bytes data{0x5e, 0x08, 0x04, 0x23, 0x71, 0x8b, 0x8b, 0x70};
  put(data, multisig.bytes);
  put(data, Pubkey{}.bytes);
  put_u64(data, index);
  data.push_back(255);
  put_u32(data, 1);
  data.push_back(3);
  put_u32(data, seconds);
  return data;
}

/// A batch with so many items, and one of its items.
inline Bytes batch_bytes(const Pubkey& multisig, std::uint64_t index, std::uint32_t items) {
  Bytes data{0x9c, 0xc2, 0x46, 0x2c, 0x16, 0x58, 0x89, 0x2c};
  put(data, multisig.bytes);
  put(data, Pubkey{}.bytes);
  put_u64(data, index);
  put(data, Bytes{255, 0, 255});
  put_u32(data, items);
  put_u32(data, 0);
  return data;
}

inline Bytes batch_item_bytes(const VaultTransactionMessage& message) {
  Bytes data{0xc4, 0x79, 0x2e, 0x24, 0x0c, 0x13, 0xfc, 0x07, 255};
  put_byte_vec(data, {});
  put_message(data, message);
  return data;
}

/// An address lookup table that is active and frozen.
inline Bytes lookup_table_bytes(const std::vector<Pubkey>& addresses) {
  Bytes data;
  put_u32(data, 1);
  put_u64(data, ~std::uint64_t{0});
  data = padded(data, lookup_table_header_bytes);
  for (const Pubkey& address : addresses) put(data, address.bytes);
  return data;
}

/// A message of a vault that calls programs; keys are gathered from the instructions, the vault signs.
inline VaultTransactionMessage message_of(const Pubkey& vault, const std::vector<Instruction>& instructions) {
  VaultTransactionMessage message;
  message.signers = 1;
  message.writable_signers = 1;
  message.account_keys = {vault};
  const auto index_of = [&](const Pubkey& key) {
    const auto found = std::find(message.account_keys.begin(), message.account_keys.end(), key);
    if (found != message.account_keys.end()) return static_cast<std::uint8_t>(found - message.account_keys.begin());
    message.account_keys.push_back(key);
    return static_cast<std::uint8_t>(message.account_keys.size() - 1);
  };
  for (const Instruction& instruction : instructions) {
    CompiledInstruction compiled;
    compiled.program_id_index = index_of(instruction.program);
    for (const InstructionAccount& account : instruction.accounts) {
      compiled.account_indexes.push_back(index_of(account.key));
    }
    compiled.data = instruction.data;
    message.instructions.push_back(std::move(compiled));
  }
  return message;
}

inline Instruction told(const Pubkey& program, const std::vector<Pubkey>& accounts, Bytes data) {
  Instruction instruction{program, {}, std::move(data)};
  for (const Pubkey& account : accounts) instruction.accounts.push_back({account});
  return instruction;
}

/// Puts both accounts of a transaction where they belong.
struct Queue {
  FakeSource& source;
  Pubkey multisig;

  void holds(std::uint64_t index, const Bytes& transaction) const {
    source.holds(transaction_address(multisig, index).address, {.owner = known::squads_v4, .data = transaction});
  }
  void proposes(std::uint64_t index, ProposalStatus status, std::int64_t since = 1'700'000'000,
                std::vector<Pubkey> approved = {}) const {
    Proposal proposal{multisig, index, status, since, 255, std::move(approved), {}, {}};
    if (status == ProposalStatus::executing) proposal.status_since.reset();
    source.holds(proposal_address(multisig, index).address,
                 {.owner = known::squads_v4, .data = proposal_bytes(proposal)});
  }
  void tells(std::uint64_t index, const std::vector<Instruction>& instructions, std::uint8_t vault_index = 0) const {
    const Pubkey vault = vault_address(multisig, vault_index).address;
    holds(index,
          vault_transaction_bytes({multisig, {}, index, 255, vault_index, 255, {}, message_of(vault, instructions)}));
  }
};

}  // namespace readyctl::test
