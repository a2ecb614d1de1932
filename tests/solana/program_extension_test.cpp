#include "solana/program_extension.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {
constexpr auto any = ExtensionSteps::any;
constexpr auto least = ExtensionSteps::at_least_minimum;
}  // namespace

// Small steps are made larger, except the last one, which is all that is left.
TEST_CASE("how far a program must be extended", "[solana]") {
  CHECK(least_extension(100'000, 1, any) == 1U);
  CHECK(least_extension(100'000, 1, least) == 10'240U);
  CHECK(least_extension(100'000, 10'241, least) == 10'241U);
  CHECK(least_extension(account_bytes_max - 100, 1, least) == 100U);
  CHECK(least_extension(account_bytes_max - 100, 100, least) == 100U);
  CHECK_FALSE(least_extension(account_bytes_max - 100, 101, least));
  CHECK_FALSE(least_extension(account_bytes_max + 1, 1, any));
}

TEST_CASE("which extensions the loader takes", "[solana]") {
  CHECK(extension_is_taken(100'000, 100, any));
  CHECK_FALSE(extension_is_taken(100'000, 100, least));
  CHECK_FALSE(extension_is_taken(100'000, 0, any));
  CHECK(extension_is_taken(100'000, 10'240, least));
  CHECK(extension_is_taken(account_bytes_max - 100, 100, least));
  CHECK_FALSE(extension_is_taken(account_bytes_max - 100, 99, least));
  CHECK_FALSE(extension_is_taken(account_bytes_max - 100, 101, any));
}
