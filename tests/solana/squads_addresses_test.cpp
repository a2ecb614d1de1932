#include "solana/derive.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& squads() { return vectors("squads_v4_pda"); }
Pubkey multisig() { return key(squads().at("multisig")[0]); }

Derived expected(const Vectors& address, const Vectors& bump) { return {key(address), bump.get<std::uint8_t>()}; }

}  // namespace

// Multisig and its vaults, the highest index included.
TEST_CASE("Squads multisigs and vaults are derived", "[solana]") {
  CHECK(squads_program_config_address() ==
        expected(squads().at("program_config")[0], squads().at("program_config")[1]));
  CHECK(multisig_address(key(squads().at("create_key"))) ==
        expected(squads().at("multisig")[0], squads().at("multisig")[1]));
  for (const Vectors& one : squads().at("vaults")) {
    INFO(one.dump());
    CHECK(vault_address(multisig(), one.at("index")) == expected(one.at("address"), one.at("bump")));
  }
  for (const Vectors& one : squads().at("more")) {
    INFO(one.dump());
    const Derived derived = multisig_address(key(one.at("create_key")));
    CHECK(derived == expected(one.at("multisig"), one.at("bump")));
    CHECK(vault_address(derived.address, 0) == expected(one.at("vault0"), one.at("vault0_bump")));
  }
}

// Transaction indexes are 64 bits wide, lowest byte first.
TEST_CASE("Squads transactions and proposals are derived", "[solana]") {
  for (const Vectors& one : squads().at("transactions")) {
    INFO(one.dump());
    const std::uint64_t index = number(one.at("index"));
    CHECK(transaction_address(multisig(), index) == expected(one.at("transaction"), one.at("bump")));
    CHECK(proposal_address(multisig(), index) == expected(one.at("proposal"), one.at("proposal_bump")));
  }
}

// Items of a batch count in 32 bits, unlike the batch itself.
TEST_CASE("Squads batch items are derived", "[solana]") {
  for (const Vectors& one : squads().at("batch_transactions")) {
    INFO(one.dump());
    const BatchItem item{.batch_index = number(one.at("batch_index")),
                         .transaction_index = one.at("transaction_index_u32")};
    CHECK(batch_transaction_address(multisig(), item) == expected(one.at("address"), one.at("bump")));
  }
}

// Everything else the Squads program derives.
TEST_CASE("Squads limits, signers and buffers are derived", "[solana]") {
  for (const Vectors& one : squads().at("spending_limits")) {
    const SpendingLimitOf of{.multisig = multisig(), .create_key = key(one.at("create_key"))};
    CHECK(spending_limit_address(of) == expected(one.at("address"), one.at("bump")));
  }
  for (const Vectors& one : squads().at("ephemeral_signers")) {
    CHECK(ephemeral_signer_address(key(one.at("transaction")), one.at("index")) ==
          expected(one.at("address"), one.at("bump")));
  }
  const Vectors& buffer = squads().at("transaction_buffer");
  const TransactionBufferOf of{
      .multisig = multisig(), .creator = key(buffer.at("creator")), .index = buffer.at("buffer_index")};
  CHECK(transaction_buffer_address(of) == expected(buffer.at("address"), buffer.at("bump")));
}
