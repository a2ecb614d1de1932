// Multisigs, transactions and instructions of Squads v3.
#include "solana/squads_v3.hpp"

#include "fuzz/retrace.hpp"

using namespace readyctl;

namespace {

void retrace_multisig(fuzz::Retrace& retrace, const SquadsV3Multisig& multisig) {
  retrace.number(multisig.threshold);
  retrace.number(multisig.authority_index);
  retrace.number(multisig.transaction_index);
  retrace.number(multisig.change_index);
  retrace.number(multisig.bump);
  retrace.key(multisig.create_key);
  retrace.number(static_cast<std::uint8_t>(multisig.allow_external_execute));
  retrace.key_vec(multisig.members);
}

void retrace_transaction(fuzz::Retrace& retrace, const SquadsV3Transaction& transaction) {
  retrace.key(transaction.creator);
  retrace.key(transaction.multisig);
  retrace.number(transaction.index);
  retrace.number(transaction.authority_index);
  retrace.number(transaction.authority_bump);
  retrace.number(static_cast<std::uint8_t>(transaction.status));
  fuzz::require(!words_for(transaction.status).empty(), "a status has a name");
  retrace.number(transaction.instructions);
  retrace.number(transaction.bump);
  retrace.key_vec(transaction.approved);
  retrace.key_vec(transaction.rejected);
  retrace.key_vec(transaction.cancelled);
  retrace.number(transaction.executed_index);
}

void retrace_instruction(fuzz::Retrace& retrace, const SquadsV3Instruction& stored) {
  retrace.key(stored.instruction.program);
  retrace.count(stored.instruction.accounts.size());
  for (const InstructionAccount& account : stored.instruction.accounts) {
    retrace.key(account.key);
    retrace.number(static_cast<std::uint8_t>(account.is_signer));
    retrace.number(static_cast<std::uint8_t>(account.is_writable));
  }
  retrace.byte_vec(stored.instruction.data);
  retrace.number(stored.index);
  retrace.number(stored.bump);
  retrace.number(static_cast<std::uint8_t>(stored.executed));
}

}  // namespace

FUZZ_TARGET(squads_v3) {
  const ByteView account(data, size);
  fuzz::Retrace retrace(account);
  if (size >= 8) retrace.skip(8);
  const auto multisig = decode_squads_v3_multisig(account);
  const auto transaction = decode_squads_v3_transaction(account);
  const auto instruction = decode_squads_v3_instruction(account);
  fuzz::require(multisig.has_value() + transaction.has_value() + instruction.has_value() <= 1,
                "an account is one thing");
  if (multisig) retrace_multisig(retrace, *multisig);
  if (transaction) retrace_transaction(retrace, *transaction);
  if (instruction) retrace_instruction(retrace, *instruction);
  return 0;
}
