#include "solana/anchor.hpp"

#include <algorithm>
#include <string>

#include "base/sha256.hpp"

namespace readyctl {
namespace {

Discriminator discriminator(std::string_view space, std::string_view name) {
  const Sha256 digest = sha256(std::string(space) + ":" + std::string(name));
  Discriminator first{};
  std::copy_n(digest.bytes.begin(), first.size(), first.begin());
  return first;
}

}  // namespace

Discriminator anchor_account_discriminator(std::string_view name) { return discriminator("account", name); }

Discriminator anchor_instruction_discriminator(std::string_view name) { return discriminator("global", name); }

}  // namespace readyctl
