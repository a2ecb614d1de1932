#include "solana/spl_governance_proposals.hpp"

#include <array>

#include "base/invariant.hpp"
#include "solana/spl_governance_reader.hpp"

namespace readyctl {
namespace {

// TokenOwnerRecord
//    0  u8   type            65  32B  owner                       113  u8   outstanding proposals
//    1  32B  realm           97  u64  deposit                     114  u8   version of the layout
//   33  32B  mint           105  u64  votes not relinquished      115  6B   reserved
//                                                                 121  u8   1 if a delegate follows, 32B
static_assert(1 + 32 + 32 + 32 + 8 + 8 + 1 + 1 + 6 == 121 && 121 + 1 + 32 == token_owner_record_bytes);
constexpr std::size_t record_reserved_bytes = 6;
constexpr std::uint64_t low_half = 0xffff'ffff;

// An instruction's account: 32B key, u8 signer, u8 writable. An instruction: 32B program, and two counts.
constexpr std::size_t account_meta_bytes = 32 + 1 + 1;
constexpr std::size_t instruction_bytes_min = 32 + 4 + 4;
// An option: the length of its label, u64 votes, u8 result, three u16.
constexpr std::size_t option_bytes_min = 4 + 8 + 1 + 2 + 2 + 2;
constexpr std::size_t choice_bytes = 4;
constexpr std::size_t proposal_reserved_bytes = 64;

bool is_record(GovernanceAccount type) {
  return type == GovernanceAccount::token_owner_record_v1 || type == GovernanceAccount::token_owner_record_v2;
}
bool is_proposal(GovernanceAccount type) {
  return type == GovernanceAccount::proposal_v1 || type == GovernanceAccount::proposal_v2;
}
bool is_transaction(GovernanceAccount type) {
  return type == GovernanceAccount::proposal_instruction_v1 || type == GovernanceAccount::proposal_transaction_v2;
}

bool is_vote_record(GovernanceAccount type) {
  return type == GovernanceAccount::vote_record_v1 || type == GovernanceAccount::vote_record_v2;
}

// VoteRecord: u8 type, 32B proposal, 32B owner, u8 relinquished; then in version 1 u8 vote and u64 weight, in version 2
// u64 weight, u8 vote, and the choices of an approval, which are not read.
static_assert(1 + 32 + 32 + 1 + 8 + 1 == vote_record_bytes);
constexpr std::uint8_t kinds_v1 = 2;
constexpr std::uint8_t kinds_v2 = 4;

std::string read_text(Reader& reader, std::string_view field) {
  const Bytes bytes = reader.byte_vec(field);
  return {bytes.begin(), bytes.end()};
}

std::optional<std::int64_t> option_i64(Reader& reader, std::string_view field) {
  if (!reader.boolean(field)) return std::nullopt;
  return reader.i64(field);
}
std::optional<std::uint64_t> option_u64(Reader& reader, std::string_view field) {
  if (!reader.boolean(field)) return std::nullopt;
  return reader.u64(field);
}

ProposalOption read_option(Reader& reader) {
  ProposalOption option;
  option.label = read_text(reader, "label");
  option.votes = reader.u64("votes");
  option.result = read_enum<OptionResult>(reader, "result", 3);
  option.executed = reader.u16("executed transactions");
  option.transactions = reader.u16("transactions");
  option.next_index = reader.u16("next transaction");
  return option;
}

// Version 1 votes on nothing but yes and no.
void read_votes_v1(Reader& reader, GovernanceProposal& proposal) {
  ProposalOption yes;
  yes.label = "Yes";
  yes.votes = reader.u64("yes votes");
  proposal.deny_votes = reader.u64("no votes");
  yes.executed = reader.u16("executed instructions");
  yes.transactions = reader.u16("instructions");
  yes.next_index = reader.u16("next instruction");
  const bool has_succeeded = proposal.state == GovernanceProposalState::succeeded ||
                             proposal.state == GovernanceProposalState::executing ||
                             proposal.state == GovernanceProposalState::executing_with_errors ||
                             proposal.state == GovernanceProposalState::completed;
  if (has_succeeded) yes.result = OptionResult::succeeded;
  proposal.options.push_back(std::move(yes));
}

void read_votes_v2(Reader& reader, GovernanceProposal& proposal) {
  enum class VoteType : std::uint8_t { single_choice, multiple_choice };
  proposal.is_multiple_choice = read_enum<VoteType>(reader, "vote type", 2) == VoteType::multiple_choice;
  if (proposal.is_multiple_choice) reader.bytes("choices", choice_bytes);
  proposal.options.resize(reader.count("options", option_bytes_min));
  for (ProposalOption& option : proposal.options) option = read_option(reader);
  proposal.deny_votes = option_u64(reader, "deny votes");
  reader.u8("reserved byte");
  option_u64(reader, "abstain votes");
  option_i64(reader, "start of voting");
}

Instruction read_instruction(Reader& reader) {
  Instruction instruction;
  instruction.program = reader.pubkey("program");
  instruction.accounts.resize(reader.count("accounts", account_meta_bytes));
  for (InstructionAccount& account : instruction.accounts) {
    account.key = reader.pubkey("account");
    account.is_signer = reader.boolean("is signer");
    account.is_writable = reader.boolean("is writable");
  }
  instruction.data = reader.byte_vec("instruction data");
  return instruction;
}

}  // namespace

std::string_view words_for(GovernanceProposalState state) {
  static constexpr std::array<std::string_view, 10> words = {
      "Draft",     "SigningOff", "Voting",   "Succeeded",           "Executing",
      "Completed", "Cancelled",  "Defeated", "ExecutingWithErrors", "Vetoed"};
  return words.at(static_cast<std::size_t>(state));
}

Result<TokenOwnerRecord> decode_token_owner_record(ByteView data) {
  Reader reader("TokenOwnerRecord", data);
  TokenOwnerRecord record;
  record.type = read_governance_type(reader, is_record, "a token owner record");
  record.realm = reader.pubkey("realm");
  record.mint = reader.pubkey("governing token mint");
  record.owner = reader.pubkey("governing token owner");
  record.deposit = reader.u64("deposit");
  record.unrelinquished_votes = reader.u64("votes not relinquished");
  record.outstanding_proposals = reader.u8("outstanding proposals");
  // Layout version 0 counted in four bytes, and something else in the four after them.
  if (reader.u8("version") == 0) record.unrelinquished_votes &= low_half;
  reader.bytes("reserved bytes", record_reserved_bytes);
  record.delegate = reader.option_pubkey("governance delegate");
  return reader.finish(record);
}

Result<GovernanceProposal> decode_governance_proposal(ByteView data) {
  Reader reader("Proposal", data);
  GovernanceProposal proposal;
  proposal.type = read_governance_type(reader, is_proposal, "a proposal");
  const bool is_v1 = proposal.type == GovernanceAccount::proposal_v1;
  proposal.governance = reader.pubkey("governance");
  proposal.mint = reader.pubkey("governing token mint");
  proposal.state = read_enum<GovernanceProposalState>(reader, "state", 10);
  proposal.token_owner_record = reader.pubkey("token owner record");
  proposal.signatories = reader.u8("signatories");
  proposal.signed_off = reader.u8("signatories who signed off");
  is_v1 ? read_votes_v1(reader, proposal) : read_votes_v2(reader, proposal);
  proposal.draft_at = reader.i64("time of the draft");
  option_i64(reader, "time of signing off");
  proposal.voting_at = option_i64(reader, "time of voting");
  option_u64(reader, "slot of voting");
  proposal.voting_completed_at = option_i64(reader, "end of voting");
  proposal.executing_at = option_i64(reader, "time of execution");
  proposal.closed_at = option_i64(reader, "time of closing");
  reader.u8("execution flags");
  proposal.max_votes = option_u64(reader, "all votes");
  if (!is_v1 && reader.boolean("maximum voting time")) reader.u32("maximum voting time");
  if (reader.boolean("vote threshold")) proposal.threshold = read_threshold(reader, "vote threshold");
  if (!is_v1) reader.bytes("reserved bytes", proposal_reserved_bytes);
  proposal.name = read_text(reader, "name");
  proposal.description_link = read_text(reader, "description link");
  // Accounts from before version 3 may end here.
  if (!is_v1 && reader.rest().size() >= sizeof(std::uint64_t)) proposal.veto_votes = reader.u64("veto votes");
  return reader.finish(std::move(proposal));
}

Result<GovernanceTransaction> decode_governance_transaction(ByteView data) {
  Reader reader("ProposalTransaction", data);
  GovernanceTransaction transaction;
  transaction.type = read_governance_type(reader, is_transaction, "a transaction of a proposal");
  const bool is_v1 = transaction.type == GovernanceAccount::proposal_instruction_v1;
  transaction.proposal = reader.pubkey("proposal");
  if (!is_v1) transaction.option_index = reader.u8("option");
  transaction.index = reader.u16("transaction");
  reader.u32("legacy bytes");
  transaction.instructions.resize(is_v1 ? 1 : reader.count("instructions", instruction_bytes_min));
  for (Instruction& instruction : transaction.instructions) instruction = read_instruction(reader);
  transaction.executed_at = option_i64(reader, "time of execution");
  return reader.finish(std::move(transaction));
}

Result<GovernanceVoteRecord> decode_governance_vote_record(ByteView data) {
  Reader reader("VoteRecord", data);
  GovernanceVoteRecord record;
  record.type = read_governance_type(reader, is_vote_record, "a vote record");
  record.proposal = reader.pubkey("proposal");
  record.owner = reader.pubkey("governing token owner");
  record.is_relinquished = reader.boolean("is relinquished");
  if (record.type == GovernanceAccount::vote_record_v1) {
    record.kind = read_enum<GovernanceVoteKind>(reader, "vote", kinds_v1);
    record.weight = reader.u64("weight");
  } else {
    record.weight = reader.u64("weight");
    record.kind = read_enum<GovernanceVoteKind>(reader, "vote", kinds_v2);
  }
  return reader.finish(record);
}

Derived governance_transaction_address(const GovernanceTransactionOf& of) {
  const std::array<std::uint8_t, 1> option{of.option_index};
  const std::array<std::uint8_t, 2> index{static_cast<std::uint8_t>(of.index),
                                          static_cast<std::uint8_t>(of.index >> 8)};
  std::vector<ByteView> seeds{bytes_of("governance"), of.proposal.bytes};
  if (of.proposal_type != GovernanceAccount::proposal_v1) seeds.emplace_back(option);
  seeds.emplace_back(index);
  const auto found = find_program_address(seeds, of.program);
  invariant(found.has_value(), "seeds of fixed lengths have a program-derived address");
  return *found;
}

}  // namespace readyctl
