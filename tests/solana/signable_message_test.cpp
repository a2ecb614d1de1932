#include "solana/signable_message.hpp"

#include "base/base64.hpp"
#include "solana/derive.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/squads_instructions.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& exported() { return vectors("exported_transactions"); }

Instruction upgrade() {
  const Vectors& all = vectors("upgrade_transactions");
  Instruction instruction = upgrade_instruction({key(text(all.at("program"))), key(text(all.at("buffer"))),
                                                 key(text(all.at("spill"))), key(text(exported().at("vault")))});
  instruction.accounts.back().is_writable = true;  // the vault stands for who pays
  return instruction;
}

std::vector<LookupTable> tables_of(const Vectors& one) {
  if (!one.at("uses_table").get<bool>()) return {};
  LookupTable table;
  table.addresses = keys(exported().at("table").at("addresses"));
  return {table};
}

bool says(const std::string& text, const std::string& words) {
  INFO(text);
  return text.find(words) != std::string::npos;
}

/// A message of the Squads SDK, changed, in base64.
std::string compact_with(void (*change)(VaultTransactionMessage&)) {
  VaultTransactionMessage message = vault_message(key(text(exported().at("vault"))), {upgrade()}).value();
  change(message);
  return to_base64(compact_message(message).value());
}

/// Bytes that are a legacy message, and a Squads message too: what is the blockhash of the one begins the instruction
/// of the other.
Bytes of_two_meanings() {
  Bytes bytes{1, 0, 0, 1};
  bytes.resize(bytes.size() + 32, 7);
  bytes.insert(bytes.end(), {1, 0, 0, 31, 0});  // 1 instruction of program 0, no accounts, 31 bytes of data
  bytes.resize(bytes.size() + 27, 9);
  bytes.insert(bytes.end(), {1, 0, 0, 1, 0});  // 1 instruction of program 0, no accounts, 1 byte of data; or no lookups
  return bytes;
}

}  // namespace

// The same upgrade, whichever way the official libraries write it.
TEST_CASE("exported transactions are read in every form", "[solana]") {
  for (const Vectors& one : exported().at("cases")) {
    for (const char* encoding : {"base58", "base64"}) {
      INFO(text(one.at("label")) << " in " << encoding);
      const auto reading = read_exported(" " + text(one.at(encoding)) + "\n");
      REQUIRE(reading);
      CHECK(reading->form == text(one.at("form")));
      CHECK(reading->encoding == encoding);
      const auto instructions = instructions_of(reading->message, tables_of(one));
      REQUIRE(instructions);
      REQUIRE(instructions->size() == 1);
      CHECK(instructions->front().program == upgrade().program);
      CHECK(instructions->front().data == upgrade().data);
      CHECK(instructions->front().accounts == upgrade().accounts);
    }
  }
}

// What is for a multisig is signed by nobody.
TEST_CASE("a Squads transaction message cannot be signed", "[solana]") {
  for (const Vectors& one : exported().at("cases")) {
    const bool is_signed = text(one.at("form")) != "Squads transaction message";
    CHECK(read_signable(text(one.at("base64"))).has_value() == is_signed);
  }
}

// What the Squads program would refuse is no message of it.
TEST_CASE("a Squads transaction message is one that can be imported", "[solana]") {
  using Change = VaultTransactionMessage;
  CHECK(read_exported(compact_with([](Change&) {})));
  const auto refusal = [](void (*change)(Change&)) { return trouble(read_exported(compact_with(change))); };
  CHECK(says(refusal([](Change& m) { m.signers = 100; }), "the header counts more keys than there are"));
  CHECK(says(refusal([](Change& m) { m.writable_signers = 2; }), "the header counts more keys than there are"));
  CHECK(says(refusal([](Change& m) { m.writable_non_signers = 100; }), "the header counts more keys than there are"));
  CHECK(says(refusal([](Change& m) { m.instructions.front().program_id_index = 8; }), "an index is past all keys"));
  CHECK(says(refusal([](Change& m) { m.instructions.front().account_indexes.back() = 8; }), "an index is past all"));
  CHECK(read_exported(compact_with([](Change& m) {
    m.instructions.front().program_id_index = 8;
    m.lookups = {{Pubkey{{1}}, {}, {0}}};
  })));
}

// Bytes that could be read in two ways are refused, whatever each of them says.
TEST_CASE("what reads as two things is not guessed", "[solana]") {
  const Bytes bytes = of_two_meanings();
  CHECK(decode_message(bytes));
  CHECK(decode_compact_message(bytes));
  CHECK(says(trouble(read_exported(to_base64(bytes))),
             "reads as a message in base64 and as a Squads transaction message in base64"));
  CHECK(read_signable(to_base64(bytes)));
}

TEST_CASE("what is no export says why, in each form", "[solana]") {
  const std::string none = trouble(read_exported("hello!"));
  CHECK(says(none, "is no message, no transaction and no Squads transaction message: as base58: "));
  const std::string damaged = trouble(read_exported(to_base64(Bytes(40, 1))));
  CHECK(says(damaged, "in base64 it is 40 bytes, but as a "));
  CHECK(says(damaged, "as a vault transaction message: "));
  CHECK(says(trouble(read_exported(" \n")), "is empty"));
}
