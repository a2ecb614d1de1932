// Base58: any number of bytes, and addresses.
#include "solana/base58.hpp"

#include "fuzz/property.hpp"
#include "solana/pubkey.hpp"

using namespace readyctl;

FUZZ_TARGET(base58) {
  const std::string text = fuzz::text_in(data, size);
  const auto bytes = from_base58(text);
  if (bytes) fuzz::require(to_base58(*bytes) == text, "base58 has one spelling");

  const auto key = parse_pubkey(text);
  if (key) fuzz::require(to_string(*key) == text, "an address has one spelling");
  fuzz::require(key.has_value() == (bytes && bytes->size() == sizeof(Pubkey)), "an address is base58 of 32 bytes");

  const std::string spelled = to_base58(ByteView(data, size));
  if (spelled.size() > base58_characters_max) return 0;
  fuzz::require(from_base58(spelled) == Bytes(data, data + size), "any bytes go round as base58");
  return 0;
}
