#include "solana/base58.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {
namespace {

constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static_assert(alphabet.size() == 58);

/// number = number × base + digit, where `number` is kept little-endian in steps of `step`, as short as it can be.
void multiply_and_add(Bytes& number, std::uint32_t base, std::uint32_t digit, std::uint32_t step) {
  std::uint32_t carry = digit;
  for (std::uint8_t& place : number) {
    carry += std::uint32_t{place} * base;
    place = static_cast<std::uint8_t>(carry % step);
    carry /= step;
  }
  for (; carry != 0; carry /= step) number.push_back(static_cast<std::uint8_t>(carry % step));
}

}  // namespace

std::string to_base58(ByteView bytes) {
  Bytes digits;
  for (const std::uint8_t byte : bytes) multiply_and_add(digits, 256, byte, 58);
  const auto zeros = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b != 0; }) - bytes.begin();
  std::string text(static_cast<std::size_t>(zeros), '1');
  std::transform(digits.rbegin(), digits.rend(), std::back_inserter(text), [](std::uint8_t d) { return alphabet[d]; });
  return text;
}

Result<Bytes> from_base58(std::string_view text) {
  if (text.size() > base58_characters_max) {
    return malformed("", "base58 text has " + counted(text.size(), "character") + ", expected at most " +
                             std::to_string(base58_characters_max));
  }
  Bytes number;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int digit = base58_digit(text[i]);
    if (digit < 0) {
      return malformed("", "\"" + printable(text.substr(i, 1)) + "\" at position " + std::to_string(i + 1) +
                               " is no base58 character");
    }
    multiply_and_add(number, 58, static_cast<std::uint32_t>(digit), 256);
  }
  const auto ones = std::find_if(text.begin(), text.end(), [](char c) { return c != '1'; }) - text.begin();
  number.insert(number.end(), static_cast<std::size_t>(ones), 0);
  std::reverse(number.begin(), number.end());
  return number;
}

}  // namespace readyctl
