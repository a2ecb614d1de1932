// deployment-transaction: did this transaction put the code there that is deployed?
//
// Reads     the transaction, the program with the header of its programdata, and the history of the programdata: 1
// round;
//           where the slot moved on, what later transactions did: 1 more
// pass      the transaction succeeded, told the loader to deploy or upgrade this program, and its slot is that of the
//           programdata; a slot moved on by extensions alone passes with a note
// fail      no such transaction; it failed, or did something else; another slot; a signer who did not sign
// Source    loader-v3-interface instruction.rs; ExtendProgram needs nobody's permission and rewrites the slot
#include <algorithm>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/program_history.hpp"
#include "kinds/transaction_signature.hpp"

namespace readyctl {
namespace {

struct DeploymentTransaction {
  Pubkey program;
  TransactionSignature signature;
  std::vector<Pubkey> signers;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &DeploymentTransaction::program, "the program that was deployed or upgraded"),
        required("signature", &DeploymentTransaction::signature, "the transaction that did it").known_later(),
        optional("signers", &DeploymentTransaction::signers, "who must have signed it, others apart"),
    };
  }
};

void judge_transaction(const DeploymentTransaction& gate, const ExecutedTransaction& transaction,
                       Judgement& judgement) {
  judgement.expect(!transaction.failed, {"outcome", "succeeded", transaction.failed ? "failed" : "succeeded"},
                   "the transaction failed, and changed nothing");
  const auto actions = loader_actions_on(gate.program, transaction);
  const auto deploys = [](const std::optional<LoaderAction>& action) {
    return action == LoaderAction::deploy || action == LoaderAction::upgrade;
  };
  const bool deployed = std::any_of(actions.begin(), actions.end(), deploys);
  std::vector<std::string> words;
  for (const std::optional<LoaderAction>& action : actions) words.push_back(words_for(action));
  const std::string did = words.empty() ? "nothing" : join(words, ", ");
  judgement.expect(deployed, {"loader instructions on the program", "DeployWithMaxDataLen or Upgrade", did},
                   "the transaction did not deploy or upgrade this program, but " + did);
  for (const Pubkey& signer : gate.signers) {
    const bool signed_it =
        std::find(transaction.signers.begin(), transaction.signers.end(), signer) != transaction.signers.end();
    judgement.expect(signed_it, {"signer " + to_string(signer), "signed", signed_it ? "signed" : "did not sign"},
                     named(signer) + " did not sign it");
  }
}

// What came after the transaction: nothing but extensions, or the code is another one's.
void judge_later(const std::vector<LoaderChange>& changes, Judgement& judgement) {
  for (const LoaderChange& change : changes) {
    if (change.action == LoaderAction::extend) {
      judgement.caveat("later " + words_for(change));
      continue;
    }
    const bool replaces = !change.action || change.action == LoaderAction::deploy ||
                          change.action == LoaderAction::upgrade || change.action == LoaderAction::close;
    if (!replaces) continue;
    const std::string was = change.action ? "was" : "may have been";
    judgement.expect(false, {"later changes of the code", "none", words_for(change)},
                     "the code " + was + " changed again: " + words_for(change));
  }
}

Unobtainable no_history(const DeploymentTransaction& gate, Slot slot) {
  return {"pruned",
          "the history of the programdata of " + to_string(gate.program) + " does not reach back to slot " +
              to_string(slot) + "; ask an endpoint that keeps it",
          Retry::other_endpoint};
}

Task<Finding> evaluate(DeploymentTransaction gate) {
  const auto transaction_fact = facts::executed_transaction(gate.signature.text);
  const auto program_fact = facts::account_if_any(gate.program, Slice{0, program_account_bytes});
  const auto header_fact = facts::programdata_header(gate.program);
  const auto history_fact = program_signatures(gate.program);
  auto all_facts = co_await all(transaction_fact, program_fact, header_fact, history_fact);
  auto& [transaction, program, header, history] = all_facts;
  const auto deployed = deployment_of(gate.program, program, header, Marked::either_way);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());
  if (!deployed->header) co_return fail("program " + to_string(gate.program) + " is not under loader v3");

  const Slot slot = deployed->header->slot;
  const std::string subject = "transaction " + gate.signature.text;
  Judgement judgement;
  judgement.rests_on(transaction_fact.request);
  judge_transaction(gate, transaction, judgement);
  judgement.rests_on(header_fact.request);
  judgement.expect(slot >= transaction.slot, {"slot of the programdata", to_string(transaction.slot), to_string(slot)},
                   "the programdata was last written in slot " + to_string(slot) + ", before the transaction in slot " +
                       to_string(transaction.slot));
  const std::string summary =
      subject + " deployed program " + to_string(gate.program) + " in slot " + to_string(transaction.slot);
  if (judgement.failed() || slot == transaction.slot) co_return about(subject, judgement.conclude(summary));
  if (!reaches_back(history, transaction.slot)) co_return inconclusive(no_history(gate, transaction.slot));

  const Slot since = transaction.slot;
  Task<std::vector<LoaderChange>> reading = changes_since(gate.program, history, since);
  const std::vector<LoaderChange> changes = co_await reading;
  judgement.rests_on(history_fact.request);
  judge_later(changes, judgement);
  const bool explained =
      std::any_of(changes.begin(), changes.end(), [&](const LoaderChange& one) { return one.slot == slot; });
  judgement.expect(explained,
                   {"what wrote slot " + to_string(slot), "known", explained ? "known" : "not in the history"},
                   "nothing in the history explains why the programdata was written in slot " + to_string(slot));
  co_return about(subject, judgement.conclude(summary));
}

}  // namespace

GateKind deployment_transaction() {
  return gate_kind<DeploymentTransaction>(
      {.name = "deployment-transaction",
       .asks = "Did this transaction put the code there that is deployed?",
       .reads =
           "the transaction, the program with the header of its programdata and its history in one round; where the "
           "slot moved on, later transactions in another",
       .passes =
           "the transaction succeeded, deployed or upgraded this program, and nothing but extensions came after it",
       .fails = "an endpoint that does not know the transaction; one that failed, or did something else; code that was "
                "changed again; a slot that nothing explains; a signer who did not sign",
       .why =
           "The record of a release names a transaction. If another one put the code there, the record is of something "
           "else.",
       .remedy = "find the transaction of the slot in `solana program show`, and who sent it",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
