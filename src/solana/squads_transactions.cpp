#include "solana/squads_transactions.hpp"

#include <array>
#include <string>

#include "solana/squads_reader.hpp"

namespace readyctl {
namespace {

// Proposal
//    0  8B   discriminator          48  u8   status                            then  u8   bump
//    8  32B  multisig               49  i64  Unix time of the status,                vec  approved, 32B each
//   40  u64  transaction index               absent for status 4 (Executing)         vec  rejected, vec cancelled
static_assert(8 + 32 + 8 == 48);
constexpr std::uint8_t status_max = static_cast<std::uint8_t>(ProposalStatus::cancelled);
static_assert(status_max == 6 && static_cast<int>(ProposalStatus::executing) == 4);

// VaultTransaction
//    0  8B   discriminator     72  u64  index           81  u8   vault index      83  vec  ephemeral signer bumps
//    8  32B  multisig          80  u8   bump            82  u8   vault bump       then the message
//   40  32B  creator
static_assert(8 + 32 + 32 == 72 && 72 + 8 + 1 + 1 + 1 == 83);

// Message: u8 signers, u8 writable signers, u8 writable non-signers, then three vecs: keys (32B each),
// instructions {u8 program, vec account indexes, vec data}, lookups {32B table, vec writable, vec read-only}.
// Every vec counts in u32.
constexpr std::size_t instruction_bytes_min = 1 + 4 + 4;
constexpr std::size_t lookup_bytes_min = 32 + 4 + 4;

VaultTransactionMessage read_message(Reader& reader) {
  VaultTransactionMessage message;
  message.signers = reader.u8("signers");
  message.writable_signers = reader.u8("writable signers");
  message.writable_non_signers = reader.u8("writable non-signers");
  message.account_keys = reader.pubkey_vec("account keys");
  message.instructions.resize(reader.count("instructions", instruction_bytes_min));
  for (CompiledInstruction& instruction : message.instructions) {
    instruction.program_id_index = reader.u8("program id index");
    instruction.account_indexes = reader.byte_vec("account indexes");
    instruction.data = reader.byte_vec("instruction data");
  }
  message.lookups.resize(reader.count("lookups", lookup_bytes_min));
  for (AddressTableLookup& lookup : message.lookups) {
    lookup.table = reader.pubkey("lookup table");
    lookup.writable_indexes = reader.byte_vec("writable indexes");
    lookup.readonly_indexes = reader.byte_vec("read-only indexes");
  }
  return message;
}

// The compact message: the same fields, and every list counts in u8 but instruction data in u16.
Bytes short_bytes(Reader& reader, std::string_view field, std::size_t size) {
  const ByteView view = reader.bytes(field, size);
  return {view.begin(), view.end()};
}

Bytes short_vec(Reader& reader, std::string_view field) { return short_bytes(reader, field, reader.u8(field)); }

VaultTransactionMessage read_compact_message(Reader& reader) {
  VaultTransactionMessage message;
  message.signers = reader.u8("signers");
  message.writable_signers = reader.u8("writable signers");
  message.writable_non_signers = reader.u8("writable non-signers");
  const std::size_t keys = reader.u8("number of account keys");
  for (std::size_t i = 0; i < keys && reader.ok(); ++i) message.account_keys.push_back(reader.pubkey("account key"));
  message.instructions.resize(reader.u8("number of instructions"));
  for (CompiledInstruction& instruction : message.instructions) {
    instruction.program_id_index = reader.u8("program id index");
    instruction.account_indexes = short_vec(reader, "account indexes");
    instruction.data = short_bytes(reader, "instruction data", reader.u16("length of instruction data"));
  }
  message.lookups.resize(reader.u8("number of lookups"));
  for (AddressTableLookup& lookup : message.lookups) {
    lookup.table = reader.pubkey("lookup table");
    lookup.writable_indexes = short_vec(reader, "writable indexes");
    lookup.readonly_indexes = short_vec(reader, "read-only indexes");
  }
  return message;
}

}  // namespace

std::string_view words_for(ProposalStatus status) {
  static constexpr std::array<std::string_view, 7> words = {"Draft",     "Active",   "Rejected", "Approved",
                                                            "Executing", "Executed", "Cancelled"};
  return words.at(static_cast<std::size_t>(status));
}

namespace {

Proposal read_proposal_head(Reader& reader) {
  Proposal proposal;
  proposal.multisig = reader.pubkey("multisig");
  proposal.transaction_index = reader.u64("transaction index");
  const std::uint8_t status = reader.u8("status");
  if (status > status_max) reader.fail("expected status 0 to 6 at offset 48, found " + std::to_string(status));
  proposal.status = static_cast<ProposalStatus>(status);
  if (proposal.status != ProposalStatus::executing) proposal.status_since = reader.i64("time of the status");
  return proposal;
}

}  // namespace

Result<Proposal> decode_proposal_head(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::proposal, data);
  Proposal proposal = read_proposal_head(reader);
  return reader.finish(std::move(proposal));
}

