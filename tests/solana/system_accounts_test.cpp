#include "solana/system_accounts.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// A nonce account that the System program made.
TEST_CASE("nonce accounts are read", "[solana]") {
  const Bytes data = unhex(vectors("nonce").at("hex"));
  const auto nonce = decode_nonce(data);
  REQUIRE(nonce);
  CHECK_FALSE(nonce->legacy);
  CHECK(nonce->initialized);
  CHECK(nonce->authority == key(vectors("nonce").at("decoded").at("authority")));
  CHECK(nonce->nonce == key(vectors("nonce").at("decoded").at("durable_nonce")));
  CHECK_FALSE(decode_nonce(ByteView(data).first(79)));
}

// Tables that the Address Lookup Table program made, active and frozen.
TEST_CASE("lookup tables are read", "[solana]") {
  for (const Vectors& one : vectors("address_lookup_table").at("cases")) {
    INFO(text(one.at("label")));
    Bytes data = unhex(one.at("hex"));
    const auto table = decode_lookup_table(data);
    REQUIRE(table);
    CHECK_FALSE(table->deactivated_at);
    CHECK(table->authority == maybe_key(one.at("decoded").value("authority", Vectors())));
    if (one.at("decoded").contains("addresses")) CHECK(table->addresses == keys(one.at("decoded").at("addresses")));
    data.push_back(0);
    CHECK(trouble(decode_lookup_table(data)) == "address lookup table: the addresses are no multiple of 32 bytes");
  }
  CHECK_FALSE(decode_lookup_table(Bytes(56)));
}
