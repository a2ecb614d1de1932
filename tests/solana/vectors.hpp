// The golden vectors of vectors.json, and the few helpers that all tests of this room share. Where each vector comes
// from is said beside it in the file ("source").
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/hex.hpp"
#include "solana/pubkey.hpp"

namespace readyctl::test {

using Vectors = nlohmann::json;

/// One top-level group of the file; read once.
const Vectors& vectors(const std::string& group);

/// The case of `cases` whose "label" or "name" this is. Fails the test when there is none.
const Vectors& case_named(const Vectors& cases, const std::string& name);

inline Bytes unhex(const std::string& hex) { return from_hex(hex).value(); }
inline Pubkey key(const std::string& base58) { return parse_pubkey(base58).value(); }
inline std::string text(const Vectors& value) { return value.get<std::string>(); }
inline std::uint64_t number(const std::string& decimal) { return std::stoull(decimal); }

/// The address in a vector that may be null.
inline std::optional<Pubkey> maybe_key(const Vectors& value) {
  return value.is_null() ? std::nullopt : std::optional(key(value));
}

inline std::vector<Pubkey> keys(const Vectors& list) {
  std::vector<Pubkey> found;
  for (const Vectors& one : list) found.push_back(key(one));
  return found;
}

/// What a failed Result says.
template <class T>
std::string trouble(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

}  // namespace readyctl::test

// Catch prints these types instead of {?}.
namespace Catch {
template <>
struct StringMaker<readyctl::Pubkey> {
  static std::string convert(const readyctl::Pubkey& key) { return readyctl::to_string(key); }
};
}  // namespace Catch
