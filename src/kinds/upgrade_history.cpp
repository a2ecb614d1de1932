// upgrade-history: do the list of upgrades that was kept and the chain agree?
//
// Reads     the program with all of its code, the list, and the history of its programdata: 1 round, 1 more for each
//           further 1000 transactions; what each transaction did: 1 more
// pass      every deployment and upgrade that the chain knows is in the list, and every entry of the list is on the
//           chain, in its slot; likewise the other actions that the list covers
// fail      a change that nobody wrote down; an entry that is no such transaction, one that failed, or is in another
//           slot; a list that cannot be read, or is of another program; another executable hash than the last entry's
// Source    loader-v3-interface instruction.rs. Endpoints keep as much history as they like: what is complete begins
//           with the deployment, and ends in the slot that programdata holds
#include <algorithm>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/history_pages.hpp"
#include "facts/local.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/program_history.hpp"
#include "kinds/retained_upgrades.hpp"
#include "solana/derive.hpp"
#include "solana/executable.hpp"

namespace readyctl {
namespace {

struct UpgradeHistory {
  Pubkey program;
  RelativePath path;
  std::optional<Slot> since_slot;

  static constexpr auto fields() {
    using Gate = UpgradeHistory;
    return std::tuple{
        required("program", &Gate::program, "the program whose upgrades were kept"),
        required("path", &Gate::path, "the list, a file beside the release"),
        optional("sinceSlot", &Gate::since_slot,
                 "compare from this slot on, and take the list's word for what was before; unless said, from the "
                 "deployment on"),
    };
  }
  Slot since() const { return since_slot.value_or(Slot{}); }
};

using Signatures = std::vector<SignatureSeen>;

// --- the history

/// What is known of the program's past, newest first.
struct Past {
  Signatures history;
  std::vector<LoaderChange> changes;
};

bool replaces_code(const std::optional<LoaderAction>& action) {
  return action == LoaderAction::deploy || action == LoaderAction::upgrade;
}

// The history begins with the deployment, or where it was asked to begin.
bool begins_early_enough(const UpgradeHistory& gate, const Past& past) {
  if (gate.since_slot && reaches_back(past.history, *gate.since_slot)) return true;
  return std::any_of(past.changes.begin(), past.changes.end(),
                     [](const LoaderChange& one) { return one.action == LoaderAction::deploy; });
}

// Programdata holds the slot of the last deployment, upgrade or extension.
bool ends_late_enough(const UpgradeHistory& gate, const Past& past, const Deployment& deployed) {
  if (!deployed.header) return false;
  const Slot last = deployed.header->slot;
  return last < gate.since() ||
         std::any_of(
             past.changes.begin(), past.changes.end(), [&](const LoaderChange& one) { return one.slot == last; });
}

// --- the list against it

const RetainedUpgrade* entry_of(const RetainedUpgrades& list, const std::string& signature) {
  const auto found = std::find_if(list.upgrades.begin(), list.upgrades.end(),
                                  [&](const RetainedUpgrade& one) { return one.signature == signature; });
  return found == list.upgrades.end() ? nullptr : &*found;
}

LoaderAction without_check(LoaderAction action) {
  return action == LoaderAction::set_authority_checked ? LoaderAction::set_authority : action;
}

void judge_change(const RetainedUpgrades& list, const LoaderChange& change, Judgement& judgement) {
  if (!change.action || !list.covers_action(*change.action)) return;
  const std::string what = words_for(change);
  const RetainedUpgrade* entry = entry_of(list, change.signature);
  const bool is_listed = entry != nullptr && (!entry->action || entry->action->action == without_check(*change.action));
  judgement.expect(is_listed, {"in the list", what, is_listed ? "yes" : "no"}, "it is not in the list: " + what);
  if (!is_listed) return;
  judgement.expect(entry->slot == change.slot,
                   {"slot of " + change.signature, to_string(entry->slot), to_string(change.slot)},
                   "the list has transaction " + change.signature + " in slot " + to_string(entry->slot) +
                       ", it was in slot " + to_string(change.slot));
}

// What is wrong with an entry; nothing when there is a change that it tells.
std::optional<std::string> objection_to(const RetainedUpgrades& list, const RetainedUpgrade& entry, const Past& past) {
  const auto seen = std::find_if(past.history.begin(), past.history.end(),
                                 [&](const SignatureSeen& one) { return one.signature == entry.signature; });
  if (seen == past.history.end()) return "is not in the history of the program";
  if (seen->failed) return "failed, and changed nothing";
  const bool is_told = std::any_of(past.changes.begin(), past.changes.end(), [&](const LoaderChange& one) {
    return one.signature == entry.signature && one.action &&
           (entry.action ? without_check(*one.action) == entry.action->action : list.covers_action(*one.action));
  });
  return is_told ? std::nullopt : std::optional<std::string>("did no such thing to the program");
}

void judge_entries(const UpgradeHistory& gate, const RetainedUpgrades& list, const Past& past, Judgement& judgement) {
  std::size_t older = 0;
  for (const RetainedUpgrade& entry : list.upgrades) {
    const bool is_older = entry.slot < gate.since();
    if (is_older) ++older;
    const auto objection = is_older ? std::nullopt : objection_to(list, entry, past);
    const std::string found =
        is_older ? "before the slot that was asked for, and not looked at" : "changed the program";
    judgement.expect(!objection,
                     {"transaction " + printable(entry.signature), "changed the program", objection.value_or(found)},
                     "the list has transaction " + printable(entry.signature) + " in slot " + to_string(entry.slot) +
                         ", which " + objection.value_or(""));
  }
  judgement.note("entries", std::to_string(list.upgrades.size()));
  if (older > 0) judgement.caveat(counted(older, "earlier entry") + " were taken at the list's word");
}

// The code that runs is that of the last deployment or upgrade.
void judge_code(const RetainedUpgrades& list, const Past& past, const Deployment& deployed, Judgement& judgement) {
  const auto last = std::find_if(past.changes.begin(), past.changes.end(),
                                 [](const LoaderChange& one) { return replaces_code(one.action); });
  if (last == past.changes.end()) {
    return judgement.caveat("nothing replaced the code since then, so that what runs was not compared");
  }
  const RetainedUpgrade* entry = entry_of(list, last->signature);
  if (entry == nullptr) return;  // judge_change says so
  if (!entry->executable_hash) {
    return judgement.caveat("the last entry has no executableHash, so that what runs was not compared with it");
  }
  judgement.rests_on(AccountRequest{deployed.holder().address});
  const Sha256 found = executable_hash(deployed.code());
  judgement.expect(found == *entry->executable_hash,
                   {"executable hash", to_string(*entry->executable_hash), to_string(found)},
                   "its code has executable hash " + to_string(found) + ", the last entry says " +
                       to_string(*entry->executable_hash));
  if (entry->commit) judgement.note("commit of the last entry", entry->commit->hex);
}

// --- the gate

std::optional<RetainedUpgrades> read_list(const UpgradeHistory& gate, const File& file, Judgement& judgement) {
  judgement.rests_on(FileRequest{gate.path.text});
  auto list = parse_upgrades(std::string(text_of(file.bytes())), gate.path.text);
  judgement.expect(list.has_value(), {"list", "can be read", list ? "can be read" : to_string(list.error())},
                   list ? "" : "the list cannot be read: " + to_string(list.error()));
  if (!list) return std::nullopt;
  expect_address(judgement, "program of the list", list->program, gate.program);
  return judgement.failed() ? std::nullopt : std::optional(std::move(*list));
}

Unobtainable no_history(const UpgradeHistory& gate, const std::string& what) {
  return {"pruned",
          "the history of the programdata of " + to_string(gate.program) + " " + what +
              "; ask an endpoint that keeps it, or say sinceSlot",
          Retry::other_endpoint};
}

// Whether it is one of those that the list covers, nobody can say.
std::optional<Unobtainable> unknown_change(const std::vector<LoaderChange>& changes) {
  const auto unknown =
      std::find_if(changes.begin(), changes.end(), [](const LoaderChange& one) { return !one.action; });
  if (unknown == changes.end()) return std::nullopt;
  return Unobtainable{"unknown-instruction",
                      "the program may have been changed by " + words_for(*unknown) +
                          "; ask a readyctl that knows it, or find out what it did and say a later sinceSlot",
                      Retry::never};
}

Task<Finding> evaluate(UpgradeHistory gate) {
  const Pubkey programdata = programdata_address(gate.program).address;
  const auto program_fact = facts::account_if_any(gate.program);
  const auto code_fact = facts::programdata_with_code(gate.program);
  const auto file_fact = facts::file(gate.path);
  const auto page_fact = facts::signatures_page(programdata, std::nullopt);
  auto all_facts = co_await all(program_fact, code_fact, file_fact, page_fact);
  auto& [program, code, file, first_page] = all_facts;
  const std::string subject = "program " + to_string(gate.program);
  const auto deployed = deployment_of(gate.program, program, code, Marked::either_way);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());

