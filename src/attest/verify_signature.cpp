// Verification of one signature under one key.
#include <openssl/crypto.h>

#include "attest/ecdsa_der.hpp"
#include "attest/openssl.hpp"
#include "attest/public_key.hpp"
#include "base/invariant.hpp"

namespace readyctl {
namespace {

constexpr std::size_t ed25519_key_bytes = 32;
constexpr std::size_t ed25519_signature_bytes = 64;

tl::unexpected<Error> refused(std::string what) { return failure({ErrorKind::not_relied, "", std::move(what), {}}); }

Result<void> require_form(const PublicKey& key, ByteView signature) {
  if (key.algorithm() == KeyAlgorithm::ecdsa_p256) return require_strict_p256_der(signature);
  if (signature.size() == ed25519_signature_bytes) return {};
  return refused("the Ed25519 signature is " + std::to_string(signature.size()) + " bytes; expected 64");
}

// An Ed25519 key is the end of its SPKI; giving OpenSSL that alone spares it its table of decoders, half a millisecond.
KeyHandle handle_of(const PublicKey& key) {
  const ByteView spki = key.spki();
  if (key.algorithm() == KeyAlgorithm::ed25519) {
    const ByteView raw = spki.last(ed25519_key_bytes);
    return KeyHandle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
  }
  const unsigned char* at = spki.data();
  return KeyHandle(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
}

}  // namespace

// OpenSSL refuses an Ed25519 S of the group's order or more, and compares R as bytes, so a non-canonical R never fits.
Result<void> verify_signature(const PublicKey& key, ByteView message, ByteView signature) {
  if (const auto form = require_form(key, signature); !form) return form;
  const KeyHandle handle = handle_of(key);
  const DigestContext context(EVP_MD_CTX_new());
  invariant(handle != nullptr && context != nullptr, "a PublicKey is one that OpenSSL reads");

  const EVP_MD* digest = key.algorithm() == KeyAlgorithm::ecdsa_p256 ? EVP_sha256() : nullptr;
  const bool ready = EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, handle.get()) == 1;
  invariant(ready, "OpenSSL verifies Ed25519 and ECDSA P-256");
  const int verdict =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size());
  forget_openssl_errors();
  if (verdict != 1) return refused("the signature is not this key's over these bytes");
  return {};
}

void ignore_openssl_configuration() {
  constexpr std::uint64_t nothing = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
                                    OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS;
  invariant(OPENSSL_init_crypto(nothing, nullptr) == 1, "OpenSSL needs no configuration file");
}

}  // namespace readyctl
