// signing-quorum: can the people who are there carry the upgrade out?
//
// Reads     the multisig, the accounts of executor, proposer and payer of rent without their data, the Rent sysvar, and
//           with `transaction` the heads of its two accounts: 1 round
// pass      enough of those who are reachable may vote; the executor may execute and can pay; the proposer likewise
// fail      too few voters; one who is no member; an executor or proposer without the permission, or without lamports
// Source    Squads-Protocol/v4 state/multisig.rs Permissions, state/{proposal,vault_transaction}.rs size; whoever sends
//           a transaction pays its fee, and must be left with what an account holds at least
#include <algorithm>
#include <limits>
#include <set>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "engine/squads_queue.hpp"
#include "facts/heads.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {
namespace {

// A hundred transactions with two signatures each; what an account must hold to be there at all comes on top.
constexpr Lamports fees{1'000'000};

// The account of a transaction that upgrades and does nothing else: its head, a message of 8 keys, and one instruction
// with 7 accounts and 4 bytes.
constexpr std::uint32_t upgrade_transaction_bytes =
    8 + 32 + 32 + 8 + 3 + 4 + (3 + 4 + 8 * 32) + (4 + 1 + 4 + 7 + 4 + 4) + 4;
static_assert(upgrade_transaction_bytes == 378);

// A proposal has room for every member in each of its three lists of votes.
std::uint64_t proposal_bytes(const Multisig& multisig) {
  return 8 + 32 + 8 + 1 + 8 + 1 + 3 * (4 + 32 * std::uint64_t{multisig.members.size()});
}

struct SigningQuorum {
  Pubkey multisig;
  std::vector<Pubkey> reachable;
  std::optional<Pubkey> executor;
  std::optional<Pubkey> proposer;
  std::optional<Pubkey> rent_payer;
  std::optional<TransactionIndex> transaction;
  std::uint32_t transaction_bytes = upgrade_transaction_bytes;
  Lamports min_lamports = fees;

