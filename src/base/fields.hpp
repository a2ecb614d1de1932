// Fields: one table per JSON object that a person writes. Reading, the refusal of unknown keys, the JSON Schema and the
// reference page all come from that table.
//
//     struct Balance {
//       Pubkey address;
//       std::optional<Lamports> min;
//       static constexpr auto fields() {
//         return std::tuple{required("address", &Balance::address, "the account"),
//                           optional("minLamports", &Balance::min, "least balance")};
//       }
//     };
//     const Result<Balance> balance = read_record<Balance>(json, place);
//
// A record may add `Result<void> validate(const Place&) const` for what one field cannot say alone,
// `static Result<void> check_keys(const Json&, const Place&)` for which of its keys stand together, which is known
// before their values are, and `static constexpr Choice choice` when it is a choice among its fields. A type that is no
// record specialises FieldType.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/json.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace readyctl {

/// How many of a record's fields may be present at once.
enum class Choice { all, at_least_one, exactly_one };

/// Whether a schema lets `${name}` stand where a typed value stands.
enum class Placeholders { refused, accepted };

template <class Owner, class T>
struct Field {
  std::string_view name;
  T Owner::* member;
  std::string_view doc;
  bool is_required;
  bool is_known_later = false;

  /// The same, as one whose value nobody knows yet when the rest of the record is written.
  constexpr Field known_later() const {
    Field later = *this;
    later.is_known_later = true;
    return later;
  }
};

/// A field that must be present.
template <class Owner, class T>
constexpr Field<Owner, T> required(std::string_view name, T Owner::* member, std::string_view doc) {
  return {.name = name, .member = member, .doc = doc, .is_required = true};
}

/// A field that keeps its member's default when it is absent.
template <class Owner, class T>
constexpr Field<Owner, T> optional(std::string_view name, T Owner::* member, std::string_view doc) {
  return {.name = name, .member = member, .doc = doc, .is_required = false};
}

/// How one type is read (`read`), described to a validator (`schema`) and to a person (`words`).
template <class T>
struct FieldType;

template <class T>
concept Record = requires { T::fields(); };

/// One line of a reference page.
struct FieldDoc {
  std::string name;   ///< with dots for nested records: "custody.squads-v4.multisig"
  std::string words;  ///< what the value is: "address", "whole number, 0 to 255"
  std::string doc;
  bool is_required = false;
  bool is_known_later = false;  ///< see Field
};

template <Record T>
constexpr Choice choice_of() {
  if constexpr (requires { T::choice; }) {
    return T::choice;
  } else {
    return Choice::all;
  }
}

template <Record T>
std::vector<std::string> field_names() {
  std::vector<std::string> names;
  std::apply([&](const auto&... field) { (names.emplace_back(field.name), ...); }, T::fields());
  return names;
}

namespace detail {

inline Result<void> check_keys(const Json& value, const Place& place, const std::vector<std::string>& known,
                               Choice choice) {
  if (!value.is_object()) return place.malformed("expected an object, found " + std::string(words_for_type(value)));
  for (const auto& item : value.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    return (place / item.key())
        .malformed("unknown key \"" + printable(item.key()) + "\"", suggestion(item.key(), known));
  }
  if (choice == Choice::exactly_one && value.size() != 1) {
    return place.malformed("expected exactly one of " + join(known, ", ") + "; found " + std::to_string(value.size()));
  }
  if (choice == Choice::at_least_one && value.empty()) {
    return place.malformed("expected at least one of " + join(known, ", "));
  }
  return {};
}

// A value that is not known yet, in a definition that is read before its names are.
inline bool is_placeholder(const Json& value, const Place& place) {
  return place.is_before_substitution() && value.is_string() && has_placeholder(value);
}

template <class Owner, class T>
Result<void> read_field(Owner& owner, const Field<Owner, T>& field, const Json& value, const Place& place) {
  const auto found = value.find(field.name);
  if (found == value.end()) {
    if (!field.is_required) return {};
    return place.malformed("has no \"" + std::string(field.name) + "\": " + std::string(field.doc));
  }
  if (is_placeholder(*found, place)) return {};
  auto read = FieldType<T>::read(*found, place / field.name);
  if (!read) return failure(read.error());
  owner.*field.member = std::move(*read);
  return {};
}

inline Json placeholder_schema() { return {{"type", "string"}, {"pattern", "^\\$\\{[A-Za-z0-9_.-]+[?]?\\}$"}}; }

template <class Owner, class T>
void add_field_schema(const Field<Owner, T>& field, Placeholders placeholders, Json& schema) {
  Json type = FieldType<T>::schema(placeholders);
  const bool plain_string = type == Json{{"type", "string"}};
  if (placeholders == Placeholders::accepted && !plain_string) {
    type = {{"anyOf", Json::array({type, placeholder_schema()})}};
  }
  type["description"] = field.doc;
  schema["properties"][std::string(field.name)] = type;
  if (field.is_required) schema["required"].push_back(field.name);
}

}  // namespace detail

