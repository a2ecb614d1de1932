// Squads votes: what the members of a multisig have before them, and one transaction with its proposal.
#pragma once

#include <optional>
#include <vector>

#include "engine/squads_queue.hpp"

namespace readyctl {

/// What can still be executed of the latest transactions of a multisig.
struct PendingTransactions {
  TransactionRange looked_at;
  std::vector<LiveTransaction> live;
  std::vector<Deeds> deeds;  ///< of each
};

/// The latest transactions_a_round transactions; 1 round, 2 to 4 where something may be live.
Task<PendingTransactions> pending_transactions(Pubkey address, Multisig multisig);

/// A transaction, its proposal, and the rules under which it is voted on.
struct SquadsVote {
  Pubkey multisig_address;
  std::optional<Multisig> multisig;  ///< none: it does not exist, or is none
  QueuedTransaction transaction;
  Deeds deeds;
  std::optional<Clock> clock;
};

/// Of which multisig and which index this proposal, vault, config or batch transaction is; none for anything else.
struct VoteOf {
  Pubkey multisig;
  std::uint64_t index = 0;
  bool is_proposal = false;
};
std::optional<VoteOf> vote_of(const std::optional<Account>& account);

/// All of it: 1 round, up to 4 for what it would do. Of the account that was looked at, or by number.
Task<SquadsVote> squads_vote(const Account& account, const VoteOf& of);
Task<SquadsVote> squads_vote(const Pubkey& multisig, std::uint64_t index);

}  // namespace readyctl
