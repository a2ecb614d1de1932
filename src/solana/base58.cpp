#include "solana/base58.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "solana/little_endian.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {
namespace {

constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static_assert(alphabet.size() == 58);

/// digits = digits × 256 + byte, in base 58, lowest first, as short as it can be.
void multiply_and_add(Bytes& digits, std::uint32_t byte) {
  std::uint32_t carry = byte;
  for (std::uint8_t& digit : digits) {
    carry += std::uint32_t{digit} * 256;
    digit = static_cast<std::uint8_t>(carry % 58);
    carry /= 58;
  }
  for (; carry != 0; carry /= 58) digits.push_back(static_cast<std::uint8_t>(carry % 58));
}

}  // namespace

std::string to_base58(ByteView bytes) {
  Bytes digits;
  for (const std::uint8_t byte : bytes) multiply_and_add(digits, byte);
  const auto zeros = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b != 0; }) - bytes.begin();
  std::string text(static_cast<std::size_t>(zeros), '1');
  std::transform(digits.rbegin(), digits.rend(), std::back_inserter(text), [](std::uint8_t d) { return alphabet[d]; });
  return text;
}

// Digits are taken five at a time into 32 bits, which is many times faster than one into eight.
Result<Bytes> from_base58(std::string_view text) {
  if (text.size() > base58_characters_max) {
    return malformed("", "base58 text has " + counted(text.size(), "character") + ", expected at most " +
                             std::to_string(base58_characters_max));
  }
  std::vector<std::uint32_t> words;  // the number, lowest first, as short as it can be
  for (std::size_t at = 0; at < text.size();) {
    std::uint64_t factor = 1;
    std::uint64_t carry = 0;
    for (const std::size_t end = std::min(at + 5, text.size()); at < end; ++at) {
      const int digit = base58_digit(text[at]);
      if (digit < 0) {
        return malformed("", "\"" + printable(text.substr(at, 1)) + "\" at position " + std::to_string(at + 1) +
                                 " is no base58 character");
      }
      factor *= 58;
      carry = carry * 58 + static_cast<std::uint64_t>(digit);
    }
    for (std::uint32_t& word : words) {
      carry += word * factor;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) words.push_back(static_cast<std::uint32_t>(carry));
  }
  Bytes number;
  for (const std::uint32_t word : words) append_u32(number, word);
  while (!number.empty() && number.back() == 0) number.pop_back();
  const auto ones = std::find_if(text.begin(), text.end(), [](char c) { return c != '1'; }) - text.begin();
  number.insert(number.end(), static_cast<std::size_t>(ones), 0);
  std::reverse(number.begin(), number.end());
  return number;
}

}  // namespace readyctl
