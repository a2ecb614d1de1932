#include "attest/openssl.hpp"

#include <openssl/err.h>

#include <array>

namespace readyctl {
namespace {

std::string group_of(const EVP_PKEY& key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(&key, name.data(), name.size(), &size) != 1) return "an unnamed curve";
  return {name.data(), size};
}

}  // namespace

void forget_openssl_errors() { ERR_clear_error(); }

bool is_p256(const EVP_PKEY& key) { return EVP_PKEY_is_a(&key, "EC") == 1 && group_of(key) == "prime256v1"; }

std::string words_for(const EVP_PKEY& key) {
  if (EVP_PKEY_is_a(&key, "ED25519") == 1) return "Ed25519";
  if (is_p256(key)) return "ECDSA P-256";
  if (EVP_PKEY_is_a(&key, "EC") == 1) return "EC on " + group_of(key);
  const char* name = EVP_PKEY_get0_type_name(&key);
  return name == nullptr ? "of an unknown algorithm" : name;
}

}  // namespace readyctl