  static constexpr auto fields() {
    using Gate = SigningQuorum;
    return std::tuple{
        required("multisig", &Gate::multisig, "address of the multisig account (not of its vault)"),
        required("reachable", &Gate::reachable, "the members who have said that they will be there"),
        optional("executor", &Gate::executor, "the member who will execute"),
        optional("proposer", &Gate::proposer, "the member who will propose"),
        optional("rentPayer", &Gate::rent_payer,
                 "who pays the rent of the accounts of transaction and proposal; the proposer unless said"),
        optional("transaction", &Gate::transaction,
                 "the transaction, by index, whose accounts cost no rent where they are there already; unless said, "
                 "both are still to be made")
            .known_later(),
        optional("transactionBytes", &Gate::transaction_bytes,
                 "bytes of the transaction's account; 378 unless said, those of an upgrade alone"),
        optional("minLamports", &Gate::min_lamports,
                 "what executor and proposer must each hold for fees at least, beyond rent; 1000000 unless said"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (transaction && transaction->value == 0) {
      return (place / "transaction").malformed("is 0; transactions are counted from 1");
    }
    return {};
  }
};

std::optional<MultisigMember> member_of(const Multisig& multisig, const Pubkey& key) {
  const auto found = std::find_if(multisig.members.begin(), multisig.members.end(),
                                  [&](const MultisigMember& member) { return member.key == key; });
  return found == multisig.members.end() ? std::nullopt : std::optional(*found);
}

void judge_voters(const SigningQuorum& gate, const Multisig& multisig, Judgement& judgement) {
  std::set<Pubkey> voters;
  for (const Pubkey& key : gate.reachable) {
    const auto member = member_of(multisig, key);
    judgement.expect(member.has_value(), {"reachable " + to_string(key), "member", member ? "member" : "no member"},
                     named(key) + " is no member of the multisig");
    if (member && member->permissions.can_vote()) voters.insert(key);
  }
  const std::string needed = std::to_string(multisig.threshold) + " of " + counted(multisig.voters(), "voter");
  judgement.expect(
      voters.size() >= multisig.threshold,
      {"reachable voters", "at least " + std::to_string(multisig.threshold), std::to_string(voters.size())},
      "only " + counted(voters.size(), "voter") + " can be reached, and " + needed + " must approve");
}

/// One of those who send transactions or pay for them.
struct Actor {
  std::string role;
  Pubkey key;
  std::optional<bool> may;  ///< whether the permissions are enough; none: it takes none
  Lamports least;
  std::string purpose;  ///< what the lamports are for
};

Lamports sum(Lamports a, Lamports b) {
  Lamports total;
  if (__builtin_add_overflow(a.value, b.value, &total.value)) total.value = std::numeric_limits<std::uint64_t>::max();
  return total;
}

// The rent of those of the two accounts that are not there yet.
Lamports rent_to_pay(const SigningQuorum& gate, const Multisig& multisig, const Rent& rent,
                     const std::optional<QueuedTransaction>& transaction) {
  Lamports total;
  if (!transaction || !transaction->account) total = minimum_balance(rent, gate.transaction_bytes);
  if (!transaction || !transaction->proposal) total = sum(total, minimum_balance(rent, proposal_bytes(multisig)));
  return total;
}

// In the order of their accounts.
std::vector<Pubkey> keys_of_actors(const SigningQuorum& gate) {
  std::vector<Pubkey> keys;
  for (const auto& key : {gate.executor, gate.proposer, gate.rent_payer}) {
    if (key) keys.push_back(*key);
  }
  return keys;
}

std::vector<Actor> actors_of(const SigningQuorum& gate, const Multisig& multisig, const Rent& rent, Lamports rent_due) {
  const Lamports of_sender = sum(gate.min_lamports, minimum_balance(rent, 0));
  const std::string for_accounts = "the rent of the accounts of transaction and proposal";
  // Whoever pays the rent too has to have both, in whatever role.
  const auto payer = gate.rent_payer ? gate.rent_payer : gate.proposer;
  const auto sender = [&](const std::string& role, const Pubkey& key, bool may) -> Actor {
    const bool pays = rent_due > Lamports{} && payer == key;
    return {role, key, may, pays ? sum(of_sender, rent_due) : of_sender, pays ? "fees and " + for_accounts : "fees"};
  };
  std::vector<Actor> actors;
  if (gate.executor) {
    const auto member = member_of(multisig, *gate.executor);
    actors.push_back(sender("executor", *gate.executor, member && member->permissions.can_execute()));
  }
  if (gate.proposer) {
    const auto member = member_of(multisig, *gate.proposer);
    actors.push_back(sender("proposer", *gate.proposer, member && member->permissions.can_initiate()));
  }
  if (gate.rent_payer) {
    const Lamports least = rent_due > Lamports{} ? sum(rent_due, minimum_balance(rent, 0)) : Lamports{};
    actors.push_back({"payer of rent", *gate.rent_payer, std::nullopt, least, for_accounts});
  }
  return actors;
}

void judge_actor(const Actor& actor, const std::optional<Account>& account, Judgement& judgement) {
  const std::string name = actor.role + " " + named(actor.key);
  judgement.rests_on(facts::account_head_if_any(actor.key).request);
  if (actor.may) {
    judgement.expect(*actor.may,
                     {actor.role + " " + to_string(actor.key), "may do so", *actor.may ? "may do so" : "may not"},
                     name + " has not the permission for it");
  }
  const Lamports held = account ? account->lamports : Lamports{0};
  judgement.expect(held >= actor.least,
                   {"lamports of the " + actor.role, "at least " + words_for(actor.least), words_for(held)},
                   name + " holds " + words_for(held) + ", expected at least " + words_for(actor.least) + " for " +
                       actor.purpose + ", and to be left with what an account must hold");
}

// Who was not named was not looked at, and a pass must not read as if somebody had been.
void tell_unnamed(const SigningQuorum& gate, const std::optional<QueuedTransaction>& transaction,
                  Judgement& judgement) {
  if (!gate.executor)
    judgement.caveat("no executor was named, so whether somebody may execute and pay was not looked at");
  const bool is_proposed = transaction && transaction->account && transaction->proposal;
  if (gate.proposer || is_proposed) return;
  judgement.caveat("no proposer was named, so whether somebody may propose" +
                   std::string(gate.rent_payer ? "" : " and pay the rent") + " was not looked at");
}

Task<Finding> evaluate(SigningQuorum gate) {
  std::vector<Fact<std::optional<Account>>> actor_facts;
  std::vector<Fact<std::optional<Account>>> head_facts;
  std::vector<Fact<Rent>> rent_facts;
  for (const Pubkey& key : keys_of_actors(gate)) actor_facts.push_back(facts::account_head_if_any(key));
  if (!actor_facts.empty()) rent_facts.push_back(facts::rent());
  if (gate.transaction) head_facts = heads_of_transaction(gate.multisig, gate.transaction->value);
  const auto multisig_fact = facts::squads_multisig(gate.multisig);
  auto all_facts = co_await all(multisig_fact, actor_facts, rent_facts, head_facts);
  auto& [multisig, accounts, rents, heads] = all_facts;
  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.multisig});
  judge_voters(gate, multisig, judgement);
  std::optional<QueuedTransaction> transaction;
  if (gate.transaction) transaction = queued_transaction(gate.multisig, gate.transaction->value, heads[0], heads[1]);
  const Rent rent = rents.empty() ? Rent{} : rents.front();
  const Lamports rent_due = rent_to_pay(gate, multisig, rent, transaction);
  const std::vector<Actor> actors = actors_of(gate, multisig, rent, rent_due);
  for (std::size_t i = 0; i < actors.size(); ++i) judge_actor(actors[i], accounts[i], judgement);
  tell_unnamed(gate, transaction, judgement);
  const std::string subject = "multisig " + to_string(gate.multisig);
  co_return about(
      subject, judgement.conclude(subject + " can act: " + std::to_string(multisig.threshold) + " must approve, and " +
                                  counted(gate.reachable.size(), "member") + " can be reached"));
}

}  // namespace

GateKind signing_quorum() {
  return gate_kind<SigningQuorum>(
      {.name = "signing-quorum",
       .asks = "Can the people who are there carry the upgrade out?",
       .reads =
           "the multisig, the accounts of executor, proposer and payer of rent without their data, the Rent sysvar "
           "and the heads of the transaction's accounts; one round",
       .passes = "as many of the reachable members may vote as must approve; executor and proposer have the permission "
                 "and hold lamports for fees, and the proposer for the rent of what is still to be made",
       .fails = "too few who may vote; one who is no member; an executor who may not execute, a proposer who may not "
                "initiate; too few lamports",
       .why =
           "A window closes while somebody is looked for who may press the last button, or has no lamports to do it.",
       .remedy = "reach more members, choose another executor, or send lamports for fees and rent",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
