// Names: addresses as the sentences of findings spell them.
#pragma once

#include <optional>
#include <string>

#include "solana/well_known.hpp"

namespace readyctl {

/// "TokenkegQ… (SPL Token program)"; the address alone when nobody knows it by name. Never shortened.
inline std::string named(const Pubkey& address) {
  const std::string_view label = label_of(address);
  return to_string(address) + (label.empty() ? "" : " (" + std::string(label) + ")");
}

/// The same, or "nobody".
inline std::string named(const std::optional<Pubkey>& address) { return address ? named(*address) : "nobody"; }

}  // namespace readyctl
