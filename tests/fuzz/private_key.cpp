// Private keys in PEM.
#include "attest/private_key.hpp"

#include "attest/pem.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(private_key) {
  const std::string text = fuzz::text_in(data, size);
  if (const auto der = read_pem(text, pem_private_key)) {
    const std::string written = write_pem(der->view(), pem_private_key);
    fuzz::require(read_pem(written, pem_private_key)->text() == der->text(), "a block goes round");
  }
  // The DER itself as well, which mutation would hardly find its way to through base64.
  for (const std::string& pem : {text, write_pem(ByteView(data, size), pem_private_key)}) {
    const auto signer = signer_from_pem(pem);
    if (!signer) continue;
    const Bytes message = {1, 2, 3};
    const auto signature = (*signer)->sign(message);
    fuzz::require(signature && verify_signature((*signer)->public_key(), message, *signature), "a key signs");
  }
  return 0;
}
