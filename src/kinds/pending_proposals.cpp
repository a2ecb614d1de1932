// pending-proposals: is anything else before the members of this multisig that could still be executed?
//
// Reads     the multisig; the proposal of every transaction that it ever had, of each the first 80 bytes, 1000 a round;
//           the transactions that these do not say to be over, the items of batches, and lookup tables: 3 rounds, 5
//           with batches and lookup tables. Of a Squads v3 multisig every transaction,
//           and of those that are live every instruction: 3 rounds
// pass      no transaction is live, but for those that the pack excepts
// fail      a transaction that can still be executed, now or after votes; an exception that is no transaction
// Source    Squads-Protocol/v4 state/proposal.rs, instructions/proposal_vote.rs, vault_transaction_execute.rs: what was
//           approved before it became stale is executed all the same. squads-mpl account.rs for version 3
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "engine/squads_queue.hpp"
#include "engine/squads_v3_queue.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {
namespace {

struct PendingProposals {
  Pubkey multisig;
  std::vector<TransactionIndex> except;

  static constexpr auto fields() {
    return std::tuple{
        required("multisig", &PendingProposals::multisig,
                 "address of the multisig account (not of its vault), of Squads v4 or v3"),
        optional("except", &PendingProposals::except,
                 "transactions that may be live, by index, such as the upgrade of this release")
            .known_later(),
    };
  }
  Result<void> validate(const Place& place) const {
    for (std::size_t i = 0; i < except.size(); ++i) {
      if (except[i].value == 0) return (place / "except" / i).malformed("is 0; transactions are counted from 1");
    }
    return {};
  }
};

/// A transaction that is live, of either version.
struct Waiting {
  std::uint64_t index = 0;
  Pubkey address;
  std::string state;
  std::vector<std::string> would;
};

/// How many transactions there were, and up to which one votes are void.
struct Count {
  std::uint64_t transactions = 0;
  std::uint64_t stale = 0;
};

void judge_waiting(const Waiting& waiting, Judgement& judgement) {
  const std::string name = "transaction " + std::to_string(waiting.index);
  const std::string would = waiting.would.empty() ? "do nothing" : join(waiting.would, "; ");
  judgement.rests_on(AccountRequest{waiting.address});
  judgement.expect(false, {name, "not live", waiting.state + ": " + would},
                   name + " (" + waiting.state + ") would " + would);
}

void judge_exceptions(const PendingProposals& gate, std::uint64_t transactions, Judgement& judgement) {
  const std::string last = std::to_string(transactions);
  for (const TransactionIndex& excepted : gate.except) {
    const std::string name = "transaction " + std::to_string(excepted.value);
    judgement.expect(excepted.value <= transactions, {"excepted " + name, "exists", "the last one is " + last},
                     name + " is excepted, and the multisig has only " + last);
    judgement.caveat(name + " is not judged here");
    if (excepted.value > transactions) {
      judgement.misnames(Misnamed{std::to_string(excepted.value), "except", "", false});
    }
  }
}

Finding judge(const PendingProposals& gate, const Count& count, const std::vector<Waiting>& all) {
  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.multisig});
  judge_exceptions(gate, count.transactions, judgement);
  judgement.note("transactions so far", std::to_string(count.transactions));
  judgement.note("stale up to transaction", std::to_string(count.stale));
  for (const Waiting& waiting : all) judge_waiting(waiting, judgement);
  const std::string subject = "multisig " + to_string(gate.multisig);
  return about(subject, judgement.conclude(subject + " has no other transaction that can be executed, of " +
                                           std::to_string(count.transactions)));
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

Task<Finding> evaluate_v3(PendingProposals gate, Account account) {
  const auto multisig = decode_squads_v3_multisig(account.bytes());
  if (!multisig) co_return fail(to_string(gate.multisig) + " is no multisig: " + multisig.error().what);
  if (const auto why = too_many_transactions(*multisig)) co_return inconclusive(*why);
  Task<std::vector<SquadsV3Queued>> enumeration =
      live_squads_v3_transactions(gate.multisig, *multisig, indexes_of(gate.except));
  const std::vector<SquadsV3Queued> live = co_await enumeration;
  Task<std::vector<std::vector<std::string>>> reading = deeds_of_squads_v3(live);
  const std::vector<std::vector<std::string>> deeds = co_await reading;

  std::vector<Waiting> waiting;
  for (std::size_t i = 0; i < live.size(); ++i) {
    waiting.push_back({live[i].index, live[i].address, live[i].state, deeds[i]});
  }
  co_return judge(gate, {multisig->transaction_index, multisig->change_index}, waiting);
}

Task<Finding> evaluate(PendingProposals gate) {
  const std::optional<Account> account = co_await facts::account_if_any(gate.multisig);
  if (account && account->owner == known::squads_v3) {
    Task<Finding> of_version_3 = evaluate_v3(gate, *account);
    const Finding finding = co_await of_version_3;
    co_return finding;
  }
  const Multisig multisig = co_await facts::squads_multisig(gate.multisig);
  if (const auto why = too_many_transactions(multisig)) co_return inconclusive(*why);
  Task<std::vector<LiveTransaction>> enumeration = live_transactions(gate.multisig, multisig, indexes_of(gate.except));
  const std::vector<LiveTransaction> live = co_await enumeration;
  Task<std::vector<Deeds>> reading = deeds_of(gate.multisig, transactions_of(live));
  const std::vector<Deeds> deeds = co_await reading;

  std::vector<Waiting> waiting;
  for (std::size_t i = 0; i < live.size(); ++i) {
    const QueuedTransaction& transaction = live[i].transaction;
    waiting.push_back({transaction.index, transaction.address, live[i].state, deeds[i].words});
  }
  co_return judge(gate, {multisig.transaction_index, multisig.stale_transaction_index}, waiting);
}

}  // namespace

GateKind pending_proposals() {
  return gate_kind<PendingProposals>(
      {.name = "pending-proposals",
       .asks = "Is anything else before the members of this multisig that could still be executed?",
       .reads =
           "the multisig, then the head of the proposal of every transaction it ever had, 1000 a round, then in full "
           "the transactions that these do not say to be over; 2 rounds, 3 to 5 where something may be live, one more "
           "for each further 1000 transactions. Of Squads v3 every transaction, and the instructions of what is live",
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
