// SPL Governance: who may vote, and what is voted on.
//
// Source: solana-labs/solana-program-library governance/program/src/state/{token_owner_record,proposal,
// proposal_transaction,legacy,enums}.rs. Version 1 of an account is read into the same values, as the program does.
#pragma once

#include <vector>

#include "solana/instruction.hpp"
#include "solana/spl_governance.hpp"

namespace readyctl {

/// What a realm knows of one voter: TokenOwnerRecord.
struct TokenOwnerRecord {
  GovernanceAccount type = GovernanceAccount::token_owner_record_v2;
  Pubkey realm;
  Pubkey mint;
  Pubkey owner;
  std::uint64_t deposit = 0;  ///< raw units of the mint, each a vote where no add-in weighs them
  std::uint64_t unrelinquished_votes = 0;
  std::uint8_t outstanding_proposals = 0;
  std::optional<Pubkey> delegate;  ///< may vote and propose with the deposit as the owner may
};

/// So many bytes hold all of the fields above.
inline constexpr std::uint32_t token_owner_record_bytes = 154;

/// Errors (kind `malformed`): another account of the program, by name, or an unknown one; data that ends before the
/// value does; a flag other than 0 or 1.
Result<TokenOwnerRecord> decode_token_owner_record(ByteView data);

/// Numbered as stored.
enum class GovernanceProposalState : std::uint8_t {
  draft,
  signing_off,
  voting,
  succeeded,
  executing,
  completed,
  cancelled,
  defeated,
  executing_with_errors,
  vetoed,
};

/// "Draft", "SigningOff", "Voting", …
std::string_view words_for(GovernanceProposalState state);

/// Numbered as stored.
enum class OptionResult : std::uint8_t { undecided, succeeded, defeated };

struct ProposalOption {
  std::string label;  ///< bytes as stored, which need not be UTF-8
  std::uint64_t votes = 0;
  OptionResult result = OptionResult::undecided;
  std::uint16_t executed = 0;
  std::uint16_t transactions = 0;
  std::uint16_t next_index = 0;  ///< transactions have indexes below this one; some may have been removed
};

struct GovernanceProposal {
  GovernanceAccount type = GovernanceAccount::proposal_v2;
  Pubkey governance;
  Pubkey mint;  ///< whose depositors vote: the community's or the council's
  GovernanceProposalState state = GovernanceProposalState::draft;
  Pubkey token_owner_record;  ///< of who proposed it
  std::uint8_t signatories = 0;
  std::uint8_t signed_off = 0;
  bool is_multiple_choice = false;
  std::vector<ProposalOption> options;
  std::optional<std::uint64_t> deny_votes;  ///< none: a survey, which executes nothing
  std::int64_t draft_at = 0;                ///< Unix seconds, as all that follow
  std::optional<std::int64_t> voting_at;
  std::optional<std::int64_t> voting_completed_at;
  std::optional<std::int64_t> executing_at;
  std::optional<std::int64_t> closed_at;
  std::optional<std::uint64_t> max_votes;  ///< as it was when the vote ended
  std::optional<VoteThreshold> threshold;  ///< likewise
  std::string name;                        ///< bytes as stored
  std::string description_link;            ///< likewise
  std::uint64_t veto_votes = 0;
};

/// Errors (kind `malformed`): as above; a state, a kind of vote or a result that is not known.
Result<GovernanceProposal> decode_governance_proposal(ByteView data);

/// What a proposal executes: ProposalTransaction, once called ProposalInstruction.
struct GovernanceTransaction {
  GovernanceAccount type = GovernanceAccount::proposal_transaction_v2;
  Pubkey proposal;
  std::uint8_t option_index = 0;
  std::uint16_t index = 0;
  std::vector<Instruction> instructions;  ///< all of them or none; one in version 1
  std::optional<std::int64_t> executed_at;
};

/// Errors (kind `malformed`): as above.
Result<GovernanceTransaction> decode_governance_transaction(ByteView data);

enum class GovernanceVoteKind : std::uint8_t { approve, deny, abstain, veto };

/// How one depositor voted: VoteRecord.
struct GovernanceVoteRecord {
  GovernanceAccount type = GovernanceAccount::vote_record_v2;
  Pubkey proposal;
  Pubkey owner;                  ///< of the tokens with which was voted
  bool is_relinquished = false;  ///< since the vote is over: it counted, and no longer keeps the deposit
  std::uint64_t weight = 0;
  GovernanceVoteKind kind = GovernanceVoteKind::approve;
};

/// So many bytes hold all of the fields above, whatever the vote.
inline constexpr std::uint32_t vote_record_bytes = 75;

/// Errors (kind `malformed`): as above; a vote that is not known.
Result<GovernanceVoteRecord> decode_governance_vote_record(ByteView data);

struct GovernanceTransactionOf {
  Pubkey program;
  Pubkey proposal;
  GovernanceAccount proposal_type = GovernanceAccount::proposal_v2;  ///< version 1 has no options in its seeds
  std::uint8_t option_index = 0;
  std::uint16_t index = 0;
};
Derived governance_transaction_address(const GovernanceTransactionOf& of);

}  // namespace readyctl
