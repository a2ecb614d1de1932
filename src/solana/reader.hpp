// Reader: the one way account data is read. It walks the bytes in order, never reads past their end, and remembers the
// first thing that was wrong, so that a decoder reads as the list of its fields:
//
//     Reader reader("Clock", data);
//     Clock clock;
//     clock.slot = Slot{reader.u64("slot")};
//     …
//     return reader.finish(std::move(clock));
//
// After the first error every read yields zero or nothing, and `finish` returns that error. Integers are little-endian.
// Names of subject and fields are literals; they are for the error text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

class Reader {
 public:
  Reader(std::string_view subject, ByteView data) : subject_(subject), data_(data) {}

  std::uint8_t u8(std::string_view field);
  std::uint16_t u16(std::string_view field);
  std::uint32_t u32(std::string_view field);
  std::uint64_t u64(std::string_view field);
  std::int64_t i64(std::string_view field);
  double f64(std::string_view field);
  /// A byte that must be 0 or 1.
  bool boolean(std::string_view field);
  Pubkey pubkey(std::string_view field);
  /// A view of the next `size` bytes.
  ByteView bytes(std::string_view field, std::size_t size);

  /// 32 bytes, of which all zeros mean none.
  std::optional<Pubkey> nullable_pubkey(std::string_view field);
  /// Borsh Option: a tag byte, and the key only when it is 1.
  std::optional<Pubkey> option_pubkey(std::string_view field);
  /// A tag byte and 32 bytes always; the bytes are not looked at when the tag is 0.
  std::optional<Pubkey> wide_option_pubkey(std::string_view field);
  /// SPL's COption: a tag of four bytes and the value's bytes always, not looked at when the tag is 0.
  std::optional<Pubkey> coption_pubkey(std::string_view field);
  std::optional<std::uint64_t> coption_u64(std::string_view field);

  /// The u32 count of a Borsh vec; refused when so many elements of at least `element_bytes_min` do not fit in the
  /// rest.
  std::size_t count(std::string_view field, std::size_t element_bytes_min);
  /// A Borsh vec of bytes.
  Bytes byte_vec(std::string_view field);
  /// A Borsh vec of addresses.
  std::vector<Pubkey> pubkey_vec(std::string_view field);

  /// Fails with `what` unless an earlier failure stands.
  void fail(std::string what);
  bool ok() const { return !error_.has_value(); }

  std::size_t offset() const { return offset_; }
  /// A view of everything not yet read.
  ByteView rest() const { return data_.subspan(offset_); }

  /// The value if nothing was wrong, else the first error.
  template <class T>
  Result<T> finish(T value) {
    if (error_) return failure(std::move(*error_));
    return value;
  }

 private:
  template <class T>
  T unsigned_integer(std::string_view field);
  bool flag(std::string_view field, std::uint32_t tag, std::size_t at);

  std::string_view subject_;
  ByteView data_;
  std::size_t offset_ = 0;
  std::optional<Error> error_;
};

}  // namespace readyctl
