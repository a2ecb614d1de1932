// SHA-256 digests as a type of their own.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

/// A SHA-256 digest: 32 bytes, printed and parsed as 64 lower-case hex digits.
struct Sha256 {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Sha256&) const = default;
};

Sha256 sha256(ByteView bytes);
inline Sha256 sha256(std::string_view text) { return sha256(bytes_of(text)); }

std::string to_string(const Sha256& digest);

/// Errors: anything but exactly 64 hex digits in lower case.
Result<Sha256> parse_sha256(std::string_view text);

/// A digest over bytes that arrive in pieces.
class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  Sha256Hasher(const Sha256Hasher&) = delete;
  Sha256Hasher& operator=(const Sha256Hasher&) = delete;

  void update(ByteView bytes);
  /// The digest of everything so far; the hasher is used up.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace readyctl
