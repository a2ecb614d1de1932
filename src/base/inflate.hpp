// Inflating what was compressed with zlib or gzip.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

/// RFC 1950 and RFC 1952: one stream, with its checksum.
enum class Deflated { zlib, gzip };

/// The bytes that `stream` holds. Errors (kind `malformed`): another format; a stream that is damaged, ends early or is
/// followed by anything; more than `size_max` bytes in it.
Result<Bytes> inflate(ByteView stream, Deflated format, std::size_t size_max);

}  // namespace readyctl
