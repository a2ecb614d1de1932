// Amounts of the chain as types of their own: slots and lamports.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace readyctl {

/// The chain's time step. Its length in seconds varies; never multiply by a constant.
struct Slot {
  std::uint64_t value = 0;
  auto operator<=>(const Slot&) const = default;
};

/// No cluster has shorter slots: a bound for how many can have passed in a time, and no measure of how many did.
inline constexpr std::chrono::milliseconds shortest_slot{200};

/// The smallest amount of SOL: 1 SOL = 1 000 000 000 lamports.
struct Lamports {
  std::uint64_t value = 0;
  auto operator<=>(const Lamports&) const = default;
};

inline constexpr std::uint64_t lamports_per_sol = 1'000'000'000;

/// The number in decimal digits.
inline std::string to_string(Slot slot) { return std::to_string(slot.value); }
inline std::string to_string(Lamports lamports) { return std::to_string(lamports.value); }

/// The exact amount in SOL: `1 SOL`, `0.00089088 SOL`. No floating point, no rounding, no trailing zeros.
std::string sol_text(Lamports lamports);

}  // namespace readyctl
