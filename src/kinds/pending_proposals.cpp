// pending-proposals: is anything else before the members of this multisig that could still be executed?
//
// Reads     the multisig; both accounts of every transaction that it ever had, of each the first 80 bytes, 1000
//           transactions a round; of those that are live all of it, the items of batches, and lookup tables: 3 rounds,
//           5 with batches or lookup tables
// pass      no transaction is live, but for those that the pack excepts
// fail      a transaction that can still be executed, now or after votes; an exception that is no transaction
// Source    Squads-Protocol/v4 state/proposal.rs, instructions/proposal_vote.rs, vault_transaction_execute.rs: what was
//           approved before it became stale is executed all the same
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/squads_queue.hpp"

namespace readyctl {
namespace {

// A round of 2000 heads is 20 requests; what was read of it is given back before the next one.
constexpr std::uint64_t transactions_a_round = 1000;
constexpr std::uint64_t transactions_max = 100'000;

struct PendingProposals {
  Pubkey multisig;
  std::vector<TransactionIndex> except;

  static constexpr auto fields() {
    return std::tuple{
        required("multisig", &PendingProposals::multisig, "address of the multisig account (not of its vault)"),
        optional("except", &PendingProposals::except,
                 "transactions that may be live, by index, such as the upgrade of this release"),
    };
  }
  Result<void> validate(const Place& place) const {
    for (std::size_t i = 0; i < except.size(); ++i) {
      if (except[i].value == 0) return (place / "except" / i).malformed("is 0; transactions are counted from 1");
    }
    return {};
  }
};

struct LiveTransaction {
  QueuedTransaction transaction;
  std::string state;
};

// The live ones of transactions `first` to `last`.
Task<std::vector<LiveTransaction>> live_among(Pubkey address, Multisig multisig, std::uint64_t first,
                                              std::uint64_t last) {
  std::vector<Fact<std::optional<Account>>> wanted;
  for (std::uint64_t index = first; index <= last; ++index) {
    auto heads = heads_of_transaction(address, index);
    wanted.insert(wanted.end(), heads.begin(), heads.end());
  }
  std::vector<std::optional<Account>> heads = co_await each(wanted);
  std::vector<LiveTransaction> live;
  for (std::uint64_t index = first; index <= last; ++index) {
    const std::size_t at = static_cast<std::size_t>(index - first) * 2;
    QueuedTransaction transaction = queued_transaction(address, index, std::move(heads[at]), std::move(heads[at + 1]));
    const Prospect prospect = prospect_of(transaction, multisig);
    if (prospect.is_live) live.push_back({std::move(transaction), prospect.state});
  }
  co_return live;
}

void judge_live(const LiveTransaction& live, const Deeds& deeds, Judgement& judgement) {
  const std::string name = "transaction " + std::to_string(live.transaction.index);
  const std::string would = deeds.words.empty() ? "do nothing" : join(deeds.words, "; ");
  judgement.rests_on(AccountRequest{live.transaction.address});
  judgement.expect(false, {name, "not live", live.state + ": " + would}, name + " (" + live.state + ") would " + would);
}

void judge_exceptions(const PendingProposals& gate, const Multisig& multisig, Judgement& judgement) {
  for (const TransactionIndex& excepted : gate.except) {
    const std::string name = "transaction " + std::to_string(excepted.value);
    judgement.expect(excepted.value <= multisig.transaction_index,
                     {"excepted " + name, "exists", "the last one is " + std::to_string(multisig.transaction_index)},
                     name + " is excepted, and the multisig has only " + std::to_string(multisig.transaction_index));
    judgement.caveat(name + " is not judged here");
  }
}

Task<std::vector<LiveTransaction>> live_transactions(PendingProposals gate, Multisig multisig) {
  std::set<std::uint64_t> excepted;
  for (const TransactionIndex& index : gate.except) excepted.insert(index.value);
  std::vector<LiveTransaction> live;
  for (std::uint64_t first = 1; first <= multisig.transaction_index; first += transactions_a_round) {
    const std::uint64_t last = std::min(first + transactions_a_round - 1, multisig.transaction_index);
    Task<std::vector<LiveTransaction>> some = live_among(gate.multisig, multisig, first, last);
    std::vector<LiveTransaction> found = co_await some;
    std::move(found.begin(), found.end(), std::back_inserter(live));
  }
  std::erase_if(live, [&](const LiveTransaction& one) { return excepted.contains(one.transaction.index); });
  co_return live;
}

std::vector<QueuedTransaction> transactions_of(const std::vector<LiveTransaction>& live) {
  std::vector<QueuedTransaction> transactions;
  for (const LiveTransaction& one : live) transactions.push_back(one.transaction);
  return transactions;
}

Unobtainable too_many(const Multisig& multisig) {
  return {"too-many",
          "the multisig has had " + std::to_string(multisig.transaction_index) + " transactions, and at most " +
              std::to_string(transactions_max) + " are read",
          Retry::never};
}

Task<Finding> evaluate(PendingProposals gate) {
  const Multisig multisig = co_await facts::squads_multisig(gate.multisig);
  if (multisig.transaction_index > transactions_max) co_return inconclusive(too_many(multisig));
  Task<std::vector<LiveTransaction>> enumeration = live_transactions(gate, multisig);
  const std::vector<LiveTransaction> live = co_await enumeration;
  Task<std::vector<Deeds>> reading = deeds_of(gate.multisig, transactions_of(live));
  const std::vector<Deeds> deeds = co_await reading;

  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.multisig});
  judge_exceptions(gate, multisig, judgement);
  judgement.note("transactions so far", std::to_string(multisig.transaction_index));
  judgement.note("stale up to transaction", std::to_string(multisig.stale_transaction_index));
  for (std::size_t i = 0; i < live.size(); ++i) judge_live(live[i], deeds[i], judgement);
  const std::string subject = "multisig " + to_string(gate.multisig);
  co_return about(subject, judgement.conclude(subject + " has no other transaction that can be executed, of " +
                                              std::to_string(multisig.transaction_index)));
}

}  // namespace

GateKind pending_proposals() {
  return gate_kind<PendingProposals>(
      {.name = "pending-proposals",
       .asks = "Is anything else before the members of this multisig that could still be executed?",
       .reads =
           "the multisig, then both accounts of every transaction it ever had, 1000 transactions a round, then what "
           "is live in full; 2 rounds, 3 to 5 where something is live, more for each further 1000 transactions",
       .passes = "no transaction is live, but for those that `except` names",
       .fails = "a transaction without proposal that can still get one; a proposal that is Draft, Active or Approved; "
                "one that was approved before it became stale, unless it changes the multisig; an exception that the "
                "multisig does not have",
       .why = "Members who are busy with an upgrade approve what lies beside it; and what was approved long ago is "
              "executed whenever someone likes.",
       .remedy = "cancel or execute what is live before the upgrade is approved, or declare it in `except`",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
