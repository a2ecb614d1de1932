#include "attest/public_key.hpp"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>

#include "attest/ed25519_key.hpp"
#include "attest/openssl.hpp"
#include "attest/pem.hpp"
#include "base/text.hpp"
#include "solana/base58.hpp"

namespace readyctl {
namespace {

// The DER in front of the key itself; every byte of it is fixed, the 4 of an uncompressed point too. (RFC 8410 4;
// RFC 5480 2; SEC 1 2.3.3)
constexpr std::array<std::uint8_t, 12> ed25519_prefix = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                         0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
constexpr std::array<std::uint8_t, 27> p256_prefix = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                                      0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                                      0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
constexpr std::array<std::uint8_t, 26> p256_compressed_prefix = {0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                                                 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                                                 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00};
constexpr std::size_t coordinate_bytes = 32;
constexpr std::size_t ed25519_bytes = 32;
constexpr std::size_t ed25519_secret_bytes = 64;
static_assert(0x2a + 2 == ed25519_prefix.size() + ed25519_bytes);
static_assert(0x59 + 2 == p256_prefix.size() + 2 * coordinate_bytes);
static_assert(0x39 + 2 == p256_compressed_prefix.size() + 1 + coordinate_bytes);

template <std::size_t size>
bool has_prefix(ByteView der, const std::array<std::uint8_t, size>& prefix, std::size_t total) {
  return der.size() == total && std::equal(prefix.begin(), prefix.end(), der.begin());
}

KeyHandle decode(ByteView der) {
  const unsigned char* at = der.data();
  KeyHandle key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  forget_openssl_errors();
  return key;
}

// Appends one coordinate of the point, padded to its full length.
bool append_coordinate(const EVP_PKEY& key, const char* name, Bytes& spki) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(&key, name, &number) != 1) return false;
  const BigNumber owned(number);
  std::array<std::uint8_t, coordinate_bytes> digits{};
  if (BN_bn2binpad(number, digits.data(), static_cast<int>(digits.size())) < 0) return false;
  spki.insert(spki.end(), digits.begin(), digits.end());
  return true;
}

// The canonical SPKI of a P-256 key; empty when the bytes are no point of the curve.
Bytes canonical_p256(ByteView der) {
  const KeyHandle key = decode(der);
  if (key == nullptr || !is_p256(*key)) return {};
  Bytes spki(p256_prefix.begin(), p256_prefix.end());
  const bool done = append_coordinate(*key, OSSL_PKEY_PARAM_EC_PUB_X, spki) &&
                    append_coordinate(*key, OSSL_PKEY_PARAM_EC_PUB_Y, spki);
  return done ? spki : Bytes{};
}

// The public key itself: what follows the fixed DER of an Ed25519 key.
ByteView ed25519_part(const PublicKey& key) { return ByteView(key.spki()).subspan(ed25519_prefix.size()); }

}  // namespace

Result<PublicKey> PublicKey::from_ed25519(std::span<const std::uint8_t, 32> bytes) {
  if (const auto strong = require_strong_ed25519(bytes); !strong) return failure(strong.error());
  Bytes spki(ed25519_prefix.begin(), ed25519_prefix.end());
  spki.insert(spki.end(), bytes.begin(), bytes.end());
  return PublicKey(KeyAlgorithm::ed25519, std::move(spki));
}

Result<PublicKey> PublicKey::from_spki(ByteView der) {
  if (has_prefix(der, ed25519_prefix, ed25519_prefix.size() + ed25519_bytes)) {
    return from_ed25519(der.last<ed25519_bytes>());
  }
  if (has_prefix(der, p256_prefix, p256_prefix.size() + 2 * coordinate_bytes) ||
      has_prefix(der, p256_compressed_prefix, p256_compressed_prefix.size() + 1 + coordinate_bytes)) {
    Bytes spki = canonical_p256(der);
    if (spki.empty()) return malformed("", "the P-256 key is no point of the curve", "the key may be damaged");
    return PublicKey(KeyAlgorithm::ecdsa_p256, std::move(spki));
  }
  const KeyHandle other = decode(der);
  if (other == nullptr) return malformed("", "the public key is damaged: no SubjectPublicKeyInfo");
  const std::string words = words_for(*other);
  if (words == "Ed25519" || words == "ECDSA P-256") {
    return malformed(
        "", "the " + words + " key is not in the usual encoding (trailing bytes, hybrid point or explicit curve)",
        "write it again with `openssl pkey -pubin -in KEY -pubout`");
  }
  return malformed("", "the public key is " + words + "; expected Ed25519 or ECDSA P-256");
}

Result<PublicKey> parse_public_key(std::string_view text) {
  text = trimmed(text);
  const std::string expected = "expected PEM \"PUBLIC KEY\", or base58 of an Ed25519 key as Solana prints it";
  if (text.empty()) return malformed("", "the public key is empty; " + expected);
  if (looks_like_pem(text)) {
    const auto der = read_pem(text, pem_public_key);
    if (!der) return failure(der.error());
    return PublicKey::from_spki(der->view());
  }
  if (text.starts_with('[')) {
    return malformed("", "a list found, as in a file with a private key; " + expected,
                     "take the public half with `solana-keygen pubkey FILE`");
  }
  const auto decoded = from_base58(text);
  if (!decoded) return malformed("", "the public key is neither PEM nor base58; " + expected);
  if (decoded->size() == ed25519_secret_bytes) {
    return malformed("", "base58 of 64 bytes found: a private key as wallets export it, or a signature; " + expected,
                     "if it is a private key, consider it exposed by having been put here");
  }
  if (decoded->size() != ed25519_bytes) {
    return malformed("", "base58 of " + std::to_string(decoded->size()) + " bytes found; " + expected);
  }
  return PublicKey::from_ed25519(ByteView(*decoded).first<ed25519_bytes>());
}

std::string to_pem(const PublicKey& key) { return write_pem(key.spki(), pem_public_key); }

std::string to_string(const PublicKey& key) {
  if (key.algorithm() == KeyAlgorithm::ed25519) return to_base58(ed25519_part(key));
  return "p256:" + to_string(fingerprint(key));
}

Sha256 fingerprint(const PublicKey& key) { return sha256(key.spki()); }

}  // namespace readyctl
