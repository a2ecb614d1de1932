// freeze-held: has nobody touched the program since it was frozen?
//
// Reads     the program with all of its code and the history of its programdata: 1 round, 1 more for each further 1000
//           transactions; what later transactions did: 1 more
// pass      the code and the upgrade authority are the frozen ones, and nothing but extensions came after `sinceSlot`
// fail      other code; another authority; a deployment, upgrade, close or change of authority since; an instruction of
//           the loader that cannot be read
// Source    loader-v3-interface instruction.rs. A transaction that merely names the program is no breach, nor is an
//           extension, which needs nobody's permission
#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/program_history.hpp"
#include "solana/executable.hpp"

namespace readyctl {
namespace {

struct FreezeHeld {
  Pubkey program;
  Sha256 executable_hash;
  Holder upgrade_authority;
  Slot since_slot;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &FreezeHeld::program, "the program that was frozen"),
        required("executableHash", &FreezeHeld::executable_hash,
                 "of the code that was frozen, as solana-verify prints it"),
        required("upgradeAuthority", &FreezeHeld::upgrade_authority, "who held the upgrade authority; null for nobody"),
        required("sinceSlot", &FreezeHeld::since_slot, "the slot at which it was frozen"),
    };
  }
};

void judge_program(const FreezeHeld& gate, const Deployment& deployed, Judgement& judgement) {
  const Sha256 found = executable_hash(deployed.code());
  judgement.rests_on(AccountRequest{deployed.holder().address});
  judgement.expect(
      found == gate.executable_hash, {"executable hash", to_string(gate.executable_hash), to_string(found)},
      "its code has executable hash " + to_string(found) + ", frozen was " + to_string(gate.executable_hash));
  expect_holder(judgement, "upgrade authority", deployed.header ? deployed.header->upgrade_authority : std::nullopt,
                gate.upgrade_authority);
}

void judge_changes(const std::vector<LoaderChange>& changes, Judgement& judgement) {
  for (const LoaderChange& change : changes) {
    if (change.action == LoaderAction::extend) {
      judgement.caveat(words_for(change));
      continue;
    }
    const std::string was = change.action ? "was" : "may have been";
    judgement.expect(false, {"changes since the freeze", "none", words_for(change)},
                     "it " + was + " changed since it was frozen: " + words_for(change));
  }
}

Unobtainable no_history(const FreezeHeld& gate, const std::string& what) {
  return {
      "pruned",
      "the history of the programdata of " + to_string(gate.program) + " " + what + "; ask an endpoint that keeps it",
      Retry::other_endpoint};
}

// Programdata holds the slot in which it was last deployed, upgraded or extended.
bool holds_last_change(const FreezeHeld& gate, const Deployment& deployed, const std::vector<LoaderChange>& changes) {
  if (!deployed.header || deployed.header->slot <= gate.since_slot) return true;
  return std::any_of(changes.begin(), changes.end(),
                     [&](const LoaderChange& one) { return one.slot == deployed.header->slot; });
}

Task<Finding> evaluate(FreezeHeld gate) {
  const auto program_fact = facts::account_if_any(gate.program);
  const auto code_fact = facts::programdata_with_code(gate.program);
  const auto history_fact = program_signatures(gate.program);
  auto all_facts = co_await all(program_fact, code_fact, history_fact);
  auto& [program, code, first_page] = all_facts;
  const auto deployed = deployment_of(gate.program, program, code, Marked::either_way);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());

  const std::string subject = "program " + to_string(gate.program);
  Judgement judgement;
  judge_program(gate, *deployed, judgement);
  const auto unreached = not_reached(deployed->holder(), gate.since_slot);
  if (unreached && judgement.failed()) co_return about(subject, judgement.conclude(""));
  if (unreached) co_return inconclusive(*unreached);
  // Who gave up the authority may have done it after a change; only where nobody held it then, nobody could.
  const bool is_final = !deployed->header || !deployed->header->upgrade_authority;
  const bool could_change = !is_final || gate.upgrade_authority.kind == Holder::Kind::anybody;
  const Slot as_far_as = could_change ? gate.since_slot : Slot{std::numeric_limits<std::uint64_t>::max()};
  Task<std::vector<SignatureSeen>> paging = program_history(gate.program, first_page, as_far_as);
  const std::vector<SignatureSeen> history = co_await paging;
  std::optional<std::string> unread = too_long(history, as_far_as);
  if (!unread && could_change && !reaches_back(history, gate.since_slot)) {
    unread = "does not reach back to slot " + to_string(gate.since_slot);
  }
  if (unread && judgement.failed()) co_return about(subject, judgement.conclude(""));
  if (unread) co_return inconclusive(no_history(gate, *unread));
  const Slot since = gate.since_slot;
  Task<std::vector<LoaderChange>> reading = changes_since(gate.program, history, since);
  const std::vector<LoaderChange> changes = co_await reading;
  judgement.rests_on(history_fact.request);
  judge_changes(changes, judgement);
  if (!judgement.failed() && !holds_last_change(gate, *deployed, changes)) {
    co_return inconclusive(no_history(gate, "does not hold its last change"));
  }
  co_return about(subject, judgement.conclude(subject + " is as it was frozen in slot " + to_string(since)));
}

}  // namespace

GateKind freeze_held() {
  return gate_kind<FreezeHeld>(
      {.name = "freeze-held",
       .asks = "Has nobody touched the program since it was frozen?",
       .reads = "the program with all of its code and the history of its programdata in one round, one more for each "
                "further 1000 transactions, of which at most 100000 are listed; what later ones did in another, at "
                "most 10000",
       .passes = "code and upgrade authority are the frozen ones, and nothing but extensions came after `sinceSlot`",
       .fails =
           "other code; another upgrade authority; a deployment, upgrade, close or change of authority after the slot, "
           "also one that was undone; an instruction of the loader that cannot be read",
       .why = "Code that was replaced and put back between review and release ran in between.",
       .remedy = "find who sent the transaction that is named; freeze again what is deployed now, or restore it",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
