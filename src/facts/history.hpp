// Facts that are searched for rather than looked up: which transactions named an address, which accounts those named,
// and which accounts of a program hold certain bytes.
//
// Endpoints keep as much history as they like, and may refuse to search: what they do not list is not known to be
// absent. Nothing found here counts before it is proven another way.
#pragma once

#include <string>
#include <vector>

#include "facts/accounts.hpp"
#include "facts/fact.hpp"
#include "solana/instruction.hpp"

namespace readyctl {

/// One transaction of an address's history.
struct SignatureSeen {
  std::string signature;  ///< base58
  Slot slot;
  bool failed = false;  ///< it is in a block and changed nothing
};

/// The accounts that a transaction could touch: those it names itself, then those out of lookup tables.
struct TransactionSeen {
  Slot slot;
  std::vector<Pubkey> accounts;
};

/// An instruction that ran: one of the transaction's own, or one that another called.
struct ExecutedInstruction {
  Instruction instruction;
  bool is_inner = false;
};

/// A transaction with everything that it told any program.
struct ExecutedTransaction {
  Slot slot;
  std::optional<std::int64_t> block_time;         ///< Unix seconds, as the cluster estimates them
  bool failed = false;                            ///< it is in a block and changed nothing
  std::vector<Pubkey> signers;                    ///< the first pays
  std::vector<ExecutedInstruction> instructions;  ///< in the order in which they began
};

/// Bytes that an account's data must hold at an offset.
struct AccountFilter {
  std::uint32_t offset = 0;
  Bytes bytes;  ///< at most 128
};

struct ProgramQuery {
  Pubkey program;
  std::vector<AccountFilter> filters;  ///< at most 4, all of which must hold
  Slice slice;                         ///< of the data that is wanted
};

struct FoundAccount {
  Pubkey address;
  Bytes data;  ///< the slice that was asked for
};

namespace facts {

/// The latest transactions that name the address, newest first, at most `limit` (1 to 1000).
Fact<std::vector<SignatureSeen>> signatures_of(const Pubkey& address, std::uint32_t limit);

/// A finalized transaction of any version. Absent: the endpoint does not know it (any more).
Fact<TransactionSeen> transaction(const std::string& signature);

/// The same with its instructions. Absent: likewise. What an endpoint does not record (inner instructions, addresses
/// out of lookup tables) cannot be had.
Fact<ExecutedTransaction> executed_transaction(const std::string& signature);

/// The same of a transaction that a history lists: where it is not known any more, it cannot be had (cause pruned).
Fact<ExecutedTransaction> listed_transaction(const std::string& signature);

/// The accounts of a program that pass every filter.
Fact<std::vector<FoundAccount>> program_accounts(const ProgramQuery& query);

}  // namespace facts
}  // namespace readyctl
