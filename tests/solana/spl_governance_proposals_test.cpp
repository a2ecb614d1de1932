// Where the bytes come from: the official SDK's own serializers (vectors.json, spl_governance_votes), addresses too;
// those under "executed_votes" were written by the program itself, run in litesvm with that SDK's instructions.
#include "solana/spl_governance_proposals.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& votes() { return vectors("spl_governance_votes"); }
Bytes account(const std::string& name) { return unhex(votes().at(name).at("hex")); }
Pubkey program() { return key(vectors("spl_governance").at("program_id")); }

}  // namespace

// A vote of three members of a council, as the program left it while it ran and when it was decided.
TEST_CASE("what the governance program wrote of a vote is read", "[solana]") {
  const Vectors& executed = vectors("spl_governance").at("executed_votes");
  const auto bytes = [&](const std::string& name) { return unhex(executed.at(name).at("hex")); };
  const Pubkey owner = key(executed.at("owner"));
  const Pubkey proposal_key = key(executed.at("proposal_voting").at("address"));
  const TokenOwnerRecord record = decode_token_owner_record(bytes("token_owner_record")).value();
  CHECK(record.mint == key(executed.at("mint")));
  CHECK(record.owner == owner);
  CHECK(record.deposit == 1);
  CHECK(record.unrelinquished_votes == 1);
  CHECK(record.outstanding_proposals == 1);
  CHECK_FALSE(record.delegate);

  const GovernanceProposal voting = decode_governance_proposal(bytes("proposal_voting")).value();
  CHECK(words_for(voting.state) == "Voting");
  CHECK(voting.governance == key(executed.at("governance")));
  CHECK(voting.token_owner_record == key(executed.at("token_owner_record").at("address")));
  REQUIRE(voting.options.size() == 1);
  CHECK(voting.options[0].label == "Approve");
  CHECK(voting.options[0].votes == 1);
  CHECK(voting.options[0].transactions == 1);
  CHECK(voting.options[0].next_index == 1);
  CHECK(voting.deny_votes == 1);
  CHECK(voting.voting_at);
  CHECK_FALSE(voting.voting_completed_at);
  CHECK_FALSE(voting.threshold);
  CHECK(voting.name == "Upgrade to 1.2.0");
  CHECK(voting.description_link == "https://example.org/1.2.0");

  const GovernanceProposal decided = decode_governance_proposal(bytes("proposal_succeeded")).value();
  CHECK(words_for(decided.state) == "Succeeded");
  CHECK(decided.options[0].votes == 2);
  CHECK(decided.options[0].result == OptionResult::succeeded);
  CHECK(decided.voting_completed_at);
  CHECK(decided.max_votes == 3);
  CHECK(decided.threshold == VoteThreshold{VoteThreshold::Kind::yes_vote, 51});

  const GovernanceTransaction transaction = decode_governance_transaction(bytes("transaction")).value();
  CHECK(transaction.proposal == proposal_key);
  REQUIRE(transaction.instructions.size() == 1);
  CHECK(transaction.instructions[0].accounts.front().key == voting.governance);
  CHECK_FALSE(transaction.executed_at);
  CHECK(governance_transaction_address({program(), proposal_key}).address ==
        key(executed.at("transaction").at("address")));

  const GovernanceVoteRecord yes = decode_governance_vote_record(bytes("vote_yes")).value();
  CHECK(yes.proposal == proposal_key);
  CHECK(yes.owner == owner);
  CHECK(yes.weight == 1);
  CHECK(yes.kind == GovernanceVoteKind::approve);
  const GovernanceVoteRecord no = decode_governance_vote_record(bytes("vote_no")).value();
  CHECK(no.owner == key(executed.at("denier")));
  CHECK(no.kind == GovernanceVoteKind::deny);
}

