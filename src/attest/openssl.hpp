// Handles on OpenSSL's objects, freed when they go out of scope. Internal to attest; OpenSSL 3.0, EVP only.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace readyctl {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* handle) const {
    release(handle);
  }
};

using KeyHandle = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Pkcs8Handle = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;
using BioHandle = std::unique_ptr<BIO, Release<BIO_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Release<BN_free>>;

/// Forgets what OpenSSL queued about a failure that we handled, so that no later reader of the queue mistakes it for
/// its own.
void forget_openssl_errors();

/// "Ed25519", "ECDSA P-256", "RSA", "EC on secp384r1", …: what a key is, for an error about one that we do not take.
std::string words_for(const EVP_PKEY& key);

/// Whether this is an EC key on P-256.
bool is_p256(const EVP_PKEY& key);

}  // namespace readyctl