  Judgement judgement;
  const auto list = read_list(gate, file, judgement);
  if (!list) co_return about(subject, judgement.conclude(""));
  if (const auto unreached = not_reached(deployed->holder(), gate.since())) co_return inconclusive(*unreached);
  Task<Signatures> paging = program_history(gate.program, first_page, gate.since());
  const Signatures history = co_await paging;
  if (const auto why = too_long(history, gate.since())) co_return inconclusive(no_history(gate, *why));
  const Slot before = gate.since() > Slot{} ? Slot{gate.since().value - 1} : Slot{};
  Task<std::vector<LoaderChange>> reading = changes_since(gate.program, history, before);
  const std::vector<LoaderChange> changes = co_await reading;
  const Past past{history, changes};

  judgement.rests_on(page_fact.request);
  for (const LoaderChange& change : past.changes) judge_change(*list, change, judgement);
  const bool was_failed = judgement.failed();
  const auto unknown = unknown_change(past.changes);
  if (unknown && !was_failed) co_return inconclusive(*unknown);
  if (!was_failed && !begins_early_enough(gate, past)) {
    co_return inconclusive(no_history(gate, "does not reach back to its deployment or the slot that was asked for"));
  }
  if (!was_failed && !ends_late_enough(gate, past, *deployed)) {
    co_return inconclusive(no_history(gate, "does not hold its last change"));
  }
  if (begins_early_enough(gate, past)) judge_entries(gate, *list, past, judgement);
  judge_code(*list, past, *deployed, judgement);
  co_return about(subject,
                  judgement.conclude(subject + " was changed as " + gate.path.text + " says, and not otherwise"));
}

}  // namespace

