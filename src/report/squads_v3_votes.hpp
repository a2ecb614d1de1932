// Squads v3 votes: what the members of a Squads v3 multisig have before them, by the rules of the engine's queue.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/squads_v3_queue.hpp"

namespace readyctl {

/// A transaction with what it would do.
struct SquadsV3Vote {
  SquadsV3Queued queued;
  bool is_live = false;            ///< it can be executed, now or after votes that members can still give
  std::vector<std::string> would;  ///< one line an instruction
};

/// An account of the program with its surroundings.
struct SquadsV3Seen {
  Pubkey multisig_address;
  std::optional<SquadsV3Multisig> multisig;  ///< none: it does not exist, or is none
  std::uint64_t first_looked_at = 1;         ///< transactions before this one were not looked at
  std::vector<SquadsV3Vote> votes;           ///< of a multisig: those that are live; of a transaction: itself
};

/// Nothing for an account that is neither a multisig nor a transaction of Squads v3. The latest 1000 transactions are
/// looked at; 2 rounds.
Task<std::optional<SquadsV3Seen>> squads_v3_seen(Account account);

}  // namespace readyctl
