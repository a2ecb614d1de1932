#include "solana/build_transaction.hpp"

#include "base/base64.hpp"
#include "solana/derive.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/squads_instructions.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& cases() { return vectors("upgrade_transactions"); }

Instruction upgrade_of(std::uint8_t vault_index) {
  const Vectors& all = cases();
  return upgrade_instruction({key(text(all.at("program"))), key(text(all.at("buffer"))), key(text(all.at("spill"))),
                              vault_address(key(text(all.at("multisig"))), vault_index).address});
}

std::string built(const Pubkey& payer, const std::vector<Instruction>& instructions,
                  const std::vector<NamedTable>& tables = {}) {
  const auto message = compile_message(payer, instructions, tables);
  REQUIRE(message);
  return to_base64(unsigned_transaction(*message));
}

/// With the budget in front where the vector has it.
std::vector<Instruction> with_budget(const Vectors& one, const Instruction& instruction) {
  std::vector<Instruction> all;
  if (one.at("budget").get<bool>()) {
    all = compute_budget_instructions(cases().at("units").get<std::uint32_t>(),
                                      cases().at("micro_lamports").get<std::uint64_t>());
  }
  all.push_back(instruction);
  return all;
}

}  // namespace

// The same bytes as web3.js, whoever pays.
TEST_CASE("a message is built as web3.js builds it", "[solana]") {
  for (const Vectors& one : cases().at("inner")) {
    CHECK(built(key(text(one.at("payer"))), {upgrade_of(0)}) == text(one.at("base64")));
  }
}

// The same bytes as the Squads SDK: message in its short form, memo, signers, compute budget.
TEST_CASE("a vault transaction is created as the Squads SDK does", "[solana]") {
  const Pubkey multisig = key(text(cases().at("multisig")));
  for (const Vectors& one : cases().at("create")) {
    INFO(text(one.at("label")));
    const auto vault_index = one.at("vault_index").get<std::uint8_t>();
    const auto message = vault_message(vault_address(multisig, vault_index).address, {upgrade_of(vault_index)});
    REQUIRE(message);
    VaultTransactionCreation creation{multisig, 7, key(text(cases().at("creator"))), vault_index, 0, {}, {}};
    creation.ephemeral_signers = one.at("ephemeral_signers").get<std::uint8_t>();
    creation.message = compact_message(*message).value();
    if (!one.at("memo").is_null()) creation.memo = text(one.at("memo"));
    CHECK(built(key(text(one.at("payer"))), with_budget(one, vault_transaction_create(creation))) ==
          text(one.at("base64")));
  }
}

// The same bytes as the Squads SDK makes of what lies under the transaction's address, lookup tables included.
TEST_CASE("a vault transaction is executed as the Squads SDK does", "[solana]") {
  for (const Vectors& one : cases().at("execute")) {
    INFO(text(one.at("label")));
    const auto stored = decode_vault_transaction(unhex(text(one.at("account_hex"))));
    REQUIRE(stored);
    std::vector<NamedTable> tables;
    if (!one.at("table").is_null()) {
      tables.push_back({key(text(one.at("table").at("address"))), keys(one.at("table").at("addresses"))});
    }
    const auto signers = static_cast<std::uint8_t>(stored->ephemeral_signer_bumps.size());
    const auto instruction = vault_transaction_execute(
        {stored->multisig, stored->index, key(text(cases().at("member"))), stored->vault_index, signers},
        stored->message, tables);
    REQUIRE(instruction);
    CHECK(built(key(text(cases().at("member"))), with_budget(one, *instruction), tables) == text(one.at("base64")));
  }
}

// The same short form as that of the SDK's own vector, and the form that is stored means the same.
TEST_CASE("a message has its short form", "[solana]") {
  const Vectors& vector = vectors("squads_v4_compact_message");
  const auto hex = text(vector.at("hex"));
  const auto of_upgrade = vault_message(vault_address(key(text(cases().at("multisig"))), 0).address, {upgrade_of(0)});
  REQUIRE(of_upgrade);
  const Bytes bytes = compact_message(*of_upgrade).value();
  CHECK(bytes.size() == hex.size() / 2);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 4) == unhex(hex.substr(0, 8)));

  VaultTransactionMessage long_data = *of_upgrade;
  long_data.instructions.front().data.resize(0x10000);
  CHECK(trouble(compact_message(long_data)).find("too long") != std::string::npos);
}

// Every built transaction is read back as what it was built from.
TEST_CASE("what is built can be decoded", "[solana]") {
  const auto message = compile_message(key(text(cases().at("member"))), {upgrade_of(0)});
  REQUIRE(message);
  const Bytes bytes = unsigned_transaction(*message);
  const auto decoded = decode_transaction(bytes);
  REQUIRE(decoded);
  CHECK(decoded->message.keys == message->keys);
  CHECK(decoded->signatures.size() == 2);
  CHECK(unsigned_transaction(decoded->message) == bytes);
}

// What no index can name is refused, not wrapped around.
TEST_CASE("a message of too many keys is refused", "[solana]") {
  Instruction instruction{key(text(cases().at("program"))), {}, {}};
  for (std::uint8_t i = 0; i < 254; ++i) instruction.accounts.push_back({Pubkey{{1, i}}, false, false});
  const Pubkey payer = key(text(cases().at("member")));
  CHECK(compile_message(payer, {instruction}));
  instruction.accounts.push_back({Pubkey{{2}}, false, false});
  CHECK(trouble(compile_message(payer, {instruction})).find("more than 256 keys") != std::string::npos);
  for (InstructionAccount& account : instruction.accounts) account.is_signer = true;
  CHECK_FALSE(compile_message(payer, {instruction}));
}

// A table that is too short for an index of the message, or not there.
TEST_CASE("an execution needs its lookup tables", "[solana]") {
  VaultTransactionMessage message;
  message.lookups.push_back({Pubkey{{3}}, {1}, {}});
  const VaultTransactionExecution execution{Pubkey{{1}}, 7, Pubkey{{2}}, 0, 0};
  CHECK(trouble(vault_transaction_execute(execution, message, {})).find("not there") != std::string::npos);
  CHECK(trouble(vault_transaction_execute(execution, message, {{Pubkey{{3}}, {Pubkey{}}}})).find("past the end") !=
        std::string::npos);
}
