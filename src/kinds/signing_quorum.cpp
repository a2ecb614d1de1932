// signing-quorum: can the people who are there carry the upgrade out?
//
// Reads     the multisig, and the accounts of executor and proposer without their data: 1 round
// pass      enough of those who are reachable may vote; the executor may execute and can pay; the proposer likewise
// fail      too few voters; one who is no member; an executor or proposer without the permission, or without lamports
// Source    Squads-Protocol/v4 state/multisig.rs Permissions; whoever sends a transaction pays its fee
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/heads.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {
namespace {

// A hundred transactions with two signatures each; what an account must hold to be there at all comes on top.
constexpr Lamports fees{1'000'000};

struct SigningQuorum {
  Pubkey multisig;
  std::vector<Pubkey> reachable;
  std::optional<Pubkey> executor;
  std::optional<Pubkey> proposer;
  Lamports min_lamports = fees;

  static constexpr auto fields() {
    using Gate = SigningQuorum;
    return std::tuple{
        required("multisig", &Gate::multisig, "address of the multisig account (not of its vault)"),
        required("reachable", &Gate::reachable, "the members who have said that they will be there"),
        optional("executor", &Gate::executor, "the member who will execute"),
        optional("proposer", &Gate::proposer, "the member who will propose"),
        optional("minLamports", &Gate::min_lamports,
                 "what executor and proposer must each hold for fees at least; 1000000 unless said"),
    };
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

// `may` says whether the permissions are enough, `what` for what.
void judge_actor(const std::string& role, const Pubkey& key, const std::optional<Account>& account, bool may,
                 Lamports least, Judgement& judgement) {
  judgement.rests_on(facts::account_head_if_any(key).request);
  judgement.expect(may, {role + " " + to_string(key), "may do so", may ? "may do so" : "may not"},
                   role + " " + named(key) + " has not the permission for it");
  const Lamports held = account ? account->lamports : Lamports{0};
  judgement.expect(
      held >= least, {"lamports of the " + role, "at least " + words_for(least), words_for(held)},
      role + " " + named(key) + " holds " + words_for(held) + ", expected at least " + words_for(least) + " for fees");
}

std::vector<Fact<std::optional<Account>>> actors_of(const SigningQuorum& gate) {
  std::vector<Fact<std::optional<Account>>> actors;
  for (const auto& key : {gate.executor, gate.proposer}) {
    if (key) actors.push_back(facts::account_head_if_any(*key));
  }
  return actors;
}

Task<Finding> evaluate(SigningQuorum gate) {
  const auto multisig_fact = facts::squads_multisig(gate.multisig);
  const auto actor_facts = actors_of(gate);
  auto both = co_await all(multisig_fact, actor_facts);
  auto& [multisig, actors] = both;
  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.multisig});
  judge_voters(gate, multisig, judgement);
  auto actor = actors.begin();
  if (gate.executor) {
    const auto member = member_of(multisig, *gate.executor);
    judge_actor("executor", *gate.executor, *actor++, member && member->permissions.can_execute(), gate.min_lamports,
                judgement);
  }
  if (gate.proposer) {
    const auto member = member_of(multisig, *gate.proposer);
    judge_actor("proposer", *gate.proposer, *actor, member && member->permissions.can_initiate(), gate.min_lamports,
                judgement);
  }
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
       .reads = "the multisig, and the accounts of executor and proposer without their data; one round",
       .passes = "as many of the reachable members may vote as must approve; executor and proposer have the permission "
                 "and hold lamports for fees",
       .fails = "too few who may vote; one who is no member; an executor who may not execute, a proposer who may not "
                "initiate; too few lamports",
       .why =
           "A window closes while somebody is looked for who may press the last button, or has no lamports to do it.",
       .remedy = "reach more members, choose another executor, or send lamports for fees",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
