#include "engine/squads_queue.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/unix_time.hpp"
#include "solana/derive.hpp"
#include "solana/instruction_words.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr Slice head{0, squads_head_bytes};
constexpr std::uint32_t batch_items_read = 1000;
constexpr std::uint64_t transactions_max = 100'000;

// What whoever follows a run is told is being read.
constexpr std::string_view proposals_listed = "proposals";
constexpr std::string_view open_listed = "open transactions";

std::optional<Account> of_squads(std::optional<Account> account) {
  if (account && account->owner != known::squads_v4) return std::nullopt;
  return account;
}

// What the account of a transaction holds; none: no kind of transaction that is known.
std::optional<SquadsAccount> kind_of(const Account& transaction) {
  const auto kind = squads_account(transaction.bytes());
  const bool is_transaction = kind == SquadsAccount::vault_transaction || kind == SquadsAccount::config_transaction ||
                              kind == SquadsAccount::batch;
  return is_transaction ? kind : std::nullopt;
}

Prospect live(std::string state) { return {true, std::move(state)}; }
Prospect over(std::string state) { return {false, std::move(state)}; }

// Votes count while a transaction is not stale. What was approved before it became stale is executed all the same,
// unless it changes the multisig itself.
Prospect prospect_by_status(const Proposal& proposal, bool is_stale, SquadsAccount kind) {
  std::string state(words_for(proposal.status));
  if (proposal.status_since) state += " since " + moment_text(*proposal.status_since);
  switch (proposal.status) {
    case ProposalStatus::draft:
    case ProposalStatus::active:
      return is_stale ? over(state + ", stale") : live(state);
    case ProposalStatus::approved:
      if (!is_stale) return live(state);
      return kind == SquadsAccount::config_transaction ? over(state + ", stale")
                                                       : live(state + ", stale, and executable all the same");
    case ProposalStatus::executing:
      return live(state);
    case ProposalStatus::rejected:
    case ProposalStatus::executed:
    case ProposalStatus::cancelled:
      return over(state);
  }
  return live(state);
}

Prospect prospect_by_proposal(const QueuedTransaction& transaction, const Multisig& multisig, SquadsAccount kind) {
  const bool is_stale = transaction.index <= multisig.stale_transaction_index;
  if (!transaction.proposal) return is_stale ? over("no proposal, stale") : live("no proposal yet");
  const auto proposal = decode_proposal_head(transaction.proposal->bytes());
  if (!proposal) return live("its proposal cannot be read: " + proposal.error().what);
  return prospect_by_status(*proposal, is_stale, kind);
}

using Messages = std::vector<VaultTransactionMessage>;
using Accounts = std::vector<std::optional<Account>>;
using AccountFacts = std::vector<Fact<std::optional<Account>>>;

// How many items of a batch are read; each has an account of its own. Other kinds have none.
std::uint32_t items_in(const std::optional<Account>& transaction) {
  if (!transaction) return 0;
  const auto batch = decode_batch(transaction->bytes());
  return batch ? std::min(batch->size, batch_items_read) : 0;
}

AccountFacts items_of(const Pubkey& multisig, const std::vector<QueuedTransaction>& transactions,
                      const Accounts& accounts) {
  AccountFacts items;
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const std::uint32_t count = items_in(accounts[i]);
    for (std::uint32_t item = 1; item <= count; ++item) {
      items.push_back(
          facts::account_if_any(batch_transaction_address(multisig, {transactions[i].index, item}).address));
    }
  }
  return items;
}

// The messages of a batch; `next` walks over the accounts of items_of, in its order.
Messages messages_in_batch(const Batch& batch, Accounts::const_iterator& next, Deeds& deeds) {
  Messages messages;
  for (std::uint32_t i = 1; i <= std::min(batch.size, batch_items_read); ++i) {
    const std::optional<Account>& account = *next++;
    auto item = account ? decode_vault_batch_transaction(account->bytes())
                        : Result<VaultBatchTransaction>(malformed("", "it does not exist"));
    if (item) {
      messages.push_back(std::move(item->message));
    } else {
      deeds.words.push_back("item " + std::to_string(i) + " of the batch cannot be read: " + item.error().what);
    }
  }
  if (batch.size > batch_items_read) {
    deeds.words.push_back("the batch has " + counted(batch.size, "item") + ", of which " +
                          std::to_string(batch_items_read) + " were read");
  }
  return messages;
}

