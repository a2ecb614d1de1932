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
#include "engine/squads_queue.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {
namespace {

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

std::set<std::uint64_t> indexes_of(const std::vector<TransactionIndex>& transactions) {
  std::set<std::uint64_t> indexes;
  for (const TransactionIndex& one : transactions) indexes.insert(one.value);
  return indexes;
}

std::vector<QueuedTransaction> transactions_of(const std::vector<LiveTransaction>& live) {
  std::vector<QueuedTransaction> transactions;
  for (const LiveTransaction& one : live) transactions.push_back(one.transaction);
  return transactions;
}

Task<Finding> evaluate(PendingProposals gate) {
  const Multisig multisig = co_await facts::squads_multisig(gate.multisig);
  if (const auto why = too_many_transactions(multisig)) co_return inconclusive(*why);
  Task<std::vector<LiveTransaction>> enumeration = live_transactions(gate.multisig, multisig, indexes_of(gate.except));
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