/// Whether the object has any of these keys.
inline bool has_any(const Json& object, std::initializer_list<const char*> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const char* key) { return object.contains(key); });
}

/// The record that `value` describes. Errors (kind `malformed`, with file, line and pointer): not an object, an unknown
/// key, a required key missing, a value that its field's type refuses, a record that does not validate.
template <Record T>
Result<T> read_record(const Json& value, const Place& place) {
  if (const auto keys = detail::check_keys(value, place, field_names<T>(), choice_of<T>()); !keys) {
    return failure(keys.error());
  }
  T record;
  Result<void> outcome;
  const auto read_one = [&](const auto& field) {
    if (outcome) outcome = detail::read_field(record, field, value, place);
  };
  std::apply([&](const auto&... field) { (read_one(field), ...); }, T::fields());
  if (!outcome) return failure(outcome.error());
  if constexpr (requires { T::check_keys(value, place); }) {
    if (const Result<void> together = T::check_keys(value, place); !together) return failure(together.error());
  }
  if constexpr (requires { record.validate(place); }) {
    if (place.is_before_substitution() && has_placeholder(value)) return record;
    if (const Result<void> valid = record.validate(place); !valid) return failure(valid.error());
  }
  return record;
}

/// The JSON Schema (draft 2020-12) of a record.
template <Record T>
Json record_schema(Placeholders placeholders) {
  Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  std::apply([&](const auto&... field) { (detail::add_field_schema(field, placeholders, schema), ...); }, T::fields());
  if (choice_of<T>() != Choice::all) schema["minProperties"] = 1;
  if (choice_of<T>() == Choice::exactly_one) schema["maxProperties"] = 1;
  return schema;
}

// --- the types ------------------------------------------------------------------------------------------------------

template <Record T>
struct FieldType<T> {
  static Result<T> read(const Json& value, const Place& place) { return read_record<T>(value, place); }
  static Json schema(Placeholders placeholders) { return record_schema<T>(placeholders); }
  static std::string words() { return "object"; }
};

template <class T>
struct FieldType<std::optional<T>> {
  static Result<std::optional<T>> read(const Json& value, const Place& place) {
    auto read = FieldType<T>::read(value, place);
    if (!read) return failure(read.error());
    return std::optional<T>(std::move(*read));
  }
  static Json schema(Placeholders placeholders) { return FieldType<T>::schema(placeholders); }
  static std::string words() { return FieldType<T>::words(); }
};

template <class T>
struct FieldType<std::vector<T>> {
  static Result<std::vector<T>> read(const Json& value, const Place& place) {
    if (!value.is_array()) return place.malformed("expected a list, found " + std::string(words_for_type(value)));
    std::vector<T> items;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (detail::is_placeholder(value[i], place)) continue;
      auto item = FieldType<T>::read(value[i], place / i);
      if (!item) return failure(item.error());
      items.push_back(std::move(*item));
    }
    return items;
  }
  static Json schema(Placeholders placeholders) {
    Json items = FieldType<T>::schema(placeholders);
    if (placeholders == Placeholders::accepted && items != Json{{"type", "string"}}) {
      items = {{"anyOf", Json::array({items, detail::placeholder_schema()})}};
    }
    return {{"type", "array"}, {"items", items}};
  }
  static std::string words() { return "list of " + FieldType<T>::words(); }
};

template <>
struct FieldType<bool> {
  static Result<bool> read(const Json& value, const Place& place) {
    if (!value.is_boolean())
      return place.malformed("expected true or false, found " + std::string(words_for_type(value)));
    return value.get<bool>();
  }
  static Json schema(Placeholders) { return {{"type", "boolean"}}; }
  static std::string words() { return "true or false"; }
};

