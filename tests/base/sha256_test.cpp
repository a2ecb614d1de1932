#include "base/sha256.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

// The published digest of "abc" (FIPS 180-4), whole and in pieces.
TEST_CASE("sha256 of abc", "[base]") {
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(to_string(sha256("abc")) == abc);

  Sha256Hasher hasher;
  hasher.update(bytes_of("a"));
  hasher.update(bytes_of("bc"));
  CHECK(to_string(hasher.finish()) == abc);
}

// A digest has one spelling: 64 digits, lower case.
TEST_CASE("digests are parsed strictly", "[base]") {
  const std::string lower(64, 'a');
  CHECK(to_string(parse_sha256(lower).value()) == lower);
  CHECK_FALSE(parse_sha256(std::string(64, 'A')).has_value());
  CHECK_FALSE(parse_sha256(std::string(63, 'a')).has_value());
}
