#include "base/inflate.hpp"

#include <catch2/catch.hpp>

#include "base/hex.hpp"

using namespace readyctl;

namespace {

// "readyctl", by Python's zlib and gzip modules.
const Bytes zlib_stream = from_hex("789c2b4a4d4ca94c2ec901000ef60359").value();
const Bytes gzip_stream = from_hex("1f8b08000000000002032b4a4d4ca94c2ec901005a2c32ae08000000").value();
// 100 000 zeros.
const Bytes bomb = from_hex(
                       "78daedc13101000000c2a0f54f6d0d0fa00000000000000000000000000000000000000000000000000000000000000"
                       "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                       "00000000000000000000000000000000000080570386af0001")
                       .value();

std::string trouble(const Result<Bytes>& result) { return result ? "no error" : result.error().what; }

}  // namespace

TEST_CASE("what was compressed is inflated", "[base]") {
  CHECK(text_of(inflate(zlib_stream, Deflated::zlib, 8).value()) == "readyctl");
  CHECK(text_of(inflate(gzip_stream, Deflated::gzip, 8).value()) == "readyctl");
}

// A small stream may hold a large text; the bound is exact.
TEST_CASE("inflating ends at its bound", "[base]") {
  CHECK(trouble(inflate(zlib_stream, Deflated::zlib, 7)) == "it inflates to more than 7 bytes");
  CHECK(trouble(inflate(bomb, Deflated::zlib, 99'999)) == "it inflates to more than 99999 bytes");
}

// One format is not taken for the other; a stream is whole, and nothing follows it.
TEST_CASE("damaged streams are refused", "[base]") {
  CHECK(trouble(inflate(gzip_stream, Deflated::zlib, 8)) == "it is no zlib stream: incorrect header check");
  CHECK(trouble(inflate(zlib_stream, Deflated::gzip, 8)) == "it is no gzip stream: incorrect header check");
  for (std::size_t size = 0; size < zlib_stream.size(); ++size) {
    CHECK(trouble(inflate(ByteView(zlib_stream).first(size), Deflated::zlib, 8)) == "its zlib stream ends early");
  }
  Bytes longer = zlib_stream;
  longer.push_back(0);
  CHECK(trouble(inflate(longer, Deflated::zlib, 8)) == "its zlib stream is followed by 1 byte");
  Bytes spoiled = zlib_stream;
  spoiled.back() ^= 1;
  CHECK(trouble(inflate(spoiled, Deflated::zlib, 8)) == "it is no zlib stream: incorrect data check");
  CHECK(trouble(inflate(from_hex("782000000001").value(), Deflated::zlib, 8)) == "it is no zlib stream: it is damaged");
}
