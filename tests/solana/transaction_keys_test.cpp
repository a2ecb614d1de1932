#include "solana/transaction_keys.hpp"

#include "base/base64.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// The keys are those that web3.js put into the transaction, legacy and version 0.
TEST_CASE("the keys of a transaction are read", "[solana]") {
  for (const Vectors& one : vectors("transactions").at("cases")) {
    INFO(text(one.at("label")));
    CHECK(decode_transaction_keys(from_base64(text(one.at("base64"))).value()).value() == keys(one.at("static_keys")));
  }
}

// Version 1 has its signatures last and its keys after a fixed header.
TEST_CASE("the keys of a version 1 transaction are read", "[solana]") {
  Bytes bytes{0x81, 1, 0, 0};
  bytes.resize(4 + 4 + 32);
  bytes.push_back(0);  // instructions
  bytes.push_back(1);  // keys
  bytes.resize(bytes.size() + 32, 7);
  Pubkey sevens;
  sevens.bytes.fill(7);
  CHECK(decode_transaction_keys(bytes).value() == std::vector{sevens});
}

// No prefix of a transaction that ends within its keys is read as one.
TEST_CASE("a transaction that was cut is refused", "[solana]") {
  const Vectors& one = vectors("transactions").at("cases")[0];
  const Bytes whole = from_base64(text(one.at("base64"))).value();
  const std::size_t end_of_keys = 1 + 2 * 64 + 3 + 1 + 10 * 32;
  for (std::size_t size = 0; size < end_of_keys; ++size) {
    INFO(size);
    CHECK_FALSE(decode_transaction_keys(ByteView(whole).first(size)));
  }
  CHECK(decode_transaction_keys(ByteView(whole).first(end_of_keys)));
}

// A length that is written in more bytes than it needs, or does not fit, and a version to come, are refused.
TEST_CASE("strange transactions are refused", "[solana]") {
  CHECK(trouble(decode_transaction_keys(Bytes{0x80, 0x00})) ==
        "transaction: number of signatures is not written the shortest way");
  CHECK(trouble(decode_transaction_keys(Bytes{0xff, 0xff, 0x7f})) ==
        "transaction: number of signatures does not fit into 16 bits");
  CHECK(trouble(decode_transaction_keys(Bytes{0x00, 0x85, 1, 0, 0, 0})) == "transaction: version 5 is not known");
}
