#include "report/squads_v3_votes.hpp"

#include "solana/well_known.hpp"

namespace readyctl {
namespace {

std::optional<SquadsV3Multisig> v3_multisig_in(const std::optional<Account>& account) {
  if (!account || account->owner != known::squads_v3) return std::nullopt;
  auto multisig = decode_squads_v3_multisig(account->bytes());
  return multisig ? std::optional(std::move(*multisig)) : std::nullopt;
}

Task<std::vector<SquadsV3Vote>> votes_on(std::vector<SquadsV3Queued> transactions, bool is_live) {
  Task<std::vector<std::vector<std::string>>> reading = deeds_of_squads_v3(transactions);
  std::vector<std::vector<std::string>> deeds = co_await reading;
  std::vector<SquadsV3Vote> votes;
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    votes.push_back({std::move(transactions[i]), is_live, std::move(deeds[i])});
  }
  co_return votes;
}

Task<SquadsV3Seen> seen_of_multisig(Pubkey address, SquadsV3Multisig multisig) {
  SquadsV3Seen seen{address, multisig, 1, {}};
  const std::uint64_t last = multisig.transaction_index;
  const std::uint64_t count = std::min(transactions_a_round, last);
  seen.first_looked_at = last - count + 1;
  const TransactionRange latest{seen.first_looked_at, count};
  Task<std::vector<SquadsV3Queued>> enumeration = live_among(address, multisig, latest);
  const std::vector<SquadsV3Queued> live = co_await enumeration;
  Task<std::vector<SquadsV3Vote>> reading = votes_on(live, true);
  const std::vector<SquadsV3Vote> votes = co_await reading;
  seen.votes = votes;
  co_return seen;
}

Task<SquadsV3Seen> seen_of_transaction(Account account, SquadsV3Transaction transaction) {
  SquadsV3Seen seen{transaction.multisig, std::nullopt, 1, {}};
  const std::optional<Account> multisig = co_await facts::account_if_any(transaction.multisig);
  seen.multisig = v3_multisig_in(multisig);
  // Without its multisig nothing is known to be stale.
  const Prospect prospect = prospect_of(transaction, seen.multisig.value_or(SquadsV3Multisig{}));
  const std::vector only{SquadsV3Queued{transaction.index, account.address, transaction, prospect.state}};
  Task<std::vector<SquadsV3Vote>> reading = votes_on(only, prospect.is_live);
  const std::vector<SquadsV3Vote> votes = co_await reading;
  seen.votes = votes;
  co_return seen;
}

}  // namespace

Task<std::optional<SquadsV3Seen>> squads_v3_seen(Account account) {
  if (account.owner != known::squads_v3) co_return std::nullopt;
  const auto multisig = decode_squads_v3_multisig(account.bytes());
  if (multisig) {
    Task<SquadsV3Seen> reading = seen_of_multisig(account.address, *multisig);
    const SquadsV3Seen seen = co_await reading;
    co_return seen;
  }
  const auto transaction = decode_squads_v3_transaction(account.bytes());
  if (!transaction) co_return std::nullopt;
  Task<SquadsV3Seen> reading = seen_of_transaction(account, *transaction);
  const SquadsV3Seen seen = co_await reading;
  co_return seen;
}

}  // namespace readyctl
