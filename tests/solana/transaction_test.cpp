#include "solana/transaction.hpp"

#include "base/base64.hpp"
#include "solana/base58.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Bytes bytes_of_case(const Vectors& one) { return from_base64(text(one.at("base64"))).value(); }

}  // namespace

// Every part of what web3.js made, legacy and version 0.
TEST_CASE("transactions are read", "[solana]") {
  for (const Vectors& one : vectors("transactions").at("cases")) {
    INFO(text(one.at("label")));
    const Transaction transaction = decode_transaction(bytes_of_case(one)).value();
    const Message& message = transaction.message;
    REQUIRE(transaction.signatures.size() == one.at("signatures").size());
    for (std::size_t i = 0; i < transaction.signatures.size(); ++i) {
      CHECK(to_base58(transaction.signatures[i]) == text(one.at("signatures")[i]));
    }
    CHECK(message.keys == keys(one.at("static_keys")));
    CHECK(message.blockhash == key(one.at("recent_blockhash")));
    CHECK(message.signers == one.at("header").at("numRequiredSignatures").get<int>());
    CHECK(message.readonly_signers == one.at("header").at("numReadonlySignedAccounts").get<int>());
    CHECK(message.readonly_others == one.at("header").at("numReadonlyUnsignedAccounts").get<int>());
    if (!one.contains("instructions")) continue;
    REQUIRE(message.instructions.size() == one.at("instructions").size());
    for (std::size_t i = 0; i < message.instructions.size(); ++i) {
      const Vectors& instruction = one.at("instructions")[i];
      CHECK(message.instructions[i].program_id_index == instruction.at("program_id_index").get<int>());
      CHECK(message.instructions[i].account_indexes == instruction.at("accounts").get<Bytes>());
      CHECK(to_hex(message.instructions[i].data) == text(instruction.at("data_hex")));
    }
    if (!one.contains("address_table_lookups")) continue;
    REQUIRE(message.lookups.size() == one.at("address_table_lookups").size());
    CHECK(message.lookups.front().table == key(one.at("address_table_lookups")[0].at("account_key")));
    CHECK(message.lookups.front().writable_indexes ==
          one.at("address_table_lookups")[0].at("writable_indexes").get<Bytes>());
    CHECK(message.lookups.front().readonly_indexes ==
          one.at("address_table_lookups")[0].at("readonly_indexes").get<Bytes>());
  }
}

// Writable signers, read-only signers, writable others, read-only others.
TEST_CASE("who signs and what is written follows from the order of keys", "[solana]") {
  Message message;
  message.keys.resize(5);
  message.signers = 2;
  message.readonly_signers = 1;
  message.readonly_others = 1;
  const std::vector<bool> signs{true, true, false, false, false};
  const std::vector<bool> written{true, false, true, true, false};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(message.is_signer(i) == signs[i]);
    CHECK(message.is_writable(i) == written[i]);
  }
}

// Version 1 has its signatures last, its keys after a fixed header, and instructions in two parts.
TEST_CASE("version 1 transactions are read", "[solana]") {
  Bytes bytes{0x81, 1, 0, 1, 0x07, 0, 0, 0};  // fee and compute unit limit
  bytes.resize(bytes.size() + 32, 5);
  bytes.insert(bytes.end(), {1, 2});  // one instruction, two keys
  bytes.resize(bytes.size() + 32, 7);
  bytes.resize(bytes.size() + 32, 8);
  bytes.resize(bytes.size() + 8 + 4);
  bytes.insert(bytes.end(), {1, 1, 2, 0, /* accounts */ 0, /* data */ 3, 4});
  bytes.resize(bytes.size() + 64, 9);
  const Transaction transaction = decode_transaction(bytes).value();
  CHECK(transaction.message.keys.size() == 2);
  REQUIRE(transaction.message.instructions.size() == 1);
  CHECK(transaction.message.instructions[0].program_id_index == 1);
  CHECK(transaction.message.instructions[0].account_indexes == Bytes{0});
  CHECK(transaction.message.instructions[0].data == Bytes{3, 4});
  CHECK(transaction.signatures == std::vector<Bytes>{Bytes(64, 9)});
  CHECK(transaction.message.version == 1);
  CHECK(transaction.message.config.priority_fee_lamports == 0);
  CHECK(transaction.message.config.compute_units == 0);
  CHECK_FALSE(transaction.message.config.heap_bytes);
  CHECK(decode_message(message_bytes(bytes, transaction)).value().keys == transaction.message.keys);
  bytes[4] = 1;  // half of a fee
  CHECK(trouble(decode_transaction(bytes)) == "transaction: the config mask is not known");
}

// What signers sign is the transaction without its signatures, wherever those stand.
TEST_CASE("the message of a transaction is found", "[solana]") {
  for (const Vectors& one : vectors("transactions").at("cases")) {
    const Bytes bytes = bytes_of_case(one);
    const Transaction transaction = decode_transaction(bytes).value();
    const ByteView message = message_bytes(bytes, transaction);
    CHECK(message.size() == bytes.size() - 1 - 64 * transaction.signatures.size());
    const Message alone = decode_message(message).value();
    CHECK(alone.keys == transaction.message.keys);
    CHECK(alone.version == transaction.message.version);
  }
}

// No prefix of a transaction is one, and nothing may follow it.
TEST_CASE("a transaction that was cut or continued is refused", "[solana]") {
  for (const Vectors& one : vectors("transactions").at("cases")) {
    Bytes whole = bytes_of_case(one);
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK_FALSE(decode_transaction(ByteView(whole).first(size)));
    whole.push_back(0);
    CHECK(trouble(decode_transaction(whole)) == "transaction: bytes are left over");
  }
}

// A length that is written in more bytes than it needs, or does not fit, and a version to come, are refused.
TEST_CASE("strange transactions are refused", "[solana]") {
  CHECK(trouble(decode_transaction(Bytes{0x80, 0x00})) ==
        "transaction: number of signatures is not written the shortest way");
  CHECK(trouble(decode_transaction(Bytes{0xff, 0xff, 0x7f})) ==
        "transaction: number of signatures does not fit into 16 bits");
  CHECK(trouble(decode_transaction(Bytes{0x00, 0x85, 1, 0, 0, 0})) == "transaction: version 5 is not known");
  Bytes too_many_signers{0, 2, 0, 0, 1};
  too_many_signers.resize(5 + 32);
  CHECK(trouble(decode_transaction(too_many_signers)) == "transaction: the header counts more keys than there are");
}
