#include "base/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "base/text.hpp"

namespace readyctl {
namespace {

constexpr int gzip_only = 16;  // added to the window's size: zlib.h, inflateInit2
constexpr std::size_t chunk_bytes = 32'768;

}  // namespace

Result<Bytes> inflate(ByteView stream, Deflated format, std::size_t size_max) {
  if (stream.size() > std::numeric_limits<uInt>::max()) return malformed("", "it is too long to be inflated");
  z_stream state{};
  if (::inflateInit2(&state, MAX_WBITS + (format == Deflated::gzip ? gzip_only : 0)) != Z_OK) {
    return malformed("", "there is no memory to inflate it");
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ended(&state, ::inflateEnd);
  state.next_in = const_cast<Bytef*>(stream.data());  // zlib does not write to it
  state.avail_in = static_cast<uInt>(stream.size());

  Bytes bytes;
  std::array<Bytef, chunk_bytes> chunk{};
  int status = Z_OK;
  while (status == Z_OK) {
    state.next_out = chunk.data();
    state.avail_out = static_cast<uInt>(chunk.size());
    status = ::inflate(&state, Z_NO_FLUSH);
    const std::size_t got = chunk.size() - state.avail_out;
    if (got > size_max - bytes.size()) {
      return malformed("", "it inflates to more than " + counted(size_max, "byte"));
    }
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(got));
  }
  const std::string name = format == Deflated::gzip ? "gzip" : "zlib";
  if (status == Z_BUF_ERROR) return malformed("", "its " + name + " stream ends early");
  if (status != Z_STREAM_END) {
    return malformed("", "it is no " + name + " stream: " + (state.msg != nullptr ? state.msg : "it is damaged"));
  }
  if (state.avail_in != 0) {
    return malformed("", "its " + name + " stream is followed by " + counted(state.avail_in, "byte"));
  }
  return bytes;
}

}  // namespace readyctl
