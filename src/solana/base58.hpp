// Base58 in Bitcoin's alphabet, without checksum: how Solana prints addresses, hashes and signatures.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

/// The most characters that from_base58 reads; the work grows with the square of the length. Signatures have 88, the
/// longest transaction (4096 bytes) 5594, the longest data that one program hands to another (10 240 bytes) 13 984.
inline constexpr std::size_t base58_characters_max = 14'000;

/// Each leading zero byte becomes a `1`; the rest is the big-endian number in base 58. No bytes give no text.
std::string to_base58(ByteView bytes);

/// The bytes that `text` spells. Errors (kind `malformed`): a character outside the alphabet (`0 O I l`, white space,
/// anything not ASCII), with its position; more than base58_characters_max characters.
Result<Bytes> from_base58(std::string_view text);

}  // namespace readyctl
