#include "solana/squads_transactions.hpp"

#include "solana/message_words.hpp"
#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& account_case(const std::string& name) {
  return case_named(vectors("squads_v4_accounts").at("cases"), name);
}

void check_message(const VaultTransactionMessage& message, const Vectors& expected) {
  CHECK(message.signers == expected.at("num_signers").get<int>());
  CHECK(message.writable_signers == expected.at("num_writable_signers").get<int>());
  CHECK(message.writable_non_signers == expected.at("num_writable_non_signers").get<int>());
  CHECK(message.account_keys == keys(expected.at("account_keys")));
  REQUIRE(message.instructions.size() == expected.at("instructions").size());
  for (std::size_t i = 0; i < message.instructions.size(); ++i) {
    const Vectors& instruction = expected.at("instructions")[i];
    CHECK(message.instructions[i].program_id_index == instruction.at("program_id_index").get<int>());
    CHECK(message.instructions[i].account_indexes == instruction.at("account_indexes").get<Bytes>());
    CHECK(to_hex(message.instructions[i].data) == text(instruction.at("data_hex")));
  }
  REQUIRE(message.lookups.size() == expected.at("address_table_lookups").size());
  for (std::size_t i = 0; i < message.lookups.size(); ++i) {
    const Vectors& lookup = expected.at("address_table_lookups")[i];
    CHECK(message.lookups[i].table == key(lookup.at("account_key")));
    CHECK(message.lookups[i].writable_indexes == lookup.at("writable_indexes").get<Bytes>());
    CHECK(message.lookups[i].readonly_indexes == lookup.at("readonly_indexes").get<Bytes>());
  }
}

VaultTransaction transaction(const std::string& name) {
  return decode_vault_transaction(unhex(account_case(name).at("hex"))).value();
}

}  // namespace

// A proposal of every status; the one that is executing has no time.
TEST_CASE("Squads proposals are read", "[solana]") {
  std::size_t statuses = 0;
  for (const Vectors& one : vectors("squads_v4_accounts").at("cases")) {
    if (!one.at("name").get<std::string>().starts_with("Proposal ")) continue;
    INFO(one.dump());
    const Vectors& expected = one.at("decoded");
    const Proposal proposal = decode_proposal(unhex(one.at("hex"))).value();
    CHECK(proposal.multisig == key(expected.at("multisig")));
    CHECK(std::to_string(proposal.transaction_index) == text(expected.at("transaction_index")));
    CHECK(words_for(proposal.status) == text(expected.at("status")));
    CHECK(proposal.status_since.has_value() == !expected.at("timestamp").is_null());
    if (proposal.status_since) CHECK(*proposal.status_since == expected.at("timestamp").get<std::int64_t>());
    CHECK(proposal.bump == expected.at("bump").get<int>());
    CHECK(proposal.approved == keys(expected.at("approved")));
    CHECK(proposal.rejected == keys(expected.at("rejected")));
    CHECK(proposal.cancelled == keys(expected.at("cancelled")));
    ++statuses;
  }
  CHECK(statuses == 7);
}

// A status that the program does not have is refused at its offset.
TEST_CASE("unknown proposal statuses are refused", "[solana]") {
  Bytes data = unhex(account_case("Proposal Draft").at("hex"));
  data.at(48) = 7;
  CHECK(trouble(decode_proposal(data)) == "Squads Proposal: expected status 0 to 6 at offset 48, found 7");
}

// A proposed program upgrade, as a gate has to understand it.
TEST_CASE("a proposed upgrade is read", "[solana]") {
  const std::string name = "VaultTransaction: loader-v3 Upgrade";
  const Vectors& expected = account_case(name).at("decoded");
  const VaultTransaction upgrade = transaction(name);
  CHECK(upgrade.multisig == key(expected.at("multisig")));
  CHECK(upgrade.creator == key(expected.at("creator")));
  CHECK(std::to_string(upgrade.index) == text(expected.at("index")));
  CHECK(upgrade.bump == expected.at("bump").get<int>());
  CHECK(upgrade.vault_index == expected.at("vault_index").get<int>());
  CHECK(upgrade.vault_bump == expected.at("vault_bump").get<int>());
  CHECK(upgrade.ephemeral_signer_bumps == expected.at("ephemeral_signer_bumps").get<Bytes>());
  check_message(upgrade.message, expected.at("message"));
  CHECK(upgrade.message.static_key(upgrade.message.instructions.at(0).program_id_index) == known::loader_v3);
}

// Lookup tables, ephemeral signers and empty instruction data.
TEST_CASE("a transaction with lookups is read", "[solana]") {
  const std::string name = "VaultTransaction: two instructions, ALT lookup, 2 ephemeral signers";
  const Vectors& expected = account_case(name).at("decoded");
  CHECK(std::to_string(transaction(name).index) == text(expected.at("index")));
  CHECK(transaction(name).ephemeral_signer_bumps == expected.at("ephemeral_signer_bumps").get<Bytes>());
  check_message(transaction(name).message, expected.at("message"));
}

// A batch item holds the same message behind a shorter header.
TEST_CASE("a batch item is read", "[solana]") {
  const Vectors& one = account_case("VaultBatchTransaction");
  const VaultBatchTransaction item = decode_vault_batch_transaction(unhex(one.at("hex"))).value();
  CHECK(item.bump == one.at("decoded").at("bump").get<int>());
  check_message(item.message, account_case("VaultTransaction: loader-v3 Upgrade").at("decoded").at("message"));
}

// Signers come first, and within signers and others the writable ones.
TEST_CASE("keys of a message have roles by their place", "[solana]") {
  VaultTransactionMessage message;
  message.signers = 2;
  message.writable_signers = 1;
  message.writable_non_signers = 1;
  message.account_keys.resize(4);
  CHECK(message.is_signer(1));
  CHECK_FALSE(message.is_signer(2));
  CHECK(message.is_writable(0));
  CHECK_FALSE(message.is_writable(1));
  CHECK(message.is_writable(2));
  CHECK_FALSE(message.is_writable(3));
  CHECK_FALSE(message.is_writable(5));
  CHECK(message.static_key(3).has_value());
  CHECK_FALSE(message.static_key(4).has_value());
}

// The message as it is proposed says the same as the one that is stored.
TEST_CASE("compact messages are read", "[solana]") {
  Bytes compact = unhex(text(vectors("squads_v4_compact_message").at("hex")));
  const VaultTransactionMessage message = decode_compact_message(compact).value();
  const VaultTransactionMessage stored =
      decode_vault_transaction(
          unhex(case_named(vectors("squads_v4_accounts").at("cases"), "VaultTransaction: loader-v3 Upgrade").at("hex")))
          .value()
          .message;
  // Not in the same order of keys: the official client compiled the two apart.
  CHECK(words_for_each(message) == words_for_each(stored));
  CHECK(message.account_keys.front() == key(text(vectors("squads_v4_compact_message").at("vault"))));
  CHECK(message.is_signer(0));
  CHECK(message.is_writable(4));
  CHECK_FALSE(message.is_writable(5));
  for (std::size_t size = 0; size < compact.size(); ++size) {
    CHECK_FALSE(decode_compact_message(ByteView(compact).first(size)));
  }
  compact.push_back(0);
  CHECK(trouble(decode_compact_message(compact)) == "vault transaction message: bytes are left over");
}
