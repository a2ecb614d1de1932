// Pubkey: the address of a Solana account, as a type of its own.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace readyctl {

/// A 32-byte account address. Printed and parsed as base58, 32 to 44 characters. Ordered by its bytes.
struct Pubkey {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Pubkey&) const = default;
};

/// The address in base58, 32 to 44 characters.
std::string to_string(const Pubkey& key);

/// The address that `text` spells. Errors (kind `malformed`): a character outside the base58 alphabet, with its
/// position; a text that decodes to another number of bytes than 32, with that number. A text too long to be an address
/// is not repeated in the error: it may be a secret key.
Result<Pubkey> parse_pubkey(std::string_view text);

/// Whether all 32 bytes are zero. Several layouts use that for "none"; it is also the address of the System program.
constexpr bool is_zero(const Pubkey& key) { return key == Pubkey{}; }

/// The value of a base58 digit, 0 to 57, or -1 for a character outside the alphabet.
constexpr int base58_digit(char c) {
  if (c >= '1' && c <= '9') return c - '1';
  if (c >= 'A' && c <= 'H') return c - 'A' + 9;
  if (c >= 'J' && c <= 'N') return c - 'J' + 17;
  if (c >= 'P' && c <= 'Z') return c - 'P' + 22;
  if (c >= 'a' && c <= 'k') return c - 'a' + 33;
  if (c >= 'm' && c <= 'z') return c - 'm' + 44;
  return -1;
}

/// A well-known address, checked by the compiler: `"SysvarC1ock11111111111111111111111111111111"_pubkey`.
consteval Pubkey operator""_pubkey(const char* text, std::size_t size) {
  if (size < 32 || size > 44) throw "an address has 32 to 44 characters";
  Pubkey key;
  std::size_t leading_ones = 0;
  while (leading_ones < size && text[leading_ones] == '1') ++leading_ones;
  for (std::size_t i = 0; i < size; ++i) {
    const int digit = base58_digit(text[i]);
    if (digit < 0) throw "a character outside the base58 alphabet";
    auto carry = static_cast<std::uint32_t>(digit);
    for (std::size_t at = key.bytes.size(); at-- > 0;) {
      carry += std::uint32_t{key.bytes[at]} * 58;
      key.bytes[at] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) throw "the text decodes to more than 32 bytes";
  }
  std::size_t leading_zeros = 0;
  while (leading_zeros < key.bytes.size() && key.bytes[leading_zeros] == 0) ++leading_zeros;
  if (leading_zeros != leading_ones) throw "the text does not decode to exactly 32 bytes";
  return key;
}

}  // namespace readyctl
