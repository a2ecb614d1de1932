// Frames of zstd, of which the first byte of the input claims the size.
#include "sources/zstd_frame.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(zstd_frame) {
  if (size == 0) return 0;
  const std::size_t claimed = data[0];
  const ByteView frame(data + 1, size - 1);
  const auto bytes = inflate_zstd(frame, claimed);
  if (!bytes) return 0;
  fuzz::require(bytes->size() == claimed, "a frame holds as many bytes as it claims");
  fuzz::require(!inflate_zstd(frame, claimed + 1), "a frame holds no more bytes than it does");
  fuzz::require(claimed == 0 || !inflate_zstd(frame, claimed - 1), "a frame holds no fewer bytes than it does");
  return 0;
}
