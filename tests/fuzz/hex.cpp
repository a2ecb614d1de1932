// Hex digits.
#include "base/hex.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(hex) {
  const std::string text = fuzz::text_in(data, size);
  fuzz::require(from_hex(to_hex(ByteView(data, size))) == Bytes(data, data + size), "any bytes go round as hex");
  if (const auto digest = parse_sha256(text)) fuzz::require(to_string(*digest) == text, "a digest has one spelling");
  const auto bytes = from_hex(text);
  if (!bytes) return 0;
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  fuzz::require(to_hex(*bytes) == lower, "hex that is read is written the same, in lower case");
  return 0;
}
