// Public keys: who may have made a signature, and whether a signature is theirs.
//
// Two algorithms: Ed25519 (RFC 8032, pure) and ECDSA on P-256 with SHA-256 (FIPS 186-5). A key is its canonical
// SubjectPublicKeyInfo, so one key is equal to itself however it was written down.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"

namespace readyctl {

enum class KeyAlgorithm { ed25519, ecdsa_p256 };

/// A public key that can verify. Identity is the canonical SPKI: Ed25519 44 bytes, P-256 91 (uncompressed point).
class PublicKey {
 public:
  /// The key in a DER SubjectPublicKeyInfo (RFC 5280, RFC 8410, RFC 5480), a P-256 point compressed or not. Errors
  /// (kind `malformed`): another algorithm or curve, explicit curve parameters, trailing bytes, a point that is not on
  /// the curve, an Ed25519 key as refused by from_ed25519.
  static Result<PublicKey> from_spki(ByteView der);

  /// The key that Solana prints in base58. Errors (kind `malformed`): a point of small order, with which one signature
  /// fits many messages; a y coordinate of 2^255 - 19 or more; bytes that are no point, such as a program-derived
  /// address.
  static Result<PublicKey> from_ed25519(std::span<const std::uint8_t, 32> bytes);

  KeyAlgorithm algorithm() const { return algorithm_; }
  const Bytes& spki() const { return spki_; }

  auto operator<=>(const PublicKey&) const = default;

 private:
  PublicKey(KeyAlgorithm algorithm, Bytes spki) : algorithm_(algorithm), spki_(std::move(spki)) {}

  KeyAlgorithm algorithm_;
  Bytes spki_;
};

/// Reads a public key as people hand it around: PEM "PUBLIC KEY", or base58 of 32 Ed25519 bytes. White space around it
/// and CRLF are accepted. Errors (kind `malformed`): anything else, private keys above all; what was found is never
/// repeated, because it may be one.
Result<PublicKey> parse_public_key(std::string_view text);

/// PEM "PUBLIC KEY", lines of 64 characters, with a final line feed: what `openssl pkey -pubin` reads and writes.
std::string to_pem(const PublicKey& key);

/// Ed25519: base58, as Solana prints it. P-256: "p256:" and the fingerprint in hex.
std::string to_string(const PublicKey& key);

/// SHA-256 of the canonical SPKI.
Sha256 fingerprint(const PublicKey& key);

/// Succeeds when `signature` is this key's over exactly `message`.
///
/// Ed25519: 64 bytes, R then S, pure; Ed25519ph and an S of the group's order or more do not verify. P-256: strict DER
/// `SEQUENCE { INTEGER r, INTEGER s }` with r and s from 1 to n - 1, over SHA-256 of the message; a high s is valid.
/// Errors (kind `not_relied`): everything else; r and s as 64 raw bytes are named as such.
Result<void> verify_signature(const PublicKey& key, ByteView message, ByteView signature);

/// Makes this process use OpenSSL as it was built, without its configuration file, which could put another provider in
/// place of the one that verifies. Has an effect before anything of OpenSSL is used; what speaks TLS leaves it alone,
/// because an operator's rules for TLS stand in that file.
void ignore_openssl_configuration();

}  // namespace readyctl
