#include "sources/zstd_frame.hpp"

#include <zstd.h>

#include <memory>

namespace readyctl {

Result<Bytes> inflate_zstd(ByteView frame, std::size_t size) {
  const std::size_t frame_size = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
  if (ZSTD_isError(frame_size) != 0 || frame_size != frame.size()) {
    return malformed("", "its data is not exactly one zstd frame");
  }
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  if (!context) return malformed("", "there is no memory to inflate its data");
  Bytes bytes(size);
  const std::size_t got = ZSTD_decompressDCtx(context.get(), bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0) {
    return malformed("", "its zstd frame cannot be inflated to the " + std::to_string(size) +
                             " bytes that it claims: " + ZSTD_getErrorName(got));
  }
  if (got != size) {
    return malformed("",
                     "its zstd frame holds " + std::to_string(got) + " bytes where it claims " + std::to_string(size));
  }
  return bytes;
}

}  // namespace readyctl
