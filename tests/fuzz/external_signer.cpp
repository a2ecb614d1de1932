// Files that name a command that signs. No command is started.
#include "attest/external_signer.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(external_signer) {
  const auto signer = parse_external_signer(fuzz::text_in(data, size), "/nonexistent/signer.json");
  if (signer) fuzz::require(*signer != nullptr, "a file that is read names a signer");
  return 0;
}
