#include "solana/amounts.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace readyctl;

// SOL is printed exactly at both ends of the range, where a double would round.
TEST_CASE("lamports are printed as exact SOL", "[solana]") {
  CHECK(sol_text(Lamports{0}) == "0 SOL");
  CHECK(sol_text(Lamports{1}) == "0.000000001 SOL");
  CHECK(sol_text(Lamports{890'880}) == "0.00089088 SOL");
  CHECK(sol_text(Lamports{1'000'000'000}) == "1 SOL");
  CHECK(sol_text(Lamports{10'500'000'000}) == "10.5 SOL");
  CHECK(sol_text(Lamports{std::numeric_limits<std::uint64_t>::max()}) == "18446744073.709551615 SOL");
}

// Slots and lamports compare as numbers and print as digits.
TEST_CASE("amounts compare and print", "[solana]") {
  CHECK(Slot{9} < Slot{10});
  CHECK(Lamports{2} > Lamports{1});
  CHECK(to_string(Slot{447'552'000}) == "447552000");
  CHECK(to_string(Lamports{5}) == "5");
}