// What the vault would run; what is no vault transaction, or does not decode, is told.
Messages messages_of(const std::optional<Account>& transaction, Accounts::const_iterator& next_item, Deeds& deeds) {
  if (!transaction) {
    deeds.words.emplace_back("closed while this run read it");
    return {};
  }
  if (const auto config = decode_config_transaction(transaction->bytes())) {
    for (const ConfigAction& action : config->actions) deeds.words.push_back(words_for(action));
    return {};
  }
  if (const auto batch = decode_batch(transaction->bytes())) return messages_in_batch(*batch, next_item, deeds);
  auto vault = decode_vault_transaction(transaction->bytes());
  if (vault) return {std::move(vault->message)};
  deeds.words.push_back("cannot be read: " + vault.error().what);
  return {};
}

AccountFacts tables_of(const std::vector<Messages>& all) {
  AccountFacts tables;
  for (const Messages& messages : all) {
    for (const VaultTransactionMessage& message : messages) {
      for (const AddressTableLookup& lookup : message.lookups) tables.push_back(facts::account_if_any(lookup.table));
    }
  }
  return tables;
}

// `next` walks over the accounts of tables_of, in its order.
Result<std::vector<Instruction>> instructions_in(const VaultTransactionMessage& message,
                                                 Accounts::const_iterator& next) {
  std::vector<LookupTable> tables;
  std::optional<Error> trouble;
  for (const AddressTableLookup& lookup : message.lookups) {
    auto table = lookup_table_in(lookup.table, *next++);
    if (!table && !trouble) trouble = table.error();
    if (table) tables.push_back(std::move(*table));
  }
  if (trouble) return failure(std::move(*trouble));
  return instructions_of(message, tables);
}

void add_instructions(const Messages& messages, Accounts::const_iterator& next_table, Deeds& deeds) {
  for (const VaultTransactionMessage& message : messages) {
    auto instructions = instructions_in(message, next_table);
    if (!instructions) {
      deeds.words.push_back("cannot be executed: " + instructions.error().what);
      continue;
    }
    for (Instruction& instruction : *instructions) {
      deeds.words.push_back(words_for(instruction));
      deeds.instructions.push_back(std::move(instruction));
    }
  }
}

// Whether its proposal alone says that a transaction is over, whatever its own account holds: of all kinds the vault's
// transactions stay executable longest.
bool is_over_by_proposal(const QueuedTransaction& transaction, const Multisig& multisig) {
  return !prospect_by_proposal(transaction, multisig, SquadsAccount::vault_transaction).is_live;
}

// The transactions of the range that may be live, by the heads of their proposals: 1 round. Most of a long history is
// over, and of that nothing more is read.
Task<std::vector<QueuedTransaction>> open_by_proposal(Pubkey multisig_address, Multisig multisig,
                                                      TransactionRange range, ListPart part) {
  AccountFacts wanted;
  for (std::uint64_t i = 0; i < range.count; ++i) {
    wanted.push_back(facts::account_if_any(proposal_address(multisig_address, range.first + i).address, head));
  }
  Accounts proposals = co_await each(wanted, part);
  std::vector<QueuedTransaction> open;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    QueuedTransaction transaction =
        queued_transaction(multisig_address, range.first + i, std::nullopt, std::move(proposals[i]));
    if (!is_over_by_proposal(transaction, multisig)) open.push_back(std::move(transaction));
  }
  co_return open;
}

// Those of them that are live, by the transactions themselves: 1 round.
Task<std::vector<LiveTransaction>> live_of(Multisig multisig, std::vector<QueuedTransaction> open, ListPart part) {
  AccountFacts wanted;
  for (const QueuedTransaction& transaction : open) wanted.push_back(facts::account_if_any(transaction.address));
  Accounts accounts = co_await each(wanted, part);
  std::vector<LiveTransaction> live;
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i].account = of_squads(std::move(accounts[i]));
    const Prospect prospect = prospect_of(open[i], multisig);
    if (prospect.is_live) live.push_back({std::move(open[i]), prospect.state});
  }
  co_return live;
}

}  // namespace

std::vector<Fact<std::optional<Account>>> heads_of_transaction(const Pubkey& multisig, std::uint64_t index) {
  return {facts::account_if_any(transaction_address(multisig, index).address, head),
          facts::account_if_any(proposal_address(multisig, index).address, head)};
}

QueuedTransaction queued_transaction(const Pubkey& multisig, std::uint64_t index, std::optional<Account> account,
                                     std::optional<Account> proposal) {
  return {index, transaction_address(multisig, index).address, of_squads(std::move(account)),
          of_squads(std::move(proposal))};
}

