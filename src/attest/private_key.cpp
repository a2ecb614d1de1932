#include "attest/private_key.hpp"

#include "attest/pem.hpp"
#include "base/invariant.hpp"

namespace readyctl {
namespace {

class LocalSigner final : public Signer {
 public:
  LocalSigner(KeyHandle key, PublicKey half) : key_(std::move(key)), public_key_(std::move(half)) {}

  const PublicKey& public_key() const override { return public_key_; }

  Result<Bytes> sign(ByteView message) override {
    const EVP_MD* digest = public_key_.algorithm() == KeyAlgorithm::ecdsa_p256 ? EVP_sha256() : nullptr;
    const DigestContext context(EVP_MD_CTX_new());
    std::size_t size = 0;
    Bytes signature;
    const bool sized = context != nullptr &&
                       EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
                       EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1;
    if (sized) signature.resize(size);
    const bool made =
        sized && EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1;
    forget_openssl_errors();
    if (!made)
      return failure({ErrorKind::defect, "", "OpenSSL could not sign", "the random generator may have failed"});
    signature.resize(size);
    return signature;
  }

 private:
  KeyHandle key_;
  PublicKey public_key_;
};

// Whether private and public part belong together, which PKCS#8 of a P-256 key does not ensure.
bool is_consistent(EVP_PKEY& key) {
  if (!is_p256(key)) return true;  // the public half of Ed25519 is always computed from the seed
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
  const bool good = context != nullptr && EVP_PKEY_check(context.get()) == 1;
  forget_openssl_errors();
  return good;
}

}  // namespace

Result<PublicKey> public_half(const EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(&key, &der);
  forget_openssl_errors();
  if (size <= 0) return malformed("", "the key is " + words_for(key) + ", and has no public half that can be written");
  const Bytes spki(der, der + size);
  OPENSSL_free(der);
  return PublicKey::from_spki(spki);
}

Result<std::unique_ptr<Signer>> local_signer(KeyHandle key) {
  if (EVP_PKEY_is_a(key.get(), "ED25519") != 1 && !is_p256(*key)) {
    return malformed("", "the private key is " + words_for(*key) + "; expected Ed25519 or ECDSA P-256",
                     "make one with `readyctl keygen`");
  }
  if (!is_consistent(*key))
    return malformed("", "the public part of the private key is not its own", "the file is damaged");
  auto half = public_half(*key);
  if (!half) return failure(half.error());
  return std::make_unique<LocalSigner>(std::move(key), std::move(*half));
}

Result<std::unique_ptr<Signer>> signer_from_seed(std::span<const std::uint8_t, ed25519_seed_bytes> seed) {
  KeyHandle key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  invariant(key != nullptr, "every 32 bytes are an Ed25519 seed");
  return local_signer(std::move(key));
}

Result<std::unique_ptr<Signer>> signer_from_pem(std::string_view text) {
  const auto der = read_pem(text, pem_private_key);
  if (!der) return failure(der.error());
  const unsigned char* at = der->view().data();
  const auto size = static_cast<long>(der->view().size());
  const Pkcs8Handle pkcs8(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, size));
  const bool whole = pkcs8 != nullptr && at == der->view().data() + size;
  KeyHandle key(whole ? EVP_PKCS82PKEY(pkcs8.get()) : nullptr);
  forget_openssl_errors();
  if (pkcs8 == nullptr) return malformed("", "the PEM block \"PRIVATE KEY\" holds no PKCS#8 private key (RFC 5208)");
  if (!whole) return malformed("", "bytes follow the private key inside its PEM block", "the file is damaged");
  if (key == nullptr) return malformed("", "the private key is damaged, or of an algorithm that OpenSSL does not know");
  return local_signer(std::move(key));
}

}  // namespace readyctl
