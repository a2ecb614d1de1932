// IDL accounts of Anchor before 1.0.
#include "solana/anchor_idl.hpp"

#include "base/inflate.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(anchor_idl) {
  constexpr std::size_t most = 100'000;
  const auto idl = decode_anchor_idl(ByteView(data, size));
  if (!idl) return 0;
  fuzz::require(44 + idl->data.size() <= size, "the data is in the account");
  const auto content = inflate(idl->data, Deflated::zlib, most);
  if (content) fuzz::require(content->size() <= most, "no more is inflated than is allowed");
  return 0;
}
