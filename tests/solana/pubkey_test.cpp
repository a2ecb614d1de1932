#include "solana/pubkey.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// What the SDK takes for an address we take, what it refuses we refuse.
TEST_CASE("addresses are as valid as the SDK says", "[solana]") {
  for (const Vectors& text : vectors("base58").at("pubkey_string_validity").at("cases")) {
    INFO(text.dump());
    const auto parsed = parse_pubkey(text.at("input").get<std::string>());
    CHECK(parsed.has_value() == text.at("valid_as_pubkey").get<bool>());
  }
}

// Every 32-byte value of the base58 vectors is an address that prints as it was written.
TEST_CASE("addresses go round", "[solana]") {
  for (const Vectors& pair : vectors("base58").at("round_trips")) {
    if (pair.at("hex").get<std::string>().size() != 64) continue;
    const Pubkey parsed = key(pair.at("base58"));
    CHECK(to_hex(parsed.bytes) == text(pair.at("hex")));
    CHECK(to_string(parsed) == text(pair.at("base58")));
  }
}

// The error says which character is wrong, or how many bytes came out.
TEST_CASE("a bad address says what is wrong with it", "[solana]") {
  CHECK(trouble(parse_pubkey("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5D0")) ==
        "\"TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5D0\" is no address: \"0\" at position 43 is no base58 character");
  CHECK(trouble(parse_pubkey("1111111111111111111111111111111")) ==
        "\"1111111111111111111111111111111\" is no address: its 31 characters decode to 31 bytes, expected 32 bytes "
        "from 32 to 44 characters");
  CHECK(trouble(parse_pubkey("")) ==
        "\"\" is no address: its 0 characters decode to 0 bytes, expected 32 bytes from 32 to 44 characters");
}

// A secret key pasted where an address belongs does not end up in a log.
TEST_CASE("a text of 64 bytes is not repeated", "[solana]") {
  const Vectors& pairs = vectors("base58").at("round_trips");
  const std::string text = case_named(pairs, "64 x ff").at("base58");
  CHECK(trouble(parse_pubkey(text)) ==
        "the text is no address: its 88 characters decode to 64 bytes, expected 32 bytes from 32 to 44 characters\n"
        "    64 bytes are a signature or a secret key, not an address");
  CHECK(trouble(parse_pubkey(text.substr(0, 87) + "0")).find(text.substr(0, 20)) == std::string::npos);
}

// Addresses that the compiler decodes are the ones that the parser decodes.
TEST_CASE("literals are addresses", "[solana]") {
  constexpr Pubkey squads = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf"_pubkey;
  CHECK(squads == key("SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf"));
  static_assert(is_zero("11111111111111111111111111111111"_pubkey));
  static_assert(!is_zero(squads));
}

// Members of a multisig are sorted by bytes, not by their base58 text.
TEST_CASE("addresses are ordered by their bytes", "[solana]") {
  CHECK(key("11111111111111111111111111111112") < key("4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM"));
  CHECK(key("JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG") > key("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"));
}
