#include "solana/base58.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// Every published pair of bytes and text is reproduced in both directions, leading zeros included.
TEST_CASE("base58 goes round", "[solana]") {
  for (const Vectors& pair : vectors("base58").at("round_trips")) {
    INFO(pair.dump());
    CHECK(to_base58(unhex(pair.at("hex"))) == text(pair.at("base58")));
    CHECK(from_base58(pair.at("base58").get<std::string>()).value() == unhex(pair.at("hex")));
  }
}

// A character outside the alphabet is named with its position, in a form that cannot steer a terminal.
TEST_CASE("foreign characters in base58 are named", "[solana]") {
  CHECK(trouble(from_base58("10")) == "\"0\" at position 2 is no base58 character");
  CHECK(trouble(from_base58(" 1")) == "\" \" at position 1 is no base58 character");
  CHECK(trouble(from_base58("11\x1b")) == "\"\\x1b\" at position 3 is no base58 character");
  for (const char c : std::string("0OIl+/-_ \n\t\xc3\x7f")) CHECK_FALSE(from_base58(std::string(1, c)).has_value());
}

// The work grows with the square of the length, so the length has an end.
TEST_CASE("long base58 is refused", "[solana]") {
  CHECK(from_base58(std::string(base58_characters_max, '1')).value().size() == base58_characters_max);
  CHECK(trouble(from_base58(std::string(14001, '1'))) == "base58 text has 14001 characters, expected at most 14000");
}

// What one program hands to another, at its longest.
TEST_CASE("data of inner instructions goes round", "[solana]") {
  for (const std::uint8_t byte : Bytes{0, 1, 255}) {
    const Bytes data(10'240, byte);
    CHECK(from_base58(to_base58(data)).value() == data);
  }
}
