// Accounts of the Program Metadata program, and what is compressed in them.
#include "solana/program_metadata.hpp"

#include "base/inflate.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(program_metadata) {
  constexpr std::size_t most = 100'000;
  const ByteView account(data, size);
  const auto metadata = decode_program_metadata(account);
  if (!metadata) return 0;
  fuzz::require(96 + metadata->data.size() <= size, "the data is in the account");
  fuzz::require(metadata->seed.size() <= 16, "a seed has at most 16 bytes");
  for (const Deflated format : {Deflated::zlib, Deflated::gzip}) {
    const auto content = inflate(metadata->data, format, most);
    if (content) fuzz::require(content->size() <= most, "no more is inflated than is allowed");
  }
  return 0;
}
