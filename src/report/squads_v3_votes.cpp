#include "report/squads_v3_votes.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "solana/instruction_words.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

constexpr std::uint32_t transactions_looked_at = 1000;
constexpr std::size_t instructions_read_max = 2000;

using Accounts = std::vector<std::optional<Account>>;
using AccountFacts = std::vector<Fact<std::optional<Account>>>;

// The rules of votes and of execution differ: a change of the multisig voids what is a draft or is voted on, and leaves
// what was approved. (squads-mpl account.rs: ActivateTransaction, VoteTransaction, ExecuteTransaction)
void set_state(SquadsV3Vote& vote, const std::optional<SquadsV3Multisig>& multisig) {
  const SquadsV3Status status = vote.transaction->status;
  const bool is_void = multisig && vote.transaction->index <= multisig->change_index;
  vote.state = words_for(status);
  switch (status) {
    case SquadsV3Status::draft:
    case SquadsV3Status::active:
      vote.is_live = !is_void;
      if (is_void) vote.state += ", void";
      return;
    case SquadsV3Status::execute_ready:
      vote.is_live = true;
      if (is_void) vote.state += ", void for votes, and executable all the same";
      return;
    case SquadsV3Status::executed:
    case SquadsV3Status::rejected:
    case SquadsV3Status::cancelled:
      return;
  }
}

SquadsV3Vote vote_in(std::uint32_t index, const Pubkey& address, const std::optional<Account>& account,
                     const std::optional<SquadsV3Multisig>& multisig) {
  SquadsV3Vote vote{index, address, std::nullopt, false, "", {}};
  if (!account) {
    vote.state = "closed";
    return vote;
  }
  auto transaction = account->owner == known::squads_v3
                         ? decode_squads_v3_transaction(account->bytes())
                         : Result<SquadsV3Transaction>(malformed("", "it is owned by " + named(account->owner)));
  if (!transaction) {
    vote.is_live = true;
    vote.state = "cannot be read: " + printable(transaction.error().what);
    return vote;
  }
  vote.transaction = std::move(*transaction);
  set_state(vote, multisig);
  return vote;
}

// The instructions of every transaction that could be read, one after the other; so many at most.
std::vector<Pubkey> instruction_addresses(const std::vector<SquadsV3Vote>& votes) {
  std::vector<Pubkey> addresses;
  for (const SquadsV3Vote& vote : votes) {
    const unsigned count = vote.transaction ? vote.transaction->instructions : 0;
    for (unsigned index = 1; index <= count && addresses.size() < instructions_read_max; ++index) {
      addresses.push_back(squads_v3_instruction_address(vote.address, static_cast<std::uint8_t>(index)).address);
    }
  }
  return addresses;
}

std::string words_in(unsigned index, const std::optional<Account>& account) {
  const std::string name = "instruction " + std::to_string(index);
  if (!account) return name + " does not exist";
  if (account->owner != known::squads_v3) return name + " is owned by " + named(account->owner);
  const auto stored = decode_squads_v3_instruction(account->bytes());
  return stored ? words_for(stored->instruction) : name + " cannot be read: " + printable(stored.error().what);
}

void add_deeds(std::vector<SquadsV3Vote>& votes, const Accounts& accounts) {
  auto next = accounts.begin();
  for (SquadsV3Vote& vote : votes) {
    const unsigned count = vote.transaction ? vote.transaction->instructions : 0;
    for (unsigned index = 1; index <= count; ++index) {
      if (next == accounts.end()) {
        vote.would.push_back("instructions " + std::to_string(index) + " to " + std::to_string(count) +
                             " were not read: there are more than " + std::to_string(instructions_read_max));
        break;
      }
      vote.would.push_back(words_in(index, *next++));
    }
  }
}

std::optional<SquadsV3Multisig> multisig_in(const std::optional<Account>& account) {
  if (!account || account->owner != known::squads_v3) return std::nullopt;
  auto multisig = decode_squads_v3_multisig(account->bytes());
  return multisig ? std::optional(std::move(*multisig)) : std::nullopt;
}

Task<std::vector<SquadsV3Vote>> with_deeds(std::vector<SquadsV3Vote> votes) {
  AccountFacts wanted;
  for (const Pubkey& address : instruction_addresses(votes)) wanted.push_back(facts::account_if_any(address));
  const Accounts accounts = co_await each(wanted);
  add_deeds(votes, accounts);
  co_return votes;
}

Task<SquadsV3Seen> seen_of_multisig(Pubkey address, SquadsV3Multisig multisig) {
  SquadsV3Seen seen{address, multisig, 1, {}};
  const std::uint32_t last = multisig.transaction_index;
  seen.first_looked_at = last > transactions_looked_at ? last - transactions_looked_at + 1 : 1;
  std::vector<Pubkey> addresses;
  for (std::uint64_t index = seen.first_looked_at; index <= last; ++index) {
    addresses.push_back(squads_v3_transaction_address(address, static_cast<std::uint32_t>(index)).address);
  }
  AccountFacts wanted;
  for (const Pubkey& one : addresses) wanted.push_back(facts::account_if_any(one));
  const Accounts accounts = co_await each(wanted);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(seen.first_looked_at + i);
    SquadsV3Vote vote = vote_in(index, addresses[i], accounts[i], seen.multisig);
    if (vote.is_live) seen.votes.push_back(std::move(vote));
  }
  Task<std::vector<SquadsV3Vote>> reading = with_deeds(seen.votes);
  const std::vector<SquadsV3Vote> votes = co_await reading;
  seen.votes = votes;
  co_return seen;
}

Task<SquadsV3Seen> seen_of_transaction(Account account, SquadsV3Transaction transaction) {
  SquadsV3Seen seen{transaction.multisig, std::nullopt, 1, {}};
  const std::optional<Account> multisig = co_await facts::account_if_any(transaction.multisig);
  seen.multisig = multisig_in(multisig);
  const std::vector only{vote_in(transaction.index, account.address, account, seen.multisig)};
  Task<std::vector<SquadsV3Vote>> reading = with_deeds(only);
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
