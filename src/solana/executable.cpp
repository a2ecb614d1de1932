#include "solana/executable.hpp"

#include <algorithm>
#include <cstring>

namespace readyctl {

ByteView strip_trailing_zeros(ByteView code) {
  const auto last = std::find_if(code.rbegin(), code.rend(), [](std::uint8_t byte) { return byte != 0; });
  return code.first(static_cast<std::size_t>(code.rend() - last));
}

Sha256 executable_hash(ByteView code) { return sha256(strip_trailing_zeros(code)); }

std::optional<std::size_t> first_difference(ByteView a, ByteView b) {
  a = strip_trailing_zeros(a);
  b = strip_trailing_zeros(b);
  const std::size_t shared = std::min(a.size(), b.size());
  constexpr std::size_t block = 4096;  // memcmp is many times faster than a loop, but does not say where
  std::size_t at = 0;
  while (at + block <= shared && std::memcmp(a.data() + at, b.data() + at, block) == 0) at += block;
  while (at < shared && a[at] == b[at]) ++at;
  if (at == a.size() && at == b.size()) return std::nullopt;
  return at;
}

}  // namespace readyctl
