// Keypair files of the Solana CLI: `[11,54,…]`, 64 integers. Internal to attest.
#pragma once

#include <memory>
#include <string_view>

#include "attest/secret.hpp"
#include "attest/signer.hpp"

namespace readyctl {

///   0  32B  Ed25519 seed      32  32B  public key
inline constexpr std::size_t keypair_bytes = 64;

/// The signer in such a file. Errors (kind `malformed`): anything but an array of exactly 64 integers from 0 to 255; a
/// public key that is not the seed's. No error repeats any of the content. Source: solana-sdk keypair/src/lib.rs.
Result<std::unique_ptr<Signer>> signer_from_keypair(std::string_view text);

/// What solana-keygen would write: one line, no spaces, no line feed.
Secret write_keypair(ByteView keypair);

}  // namespace readyctl
