#include "base/hex.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

// Both letter cases are read, lower case is written.
TEST_CASE("hex goes round", "[base]") {
  CHECK(to_hex(Bytes{0x00, 0xab, 0xff}) == "00abff");
  CHECK(from_hex("00ABff").value() == Bytes{0x00, 0xab, 0xff});
}

// Half a byte and foreign characters are errors, not zeros.
TEST_CASE("bad hex is refused", "[base]") {
  CHECK_FALSE(from_hex("0").has_value());
  CHECK_FALSE(from_hex("0g").has_value());
}
