#include "base/json.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

template class nlohmann::basic_json<>;
template class std::map<std::string, nlohmann::json, std::less<>>;
template class std::vector<nlohmann::json>;

namespace readyctl {
namespace {

std::string escape_token(std::string_view key) {
  std::string token;
  for (const char c : key) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

// The parser's own words speak of its states and repeat what it read, which may be a secret. Of several that fit the
// first one counts.
std::string_view words_for_parser(std::string_view words) {
  static constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"number overflow", "a number is out of range"},
      {"unexpected end of input", "the text ends before the JSON does"},
      {"empty input", "the text is empty"},
      {"missing closing quote", "a string is not closed"},
      {"ill-formed UTF-8", "bytes that are not UTF-8"},
      {"control character", "a control character within a string; write it as \\n, \\t or \\u00XX"},
      {"invalid string", "a backslash with what no string may have behind it"},
      {"invalid number", "a number that JSON does not write so"},
      {"; expected string literal", "a name in double quotes is missing here"},
      {"invalid literal", "a word or a sign that JSON does not know; texts and names stand in double quotes"},
      {"; expected end of input", "there is more behind the end of the JSON"},
      {"; expected ':'", "a colon is missing behind a name"},
      {"; expected '}'", "a comma or a closing brace is missing here"},
      {"; expected ']'", "a comma or a closing bracket is missing here"},
  };
  for (const auto& [part, plain] : known) {
    if (words.find(part) != std::string_view::npos) return plain;
  }
  return "a value is missing here";
}

// Builds the value while it refuses what nlohmann's own parser would let pass: duplicate keys, deep nesting and
// integers that do not fit into 64 bits.
class StrictReader final : public nlohmann::json_sax<Json> {
 public:
  Json take() { return std::move(root_); }
  const std::string& complaint() const { return complaint_; }
  std::size_t offset() const { return offset_; }
  /// Whether it is JSON so far, and not what we accept.
  bool refused() const { return refused_; }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& digits) override {
    if (digits.find_first_of(".eE") == std::string::npos) {
      return refuse("integer " + digits.substr(0, 40) + " does not fit into 64 bits");
    }
    return add(value);
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return refuse("binary value"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    key_ = name;
    return !open_.back()->contains(name) || refuse("key \"" + name + "\" stands twice in one object");
  }
  /// Where the value that was refused stands, or would.
  std::string pointer() const {
    std::string pointer;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) pointer += "/" + escape_token(key_of(*open_[i], open_[i + 1]));
    if (open_.empty()) return pointer;
    const Json& last = *open_.back();
    return pointer + "/" + escape_token(last.is_array() ? std::to_string(last.size()) : key_);
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    offset_ = position;
    complaint_ = "syntax error: " + std::string(words_for_parser(error.what()));
    return false;
  }

 private:
  bool refuse(std::string complaint) {
    complaint_ = std::move(complaint);
    refused_ = true;
    return false;
  }

  static std::string key_of(const Json& parent, const Json* child) {
    std::size_t index = 0;
    for (const auto& item : parent.items()) {
      if (&item.value() == child) return parent.is_array() ? std::to_string(index) : item.key();
      ++index;
    }
    return {};
  }