Result<RetainedUpgrades> parse_upgrades(std::string text, std::string name) {
  const auto document = Document::parse(std::move(text), std::move(name));
  if (!document) return failure(document.error());
  return read_record<RetainedUpgrades>(document->value(), Place(*document));
}

Json upgrades_schema() {
  Json schema = record_schema<RetainedUpgrades>(Placeholders::refused);
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "readyctl list of upgrades";
  schema["properties"]["apiVersion"] = {{"const", "readyctl.upgrades/v1"}};
  return schema;
}

GateKind upgrade_history() {
  return gate_kind<UpgradeHistory>(
      {.name = "upgrade-history",
       .asks = "Do the list of upgrades that was kept and the chain agree?",
       .reads = "the program with all of its code, the list and the history of its programdata in one round, one more "
                "for each further 1000 transactions; what each of them did in another",
       .passes = "every deployment and upgrade on the chain is in the list, and every entry of the list is on the "
                 "chain, in its slot; likewise extensions and changes of the authority where the list covers them",
       .fails = "a change that is not in the list; an entry that is no such transaction, that failed, or that was in "
                "another slot; a list that cannot be read or is of another program; other code than the last entry's",
       .why = "A list that was kept tells which code ran when. An upgrade that is not in it ran unseen.",
       .remedy = "find who sent the transaction that is named; write down what was forgotten",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
