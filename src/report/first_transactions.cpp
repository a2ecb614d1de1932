#include "report/first_transactions.hpp"

#include <algorithm>

#include "solana/derive.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// Votes and executions name a multisig first, and a proposal or a transaction after it, among so many accounts.
constexpr std::size_t accounts_looked_at = 4;

bool calls_squads(const CompiledInstruction& instruction, const std::vector<MessageAccount>& accounts) {
  return instruction.program_id_index < accounts.size() &&
         accounts[instruction.program_id_index].key == known::squads_v4;
}

std::optional<NumberedTransaction> subject_of(const CompiledInstruction& instruction,
                                              const std::vector<MessageAccount>& accounts,
                                              FirstTransactions& transactions) {
  std::vector<Pubkey> keys;
  for (const std::uint8_t index : instruction.account_indexes) {
    if (index >= accounts.size() || !accounts[index].key) break;
    keys.push_back(*accounts[index].key);
  }
  for (std::size_t i = 1; i < std::min(keys.size(), accounts_looked_at); ++i) {
    if (is_on_curve(keys[i])) continue;
    if (const auto found = transactions.find(keys.front(), keys[i])) return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<NumberedTransaction> FirstTransactions::find(const Pubkey& multisig, const Pubkey& address) {
  Derived& derived = of_[multisig];
  while (true) {
    const auto found = derived.by_address.find(address);
    if (found != derived.by_address.end()) return found->second;
    if (derived.count == searched_) return std::nullopt;
    const std::uint64_t index = ++derived.count;
    const NumberedTransaction transaction{index, transaction_address(multisig, index).address};
    derived.by_address[transaction.address] = transaction;
    derived.by_address[proposal_address(multisig, index).address] = transaction;
    ++derived_;
  }
}

std::optional<std::vector<NumberedTransaction>> transactions_named(const Message& message,
                                                                   const std::vector<MessageAccount>& accounts,
                                                                   FirstTransactions& transactions) {
  std::optional<std::vector<NumberedTransaction>> named;
  for (const CompiledInstruction& instruction : message.instructions) {
    if (!calls_squads(instruction, accounts)) continue;
    if (!named) named.emplace();
    const auto found = subject_of(instruction, accounts, transactions);
    if (found && std::find(named->begin(), named->end(), *found) == named->end()) named->push_back(*found);
  }
  return named;
}

}  // namespace readyctl
