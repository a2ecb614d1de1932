// A message in words, as far as it can be told from its bytes alone: what lies in lookup tables stays on the chain.
#pragma once

#include <string>
#include <vector>

#include "solana/instruction_words.hpp"
#include "solana/squads_transactions.hpp"
#include "solana/transaction.hpp"

namespace readyctl {

/// An account as a message names it: by its address, or as an entry of a lookup table that was not read.
struct MessageAccount {
  std::optional<Pubkey> key;  ///< none: the entry
  Pubkey table;
  std::uint8_t entry = 0;
  bool is_signer = false;
  bool is_writable = false;
};

/// "9xQ… (System program)", "entry 5 of lookup table 4aB…".
std::string words_for(const MessageAccount& account);

/// All that a message names, in the order in which its instructions count.
std::vector<MessageAccount> accounts_of(const Message& message);
std::vector<MessageAccount> accounts_of(const VaultTransactionMessage& message);

/// One instruction as words_for(Instruction). An index that means nothing is said, for a cluster refuses it.
std::string words_for(const CompiledInstruction& instruction, const std::vector<MessageAccount>& accounts);

/// Each instruction that a vault would run.
std::vector<std::string> words_for_each(const VaultTransactionMessage& message);

}  // namespace readyctl
