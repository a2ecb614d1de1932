#include "solana/message_words.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "solana/names.hpp"
#include "solana/told_instruction.hpp"

namespace readyctl {
namespace {

void add_looked_up(const std::vector<AddressTableLookup>& lookups, std::vector<MessageAccount>& accounts) {
  for (const AddressTableLookup& lookup : lookups) {
    for (const std::uint8_t entry : lookup.writable_indexes) accounts.push_back({{}, lookup.table, entry, false, true});
  }
  for (const AddressTableLookup& lookup : lookups) {
    for (const std::uint8_t entry : lookup.readonly_indexes) {
      accounts.push_back({{}, lookup.table, entry, false, false});
    }
  }
}

template <class AnyMessage>
std::vector<MessageAccount> accounts_in(const AnyMessage& message, const std::vector<Pubkey>& keys) {
  std::vector<MessageAccount> accounts;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    accounts.push_back({keys[i], {}, 0, message.is_signer(i), message.is_writable(i)});
  }
  add_looked_up(message.lookups, accounts);
  return accounts;
}

std::string nothing_there(const std::string& what, std::uint8_t index) {
  return "an instruction that a cluster refuses: it names " + what + " " + std::to_string(index) +
         ", which is not there";
}

}  // namespace

std::string words_for(const MessageAccount& account) {
  if (account.key) return named(*account.key);
  return "entry " + std::to_string(account.entry) + " of lookup table " + to_string(account.table);
}

std::vector<MessageAccount> accounts_of(const Message& message) { return accounts_in(message, message.keys); }

std::vector<MessageAccount> accounts_of(const VaultTransactionMessage& message) {
  return accounts_in(message, message.account_keys);
}

std::string words_for(const CompiledInstruction& compiled, const std::vector<MessageAccount>& accounts) {
  if (compiled.program_id_index >= accounts.size()) return nothing_there("program", compiled.program_id_index);
  Instruction instruction;
  AccountWords unknown;
  for (const std::uint8_t index : compiled.account_indexes) {
    if (index >= accounts.size()) return nothing_there("account", index);
    const MessageAccount& account = accounts[index];
    if (!account.key) unknown[instruction.accounts.size()] = words_for(account);
    instruction.accounts.push_back({account.key.value_or(Pubkey{}), account.is_signer, account.is_writable});
  }
  instruction.data = compiled.data;
  const MessageAccount& program = accounts[compiled.program_id_index];
  if (!program.key) {
    return "call a program that is " + words_for(program) + ", with " +
           counted(instruction.accounts.size(), "account") + " and " + data_words(instruction.data);
  }
  instruction.program = *program.key;
  return words_for(instruction, unknown);
}

std::vector<std::string> words_for_each(const VaultTransactionMessage& message) {
  const std::vector<MessageAccount> accounts = accounts_of(message);
  std::vector<std::string> words;
  for (const CompiledInstruction& instruction : message.instructions) words.push_back(words_for(instruction, accounts));
  return words;
}

}  // namespace readyctl
