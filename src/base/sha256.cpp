#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "base/hex.hpp"
#include "base/invariant.hpp"

namespace readyctl {

struct Sha256Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {
  invariant(state_->context != nullptr && EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1,
            "OpenSSL offers SHA-256");
}

Sha256Hasher::~Sha256Hasher() = default;

void Sha256Hasher::update(ByteView bytes) {
  invariant(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1, "SHA-256 takes any bytes");
}

Sha256 Sha256Hasher::finish() {
  Sha256 digest;
  unsigned int size = 0;
  invariant(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), &size) == 1 && size == digest.bytes.size(),
            "SHA-256 yields 32 bytes");
  return digest;
}

Sha256 sha256(ByteView bytes) {
  Sha256Hasher hasher;
  hasher.update(bytes);
  return hasher.finish();
}

std::string to_string(const Sha256& digest) { return to_hex(digest.bytes); }

Result<Sha256> parse_sha256(std::string_view text) {
  const auto bytes = from_hex(text);
  const bool upper = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  if (text.size() != 64 || !bytes || upper) {
    return malformed("", "a SHA-256 digest is 64 hex digits in lower case, not \"" + std::string(text) + "\"");
  }
  Sha256 digest;
  std::copy(bytes->begin(), bytes->end(), digest.bytes.begin());
  return digest;
}

}  // namespace readyctl
