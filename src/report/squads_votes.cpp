#include "report/squads_votes.hpp"

#include <algorithm>

#include "solana/derive.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

template <class Decoded>
std::optional<VoteOf> vote_of_transaction(const Result<Decoded>& transaction) {
  if (!transaction) return std::nullopt;
  return VoteOf{transaction->multisig, transaction->index, false};
}

std::optional<Multisig> multisig_in(const std::optional<Account>& account) {
  if (!account || account->owner != known::squads_v4) return std::nullopt;
  auto multisig = decode_multisig(account->bytes());
  return multisig ? std::optional(std::move(*multisig)) : std::nullopt;
}

std::vector<QueuedTransaction> transactions_of(const std::vector<LiveTransaction>& live) {
  std::vector<QueuedTransaction> transactions;
  for (const LiveTransaction& one : live) transactions.push_back(one.transaction);
  return transactions;
}

// The accounts that a vote is read from.
struct VoteAccounts {
  Pubkey multisig;
  std::uint64_t index = 0;
  Pubkey transaction;
  Pubkey proposal;
};

VoteAccounts accounts_for(const Pubkey& multisig, std::uint64_t index) {
  return {multisig, index, transaction_address(multisig, index).address, proposal_address(multisig, index).address};
}

Task<SquadsVote> read_vote(VoteAccounts of) {
  SquadsVote vote;
  vote.multisig_address = of.multisig;
  const std::vector wanted{facts::account_if_any(of.multisig), facts::account_if_any(of.transaction),
                           facts::account_if_any(of.proposal)};
  const auto both = co_await all(wanted, maybe(facts::clock()));
  const std::vector<std::optional<Account>>& accounts = std::get<0>(both);
  vote.multisig = multisig_in(accounts[0]);
  vote.transaction = queued_transaction(of.multisig, of.index, accounts[1], accounts[2]);
  vote.transaction.address = of.transaction;
  if (const auto& clock = std::get<1>(both)) vote.clock = *clock;

  const std::vector<QueuedTransaction> only{vote.transaction};
  Task<std::vector<Deeds>> reading = deeds_of(of.multisig, only);
  const std::vector<Deeds> deeds = co_await reading;
  vote.deeds = deeds.front();
  co_return vote;
}

}  // namespace

Task<PendingTransactions> pending_transactions(Pubkey address, Multisig multisig) {
  PendingTransactions pending;
  const std::uint64_t count = std::min(multisig.transaction_index, transactions_a_round);
  pending.looked_at = {multisig.transaction_index - count + 1, count};
  Task<std::vector<LiveTransaction>> enumeration = live_among(address, multisig, pending.looked_at);
  const std::vector<LiveTransaction> live = co_await enumeration;
  Task<std::vector<Deeds>> reading = deeds_of(address, transactions_of(live));
  const std::vector<Deeds> deeds = co_await reading;
  pending.live = live;
  pending.deeds = deeds;
  co_return pending;
}

std::optional<VoteOf> vote_of(const std::optional<Account>& account) {
  if (!account || account->owner != known::squads_v4) return std::nullopt;
  const ByteView data = account->bytes();
  if (const auto proposal = decode_proposal(data)) return VoteOf{proposal->multisig, proposal->transaction_index, true};
  if (const auto vault = vote_of_transaction(decode_vault_transaction(data))) return vault;
  if (const auto config = vote_of_transaction(decode_config_transaction(data))) return config;
  return vote_of_transaction(decode_batch(data));
}

Task<SquadsVote> squads_vote(const Account& account, const VoteOf& of) {
  VoteAccounts accounts = accounts_for(of.multisig, of.index);
  (of.is_proposal ? accounts.proposal : accounts.transaction) = account.address;
  return read_vote(accounts);
}

Task<SquadsVote> squads_vote(const Pubkey& multisig, std::uint64_t index) {
  return read_vote(accounts_for(multisig, index));
}

}  // namespace readyctl
