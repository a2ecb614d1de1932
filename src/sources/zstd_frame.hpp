// Zstd: inflates one frame whose size is known beforehand.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

/// The `size` bytes that a zstd frame holds. Errors: not exactly one whole frame, or one that holds more
/// or fewer bytes. Allocates `size` bytes and no more.
Result<Bytes> inflate_zstd(ByteView frame, std::size_t size);

}  // namespace readyctl
