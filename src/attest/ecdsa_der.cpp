#include "attest/ecdsa_der.hpp"

#include <algorithm>
#include <array>

namespace readyctl {
namespace {

constexpr std::uint8_t tag_sequence = 0x30;
constexpr std::uint8_t tag_integer = 0x02;
constexpr std::size_t raw_signature_bytes = 64;

// The order n of P-256's group. (SP 800-186, 3.2.1.3)
constexpr std::array<std::uint8_t, 32> order = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                                0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                                0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

tl::unexpected<Error> refused(std::string what, std::string hint = {}) {
  return failure({ErrorKind::not_relied, "", "the P-256 signature " + std::move(what), std::move(hint)});
}

// Reads one INTEGER from the front of `rest` and judges it.
Result<void> take_integer(ByteView& rest, const std::string& name) {
  if (rest.size() < 3 || rest[0] != tag_integer || rest[1] == 0 || rest[1] > rest.size() - 2) {
    return refused("is not DER: " + name + " is no complete INTEGER");
  }
  ByteView digits = rest.subspan(2, rest[1]);
  rest = rest.subspan(2 + digits.size());
  if ((digits[0] & 0x80) != 0) return refused("has a negative " + name);
  if (digits[0] == 0 && digits.size() > 1) {
    if ((digits[1] & 0x80) == 0) return refused("is not minimal DER: " + name + " has a superfluous zero in front");
    digits = digits.subspan(1);
  }
  const bool zero = digits.size() == 1 && digits[0] == 0;
  if (zero) return refused("has an " + name + " of zero");
  const bool below = digits.size() < order.size() ||
                     (digits.size() == order.size() &&
                      std::lexicographical_compare(digits.begin(), digits.end(), order.begin(), order.end()));
  if (!below) return refused("has an " + name + " that is not below the order of the group");
  return {};
}

}  // namespace

Result<void> require_strict_p256_der(ByteView signature) {
  const bool framed = signature.size() >= 2 && signature[0] == tag_sequence && signature[1] == signature.size() - 2;
  if (!framed && signature.size() == raw_signature_bytes) {
    return refused("is 64 bytes, r and s side by side; expected DER",
                   "the signer wrote the raw (IEEE P1363) form: have it write ASN.1 DER");
  }
  if (!framed) return refused("is not DER: expected one SEQUENCE of " + std::to_string(signature.size()) + " bytes");
  ByteView rest = signature.subspan(2);
  if (const auto r = take_integer(rest, "r"); !r) return r;
  if (const auto s = take_integer(rest, "s"); !s) return s;
  if (!rest.empty()) return refused("has bytes after s");
  return {};
}

}  // namespace readyctl