  Json* place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      open_.back()->push_back(std::move(value));
      return &open_.back()->back();
    }
    Json& slot = (*open_.back())[key_];
    slot = std::move(value);
    return &slot;
  }

  template <class T>
  bool add(T&& value) {
    Json item = std::forward<T>(value);
    place(std::move(item));
    return true;
  }

  bool open(Json empty) {
    if (open_.size() == json_depth_max) return refuse("it nests deeper than " + std::to_string(json_depth_max));
    open_.push_back(place(std::move(empty)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;
  std::string key_;
  std::string complaint_;
  std::size_t offset_ = 0;
  bool refused_ = false;
};

std::size_t line_at(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

// Reads a text and knows how far the reading got, which the parser does not tell of what we refuse ourselves.
class CountingIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* count) : at_(at), count_(count) {}
  const char& operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* count_;
};

// How many bytes had been read when the reader refused the text. It is read a second time for that, so that texts
// which are accepted cost nothing more.
std::size_t refused_at(std::string_view text) {
  std::size_t count = 0;
  StrictReader reader;
  const char* const begin = text.data();
  Json::sax_parse(CountingIterator(begin, &count), CountingIterator(begin + text.size(), &count), &reader);
  return count;
}

// What other notations have and JSON lacks, when reading stopped there: a comment, a comma behind the last entry.
std::string_view words_for_habit(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(std::min(at, text.size()));
  if (rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#')) {
    return "; a comment begins here, and JSON allows neither comments nor trailing commas";
  }
  const auto before = text.substr(0, at).find_last_not_of(" \t\r\n");
  const bool closes = rest.starts_with('}') || rest.starts_with(']');
  if (!closes || before == std::string_view::npos || text[before] != ',') return {};
  return "; the comma before it is one too many, and JSON allows neither comments nor trailing commas";
}

// Walks a text that is known to be valid JSON, to find where a pointer's value begins.
class Locator {
 public:
  explicit Locator(std::string_view text) : text_(text) {}

  std::size_t find(std::string_view pointer) {
    skip_space();
    while (!pointer.empty() && at_ < text_.size()) {
      pointer.remove_prefix(1);
      const auto slash = std::min(pointer.find('/'), pointer.size());
      const std::size_t before = at_;
      if (!enter(unescape(pointer.substr(0, slash)))) return before;
      pointer.remove_prefix(slash);
    }
    return at_;
  }

 private:
  static std::string unescape(std::string_view token) {
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
      const bool escaped = token[i] == '~' && i + 1 < token.size();
      text += escaped ? (token[++i] == '1' ? '/' : '~') : token[i];
    }
    return text;
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  // The text between the quotes of the string at the cursor, escapes left as they are.
  std::string_view take_string() {
    const std::size_t begin = ++at_;
    while (text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    return text_.substr(begin, at_++ - begin);
  }

  void skip_value() {
    if (text_[at_] == '"') {
      take_string();
      return;
    }
    if (text_[at_] != '{' && text_[at_] != '[') {
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
      return;
    }
    std::size_t depth = 0;
    do {
      const char c = text_[at_];
      if (c == '"') {
        take_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    } while (depth > 0);
  }

  // Moves the cursor to the member or element named `token`; false leaves it anywhere.
  bool enter(const std::string& token) {
    const bool object = text_[at_] == '{';
    if (!object && text_[at_] != '[') return false;
    ++at_;
    for (std::size_t index = 0;; ++index) {
      skip_space();
      if (text_[at_] == '}' || text_[at_] == ']') return false;
      bool here = !object && std::to_string(index) == token;
      if (object) {
        here = take_string() == token;
        skip_space();
        ++at_;  // the colon
        skip_space();
      }
      if (here) return true;
      skip_value();
      skip_space();
      if (text_[at_] == ',') ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t values_at_most(std::string_view text) {
  const auto begins_one = [](char c) { return c == ',' || c == '[' || c == '{'; };
  return 1 + static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_one));
}

Result<Json> parse_json(std::string_view text, const std::string& name) {
  // nlohmann's parser takes a zero byte for the end of the text. JSON holds none anywhere.
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    return malformed(name + ":" + std::to_string(line_at(text, zero)), "syntax error: a zero byte");
  }
  // It would skip a byte-order mark too, which no other strict reader of the same file does.
  if (text.starts_with("\xef\xbb\xbf")) {
    return malformed(name + ":1", "syntax error: it begins with a byte-order mark, and JSON has none",
                     "save the file as UTF-8 without one (BOM)");
  }
  StrictReader reader;
  if (Json::sax_parse(text.begin(), text.end(), &reader)) return reader.take();
  const std::size_t offset = reader.refused() ? refused_at(text) : reader.offset();
  const std::size_t at = offset > 0 ? offset - 1 : 0;
  const std::string where = name + ":" + std::to_string(line_at(text, at));
  if (!reader.refused()) return malformed(where, reader.complaint() + std::string(words_for_habit(text, at)));
  const std::string pointer = reader.pointer();
  return malformed(where, (pointer.empty() ? "" : pointer + ": ") + reader.complaint());
}

Document::Document(std::string text, std::string name, Json value)
    : text_(std::move(text)), name_(std::move(name)), value_(std::move(value)) {}

Result<Document> Document::parse(std::string text, std::string name) {
  auto value = parse_json(text, name);
  if (!value) return failure(value.error());
  return Document(std::move(text), std::move(name), std::move(*value));
}

std::size_t Document::line_of(std::string_view pointer) const { return line_at(text_, Locator(text_).find(pointer)); }

Place Place::operator/(std::string_view key) const {
  Place place = *this;
  place.pointer_ += "/" + escape_token(key);
  return place;
}

Place Place::operator/(std::size_t index) const { return *this / std::string_view(std::to_string(index)); }

Place Place::before_substitution() const {
  Place place = *this;
  place.before_substitution_ = true;
  return place;
}

tl::unexpected<Error> Place::malformed(const std::string& what, std::string hint) const {
  const std::string where = document_->name() + ":" + std::to_string(document_->line_of(pointer_));
  const std::string at = pointer_.empty() ? "" : pointer_ + ": ";
  return readyctl::malformed(where, at + what, std::move(hint));
}

bool has_placeholder(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().find("${") != std::string::npos;
  return value.is_structured() && std::any_of(value.begin(), value.end(), has_placeholder);
}

std::string_view words_for_type(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::boolean:
      return "a boolean";
    case Json::value_t::number_float:
      return "a number with a fraction";
    default:
      return "a number";
  }
}

}  // namespace readyctl
