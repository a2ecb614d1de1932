// Key generation: a new private key in a file of its own.
#pragma once

#include <filesystem>

#include "attest/public_key.hpp"
#include "base/result.hpp"

namespace readyctl {

enum class KeyFile {
  solana_keypair,  ///< Ed25519, JSON array of 64 integers as solana-keygen writes it
  ed25519_pem,     ///< Ed25519, PKCS#8 PEM
  p256_pem,        ///< ECDSA P-256, PKCS#8 PEM; what Sigstore's tools verify best
};

/// Makes a new key, writes it to `path` with mode 0600 and returns its public half. Errors: the path exists, or cannot
/// be written (kind `unwritable`); the random generator failed (kind `defect`, nothing is written).
Result<PublicKey> make_key(KeyFile format, const std::filesystem::path& path);

}  // namespace readyctl
