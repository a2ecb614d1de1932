// ECDSA signatures in DER: what our reader accepts is what OpenSSL writes.
#include <openssl/ecdsa.h>

#include <memory>

#include "attest/ecdsa_der.hpp"
#include "attest/openssl.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(ecdsa_signature) {
  if (!require_strict_p256_der(ByteView(data, size))) return 0;
  const unsigned char* at = data;
  const std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  fuzz::require(signature != nullptr && at == data + size, "OpenSSL reads it too, to its end");
  Bytes again(size);
  unsigned char* out = again.data();
  fuzz::require(i2d_ECDSA_SIG(signature.get(), nullptr) == static_cast<int>(size), "it is as long as OpenSSL's");
  i2d_ECDSA_SIG(signature.get(), &out);
  fuzz::require(again == Bytes(data, data + size), "OpenSSL writes it the same");
  return 0;
}
