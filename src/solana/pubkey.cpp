#include "solana/pubkey.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "solana/base58.hpp"

namespace readyctl {

constexpr std::size_t address_characters_min = 32;
constexpr std::size_t address_characters_max = 44;

std::string to_string(const Pubkey& key) { return to_base58(key.bytes); }

Result<Pubkey> parse_pubkey(std::string_view text) {
  // 64 bytes are a signature or a secret key, and the error may end up in a log.
  const bool may_be_shown = text.size() <= address_characters_max;
  const std::string shown = may_be_shown ? "\"" + printable(text) + "\"" : "the text";
  const auto bytes = from_base58(text);
  if (!bytes) return malformed("", shown + " is no address: " + bytes.error().what);
  Pubkey key;
  if (bytes->size() != key.bytes.size()) {
    const std::string hint = bytes->size() == 64 ? "64 bytes are a signature or a secret key, not an address" : "";
    return malformed("",
                     shown + " is no address: its " + counted(text.size(), "character") + " decode to " +
                         counted(bytes->size(), "byte") + ", expected 32 bytes from " +
                         std::to_string(address_characters_min) + " to " + std::to_string(address_characters_max) +
                         " characters",
                     hint);
  }
  std::copy(bytes->begin(), bytes->end(), key.bytes.begin());
  return key;
}

}  // namespace readyctl
