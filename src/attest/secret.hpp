// Secret: bytes that are wiped when they are no longer needed. Internal to attest.
#pragma once

#include <openssl/crypto.h>

#include <utility>

#include "base/bytes.hpp"

namespace readyctl {

/// Owns private bytes, cannot be copied, and never grows, so that no copy of them stays behind in memory.
class Secret {
 public:
  explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
  ~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  ByteView view() const { return bytes_; }
  std::string_view text() const { return text_of(bytes_); }
  std::uint8_t* data() { return bytes_.data(); }

 private:
  Bytes bytes_;
};

}  // namespace readyctl
