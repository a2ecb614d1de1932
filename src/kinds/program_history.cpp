#include "kinds/program_history.hpp"

#include <algorithm>

#include "facts/history_pages.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// Which of an instruction's accounts is the programdata.
std::size_t programdata_position(LoaderAction action) { return action == LoaderAction::deploy ? 1 : 0; }

}  // namespace

std::string words_for(const std::optional<LoaderAction>& action) {
  return action ? std::string(words_for(*action)) : "an instruction of the loader that is not known";
}

std::string words_for(const LoaderChange& change) {
  return words_for(change.action) + " in slot " + to_string(change.slot) + " by transaction " + change.signature;
}

std::vector<std::optional<LoaderAction>> loader_actions_on(const Pubkey& program,
                                                           const ExecutedTransaction& transaction) {
  const Pubkey programdata = programdata_address(program).address;
  std::vector<std::optional<LoaderAction>> actions;
  for (const ExecutedInstruction& executed : transaction.instructions) {
    const Instruction& instruction = executed.instruction;
    if (instruction.program != known::loader_v3) continue;
    const auto decoded = decode_loader_instruction(instruction.data);
    if (!decoded && instruction.names(programdata)) actions.emplace_back(std::nullopt);
    if (!decoded || instruction.account(programdata_position(decoded->action)) != programdata) continue;
    actions.emplace_back(decoded->action);
  }
  return actions;
}

Fact<std::vector<SignatureSeen>> program_signatures(const Pubkey& program) {
  return facts::signatures_of(programdata_address(program).address, program_signatures_read);
}

Task<std::vector<SignatureSeen>> program_history(Pubkey program, std::vector<SignatureSeen> first_page, Slot since) {
  const Pubkey address = programdata_address(program).address;
  std::vector<SignatureSeen> all_pages = std::move(first_page);
  std::size_t last_page = all_pages.size();
  while (last_page >= facts::signatures_a_page && all_pages.size() < history_signatures_max &&
         all_pages.back().slot >= since) {
    const auto next = facts::signatures_page(address, all_pages.back().signature);
    const std::vector<SignatureSeen> page = co_await next;
    last_page = page.size();
    all_pages.insert(all_pages.end(), page.begin(), page.end());
  }
  co_return all_pages;
}

std::optional<std::string> too_long(const std::vector<SignatureSeen>& history, Slot since) {
  const auto successful = std::count_if(history.begin(), history.end(),
                                        [&](const SignatureSeen& one) { return !one.failed && one.slot >= since; });
  const bool is_listed = history.size() < history_signatures_max || history.back().slot < since;
  if (is_listed && static_cast<std::size_t>(successful) <= history_transactions_max) return std::nullopt;
  return "is too long to be read: of its latest " + std::to_string(history.size()) + " transactions " +
         std::to_string(successful) + " succeeded since slot " + to_string(since) + ", and at most " +
         std::to_string(history_transactions_max) + " of " + std::to_string(history_signatures_max) + " are read";
}

std::optional<Unobtainable> not_reached(const Account& read, Slot since) {
  if (since <= read.slot) return std::nullopt;
  return Unobtainable{"behind",
                      to_string(read.address) + " was read at slot " + to_string(read.slot) +
                          ", and sinceSlot is later, slot " + to_string(since) +
                          ": what came after that cannot have been seen; correct it, or decide again when the cluster "
                          "has come so far",
                      Retry::now};
}

bool reaches_back(const std::vector<SignatureSeen>& signatures, Slot slot) {
  return std::any_of(signatures.begin(), signatures.end(), [&](const SignatureSeen& one) { return one.slot <= slot; });
}

Task<std::vector<LoaderChange>> changes_since(Pubkey program, std::vector<SignatureSeen> signatures, Slot since) {
  std::erase_if(signatures, [&](const SignatureSeen& one) { return one.failed || one.slot <= since; });
  std::vector<Fact<ExecutedTransaction>> wanted;
  for (const SignatureSeen& one : signatures) wanted.push_back(facts::listed_transaction(one.signature));
  const std::vector<ExecutedTransaction> transactions = co_await each(wanted);
  std::vector<LoaderChange> changes;
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    for (const std::optional<LoaderAction>& action : loader_actions_on(program, transactions[i])) {
      changes.push_back({action, transactions[i].slot, signatures[i].signature});
    }
  }
  co_return changes;
}

}  // namespace readyctl
