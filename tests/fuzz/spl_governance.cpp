// Governances, realms, realm configs, voters and proposals of SPL Governance.
#include "solana/spl_governance.hpp"

#include "solana/spl_governance_proposals.hpp"

#include "fuzz/retrace.hpp"

using namespace readyctl;

namespace {

void retrace_threshold(fuzz::Retrace& retrace, const VoteThreshold& threshold) {
  retrace.number(static_cast<std::uint8_t>(threshold.kind));
  if (threshold.kind != VoteThreshold::Kind::disabled) retrace.number(threshold.percent);
  fuzz::require(!words_for(threshold).empty(), "a threshold has words");
}

void retrace_governance(fuzz::Retrace& retrace, const Governance& governance) {
  retrace.number(static_cast<std::uint8_t>(governance.type));
  retrace.key(governance.realm);
  retrace.key(governance.seed);
  retrace.skip(4);
  const GovernanceConfig& config = governance.config;
  retrace_threshold(retrace, config.community_vote_threshold);
  retrace.number(config.min_community_weight_to_create_proposal);
  retrace.number(config.hold_up_seconds);
  retrace.number(config.voting_seconds);
  retrace.number(static_cast<std::uint8_t>(config.community_vote_tipping));
  retrace_threshold(retrace, config.council_vote_threshold);
  retrace_threshold(retrace, config.council_veto_vote_threshold);
  retrace.number(config.min_council_weight_to_create_proposal);
  retrace.number(static_cast<std::uint8_t>(config.council_vote_tipping));
  retrace_threshold(retrace, config.community_veto_vote_threshold);
  retrace.number(config.cool_off_seconds);
  retrace.number(config.deposit_exempt_proposals);
  const GovernanceConfig applied = as_applied(config);
  fuzz::require(applied.hold_up_seconds == config.hold_up_seconds, "what is applied holds up as what is stored");
}

void retrace_realm(fuzz::Retrace& retrace, const Realm& realm) {
  retrace.number(static_cast<std::uint8_t>(realm.type));
  retrace.key(realm.community_mint);
  retrace.skip(8);
  retrace.number(realm.min_community_weight_to_create_governance);
  retrace.number(static_cast<std::uint8_t>(realm.community_max_vote_weight.kind));
  retrace.number(realm.community_max_vote_weight.value);
  retrace.option_key(realm.council_mint);
  retrace.skip(8);
  retrace.option_key(realm.authority);
  retrace.count(realm.name.size());
  retrace.bytes(bytes_of(realm.name));
}

void retrace_token(fuzz::Retrace& retrace, const GoverningToken& token) {
  retrace.option_key(token.voter_weight_addin);
  retrace.option_key(token.max_voter_weight_addin);
  retrace.number(static_cast<std::uint8_t>(token.type));
  retrace.skip(4);
  retrace.count(token.lock_authorities.size());
  for (const Pubkey& one : token.lock_authorities) retrace.key(one);
}

void retrace_record(fuzz::Retrace& retrace, const TokenOwnerRecord& record, bool is_layout_1) {
  retrace.number(static_cast<std::uint8_t>(record.type));
  retrace.key(record.realm);
  retrace.key(record.mint);
  retrace.key(record.owner);
  retrace.number(record.deposit);
  if (is_layout_1) {
    retrace.number(record.unrelinquished_votes);
  } else {
    retrace.number(static_cast<std::uint32_t>(record.unrelinquished_votes));
    retrace.skip(4);
  }
  retrace.number(record.outstanding_proposals);
  retrace.skip(7);
  retrace.option_key(record.delegate);
}

void retrace_vote(fuzz::Retrace& retrace, const GovernanceVoteRecord& vote) {
  retrace.number(static_cast<std::uint8_t>(vote.type));
  retrace.key(vote.proposal);
  retrace.key(vote.owner);
  retrace.number(static_cast<std::uint8_t>(vote.is_relinquished));
  if (vote.type == GovernanceAccount::vote_record_v1) retrace.number(static_cast<std::uint8_t>(vote.kind));
  retrace.number(vote.weight);
  if (vote.type == GovernanceAccount::vote_record_v2) retrace.number(static_cast<std::uint8_t>(vote.kind));
}

// Both begin alike; what follows differs by version.
void retrace_proposal(fuzz::Retrace& retrace, const GovernanceProposal& proposal) {
  retrace.number(static_cast<std::uint8_t>(proposal.type));
  retrace.key(proposal.governance);
  retrace.key(proposal.mint);
  retrace.number(static_cast<std::uint8_t>(proposal.state));
  retrace.key(proposal.token_owner_record);
  retrace.number(proposal.signatories);
  retrace.number(proposal.signed_off);
  fuzz::require(!words_for(proposal.state).empty(), "a state has a name");
}

void retrace_transaction(fuzz::Retrace& retrace, const GovernanceTransaction& transaction) {
  const bool is_v1 = transaction.type == GovernanceAccount::proposal_instruction_v1;
  retrace.number(static_cast<std::uint8_t>(transaction.type));
  retrace.key(transaction.proposal);
  if (!is_v1) retrace.number(transaction.option_index);
  retrace.number(transaction.index);
  retrace.skip(4);
  if (!is_v1) retrace.count(transaction.instructions.size());
  for (const Instruction& instruction : transaction.instructions) {
    retrace.key(instruction.program);
    retrace.count(instruction.accounts.size());
    for (const InstructionAccount& account : instruction.accounts) {
      retrace.key(account.key);
      retrace.number(static_cast<std::uint8_t>(account.is_signer));
      retrace.number(static_cast<std::uint8_t>(account.is_writable));
    }
    retrace.byte_vec(instruction.data);
  }
}

}  // namespace

FUZZ_TARGET(spl_governance) {
  const ByteView account(data, size);
  fuzz::Retrace retrace(account);
  const auto governance = decode_governance(account);
  const auto realm = decode_realm(account);
  const auto config = decode_realm_config(account);
  const auto record = decode_token_owner_record(account);
  const auto proposal = decode_governance_proposal(account);
  const auto transaction = decode_governance_transaction(account);
  const auto vote = decode_governance_vote_record(account);
  fuzz::require(governance.has_value() + realm.has_value() + config.has_value() + record.has_value() +
                        proposal.has_value() + transaction.has_value() + vote.has_value() <=
                    1,
                "an account is one thing");
  if (governance) retrace_governance(retrace, *governance);
  if (realm) retrace_realm(retrace, *realm);
  if (record) retrace_record(retrace, *record, data[114] != 0);
  if (proposal) retrace_proposal(retrace, *proposal);
  if (transaction) retrace_transaction(retrace, *transaction);
  if (vote) retrace_vote(retrace, *vote);
  if (config) {
    retrace.number(std::uint8_t{11});
    retrace.key(config->realm);
    retrace_token(retrace, config->community);
    retrace_token(retrace, config->council);
  }
  return 0;
}
