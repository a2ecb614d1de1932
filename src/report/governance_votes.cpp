#include "report/governance_votes.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/history.hpp"
#include "facts/network_text.hpp"
#include "solana/instruction_words.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

constexpr std::size_t transactions_read_max = 200;
constexpr std::uint32_t proposal_offset = 1;  // in a vote record

using Accounts = std::vector<std::optional<Account>>;
using AccountFacts = std::vector<Fact<std::optional<Account>>>;

ProgramQuery votes_on(const Pubkey& program, const Pubkey& proposal) {
  return {
      program, {{proposal_offset, Bytes(proposal.bytes.begin(), proposal.bytes.end())}}, Slice{0, vote_record_bytes}};
}

// Transactions of the proposal have the same bytes at the offset, so what is no vote is left out. A vote that was given
// up counts: while it could still be taken back its account is closed, and marked only once the vote is over.
// (process_relinquish_vote.rs)
std::vector<GovernanceVoteRecord> votes_in(const std::vector<FoundAccount>& found, const Pubkey& proposal) {
  std::vector<GovernanceVoteRecord> votes;
  for (const FoundAccount& one : found) {
    auto vote = decode_governance_vote_record(one.data);
    if (vote && vote->proposal == proposal) votes.push_back(*vote);
  }
  std::sort(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.owner < b.owner; });
  return votes;
}

// Where the transactions of a proposal are; so many at most. Counts the others, of which an account may claim billions.
std::vector<GovernanceDeed> deeds_of(const Account& account, const GovernanceProposal& proposal,
                                     std::size_t& not_read) {
  std::vector<GovernanceDeed> deeds;
  for (std::size_t option = 0; option < proposal.options.size(); ++option) {
    const std::size_t claimed = proposal.options[option].next_index;
    const std::size_t room = option > 255 ? 0 : transactions_read_max - deeds.size();
    const std::size_t count = std::min(claimed, room);
    not_read += claimed - count;
    for (std::size_t index = 0; index < count; ++index) {
      GovernanceDeed deed;
      deed.of = {account.owner, account.address, proposal.type, static_cast<std::uint8_t>(option),
                 static_cast<std::uint16_t>(index)};
      deed.address = governance_transaction_address(deed.of).address;
      deeds.push_back(std::move(deed));
    }
  }
  return deeds;
}

void add_words(GovernanceDeed& deed, const std::optional<Account>& account) {
  if (!account) return;  // removed, which leaves its index unused
  auto transaction = account->owner == deed.of.program
                         ? decode_governance_transaction(account->bytes())
                         : Result<GovernanceTransaction>(malformed("", "it is owned by " + named(account->owner)));
  if (!transaction) {
    deed.would.push_back("cannot be read: " + printable(transaction.error().what));
    return;
  }
  deed.is_executed = transaction->executed_at.has_value();
  for (const Instruction& instruction : transaction->instructions) deed.would.push_back(words_for(instruction));
  if (transaction->instructions.empty()) deed.would.emplace_back("do nothing");
}

std::optional<TokenOwnerRecord> record_in(const std::optional<Account>& account, const Pubkey& program) {
  if (!account || account->owner != program) return std::nullopt;
  auto record = decode_token_owner_record(account->bytes());
  return record ? std::optional(*record) : std::nullopt;
}

// What belongs to a proposal besides its governance; 1 round.
Task<GovernanceProposalSeen> read_proposal(Account account, GovernanceProposal proposal) {
  GovernanceProposalSeen seen;
  seen.proposal = proposal;
  seen.deeds = deeds_of(account, proposal, seen.deeds_not_read);
  AccountFacts wanted{facts::account_if_any(proposal.token_owner_record)};
  for (const GovernanceDeed& deed : seen.deeds) wanted.push_back(facts::account_if_any(deed.address));
  const auto search = maybe(facts::program_accounts(votes_on(account.owner, account.address)));
  const auto clock = maybe(facts::clock());
  const auto three = co_await all(wanted, search, clock);
  const Accounts& accounts = std::get<0>(three);
  seen.proposer = record_in(accounts[0], account.owner);
  for (std::size_t i = 0; i < seen.deeds.size(); ++i) add_words(seen.deeds[i], accounts[i + 1]);
  std::erase_if(seen.deeds, [](const GovernanceDeed& deed) { return deed.would.empty(); });
  if (const auto& found = std::get<1>(three)) {
    seen.votes = votes_in(*found, account.address);
  } else {
    seen.votes = malformed("", words_for(found.error()));
  }
  if (const auto& now = std::get<2>(three)) seen.clock = *now;
  co_return seen;
}

}  // namespace

Task<std::optional<GovernanceSeen>> governance_seen(Account account) {
  if (account.owner == known::system_program) co_return std::nullopt;
  GovernanceSeen seen;
  seen.governance_address = account.address;
  seen.governance = governance_at(account);
  std::optional<Pubkey> realm = realm_of(account);
  const auto proposal = decode_governance_proposal(account.bytes());
  if (!realm && proposal) {
    seen.governance_address = proposal->governance;
    const std::optional<Account> governance = co_await facts::account_if_any(proposal->governance);
    if (governance && governance->owner == account.owner) seen.governance = governance_at(governance);
    if (seen.governance) realm = seen.governance->realm;
  }
  if (!realm) co_return std::nullopt;
  Task<RealmSeen> reading = read_realm(account.owner, *realm);
  const RealmSeen whole = co_await reading;
  seen.realm = whole;
  if (!proposal) co_return seen;
  Task<GovernanceProposalSeen> voting = read_proposal(account, *proposal);
  const GovernanceProposalSeen vote = co_await voting;
  seen.proposal = vote;
  co_return seen;
}

}  // namespace readyctl
