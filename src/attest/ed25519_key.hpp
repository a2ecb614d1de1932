// Ed25519 public keys that must not be trusted although they are 32 bytes. Internal to attest.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.hpp"

namespace readyctl {

/// Fails (kind `malformed`) for the eight points of small order in every encoding, for a y of 2^255 - 19 or more, and
/// for bytes that are no point of the curve. Source: RFC 8032 5.1.3; "Taming the many EdDSAs", table 1.
Result<void> require_strong_ed25519(std::span<const std::uint8_t, 32> key);

}  // namespace readyctl
