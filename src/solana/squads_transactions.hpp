// Squads v4: what members voted on, and what a vote would execute.
//
// Source: Squads-Protocol/v4 state/proposal.rs, state/vault_transaction.rs. Bytes after a value are never read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/instruction.hpp"
#include "solana/pubkey.hpp"
#include "solana/system_accounts.hpp"
#include "solana/transaction.hpp"

namespace readyctl {

/// Numbered as stored. `executing` is deprecated and has no timestamp.
enum class ProposalStatus : std::uint8_t { draft, active, rejected, approved, executing, executed, cancelled };

/// "Draft", "Active", …
std::string_view words_for(ProposalStatus status);

struct Proposal {
  Pubkey multisig;
  std::uint64_t transaction_index = 0;
  ProposalStatus status = ProposalStatus::draft;
  std::optional<std::int64_t> status_since;  ///< Unix seconds of the on-chain clock; none only while executing
  std::uint8_t bump = 0;
  std::vector<Pubkey> approved;
  std::vector<Pubkey> rejected;
  std::vector<Pubkey> cancelled;
};

/// Errors (kind `malformed`): another Squads account, by name, or another discriminator; data that ends before the
/// value does; a vote list longer than the data; a status other than 0 to 6.
Result<Proposal> decode_proposal(ByteView data);

/// Bytes of a proposal or of a transaction of any kind that are its head: for a proposal, up to the time of its status.
inline constexpr std::size_t squads_head_bytes = 80;

/// The same of the first squads_head_bytes alone; the votes are not read and empty.
Result<Proposal> decode_proposal_head(ByteView data);

struct VaultTransactionMessage {
  std::uint8_t signers = 0;               ///< of the static keys, the first ones
  std::uint8_t writable_signers = 0;      ///< of the signers, the first ones
  std::uint8_t writable_non_signers = 0;  ///< of the static keys after the signers, the first ones
  std::vector<Pubkey> account_keys;       ///< the static keys
  std::vector<CompiledInstruction> instructions;
  std::vector<AddressTableLookup> lookups;

  /// Of a static key, by its index.
  bool is_signer(std::size_t index) const { return index < signers; }
  bool is_writable(std::size_t index) const;
  /// The static key with this index; none when the index means a looked-up account.
  std::optional<Pubkey> static_key(std::size_t index) const;
};

/// What a vault would run of a message that is signed: without the blockhash and, in version 1, the config.
VaultTransactionMessage as_vault_message(Message message);

struct VaultTransaction {
  Pubkey multisig;
  Pubkey creator;
  std::uint64_t index = 0;
  std::uint8_t bump = 0;
  std::uint8_t vault_index = 0;  ///< of the vault that signs
  std::uint8_t vault_bump = 0;
  Bytes ephemeral_signer_bumps;
  VaultTransactionMessage message;
};

/// Errors (kind `malformed`): another Squads account, by name, or another discriminator; data that ends before the
/// value does; a list longer than the data. Indexes are not checked against the keys.
Result<VaultTransaction> decode_vault_transaction(ByteView data);

struct VaultBatchTransaction {
  std::uint8_t bump = 0;
  Bytes ephemeral_signer_bumps;
  VaultTransactionMessage message;
};

/// Errors as decode_vault_transaction.
Result<VaultBatchTransaction> decode_vault_batch_transaction(ByteView data);

/// The same message as `vault_transaction_create` is given it, and as a transaction buffer holds it: its counts are of
/// one byte, those of instruction data of two. Errors (kind `malformed`): data that ends early or goes on too long.
Result<VaultTransactionMessage> decode_compact_message(ByteView data);

/// The instructions that a vault would run. `tables` are those of `message.lookups`, in their order.
/// Errors (kind `malformed`): a table too few; an index past a table or past all keys.
Result<std::vector<Instruction>> instructions_of(const VaultTransactionMessage& message,
                                                 const std::vector<LookupTable>& tables);

}  // namespace readyctl
