// Accounts that the Squads v4 program wrote itself, run in litesvm with the official SDK's instructions (vectors.json).
#include <algorithm>

#include "solana/squads.hpp"
#include "solana/squads_config.hpp"
#include "solana/squads_spending.hpp"
#include "solana/squads_transactions.hpp"
#include "solana/vectors.hpp"
#include "support/squads.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& executed() { return vectors("squads_v4_executed"); }
const Vectors& given() { return executed().at("facts"); }
Bytes account(const std::string& name) { return unhex(executed().at(name).at("hex")); }
Pubkey address(const std::string& name) { return key(executed().at(name).at("address")); }
Pubkey member(std::size_t index) { return key(given().at("members").at(index)); }

}  // namespace

// The multisig after its third transaction, which changed no rule; its members are sorted, and all may do everything.
TEST_CASE("a multisig that the Squads program wrote is read", "[solana]") {
  const Multisig read = decode_multisig(account("multisig")).value();
  CHECK(read.create_key == key(given().at("create_key")));
  CHECK(read.config_authority == Pubkey{});
  CHECK(read.threshold == 2);
  CHECK(read.time_lock_seconds == 172800);
  CHECK(read.transaction_index == 3);
  CHECK(read.stale_transaction_index == 0);
  CHECK_FALSE(read.rent_collector);
  std::vector<Pubkey> expected = keys(given().at("members"));
  std::sort(expected.begin(), expected.end());
  REQUIRE(read.members.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(read.members[i].key == expected[i]);
    CHECK(read.members[i].permissions.mask == 7);
  }
}

// What it runs, and what was voted: the account has room for more votes, which are not read.
TEST_CASE("a transaction and a proposal that the Squads program wrote are read", "[solana]") {
  const VaultTransaction transaction = decode_vault_transaction(account("vault_transaction")).value();
  CHECK(transaction.multisig == address("multisig"));
  CHECK(transaction.creator == member(0));
  CHECK(transaction.index == 1);
  CHECK(transaction.message.account_keys.front() == key(given().at("vault")));
  REQUIRE(transaction.message.instructions.size() == 1);
  CHECK(transaction_address(address("multisig"), 1).address == address("vault_transaction"));

  const Proposal proposal = decode_proposal(account("proposal")).value();
  CHECK(proposal.transaction_index == 1);
  CHECK(proposal.status == ProposalStatus::approved);
  CHECK(std::to_string(proposal.status_since.value()) == text(given().at("approved_at")));
  CHECK(proposal.approved == std::vector{member(1), member(0)});
  CHECK(proposal.rejected.empty());
  CHECK(proposal_address(address("multisig"), 1).address == address("proposal"));
}

// A change of the rules, and a limit that another change made.
TEST_CASE("a change and a spending limit that the Squads program wrote are read", "[solana]") {
  const ConfigTransaction change = decode_config_transaction(account("config_transaction")).value();
  CHECK(change.index == 2);
  REQUIRE(change.actions.size() == 1);
  CHECK(words_for(change.actions.front()) == "set the time lock to 0 s");

  const SpendingLimit limit = decode_spending_limit(account("spending_limit")).value();
  CHECK(limit.multisig == address("multisig"));
  CHECK(limit.create_key == key(given().at("limit_create_key")));
  CHECK_FALSE(limit.mint);
  CHECK(limit.amount == 1'000'000'000);
  CHECK(limit.remaining_amount == 1'000'000'000);
  CHECK(limit.period == SpendingPeriod::day);
  CHECK(std::to_string(limit.last_reset) == text(given().at("limit_last_reset")));
  CHECK(limit.members == std::vector{member(0)});
  CHECK(limit.destinations.empty());
}

// What other tests put together is what the program writes of the same values.
TEST_CASE("Squads accounts are written as the program writes them", "[solana]") {
  const Bytes multisig = account("multisig");
  CHECK(to_hex(multisig_bytes(decode_multisig(multisig).value())) == to_hex(multisig));
  const Bytes transaction = account("vault_transaction");
  CHECK(to_hex(vault_transaction_bytes(decode_vault_transaction(transaction).value())) == to_hex(transaction));
  const Bytes proposal = account("proposal");
  const Bytes written = proposal_bytes(decode_proposal(proposal).value());
  CHECK(to_hex(padded(written, proposal.size())) == to_hex(proposal));
}