Result<LookupTable> lookup_table_in(const Pubkey& address, const std::optional<Account>& account) {
  const std::string name = "lookup table " + to_string(address);
  if (!account) return malformed("", name + " does not exist");
  if (account->owner != known::address_lookup_table) return malformed("", to_string(address) + " is no lookup table");
  return decode_lookup_table(account->bytes());
}

Prospect prospect_of(const QueuedTransaction& transaction, const Multisig& multisig) {
  if (!transaction.account) return over("closed");
  const auto kind = kind_of(*transaction.account);
  if (!kind) return live("a sort of transaction that is not known");
  return prospect_by_proposal(transaction, multisig, *kind);
}

Task<std::vector<LiveTransaction>> live_among(Pubkey address, Multisig multisig, TransactionRange range) {
  const ListPart all_proposals{proposals_listed, 0, range.count};
  Task<std::vector<QueuedTransaction>> by_proposals = open_by_proposal(address, multisig, range, all_proposals);
  const std::vector<QueuedTransaction> open = co_await by_proposals;
  const ListPart all_open{open_listed, 0, open.size()};
  Task<std::vector<LiveTransaction>> by_transactions = live_of(multisig, open, all_open);
  const std::vector<LiveTransaction> live = co_await by_transactions;
  co_return live;
}

std::optional<Unobtainable> too_many_transactions(const Multisig& multisig) {
  if (multisig.transaction_index <= transactions_max) return std::nullopt;
  return Unobtainable{"too-many",
                      "the multisig has had " + std::to_string(multisig.transaction_index) +
                          " transactions, and at most " + std::to_string(transactions_max) + " are read",
                      Retry::never};
}

Task<std::vector<LiveTransaction>> live_transactions(Pubkey address, Multisig multisig,
                                                     std::set<std::uint64_t> excepted) {
  std::vector<QueuedTransaction> open;
  for (std::uint64_t first = 1; first <= multisig.transaction_index; first += transactions_a_round) {
    const TransactionRange range{first, std::min(transactions_a_round, multisig.transaction_index - first + 1)};
    const ListPart part{proposals_listed, first - 1, multisig.transaction_index};
    Task<std::vector<QueuedTransaction>> some = open_by_proposal(address, multisig, range, part);
    std::vector<QueuedTransaction> found = co_await some;
    std::move(found.begin(), found.end(), std::back_inserter(open));
  }
  std::erase_if(open, [&](const QueuedTransaction& one) { return excepted.contains(one.index); });
  std::vector<LiveTransaction> live;
  for (std::size_t begin = 0; begin < open.size(); begin += transactions_a_round) {
    const std::size_t count = std::min<std::size_t>(transactions_a_round, open.size() - begin);
    const auto first = open.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::vector<QueuedTransaction> some(first, first + static_cast<std::ptrdiff_t>(count));
    const ListPart part{open_listed, begin, open.size()};
    Task<std::vector<LiveTransaction>> by_transactions = live_of(multisig, some, part);
    std::vector<LiveTransaction> found = co_await by_transactions;
    std::move(found.begin(), found.end(), std::back_inserter(live));
  }
  co_return live;
}

Task<std::vector<Deeds>> deeds_of(Pubkey multisig, std::vector<QueuedTransaction> transactions) {
  AccountFacts wholes;
  for (const QueuedTransaction& transaction : transactions)
    wholes.push_back(facts::account_if_any(transaction.address));
  const Accounts accounts = co_await each(wholes);
  const AccountFacts item_facts = items_of(multisig, transactions, accounts);
  const Accounts items = co_await each(item_facts);

  std::vector<Deeds> deeds(transactions.size());
  std::vector<Messages> messages;
  auto next_item = items.begin();
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    messages.push_back(messages_of(accounts[i], next_item, deeds[i]));
  }
  const AccountFacts table_facts = tables_of(messages);
  const Accounts tables = co_await each(table_facts);
  auto next_table = tables.begin();
  for (std::size_t i = 0; i < transactions.size(); ++i) add_instructions(messages[i], next_table, deeds[i]);
  co_return deeds;
}

Task<Deeds> deeds_of_message(VaultTransactionMessage message) {
  const std::vector<Messages> messages{{std::move(message)}};
  const AccountFacts tables_wanted = tables_of(messages);
  const Accounts tables = co_await each(tables_wanted);
  auto next_table = tables.begin();
  Deeds deeds;
  add_instructions(messages.front(), next_table, deeds);
  co_return deeds;
}

}  // namespace readyctl
