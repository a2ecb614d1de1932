// JSON, read strictly and written canonically.
//
// There is one parser for everything that readyctl reads: definitions, releases, reports, RPC answers, live or
// recorded.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// json.cpp compiles these. Every other file that uses a Json would do so again, which took a fifth of the build.
extern template class nlohmann::basic_json<>;
extern template class std::map<std::string, nlohmann::json, std::less<>>;
extern template class std::vector<nlohmann::json>;

namespace readyctl {

using Json = nlohmann::json;

/// How deep arrays and objects may nest.
inline constexpr std::size_t json_depth_max = 64;

/// At least as many as there are values in a JSON text, without parsing it: what its characters `,` `[` `{` could
/// begin. Each value takes a hundred bytes of memory for as little as two in the text, so whoever reads what a stranger
/// wrote looks here first.
std::size_t values_at_most(std::string_view text);

/// Reads one JSON document. Errors, each with `name` and the line: text after the document, a number beyond a double,
/// bytes that are not UTF-8; and with the pointer too: a key twice in one object, an integer beyond 64 bits, nesting
/// beyond json_depth_max.
Result<Json> parse_json(std::string_view text, const std::string& name);

/// The canonical form of RFC 8785: keys in order of their UTF-16 code units, no white space, shortest numbers. It is
/// read back as the same value, with the same canonical form. Errors: an integer beyond 2^53, which a reader with
/// doubles would not see the same, and another number that would be read back as one; write it as a string.
Result<std::string> canonical_json(const Json& value);

/// The same, with integers of up to 64 bits written exactly, and other numbers beyond 2^53 with an exponent: for what
/// only readers with exact integers read, such as evidence, which keeps what a node answered.
std::string exact_json(const Json& value);

/// A JSON text with its name, so that an error can say the line.
class Document {
 public:
  static Result<Document> parse(std::string text, std::string name);

  const Json& value() const { return value_; }
  const std::string& text() const { return text_; }
  const std::string& name() const { return name_; }

  /// The line of the value at `pointer` (RFC 6901), or of its nearest ancestor that exists; 1 is the first.
  std::size_t line_of(std::string_view pointer) const;

 private:
  Document(std::string text, std::string name, Json value);

  std::string text_;
  std::string name_;
  Json value_;
};

/// Where in a document a value stands. Cheap to copy; the document must outlive it.
class Place {
 public:
  explicit Place(const Document& document) : document_(&document) {}

  Place operator/(std::string_view key) const;
  Place operator/(std::size_t index) const;

  const std::string& pointer() const { return pointer_; }

  /// The same place in a definition whose `${name}` have not been replaced yet: readers pass over those values.
  Place before_substitution() const;
  bool is_before_substitution() const { return before_substitution_; }

  /// "file:line: <what>" with the pointer, of kind `malformed`.
  tl::unexpected<Error> malformed(const std::string& what, std::string hint = {}) const;

 private:
  const Document* document_;
  std::string pointer_;
  bool before_substitution_ = false;
};

/// Whether a string in the value, at any depth, holds `${`.
bool has_placeholder(const Json& value);

/// What a value is, in words: "a string", "null", "an object", …
std::string_view words_for_type(const Json& value);

}  // namespace readyctl
