#include "attest/ed25519_key.hpp"

#include <algorithm>
#include <array>

#include "solana/derive.hpp"

namespace readyctl {
namespace {

using Y = std::array<std::uint8_t, 32>;  // little-endian, without the sign of x

// The y coordinates of the points whose order divides 8: 1 (order 1), -1 (order 2), 0 (order 4), and two of order 8.
constexpr std::array<Y, 5> small_order = {{
    {0x01},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
}};

// p = 2^255 - 19 is ed ff … ff 7f, so y >= p needs every byte at its most but the first.
bool is_reduced(const Y& y) {
  const bool highest = y[31] == 0x7f && std::all_of(y.begin() + 1, y.end() - 1, [](auto byte) { return byte == 0xff; });
  return !highest || y[0] < 0xed;
}

}  // namespace

Result<void> require_strong_ed25519(std::span<const std::uint8_t, 32> key) {
  Y y{};
  std::copy(key.begin(), key.end(), y.begin());
  y[31] &= 0x7f;
  if (!is_reduced(y)) {
    return malformed("", "the Ed25519 key is not in its canonical encoding",
                     "no key generator writes this; ask for the key again");
  }
  if (std::find(small_order.begin(), small_order.end(), y) != small_order.end()) {
    return malformed("", "the Ed25519 key is a point of small order: one signature would fit many messages",
                     "this is nobody's key; addresses such as 1111… are programs, not signers");
  }
  Pubkey point;
  std::copy(key.begin(), key.end(), point.bytes.begin());
  if (!is_on_curve(point)) {
    return malformed("", "the 32 bytes are no Ed25519 key: they are no point of the curve",
                     "an address derived for a program, such as a vault, cannot sign; name the key of a person");
  }
  return {};
}

}  // namespace readyctl
