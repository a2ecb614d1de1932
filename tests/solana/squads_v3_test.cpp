// Where the bytes come from: addresses are those of the program's own SDK seeds; the accounts were encoded by Anchor's
// coder with the IDL that the program's SDK carries (vectors.json).
#include "solana/squads_v3.hpp"

#include "solana/vectors.hpp"
#include "solana/well_known.hpp"
#include "support/squads_v3.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& squads() { return vectors("squads_v3"); }
Pubkey multisig() { return key(squads().at("ms")); }
Bytes account_bytes(const std::string& name) { return unhex(squads().at(name).at("hex")); }
Bytes multisig_account_bytes() { return account_bytes("ms_account"); }

SquadsV3Transaction transaction() {
  const std::vector<Pubkey> members = keys(squads().at("ms_account").at("decoded").at("keys"));
  SquadsV3Transaction transaction;
  transaction.creator = members.at(0);
  transaction.multisig = multisig();
  transaction.index = 300;
  transaction.authority_index = 1;
  transaction.authority_bump = 255;
  transaction.status = SquadsV3Status::execute_ready;
  transaction.instructions = 2;
  transaction.bump = 254;
  transaction.approved = {members.at(0), members.at(1)};
  transaction.rejected = {members.at(2)};
  transaction.executed_index = 1;
  return transaction;
}

SquadsV3Instruction instruction() {
  const Pubkey member = keys(squads().at("ms_account").at("decoded").at("keys")).at(1);
  return {{known::loader_v3, {{multisig(), true, false}, {member, false, true}}, {3, 0, 0, 0}}, 1, 252, false};
}

}  // namespace

// Multisig, authorities, transactions and instructions are where the SDK puts them; authority 0 is the multisig.
TEST_CASE("Squads v3 addresses are derived", "[solana]") {
  CHECK(squads_v3_multisig_address(key(squads().at("create_key"))) ==
        Derived{multisig(), squads().at("bump").get<std::uint8_t>()});
  for (const Vectors& one : squads().at("authorities")) {
    CHECK(squads_v3_authority_address(multisig(), one.at("authority_index_u32")) == key(one.at("address")));
  }
  CHECK(squads_v3_authority_address(multisig(), 0) == multisig());
  for (const Vectors& one : squads().at("transactions")) {
    const Derived expected{key(one.at("address")), one.at("bump").get<std::uint8_t>()};
    CHECK(squads_v3_transaction_address(multisig(), one.at("transaction_index_u32")) == expected);
  }
  for (const Vectors& one : squads().at("instructions")) {
    const Derived expected{key(one.at("address")), one.at("bump").get<std::uint8_t>()};
    CHECK(squads_v3_instruction_address(key(one.at("transaction")), one.at("instruction_index_u8")) == expected);
  }
}

// Every field of the multisig of the vectors.
TEST_CASE("Squads v3 multisigs are read", "[solana]") {
  const Vectors& expected = squads().at("ms_account").at("decoded");
  const SquadsV3Multisig read = decode_squads_v3_multisig(multisig_account_bytes()).value();
  CHECK(read.threshold == expected.at("threshold").get<int>());
  CHECK(read.authority_index == expected.at("authority_index").get<int>());
  CHECK(read.transaction_index == expected.at("transaction_index").get<unsigned>());
  CHECK(read.change_index == expected.at("ms_change_index").get<unsigned>());
  CHECK(read.bump == expected.at("bump").get<int>());
  CHECK(read.create_key == key(expected.at("create_key")));
  CHECK(read.allow_external_execute == expected.at("allow_external_execute").get<bool>());
  CHECK(read.members == keys(expected.at("keys")));
}

// What members vote on, and what it would run.
TEST_CASE("Squads v3 transactions and instructions are read", "[solana]") {
  const SquadsV3Transaction expected = transaction();
  const SquadsV3Transaction read = decode_squads_v3_transaction(account_bytes("ms_transaction_account")).value();
  CHECK(read.creator == expected.creator);
  CHECK(read.multisig == expected.multisig);
  CHECK(read.index == 300);
  CHECK(read.authority_index == 1);
  CHECK(words_for(read.status) == "ExecuteReady");
  CHECK(read.instructions == 2);
  CHECK(read.approved == expected.approved);
  CHECK(read.rejected == expected.rejected);
  CHECK(read.cancelled.empty());
  CHECK(read.executed_index == 1);

  const SquadsV3Instruction stored = instruction();
  const SquadsV3Instruction told = decode_squads_v3_instruction(account_bytes("ms_instruction_account")).value();
  CHECK(told.instruction.program == known::loader_v3);
  CHECK(told.instruction.accounts == stored.instruction.accounts);
  CHECK(told.instruction.data == Bytes{3, 0, 0, 0});
  CHECK(told.index == 1);
}

// What other tests put together is what the published IDL makes of the same values.
TEST_CASE("Squads v3 accounts are written as the published IDL writes them", "[solana]") {
  const auto multisig = decode_squads_v3_multisig(multisig_account_bytes()).value();
  CHECK(to_hex(squads_v3_bytes(multisig)) == to_hex(multisig_account_bytes()));
  CHECK(to_hex(squads_v3_bytes(transaction())) == to_hex(account_bytes("ms_transaction_account")));
  CHECK(to_hex(squads_v3_bytes(instruction())) == to_hex(account_bytes("ms_instruction_account")));
}

// A decoder that meets another account says which, and what no program would have written is an error.
TEST_CASE("other Squads v3 accounts are refused by name", "[solana]") {
  CHECK(trouble(decode_squads_v3_multisig(squads_v3_bytes(transaction()))) ==
        "Squads v3 Ms: expected discriminator 4676096cfed71f78 at offset 0, found b69768d8ff01139d (MsTransaction)");
  Bytes unknown = squads_v3_bytes(transaction());
  unknown.at(81) = 6;
  CHECK(trouble(decode_squads_v3_transaction(unknown)) ==
        "Squads v3 MsTransaction: expected status 0 to 5 at offset 81, found 6");
  Bytes crowded = multisig_account_bytes();
  crowded.at(54) = 4;
  CHECK(trouble(decode_squads_v3_multisig(crowded)) ==
        "Squads v3 Ms: expected room for 4 × 32 bytes of keys as counted at offset 54, the data has 154 bytes");
}
