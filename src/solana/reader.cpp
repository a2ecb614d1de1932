#include "solana/reader.hpp"

#include <algorithm>
#include <bit>

#include "base/text.hpp"

namespace readyctl {

void Reader::fail(std::string what) {
  if (!error_) error_ = Error{ErrorKind::malformed, "", std::string(subject_) + ": " + std::move(what), ""};
}

ByteView Reader::bytes(std::string_view field, std::size_t size) {
  if (!ok()) return {};
  if (size > data_.size() - offset_) {
    fail("expected " + counted(size, "byte") + " of " + std::string(field) + " at offset " + std::to_string(offset_) +
         ", the data has " + counted(data_.size(), "byte"));
    return {};
  }
  const ByteView view = data_.subspan(offset_, size);
  offset_ += size;
  return view;
}

template <class T>
T Reader::unsigned_integer(std::string_view field) {
  std::uint64_t value = 0;
  const ByteView view = bytes(field, sizeof(T));
  for (std::size_t i = view.size(); i-- > 0;) value = value << 8 | view[i];
  return static_cast<T>(value);
}

std::uint8_t Reader::u8(std::string_view field) { return unsigned_integer<std::uint8_t>(field); }
std::uint16_t Reader::u16(std::string_view field) { return unsigned_integer<std::uint16_t>(field); }
std::uint32_t Reader::u32(std::string_view field) { return unsigned_integer<std::uint32_t>(field); }
std::uint64_t Reader::u64(std::string_view field) { return unsigned_integer<std::uint64_t>(field); }
std::int64_t Reader::i64(std::string_view field) { return static_cast<std::int64_t>(u64(field)); }
double Reader::f64(std::string_view field) { return std::bit_cast<double>(u64(field)); }

bool Reader::flag(std::string_view field, std::uint32_t tag, std::size_t at) {
  if (ok() && tag > 1) {
    fail("expected 0 or 1 for " + std::string(field) + " at offset " + std::to_string(at) + ", found " +
         std::to_string(tag));
  }
  return ok() && tag == 1;
}

bool Reader::boolean(std::string_view field) {
  const std::size_t at = offset_;
  return flag(field, u8(field), at);
}

Pubkey Reader::pubkey(std::string_view field) {
  Pubkey key;
  const ByteView view = bytes(field, key.bytes.size());
  std::copy(view.begin(), view.end(), key.bytes.begin());
  return key;
}

std::optional<Pubkey> Reader::nullable_pubkey(std::string_view field) {
  const Pubkey key = pubkey(field);
  return is_zero(key) ? std::nullopt : std::optional(key);
}

std::optional<Pubkey> Reader::option_pubkey(std::string_view field) {
  if (!boolean(field)) return std::nullopt;
  return pubkey(field);
}

std::optional<Pubkey> Reader::wide_option_pubkey(std::string_view field) {
  const bool present = boolean(field);
  const Pubkey key = pubkey(field);
  return present ? std::optional(key) : std::nullopt;
}

std::optional<Pubkey> Reader::coption_pubkey(std::string_view field) {
  const std::size_t at = offset_;
  const bool present = flag(field, u32(field), at);
  const Pubkey key = pubkey(field);
  return present ? std::optional(key) : std::nullopt;
}

std::optional<std::uint64_t> Reader::coption_u64(std::string_view field) {
  const std::size_t at = offset_;
  const bool present = flag(field, u32(field), at);
  const std::uint64_t value = u64(field);
  return present ? std::optional(value) : std::nullopt;
}

std::size_t Reader::count(std::string_view field, std::size_t element_bytes_min) {
  const std::size_t at = offset_;
  const std::uint64_t elements = u32(field);
  if (ok() && elements * element_bytes_min > rest().size()) {
    fail("expected room for " + std::to_string(elements) + " × " + std::to_string(element_bytes_min) + " bytes of " +
         std::string(field) + " as counted at offset " + std::to_string(at) + ", the data has " +
         counted(data_.size(), "byte"));
  }
  return ok() ? static_cast<std::size_t>(elements) : 0;
}

Bytes Reader::byte_vec(std::string_view field) {
  const ByteView view = bytes(field, count(field, 1));
  return {view.begin(), view.end()};
}

std::vector<Pubkey> Reader::pubkey_vec(std::string_view field) {
  std::vector<Pubkey> keys(count(field, sizeof(Pubkey)));
  for (Pubkey& key : keys) key = pubkey(field);
  return keys;
}

}  // namespace readyctl