// Every field, in both layouts: the older one counted votes in four bytes.
TEST_CASE("token owner records are read", "[solana]") {
  const Vectors& expected = votes().at("token_owner_record_account");
  const TokenOwnerRecord read = decode_token_owner_record(account("token_owner_record_account")).value();
  CHECK(words_for(read.type) == "TokenOwnerRecordV2");
  CHECK(read.realm == key(expected.at("realm")));
  CHECK(read.mint == key(expected.at("mint")));
  CHECK(read.owner == key(expected.at("owner")));
  CHECK(read.deposit == number(expected.at("deposit")));
  CHECK(read.unrelinquished_votes == number(expected.at("unrelinquished_votes")));
  CHECK(read.outstanding_proposals == 1);
  CHECK(read.delegate == key(expected.at("delegate")));
  const TokenOwnerRecord older = decode_token_owner_record(account("token_owner_record_v1_account")).value();
  CHECK(words_for(older.type) == "TokenOwnerRecordV1");
  CHECK(older.unrelinquished_votes == 2);
  CHECK_FALSE(older.delegate);
}

TEST_CASE("proposals are read", "[solana]") {
  const Vectors& expected = votes().at("proposal_v2_account");
  const GovernanceProposal read = decode_governance_proposal(account("proposal_v2_account")).value();
  CHECK(read.governance == key(expected.at("governance")));
  CHECK(read.mint == key(expected.at("mint")));
  CHECK(words_for(read.state) == "Succeeded");
  CHECK(read.token_owner_record == key(expected.at("token_owner_record")));
  CHECK(read.signatories == 1);
  CHECK(read.signed_off == 1);
  CHECK_FALSE(read.is_multiple_choice);
  REQUIRE(read.options.size() == 1);
  CHECK(read.options[0].label == "Approve");
  CHECK(read.options[0].votes == 5);
  CHECK(read.options[0].result == OptionResult::succeeded);
  CHECK(read.options[0].transactions == 1);
  CHECK(read.options[0].next_index == 2);
  CHECK(read.deny_votes == 1);
  CHECK(read.draft_at == 1'700'000'000);
  CHECK(read.voting_at == 1'700'000'002);
  CHECK(read.voting_completed_at == 1'700'000'003);
  CHECK_FALSE(read.executing_at);
  CHECK_FALSE(read.closed_at);
  CHECK(read.max_votes == 7);
  CHECK(read.threshold == VoteThreshold{VoteThreshold::Kind::yes_vote, 60});
  CHECK(read.name == "Upgrade");
  CHECK(read.description_link == "https://example.org/1");
  CHECK(read.veto_votes == 4);
}

// A survey has no votes against it; version 1 has no options but yes.
TEST_CASE("other sorts of proposals are read", "[solana]") {
  const auto choices = decode_governance_proposal(account("proposal_v2_multiple_choice_account")).value();
  CHECK(choices.is_multiple_choice);
  REQUIRE(choices.options.size() == 2);
  CHECK(choices.options[1].label == "Other");
  CHECK(choices.options[1].votes == 6);
  CHECK_FALSE(choices.deny_votes);
  CHECK(choices.veto_votes == 4);
  const auto older = decode_governance_proposal(account("proposal_v1_account")).value();
  CHECK(older.type == GovernanceAccount::proposal_v1);
  REQUIRE(older.options.size() == 1);
  CHECK(older.options[0].label == "Yes");
  CHECK(older.options[0].votes == 5);
  CHECK(older.options[0].executed == 1);
  CHECK(older.options[0].result == OptionResult::succeeded);
  CHECK(older.deny_votes == 1);
  CHECK(older.name == "Upgrade");
  CHECK(older.veto_votes == 0);
}

TEST_CASE("transactions of proposals are read", "[solana]") {
  const Vectors& expected = votes().at("proposal_transaction_v2_account");
  const auto read = decode_governance_transaction(account("proposal_transaction_v2_account")).value();
  CHECK(read.proposal == key(expected.at("proposal")));
  CHECK(read.option_index == 1);
  CHECK(read.index == 2);
  REQUIRE(read.instructions.size() == 1);
  CHECK(read.instructions[0].program == key(expected.at("program")));
  CHECK(read.instructions[0].accounts == std::vector<InstructionAccount>{{key(expected.at("account")), true, false}});
  CHECK(read.instructions[0].data == Bytes{3, 0, 0, 0});
  CHECK(read.executed_at == 1'700'000'004);
  const auto older = decode_governance_transaction(account("proposal_instruction_v1_account")).value();
  CHECK(older.index == 2);
  REQUIRE(older.instructions.size() == 1);
  CHECK(older.instructions[0].accounts == read.instructions[0].accounts);
  CHECK(older.instructions[0].data == read.instructions[0].data);
  CHECK_FALSE(older.executed_at);
}

TEST_CASE("votes are read", "[solana]") {
  const Vectors& records = votes().at("vote_records");
  const auto kind_in = [&](const char* name) {
    const auto read = decode_governance_vote_record(unhex(records.at(name))).value();
    CHECK(read.owner == key(records.at("owner")));
    CHECK(read.proposal == key(records.at("proposal")));
    CHECK(read.weight == number(records.at("weight")));
    CHECK_FALSE(read.is_relinquished);
    return read.kind;
  };
  CHECK(kind_in("approve") == GovernanceVoteKind::approve);
  CHECK(kind_in("deny") == GovernanceVoteKind::deny);
  CHECK(kind_in("veto") == GovernanceVoteKind::veto);
}

TEST_CASE("transactions of proposals are where the SDK puts them", "[solana]") {
  const Pubkey proposal = key(votes().at("proposal_transaction_v2_account").at("proposal"));
  const auto address = [&](GovernanceAccount type) {
    return governance_transaction_address({program(), proposal, type, 1, 2}).address;
  };
  CHECK(address(GovernanceAccount::proposal_v2) == key(votes().at("proposal_transaction_address")));
  CHECK(address(GovernanceAccount::proposal_v1) == key(votes().at("proposal_instruction_v1_address")));
}

// What ends too soon, or is something else, is refused by name.
TEST_CASE("accounts of votes that are no such account are refused", "[solana]") {
  Bytes cut = account("proposal_v2_account");
  cut.resize(100);
  CHECK(trouble(decode_governance_proposal(cut)).find("Proposal") != std::string::npos);
  CHECK(trouble(decode_token_owner_record(account("proposal_v2_account")))
            .find("expected the type of a token owner record at offset 0, found 14 (ProposalV2)") != std::string::npos);
  CHECK(trouble(decode_governance_transaction(account("proposal_v1_account"))).find("found 5 (ProposalV1)") !=
        std::string::npos);
  Bytes state = account("proposal_v2_account");
  state[65] = 10;
  CHECK(trouble(decode_governance_proposal(state)).find("expected 0 to 9 for state at offset 65, found 10") !=
        std::string::npos);
  Bytes options = account("proposal_v2_account");
  std::fill(options.begin() + 101, options.begin() + 105, std::uint8_t{255});
  CHECK_FALSE(decode_governance_proposal(options));
}

// Shares of votes are rounded as the program rounds them, and never overflow.
TEST_CASE("votes needed are counted as the program counts them", "[solana]") {
  const VoteThreshold sixty{VoteThreshold::Kind::yes_vote, 60};
  CHECK(votes_needed(sixty, 1000) == 600);
  CHECK(votes_needed(sixty, 1001) == 601);
  CHECK(votes_needed(sixty, 1) == 1);
  CHECK(votes_needed({VoteThreshold::Kind::yes_vote, 100}, ~std::uint64_t{0}) == ~std::uint64_t{0});
  CHECK_FALSE(votes_needed({VoteThreshold::Kind::quorum, 60}, 1000));
  CHECK_FALSE(votes_needed({}, 1000));
  using Kind = MaxVoteWeight::Kind;
  CHECK(MaxVoteWeight{Kind::supply_fraction, 10'000'000'000}.of_supply(~std::uint64_t{0}) == ~std::uint64_t{0});
  CHECK(MaxVoteWeight{Kind::supply_fraction, 5'000'000'001}.of_supply(10'000'000'001) == 5'000'000'001);
  CHECK(MaxVoteWeight{Kind::supply_fraction, 3'333'333'333}.of_supply(10) == 3);
  CHECK(MaxVoteWeight{Kind::supply_fraction, 9'999'999'999}.of_supply(9'999'999'999) == 9'999'999'998);
  CHECK(MaxVoteWeight{Kind::absolute, 77}.of_supply(10) == 77);
}
