// Keypair files of the Solana CLI.
#include "attest/keypair_file.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(keypair_file) {
  const auto signer = signer_from_keypair(fuzz::text_in(data, size));
  if (signer) {
    const Bytes message = {1, 2, 3};
    const auto signature = (*signer)->sign(message);
    fuzz::require(signature && verify_signature((*signer)->public_key(), message, *signature), "a key signs");
  }
  const std::string written(write_keypair(ByteView(data, size)).text());
  fuzz::require(signer_from_keypair(written).has_value() <= (size == keypair_bytes), "a keypair has 64 bytes");
  return 0;
}
