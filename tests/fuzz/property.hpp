// What fuzz targets share: how one begins, and the way a property that does not hold is told.
//
// A target is named after what it parses. It reads any bytes at all, must come back with a value or an Error, and
// requires of a value what is true of every one, above all that it spells the bytes it was read from.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// Begins the target `name`, which is named like its file: it reads `size` bytes at `data` and returns 0.
#define FUZZ_TARGET(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size)

namespace readyctl::fuzz {

/// Ends the process when `holds` is false, so that the fuzzer keeps the input; `property` says what should be true.
inline void require(bool holds, std::string_view property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(property.size()), property.data());
  std::abort();
}

/// The input as text.
inline std::string text_in(const std::uint8_t* data, std::size_t size) {
  return std::string(text_of(ByteView(data, size)));
}

}  // namespace readyctl::fuzz
