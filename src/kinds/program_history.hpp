// What the loader was told of a program after a certain slot.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/task.hpp"
#include "facts/accounts.hpp"
#include "facts/history.hpp"
#include "solana/loader_instructions.hpp"

namespace readyctl {

/// How many of the latest signatures of a programdata account are read where one page is enough.
inline constexpr std::uint32_t program_signatures_read = 1000;

/// Anybody can name a programdata account in a transaction, so that a history may be as long as somebody pays for. At
/// most so many of its transactions are listed, and so many successful ones are read.
inline constexpr std::size_t history_signatures_max = 100'000;
inline constexpr std::size_t history_transactions_max = 10'000;

struct LoaderChange {
  std::optional<LoaderAction> action;  ///< none: an instruction that cannot be read and names the programdata
  Slot slot;
  std::string signature;
};

/// "Upgrade", or that it is not known.
std::string words_for(const std::optional<LoaderAction>& action);

/// "Upgrade in slot 5 by transaction 4xY…".
std::string words_for(const LoaderChange& change);

/// The instruction of a transaction that concerns this program: its deployment, upgrade, extension, close, or a change
/// of its authority, whoever called it; and nothing for each instruction of the loader that cannot be read and names
/// the programdata, since it may do any of these. A mere mention is none.
std::vector<std::optional<LoaderAction>> loader_actions_on(const Pubkey& program,
                                                           const ExecutedTransaction& transaction);

/// The history of the programdata account, newest first.
Fact<std::vector<SignatureSeen>> program_signatures(const Pubkey& program);

/// The history of the programdata account back to an entry that is older than `since`, or until the endpoint has no
/// more: `first_page` and a round for each further one, newest first. At most history_signatures_max.
Task<std::vector<SignatureSeen>> program_history(Pubkey program, std::vector<SignatureSeen> first_page, Slot since);

/// Why a history is not read whole, from `since` on; none: it can be.
std::optional<std::string> too_long(const std::vector<SignatureSeen>& history, Slot since);

/// Why nothing can be said of what came after `since`: the program was read before that. None: it was not.
std::optional<Unobtainable> not_reached(const Account& read, Slot since);

/// Whether these reach back to `slot`: an entry from then or earlier is among them.
bool reaches_back(const std::vector<SignatureSeen>& signatures, Slot slot);

/// What successful transactions after `since` did to the program, of those listed: 1 round.
Task<std::vector<LoaderChange>> changes_since(Pubkey program, std::vector<SignatureSeen> signatures, Slot since);

}  // namespace readyctl
