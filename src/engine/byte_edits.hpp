// Byte edits: how some of the bytes of an account, a file or a text could differ.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace readyctl {

/// A change of bytes that begins at one of them. As many are there before it as after it.
struct ByteEdit {
  std::size_t at = 0;
  Bytes before;
  Bytes after;
};

/// Bytes from `begin`, up to `end`.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The changes of those bytes of `data` that a gate looked at: at most about `edits_max`, of up to 1024 bytes at each
/// one, of more at the beginning and at others evenly spread. Adds to `left_out` those that would have been too many.
std::vector<ByteEdit> byte_edits(ByteView data, Span read, std::size_t edits_max, std::size_t& left_out);

/// A clause: "byte 13 is 0x03 and not 0x02".
std::string words_of(const ByteEdit& edit);

/// Makes the change in `data`, which are the bytes from `begin` on; what lies outside of them is left alone.
void put(Bytes& data, std::size_t begin, const ByteEdit& edit);

}  // namespace readyctl
