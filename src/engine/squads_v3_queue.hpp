// What the members of a Squads v3 multisig have before them: its transactions, whether each can still be executed, and
// what it would do.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/squads_queue.hpp"
#include "engine/task.hpp"
#include "facts/accounts.hpp"
#include "solana/squads_v3.hpp"

namespace readyctl {

struct SquadsV3Queued {
  std::uint32_t index = 0;
  Pubkey address;
  std::optional<SquadsV3Transaction> transaction;  ///< none: it cannot be read, and the state says why
  std::string state;                               ///< as in Prospect: "Active", "ExecuteReady, stale, and …"
};

/// Whether it can still be executed. A change of the multisig voids what is a draft or is voted on, and leaves what was
/// approved. (squads-mpl account.rs: ActivateTransaction, VoteTransaction, ExecuteTransaction)
Prospect prospect_of(const SquadsV3Transaction& transaction, const SquadsV3Multisig& multisig);

/// The transactions of the range that are live; 1 round. One that cannot be read is among them.
Task<std::vector<SquadsV3Queued>> live_among(Pubkey address, SquadsV3Multisig multisig, TransactionRange range);

/// As for version 4.
std::optional<Unobtainable> too_many_transactions(const SquadsV3Multisig& multisig);

/// Every transaction of the multisig that can still be executed, but for the excepted ones: a round for each
/// transactions_a_round. One that cannot be read is among them.
Task<std::vector<SquadsV3Queued>> live_squads_v3_transactions(Pubkey address, SquadsV3Multisig multisig,
                                                              std::set<std::uint64_t> excepted);

/// What each would do, one line an instruction: 1 round.
Task<std::vector<std::vector<std::string>>> deeds_of_squads_v3(std::vector<SquadsV3Queued> transactions);

}  // namespace readyctl
