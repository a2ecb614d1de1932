// What the members of a multisig are asked to sign, as the gates of a plan name it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "solana/pubkey.hpp"

namespace readyctl {

struct TransactionToSign {
  Pubkey multisig;
  std::optional<std::uint64_t> index;       ///< which of its transactions; none: it is not imported yet
  std::optional<std::uint8_t> vault_index;  ///< whose vault would run it; none: no gate says so
  std::optional<std::string> exported;      ///< the file that holds it as it was exported
  std::vector<std::string> gates;           ///< full ids of those that judge it
};

}  // namespace readyctl