/// Any text that is not empty and holds no control characters.
template <>
struct FieldType<std::string> {
  static Result<std::string> read(const Json& value, const Place& place) {
    if (!value.is_string()) return place.malformed("expected a string, found " + std::string(words_for_type(value)));
    auto text = value.get<std::string>();
    if (text.empty()) return place.malformed("the string is empty");
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
        return place.malformed("the string holds a control character: " + printable(text));
      }
    }
    return text;
  }
  static Json schema(Placeholders) { return {{"type", "string"}}; }
  static std::string words() { return "string"; }
};

/// Whole numbers of up to 32 bits. Larger ones are written as strings; see the types in facts/field_types.hpp.
template <std::unsigned_integral T>
  requires(sizeof(T) <= 4 && !std::same_as<T, bool>)
struct FieldType<T> {
  static constexpr std::uint64_t max = std::numeric_limits<T>::max();

  static Result<T> read(const Json& value, const Place& place) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max) {
      const std::string found = value.is_number() ? value.dump() : std::string(words_for_type(value));
      return place.malformed("expected a " + words() + ", found " + found);
    }
    return static_cast<T>(value.get<std::uint64_t>());
  }
  static Json schema(Placeholders) { return {{"type", "integer"}, {"minimum", 0}, {"maximum", max}}; }
  static std::string words() { return "whole number, 0 to " + std::to_string(max); }
};

/// A share: greater than 0, at most 1.
struct Ratio {
  double value = 0;
};

template <>
struct FieldType<Ratio> {
  static Result<Ratio> read(const Json& value, const Place& place) {
    const bool in_range = value.is_number() && value.get<double>() > 0 && value.get<double>() <= 1;
    if (!in_range) return place.malformed("expected a number greater than 0 and at most 1, found " + value.dump());
    return Ratio{value.get<double>()};
  }
  static Json schema(Placeholders) { return {{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", 1}}; }
  static std::string words() { return "number greater than 0, at most 1"; }
};

/// A type that is written as one string and has a `Result<T> parse(std::string_view)`.
template <class T, auto parse>
struct ParsedField {
  static Result<T> read(const Json& value, const Place& place) {
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    auto parsed = parse(*text);
    if (!parsed) return place.malformed(parsed.error().what, parsed.error().hint);
    return *parsed;
  }
};

template <>
struct FieldType<Sha256> : ParsedField<Sha256, parse_sha256> {
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^[0-9a-f]{64}$"}}; }
  static std::string words() { return "SHA-256, 64 hex digits in lower case"; }
};

template <>
struct FieldType<Time> : ParsedField<Time, parse_time> {
  static Json schema(Placeholders) {
    return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?Z$"}};
  }
  static std::string words() { return "time, RFC 3339 in UTC"; }
};

template <>
struct FieldType<std::chrono::seconds> : ParsedField<std::chrono::seconds, parse_duration> {
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^([0-9]+[smhd])+$"}}; }
  static std::string words() { return "duration such as 30s, 5m, 48h, 7d"; }
};

// --- reference pages ------------------------------------------------------------------------------------------------

template <Record T>
std::vector<FieldDoc> field_docs(const std::string& prefix = {});

namespace detail {

template <class T>
struct InnerRecord {
  using type = void;
};
template <Record T>
struct InnerRecord<T> {
  using type = T;
};
template <class T>
struct InnerRecord<std::optional<T>> : InnerRecord<T> {};
template <class T>
struct InnerRecord<std::vector<T>> : InnerRecord<T> {};

template <class Owner, class T>
void add_field_doc(const Field<Owner, T>& field, const std::string& prefix, std::vector<FieldDoc>& docs) {
  const std::string name = prefix + std::string(field.name);
  docs.push_back({name, FieldType<T>::words(), std::string(field.doc), field.is_required, field.is_known_later});
  using Inner = typename InnerRecord<T>::type;
  if constexpr (!std::is_void_v<Inner>) {
    const auto inner = field_docs<Inner>(name + ".");
    docs.insert(docs.end(), inner.begin(), inner.end());
  }
}

}  // namespace detail

/// Every field of a record, nested ones after the field that holds them.
template <Record T>
std::vector<FieldDoc> field_docs(const std::string& prefix) {
  std::vector<FieldDoc> docs;
  std::apply([&](const auto&... field) { (detail::add_field_doc(field, prefix, docs), ...); }, T::fields());
  return docs;
}

}  // namespace readyctl
