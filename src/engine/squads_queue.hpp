// What the members of a Squads v4 multisig have before them: its transactions, whether each can still be executed, and
// what it would do.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/task.hpp"
#include "facts/accounts.hpp"
#include "solana/instruction.hpp"
#include "solana/squads_config.hpp"
#include "solana/squads_transactions.hpp"

namespace readyctl {

/// A transaction of a multisig as its two accounts begin. An account that the Squads program does not own is none: an
/// address whose account was closed can be sent lamports.
struct QueuedTransaction {
  std::uint64_t index = 0;
  Pubkey address;                   ///< of the transaction account
  std::optional<Account> account;   ///< the transaction: its head, or all of it
  std::optional<Account> proposal;  ///< likewise
};

/// The heads of both accounts of one transaction, to be asked for together, and read in this order.
std::vector<Fact<std::optional<Account>>> heads_of_transaction(const Pubkey& multisig, std::uint64_t index);
QueuedTransaction queued_transaction(const Pubkey& multisig, std::uint64_t index, std::optional<Account> account,
                                     std::optional<Account> proposal);

/// Whether a transaction can still be executed, now or after votes that its members can still give.
struct Prospect {
  bool is_live = false;
  std::string state;  ///< "Active since 2026-03-02T10:15:00Z", "no proposal yet", "Approved …, stale, and executable
                      ///< all the same"
};

/// What stands in the way is the transaction's own state only; time lock and permissions are not looked at. A state
/// that cannot be read is live.
Prospect prospect_of(const QueuedTransaction& transaction, const Multisig& multisig);

struct LiveTransaction {
  QueuedTransaction transaction;
  std::string state;  ///< as in Prospect
};

/// Transactions `first`, `first` + 1, …: `count` of them.
struct TransactionRange {
  std::uint64_t first = 1;
  std::uint64_t count = 0;
};

/// A round of 1000 proposals is 10 requests. What waiting for them takes is given back before the next one; what is
/// kept is the evidence, and what may be live.
inline constexpr std::uint64_t transactions_a_round = 1000;

/// The transactions of the range that are live, read whole: the heads of all proposals, then the transactions that
/// these do not say to be over; 1 round, or 2.
Task<std::vector<LiveTransaction>> live_among(Pubkey address, Multisig multisig, TransactionRange range);

/// More transactions than are ever enumerated; none: they can be.
std::optional<Unobtainable> too_many_transactions(const Multisig& multisig);

/// Every transaction of the multisig that can still be executed, but for the excepted ones, read whole: a round of
/// proposals for each transactions_a_round, then one for each as many transactions that no proposal says to be over.
Task<std::vector<LiveTransaction>> live_transactions(Pubkey address, Multisig multisig,
                                                     std::set<std::uint64_t> excepted);

/// The lookup table at the address. Errors (kind `malformed`): no account, another owner, another layout.
Result<LookupTable> lookup_table_in(const Pubkey& address, const std::optional<Account>& account);

/// What a transaction would do: one line an instruction, or an action of a config transaction.
struct Deeds {
  std::vector<Instruction> instructions;  ///< of a vault transaction, or of every item of a batch
  std::vector<std::string> words;
};

/// What a message would do when a vault ran it, which the chain need not hold yet: the lookup tables, 1 round.
Task<Deeds> deeds_of_message(VaultTransactionMessage message);

/// The same for each of the transactions, all read together: the transaction accounts, the items of batches, the lookup
/// tables; up to 3 rounds. What cannot be decoded is told in `words` and has no instructions.
Task<std::vector<Deeds>> deeds_of(Pubkey multisig, std::vector<QueuedTransaction> transactions);

}  // namespace readyctl
