#include "solana/program_extension.hpp"

#include <algorithm>

namespace readyctl {

std::uint64_t headroom_of(std::uint64_t programdata_bytes) {
  return account_bytes_max - std::min(programdata_bytes, account_bytes_max);
}

std::optional<std::uint64_t> least_extension(std::uint64_t programdata_bytes, std::uint64_t missing,
                                             ExtensionSteps steps) {
  const std::uint64_t headroom = headroom_of(programdata_bytes);
  if (missing > headroom) return std::nullopt;
  if (steps == ExtensionSteps::any) return missing;
  return std::max(missing, std::min(extension_bytes_min, headroom));
}

// The last step, up to the limit, may be as small as it is.
bool extension_is_taken(std::uint64_t programdata_bytes, std::uint64_t additional_bytes, ExtensionSteps steps) {
  const std::uint64_t headroom = headroom_of(programdata_bytes);
  if (additional_bytes == 0 || additional_bytes > headroom) return false;
  return steps == ExtensionSteps::any || additional_bytes >= extension_bytes_min || additional_bytes == headroom;
}

}  // namespace readyctl
