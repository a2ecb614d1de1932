// Proposals, vault transactions and batch transactions of Squads v4.
#include "solana/squads_transactions.hpp"

#include "fuzz/retrace.hpp"
#include "solana/squads.hpp"

using namespace readyctl;

namespace {

void retrace_proposal(fuzz::Retrace& retrace, const Proposal& proposal) {
  retrace.key(proposal.multisig);
  retrace.number(proposal.transaction_index);
  retrace.number(static_cast<std::uint8_t>(proposal.status));
  fuzz::require(!words_for(proposal.status).empty(), "a status has a name");
  fuzz::require(proposal.status_since.has_value() == (proposal.status != ProposalStatus::executing),
                "a status has a time unless it is Executing");
  if (proposal.status_since) retrace.number(*proposal.status_since);
  retrace.number(proposal.bump);
  retrace.key_vec(proposal.approved);
  retrace.key_vec(proposal.rejected);
  retrace.key_vec(proposal.cancelled);
}

void retrace_message(fuzz::Retrace& retrace, const VaultTransactionMessage& message) {
  retrace.number(message.signers);
  retrace.number(message.writable_signers);
  retrace.number(message.writable_non_signers);
  retrace.key_vec(message.account_keys);
  retrace.count(message.instructions.size());
  for (const CompiledInstruction& instruction : message.instructions) {
    retrace.number(instruction.program_id_index);
    retrace.byte_vec(instruction.account_indexes);
    retrace.byte_vec(instruction.data);
    for (const std::size_t index : instruction.account_indexes) {
      message.is_signer(index);
      message.is_writable(index);
      fuzz::require(message.static_key(index).has_value() == (index < message.account_keys.size()),
                    "an index names a static key when there is one");
    }
  }
  retrace.count(message.lookups.size());
  for (const AddressTableLookup& lookup : message.lookups) {
    retrace.key(lookup.table);
    retrace.byte_vec(lookup.writable_indexes);
    retrace.byte_vec(lookup.readonly_indexes);
  }
}

}  // namespace

FUZZ_TARGET(squads_transactions) {
  const ByteView account(data, size);
  fuzz::Retrace retrace(account);
  if (size >= 8) retrace.skip(8);
  const auto proposal = decode_proposal(account);
  const auto transaction = decode_vault_transaction(account);
  const auto item = decode_vault_batch_transaction(account);
  fuzz::require(proposal.has_value() + transaction.has_value() + item.has_value() <= 1, "an account is one thing");
  if (proposal) retrace_proposal(retrace, *proposal);
  if (transaction) {
    retrace.key(transaction->multisig);
    retrace.key(transaction->creator);
    retrace.number(transaction->index);
    retrace.number(transaction->bump);
    retrace.number(transaction->vault_index);
    retrace.number(transaction->vault_bump);
    retrace.byte_vec(transaction->ephemeral_signer_bumps);
    retrace_message(retrace, transaction->message);
  }
  if (item) {
    retrace.number(item->bump);
    retrace.byte_vec(item->ephemeral_signer_bumps);
    retrace_message(retrace, item->message);
  }
  return 0;
}
