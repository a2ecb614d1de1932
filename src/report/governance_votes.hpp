// Governance votes: an account of SPL Governance with the realm it belongs to, and a proposal with how far its vote is
// and what it would do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/realm.hpp"
#include "solana/sysvars.hpp"

namespace readyctl {

/// One transaction of a proposal.
struct GovernanceDeed {
  GovernanceTransactionOf of;
  Pubkey address;
  bool is_executed = false;
  std::vector<std::string> would;  ///< one line an instruction, or why it cannot be told
};

struct GovernanceProposalSeen {
  GovernanceProposal proposal;
  std::optional<TokenOwnerRecord> proposer;
  std::vector<GovernanceDeed> deeds;
  std::size_t deeds_not_read = 0;
  Result<std::vector<GovernanceVoteRecord>> votes = malformed("", "were not looked for");
  std::optional<Clock> clock;
};

struct GovernanceSeen {
  Pubkey governance_address;
  std::optional<Governance> governance;  ///< that is inspected, or votes on the proposal
  RealmSeen realm;
  std::optional<GovernanceProposalSeen> proposal;
};

/// Nothing for an account that is none of SPL Governance, or one that stands for itself (a vote, a signatory). Up to 4
/// rounds.
Task<std::optional<GovernanceSeen>> governance_seen(Account account);

}  // namespace readyctl
