// Squads v3 votes: what the members of a Squads v3 multisig have before them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/task.hpp"
#include "facts/accounts.hpp"
#include "solana/squads_v3.hpp"

namespace readyctl {

/// A transaction with what it would do.
struct SquadsV3Vote {
  std::uint32_t index = 0;
  Pubkey address;
  std::optional<SquadsV3Transaction> transaction;  ///< none: it cannot be read, and the state says why
  bool is_live = false;  ///< it can be executed, now or after votes that members can still give
  std::string state;     ///< "Active", "Draft, void", "ExecuteReady, void for votes, and executable all the same"
  std::vector<std::string> would;  ///< one line an instruction
};

/// An account of the program with its surroundings.
struct SquadsV3Seen {
  Pubkey multisig_address;
  std::optional<SquadsV3Multisig> multisig;  ///< none: it does not exist, or is none
  std::uint32_t first_looked_at = 1;         ///< transactions before this one were not looked at
  std::vector<SquadsV3Vote> votes;           ///< of a multisig: those that are live; of a transaction: itself
};

/// Nothing for an account that is neither a multisig nor a transaction of Squads v3. The latest 1000 transactions are
/// looked at; 2 rounds.
Task<std::optional<SquadsV3Seen>> squads_v3_seen(Account account);

}  // namespace readyctl
