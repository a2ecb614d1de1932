// Private keys that this process holds. Internal to attest.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "attest/openssl.hpp"
#include "attest/signer.hpp"

namespace readyctl {

inline constexpr std::size_t ed25519_seed_bytes = 32;

/// The public half of an Ed25519 or P-256 key. Errors (kind `malformed`): as PublicKey::from_spki.
Result<PublicKey> public_half(const EVP_PKEY& key);

/// A signer over a key of OpenSSL's, which wipes it when it is freed. Errors (kind `malformed`): another algorithm.
Result<std::unique_ptr<Signer>> local_signer(KeyHandle key);

/// The signer with this Ed25519 seed (RFC 8032 5.1.5).
Result<std::unique_ptr<Signer>> signer_from_seed(std::span<const std::uint8_t, ed25519_seed_bytes> seed);

/// The signer in a PEM "PRIVATE KEY" (PKCS#8, RFC 5208). Errors (kind `malformed`): as read_pem; bytes that are no
/// PKCS#8, or follow it; another algorithm or curve; a public part that does not belong to the private one.
Result<std::unique_ptr<Signer>> signer_from_pem(std::string_view text);

}  // namespace readyctl
