// The chain's types as they are written in definitions.
#pragma once

#include <charconv>
#include <map>
#include <string>

#include "base/fields.hpp"
#include "solana/amounts.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// Names with JSON values of any type: release.json's `values`.
struct Values : std::map<std::string, Json> {};

/// A path below the folder of release.json. As it is read it has no empty part and no `.`, so that one file is one
/// fact.
struct RelativePath {
  std::string text;
};

/// Where a repository is, as people write it. It is published with every report, so it holds no credential.
struct RepositoryUrl {
  std::string text;
};

/// An amount of tokens in raw units, without regard to decimals.
struct Amount {
  std::uint64_t value = 0;
  auto operator<=>(const Amount&) const = default;
};

/// The number of a transaction of a multisig, counted from 1.
struct TransactionIndex {
  std::uint64_t value = 0;
  auto operator<=>(const TransactionIndex&) const = default;
};

/// Bytes written as hex digits.
struct HexBytes {
  Bytes bytes;
};

/// Who may hold a power over an account. What nobody mentions must be held by nobody.
struct Holder {
  enum class Kind { nobody, anybody, exactly };
  Kind kind = Kind::nobody;
  Pubkey address;  ///< for `exactly`

  /// "nobody", "anybody", or the address.
  std::string words() const;
  bool accepts(const std::optional<Pubkey>& holder) const;
};

/// The digits of an unsigned 64-bit integer. Errors: anything but digits, a leading zero, more than 64 bits.
Result<std::uint64_t> parse_u64(std::string_view digits);

/// A u64 that is written as a string of digits, because JSON readers lose integers beyond 2^53.
template <class T>
struct U64Field {
  static Result<T> read(const Json& value, const Place& place) {
    if (value.is_number()) {
      return place.malformed("expected a string of digits, found the number " + value.dump(),
                             "write it in quotes: many JSON readers lose integers beyond 2^53");
    }
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    const auto number = parse_u64(*text);
    if (!number) return place.malformed(number.error().what);
    return T{*number};
  }
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^(0|[1-9][0-9]{0,19})$"}}; }
};

template <>
struct FieldType<Lamports> : U64Field<Lamports> {
  static std::string words() { return "lamports, a string of digits"; }
};

template <>
struct FieldType<Amount> : U64Field<Amount> {
  static std::string words() { return "raw token units, a string of digits"; }
};

template <>
struct FieldType<Slot> : U64Field<Slot> {
  static std::string words() { return "slot, a string of digits"; }
};

template <>
struct FieldType<TransactionIndex> : U64Field<TransactionIndex> {
  static std::string words() { return "transaction index, a string of digits"; }
};

template <>
struct FieldType<Pubkey> : ParsedField<Pubkey, parse_pubkey> {
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^[1-9A-HJ-NP-Za-km-z]{32,44}$"}}; }
  static std::string words() { return "address, base58"; }
};

template <>
struct FieldType<RelativePath> {
  static Result<RelativePath> read(const Json& value, const Place& place);
  static Json schema(Placeholders) { return {{"type", "string"}}; }
  static std::string words() { return "path below the folder of release.json"; }
};

template <>
struct FieldType<RepositoryUrl> {
  /// Errors: a password, a user of http or https, a query, a fragment. What was found is not repeated.
  static Result<RepositoryUrl> read(const Json& value, const Place& place);
  static Json schema(Placeholders) { return {{"type", "string"}}; }
  static std::string words() { return "URL of a repository, without credentials"; }
};

template <>
struct FieldType<HexBytes> {
  static Result<HexBytes> read(const Json& value, const Place& place);
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^([0-9a-fA-F]{2})*$"}}; }
  static std::string words() { return "hex digits"; }
};

template <>
struct FieldType<Holder> {
  static Result<Holder> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "null (nobody), \"any\", or an address"; }
};

template <>
struct FieldType<Values> {
  static Result<Values> read(const Json& value, const Place& place);
  static Json schema(Placeholders) { return {{"type", "object"}}; }
  static std::string words() { return "object of any names"; }
};

/// Whether `name` may be used in `${name}`: letters, digits, `_`, `-`, and dots between parts.
bool is_value_name(std::string_view name);

}  // namespace readyctl
