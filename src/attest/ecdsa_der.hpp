// The one encoding of an ECDSA signature on P-256 that is accepted. Internal to attest.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

/// Fails (kind `not_relied`) unless these are DER with shortest lengths and integers, r and s from 1 to n - 1.
///
///   30 L  02 Lr r…  02 Ls s…      L = 4 + Lr + Ls <= 70, so every length is one byte
///
/// Source: RFC 3279 2.2.3 (Ecdsa-Sig-Value), X.690 8.3 and 10.1.
Result<void> require_strict_p256_der(ByteView signature);

}  // namespace readyctl
