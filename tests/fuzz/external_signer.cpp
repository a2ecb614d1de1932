// Files that name a command that signs. No command is started.
#include "attest/external_signer.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto signer = parse_external_signer(fuzz::text_in(data, size), "/nonexistent/signer.json");
  if (signer) fuzz::require(*signer != nullptr, "a file that is read names a signer");
  return 0;
}
