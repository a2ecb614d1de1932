// What several tests of attest need: keys that are published, a folder that goes away, a trust file.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "attest/keygen.hpp"
#include "attest/private_key.hpp"
#include "attest/trust.hpp"
#include "base/hex.hpp"
#include "base/json.hpp"

namespace readyctl {

/// A folder of this test's own.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "readyctl-attest-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  /// A file in it with this content and mode.
  std::filesystem::path with(const std::string& name, std::string_view content, mode_t mode = 0600) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << content;
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    return file;
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Runs a command line of the shell; whether it exited with 0. Its words go nowhere.
inline bool runs(const std::string& command) {
  return std::system(("( " + command + " ) >/dev/null 2>&1").c_str()) == 0;
}

inline Bytes bytes_of_hex(std::string_view hex) { return from_hex(hex).value(); }

// The key of RFC 8032, 7.1, test 1.
inline constexpr std::string_view rfc8032_seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
inline constexpr std::string_view rfc8032_public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

inline std::unique_ptr<Signer> signer_with_seed(std::string_view seed_hex) {
  return signer_from_seed(ByteView(bytes_of_hex(seed_hex)).first<32>()).value();
}
inline std::unique_ptr<Signer> rfc8032_signer() { return signer_with_seed(rfc8032_seed); }

/// An Ed25519 signer that nobody else has: the seed is this digit 64 times.
inline std::unique_ptr<Signer> signer_number(char digit) { return signer_with_seed(std::string(64, digit)); }

inline PublicKey ed25519_key(std::string_view hex) {
  return PublicKey::from_ed25519(ByteView(bytes_of_hex(hex)).first<32>()).value();
}

inline std::unique_ptr<Signer> new_p256_signer() {
  const ScratchFolder folder;
  REQUIRE(make_key(KeyFile::p256_pem, folder / "key.pem"));
  return open_signer(folder / "key.pem").value();
}

/// The key of RFC 6979, A.2.5, and its signature of "sample" under SHA-256, whose s is in the upper half.
namespace rfc6979 {
inline constexpr std::string_view x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
inline constexpr std::string_view y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
inline constexpr std::string_view r = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
inline constexpr std::string_view s = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
inline constexpr std::string_view low_s = "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9";
inline constexpr std::string_view message = "sample";
}  // namespace rfc6979

/// The P-256 key with these coordinates.
inline PublicKey p256_key(std::string_view x, std::string_view y) {
  const std::string spki = "3059301306072a8648ce3d020106082a8648ce3d03010703420004" + std::string(x) + std::string(y);
  return PublicKey::from_spki(bytes_of_hex(spki)).value();
}

/// SEQUENCE { INTEGER r, INTEGER s } with exactly these content bytes in hex.
inline Bytes der(std::string_view r, std::string_view s) {
  const auto octet = [](std::size_t value) { return to_hex(Bytes{static_cast<std::uint8_t>(value)}); };
  const auto integer = [&](std::string_view hex) { return "02" + octet(hex.size() / 2) + std::string(hex); };
  const std::string both = integer(r) + integer(s);
  return bytes_of_hex("30" + octet(both.size() / 2) + both);
}

inline Envelope envelope_over(std::string_view payload) {
  Envelope envelope;
  const ByteView bytes = bytes_of(payload);
  envelope.payload.assign(bytes.begin(), bytes.end());
  return envelope;
}

inline Envelope signed_envelope(std::string_view payload, Signer& signer) {
  Envelope envelope = envelope_over(payload);
  REQUIRE(add_signature(envelope, signer));
  return envelope;
}

/// One entry of a trust file.
inline Json trust_entry(const std::string& name, const std::string& key, const Json& roles = {"release"}) {
  return {{"name", name}, {"key", key}, {"roles", Json(roles)}};
}
inline Json trust_entry(const std::string& name, const PublicKey& key, const Json& roles = {"release"}) {
  return trust_entry(name, key.algorithm() == KeyAlgorithm::ed25519 ? to_string(key) : to_pem(key), roles);
}

/// A trust file in which `threshold` keys with the role "release" make a report authentic.
inline Json trust_file(const std::vector<Json>& keys, unsigned threshold = 1) {
  return {{"apiVersion", "readyctl.trust/v1"},
          {"keys", keys},
          {"report", {{"threshold", threshold}, {"roles", Json::array({"release"})}}}};
}
inline Result<Trust> trust_in(const Json& file) { return parse_trust(file.dump(2), "trust.json"); }
inline Trust trust_of(const std::vector<Json>& keys, unsigned threshold = 1) {
  return trust_in(trust_file(keys, threshold)).value();
}

inline Time at(std::string_view text) { return parse_time(text).value(); }
inline const Time now = at("2026-11-21T12:00:00Z");

/// Succeeds for a Result that failed with this kind and says all of `words`.
class RefusedWith {
 public:
  RefusedWith(ErrorKind kind, std::vector<std::string> words) : kind_(kind), words_(std::move(words)) {}

  template <class T>
  bool operator()(const Result<T>& result) const {
    if (result) {
      UNSCOPED_INFO("it was not refused");
      return false;
    }
    const std::string text = to_string(result.error());
    UNSCOPED_INFO("refused with: " << text);
    return result.error().kind == kind_ && std::all_of(words_.begin(), words_.end(), [&](const std::string& word) {
             return text.find(word) != std::string::npos;
           });
  }

 private:
  ErrorKind kind_;
  std::vector<std::string> words_;
};

template <class... Words>
RefusedWith refused(ErrorKind kind, Words... words) {
  return {kind, {std::string(words)...}};
}

}  // namespace readyctl
