#include "engine/squads_v3_queue.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "solana/instruction_words.hpp"
#include "solana/names.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::size_t instructions_read_max = 1000;

using Accounts = std::vector<std::optional<Account>>;
using AccountFacts = std::vector<Fact<std::optional<Account>>>;

// None for an account that the program does not own: only its own can be executed.
std::optional<SquadsV3Queued> live_in(std::uint32_t index, const Pubkey& address, const std::optional<Account>& account,
                                      const SquadsV3Multisig& multisig) {
  if (!account || account->owner != known::squads_v3) return std::nullopt;
  SquadsV3Queued queued{index, address, std::nullopt, ""};
  auto transaction = decode_squads_v3_transaction(account->bytes());
  if (!transaction) {
    queued.state = "cannot be read: " + printable(transaction.error().what);
    return queued;
  }
  const Prospect prospect = prospect_of(*transaction, multisig);
  if (!prospect.is_live) return std::nullopt;
  queued.transaction = std::move(*transaction);
  queued.state = prospect.state;
  return queued;
}

unsigned instructions_in(const SquadsV3Queued& queued) {
  return queued.transaction ? queued.transaction->instructions : 0;
}

std::string words_in(unsigned index, const std::optional<Account>& account) {
  const std::string name = "instruction " + std::to_string(index);
  if (!account) return name + " does not exist";
  if (account->owner != known::squads_v3) return name + " is owned by " + named(account->owner);
  const auto stored = decode_squads_v3_instruction(account->bytes());
  return stored ? words_for(stored->instruction) : name + " cannot be read: " + printable(stored.error().what);
}

}  // namespace

Prospect prospect_of(const SquadsV3Transaction& transaction, const SquadsV3Multisig& multisig) {
  const bool is_stale = transaction.index <= multisig.change_index;
  std::string state(words_for(transaction.status));
  switch (transaction.status) {
    case SquadsV3Status::draft:
    case SquadsV3Status::active:
      return is_stale ? Prospect{false, state + ", stale"} : Prospect{true, state};
    case SquadsV3Status::execute_ready:
      return {true, is_stale ? state + ", stale, and executable all the same" : state};
    case SquadsV3Status::executed:
    case SquadsV3Status::rejected:
    case SquadsV3Status::cancelled:
      return {false, state};
  }
  return {true, state};
}

Task<std::vector<SquadsV3Queued>> live_among(Pubkey multisig_address, SquadsV3Multisig multisig,
                                             TransactionRange range) {
  std::vector<Pubkey> addresses;
  AccountFacts wanted;
  for (std::uint64_t i = 0; i < range.count; ++i) {
    const auto index = static_cast<std::uint32_t>(range.first + i);
    addresses.push_back(squads_v3_transaction_address(multisig_address, index).address);
    wanted.push_back(facts::account_if_any(addresses.back()));
  }
  const Accounts accounts = co_await each(wanted);
  std::vector<SquadsV3Queued> live;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(range.first + i);
    auto queued = live_in(index, addresses[i], accounts[i], multisig);
    if (queued) live.push_back(std::move(*queued));
  }
  co_return live;
}

std::optional<Unobtainable> too_many_transactions(const SquadsV3Multisig& multisig) {
  Multisig as_many;
  as_many.transaction_index = multisig.transaction_index;
  return too_many_transactions(as_many);
}

Task<std::vector<SquadsV3Queued>> live_squads_v3_transactions(Pubkey address, SquadsV3Multisig multisig,
                                                              std::set<std::uint64_t> excepted) {
  const std::uint64_t last = multisig.transaction_index;
  std::vector<SquadsV3Queued> live;
  for (std::uint64_t first = 1; first <= last; first += transactions_a_round) {
    const TransactionRange range{first, std::min(transactions_a_round, last - first + 1)};
    Task<std::vector<SquadsV3Queued>> some = live_among(address, multisig, range);
    std::vector<SquadsV3Queued> found = co_await some;
    std::move(found.begin(), found.end(), std::back_inserter(live));
  }
  std::erase_if(live, [&](const SquadsV3Queued& one) { return excepted.contains(one.index); });
  co_return live;
}

Task<std::vector<std::vector<std::string>>> deeds_of_squads_v3(std::vector<SquadsV3Queued> transactions) {
  AccountFacts wanted;
  for (const SquadsV3Queued& queued : transactions) {
    for (unsigned index = 1; index <= instructions_in(queued) && wanted.size() < instructions_read_max; ++index) {
      const auto number = static_cast<std::uint8_t>(index);
      wanted.push_back(facts::account_if_any(squads_v3_instruction_address(queued.address, number).address));
    }
  }
  const Accounts accounts = co_await each(wanted);
  std::vector<std::vector<std::string>> deeds(transactions.size());
  auto next = accounts.begin();
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const unsigned count = instructions_in(transactions[i]);
    for (unsigned index = 1; index <= count; ++index) {
      if (next == accounts.end()) {
        deeds[i].push_back("instructions " + std::to_string(index) + " to " + std::to_string(count) +
                           " were not read: there are more than " + std::to_string(instructions_read_max));
        break;
      }
      deeds[i].push_back(words_in(index, *next++));
    }
  }
  co_return deeds;
}

}  // namespace readyctl
