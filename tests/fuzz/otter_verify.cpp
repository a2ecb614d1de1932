// Records of otter-verify.
#include "solana/otter_verify.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(otter_verify) {
  const auto params = decode_build_params(ByteView(data, size));
  if (!params) return 0;
  std::size_t text = params->version.size() + params->repository.size() + params->commit.size();
  for (const std::string& argument : params->arguments) text += argument.size() + 4;
  fuzz::require(8 + 64 + 12 + 4 + 8 + 1 + text == size, "every byte belongs to a field");
  return 0;
}