Result<Proposal> decode_proposal(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::proposal, data);
  Proposal proposal = read_proposal_head(reader);
  proposal.bump = reader.u8("bump");
  proposal.approved = reader.pubkey_vec("approved");
  proposal.rejected = reader.pubkey_vec("rejected");
  proposal.cancelled = reader.pubkey_vec("cancelled");
  return reader.finish(std::move(proposal));
}

bool VaultTransactionMessage::is_writable(std::size_t index) const {
  if (index < signers) return index < writable_signers;
  return index < account_keys.size() && index - signers < writable_non_signers;
}

std::optional<Pubkey> VaultTransactionMessage::static_key(std::size_t index) const {
  return index < account_keys.size() ? std::optional(account_keys[index]) : std::nullopt;
}

VaultTransactionMessage as_vault_message(Message message) {
  const std::size_t others = message.keys.size() - message.signers;
  return {message.signers,
          static_cast<std::uint8_t>(message.signers - message.readonly_signers),
          static_cast<std::uint8_t>(others - message.readonly_others),
          std::move(message.keys),
          std::move(message.instructions),
          std::move(message.lookups)};
}

Result<VaultTransaction> decode_vault_transaction(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::vault_transaction, data);
  VaultTransaction transaction;
  transaction.multisig = reader.pubkey("multisig");
  transaction.creator = reader.pubkey("creator");
  transaction.index = reader.u64("index");
  transaction.bump = reader.u8("bump");
  transaction.vault_index = reader.u8("vault index");
  transaction.vault_bump = reader.u8("vault bump");
  transaction.ephemeral_signer_bumps = reader.byte_vec("ephemeral signer bumps");
  transaction.message = read_message(reader);
  return reader.finish(std::move(transaction));
}

Result<VaultTransactionMessage> decode_compact_message(ByteView data) {
  Reader reader("vault transaction message", data);
  VaultTransactionMessage message = read_compact_message(reader);
  if (reader.ok() && !reader.rest().empty()) reader.fail("bytes are left over");
  return reader.finish(std::move(message));
}

Result<VaultBatchTransaction> decode_vault_batch_transaction(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::vault_batch_transaction, data);
  VaultBatchTransaction transaction;
  transaction.bump = reader.u8("bump");
  transaction.ephemeral_signer_bumps = reader.byte_vec("ephemeral signer bumps");
  transaction.message = read_message(reader);
  return reader.finish(std::move(transaction));
}

namespace {

// Adds the entries of one table; false when an index lies past its end.
bool add_looked_up(const LookupTable& table, const Bytes& indexes, bool writable,
                   std::vector<InstructionAccount>& keys) {
  for (const std::uint8_t index : indexes) {
    if (index >= table.addresses.size()) return false;
    keys.push_back({table.addresses[index], false, writable});
  }
  return true;
}

Result<std::vector<InstructionAccount>> keys_of(const VaultTransactionMessage& message,
                                                const std::vector<LookupTable>& tables) {
  if (tables.size() != message.lookups.size()) return malformed("", "a lookup table of the message is not there");
  std::vector<InstructionAccount> keys;
  for (std::size_t i = 0; i < message.account_keys.size(); ++i) {
    keys.push_back({message.account_keys[i], message.is_signer(i), message.is_writable(i)});
  }
  for (const bool writable : {true, false}) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const AddressTableLookup& lookup = message.lookups[i];
      const Bytes& indexes = writable ? lookup.writable_indexes : lookup.readonly_indexes;
      if (add_looked_up(tables[i], indexes, writable, keys)) continue;
      return malformed("", "the message takes an address past the end of lookup table " + to_string(lookup.table));
    }
  }
  return keys;
}

}  // namespace

Result<std::vector<Instruction>> instructions_of(const VaultTransactionMessage& message,
                                                 const std::vector<LookupTable>& tables) {
  const auto keys = keys_of(message, tables);
  if (!keys) return failure(keys.error());
  std::vector<Instruction> instructions;
  for (const CompiledInstruction& compiled : message.instructions) {
    auto instruction = resolve(compiled, *keys);
    if (!instruction) return failure(instruction.error());
    instructions.push_back(std::move(*instruction));
  }
  return instructions;
}

}  // namespace readyctl
