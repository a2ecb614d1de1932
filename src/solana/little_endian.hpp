// Writing what the chain's programs read: integers with the low byte first, keys as they are.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace readyctl {

inline void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

/// The low `size` bytes of the number.
inline void append_integer(Bytes& out, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}
inline void append_u16(Bytes& out, std::uint16_t number) { append_integer(out, number, 2); }
inline void append_u32(Bytes& out, std::uint32_t number) { append_integer(out, number, 4); }
inline void append_u64(Bytes& out, std::uint64_t number) { append_integer(out, number, 8); }

}  // namespace readyctl
