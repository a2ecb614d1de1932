// Retrace: walks account data a second time and requires that it spells what was decoded, field by field. Bytes that
// the decoder does not look at are passed over.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <vector>

#include "fuzz/property.hpp"
#include "solana/pubkey.hpp"

namespace readyctl::fuzz {

class Retrace {
 public:
  explicit Retrace(ByteView data) : rest_(data) {}

  void skip(std::size_t size) {
    require(size <= rest_.size(), "nothing was decoded from beyond the end of the data");
    rest_ = rest_.subspan(size);
  }
  void bytes(ByteView expected) {
    const ByteView before = rest_;
    skip(expected.size());
    require(std::equal(expected.begin(), expected.end(), before.begin()), "a field spells the bytes it was read from");
  }
  template <std::integral T>
  void number(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const auto byte = static_cast<std::uint8_t>(value >> (8 * i));
      bytes({&byte, 1});
    }
  }
  void key(const Pubkey& key) { bytes(key.bytes); }

  /// A key of which all zeros mean none.
  void nullable_key(const std::optional<Pubkey>& value) { key(value.value_or(Pubkey{})); }
  /// A tag of one byte, and the key only where the tag is 1.
  void option_key(const std::optional<Pubkey>& value) {
    number(std::uint8_t{value.has_value()});
    if (value) key(*value);
  }
  /// A tag, and the bytes of a key whatever the tag says.
  template <std::unsigned_integral Tag>
  void wide_option_key(const std::optional<Pubkey>& value) {
    number(static_cast<Tag>(value.has_value()));
    if (value) {
      key(*value);
    } else {
      skip(sizeof(Pubkey));
    }
  }

  void count(std::size_t elements) { number(static_cast<std::uint32_t>(elements)); }
  void byte_vec(const Bytes& value) {
    count(value.size());
    bytes(value);
  }
  void key_vec(const std::vector<Pubkey>& keys) {
    count(keys.size());
    for (const Pubkey& one : keys) key(one);
  }

  ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
};

}  // namespace readyctl::fuzz
