#include "base/sizes.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

// A size is a whole number of bytes or of a unit.
TEST_CASE("sizes are read", "[base]") {
  CHECK(parse_size("0") == 0U);
  CHECK(parse_size("4096") == 4096U);
  CHECK(parse_size("64KiB") == 65536U);
  CHECK(parse_size("512MiB") == 536870912U);
  CHECK(parse_size("1GiB") == 1073741824U);
  for (const char* wrong : {"", "MiB", "-1", "1.5MiB", "1 MiB", "1MB", "1mib", "1MiBs", "0x10"}) {
    INFO(wrong);
    CHECK_FALSE(parse_size(wrong).has_value());
  }
  CHECK(parse_size("8388608GiB") == std::uint64_t{1} << 53);
  for (const char* huge : {"8388609GiB", "9007199254740993", "99999999999999999999"}) {
    INFO(huge);
    REQUIRE_FALSE(parse_size(huge).has_value());
    CHECK(parse_size(huge).error().what.find("more than 2^53 bytes") != std::string::npos);
  }
}

// A size is shown in the largest unit of which there is one, and never larger than it is.
TEST_CASE("sizes are shown", "[base]") {
  CHECK(size_text(0) == "0 bytes");
  CHECK(size_text(1) == "1 byte");
  CHECK(size_text(1023) == "1023 bytes");
  CHECK(size_text(1024) == "1 KiB");
  CHECK(size_text(1536) == "1.5 KiB");
  CHECK(size_text((std::uint64_t{1} << 20) - 1) == "1023.9 KiB");
  CHECK(size_text(std::uint64_t{512} << 20) == "512 MiB");
  CHECK(size_text(18446744073709551615U) == "17179869183.9 GiB");
}
