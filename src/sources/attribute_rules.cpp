#include "sources/attribute_rules.hpp"

#include <algorithm>
#include <array>

namespace readyctl {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view macro_mark = "[attr]";

// git has ignored longer lines since 2.39, and took them apart before.
constexpr std::size_t line_bytes_max = 2047;

// What it takes to look one word up, beside reading it: in time of steps from place to place in a path.
constexpr std::size_t steps_of_word = 128;

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text;
}

std::string_view take_word(std::string_view& left) {
  left = without_blanks(left);
  const std::string_view word = left.substr(0, left.find_first_of(blanks));
  left.remove_prefix(word.size());
  return word;
}

// One word of a line: `name`, `-name`, `!name` or `name=text`.
struct Said {
  std::string_view name;
  AttributeState state;
};

Said read_word(std::string_view word) {
  using Kind = AttributeState::Kind;
  Kind kind = Kind::set;
  if (word.starts_with('-')) kind = Kind::unset;
  if (word.starts_with('!')) kind = Kind::unspecified;
  if (kind != Kind::set) word.remove_prefix(1);
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  if (kind != Kind::set || equals == std::string_view::npos) return {name, {kind, ""}};
  return {name, {Kind::text, std::string(word.substr(equals + 1))}};
}

bool is_name_of_attribute(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !name.empty() && !name.starts_with('-') && name.find_first_not_of(allowed) == std::string_view::npos;
}

bool has_only_attributes(std::string_view words) {
  for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
    if (!is_name_of_attribute(read_word(word).name)) return false;
  }
  return true;
}

bool has_a_reserved_attribute(std::string_view words) {
  for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
    if (read_word(word).name.starts_with("builtin_")) return true;
  }
  return false;
}

// What a backslash and this character stand for in a quoted pattern.
std::optional<char> unescaped(char c) {
  constexpr std::string_view letters = "abfnrtv\\\"";
  constexpr std::string_view meant = "\a\b\f\n\r\t\v\\\"";
  const std::size_t at = letters.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(meant[at]);
}

bool is_octal(std::string_view digits) {
  return digits.size() == 3 && digits.front() <= '3' && digits.find_first_not_of("01234567") == std::string_view::npos;
}

// Takes one character off what stands between quotes. None: it is none.
std::optional<char> take_escaped(std::string_view& left) {
  const char c = left.front();
  left.remove_prefix(1);
  if (c != '\\') return c;
  const std::string_view octal = left.substr(0, 3);
  if (is_octal(octal)) {
    left.remove_prefix(octal.size());
    return static_cast<char>((octal[0] - '0') * 64 + (octal[1] - '0') * 8 + (octal[2] - '0'));
  }
  const auto meant = left.empty() ? std::nullopt : unescaped(left.front());
  if (meant) left.remove_prefix(1);
  return meant;
}

}  // namespace

bool is_of_conversion(std::string_view attribute) {
  constexpr std::array<std::string_view, 6> names{"filter", "working-tree-encoding", "ident", "text", "eol", "crlf"};
  return std::find(names.begin(), names.end(), attribute) != names.end();
}

AttributeRules AttributeRules::parse(std::string text, std::string file) {
  AttributeRules rules;
  rules.file_ = std::move(file);
  rules.text_ = std::move(text);
  if (rules.text_.find('\0') != std::string::npos) {
    rules.unclear_ = UnclearRule{rules.file_, "holds a NUL"};
    return rules;
  }
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::size_t begin = rules.text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (begin < rules.text_.size() && !rules.unclear_) {
    const std::size_t end = std::min(rules.text_.find('\n', begin), rules.text_.size());
    rules.add(begin, end - begin);
    begin = end + 1;
  }
  return rules;
}

AttributeRules::Part AttributeRules::part_of(std::string_view part) const {
  return {static_cast<std::uint32_t>(part.data() - text_.data()), static_cast<std::uint32_t>(part.size())};
}

// Takes a pattern in quotes, and puts what it stands for in its place. None: `left` does not begin with one.
std::optional<std::string_view> AttributeRules::take_quoted_pattern(std::string_view& left) {
  if (!left.starts_with('"')) return std::nullopt;
  std::string meant;
  std::string_view rest = left.substr(1);
  while (!rest.starts_with('"')) {
    const auto c = rest.empty() ? std::nullopt : take_escaped(rest);
    if (!c) return std::nullopt;
    meant += *c;
  }
  meant = meant.substr(0, meant.find('\0'));  // where a pattern ends
  const std::size_t begin = part_of(left).begin;
  text_.replace(begin, meant.size(), meant);
  left = rest.substr(1);
  return std::string_view(text_).substr(begin, meant.size());
}

// A line with a name that is none says nothing, nor does a pattern that takes back.
void AttributeRules::add(std::size_t begin, std::size_t size) {
  std::string_view left = std::string_view(text_).substr(begin, size);
  if (left.ends_with('\r')) left.remove_suffix(1);
  const bool is_long = left.size() > line_bytes_max;
  left = without_blanks(left);
  if (left.empty() || left.starts_with('#')) return;
  if (is_long) {
    unclear_ = UnclearRule{file_, "has a line of more than " + std::to_string(line_bytes_max) + " bytes"};
    return;
  }
  const auto quoted = take_quoted_pattern(left);
  std::string_view pattern = quoted ? *quoted : take_word(left);
  if (!has_only_attributes(left)) return;
  if (has_a_reserved_attribute(left)) {
    unclear_ = UnclearRule{file_, "has an attribute that newer versions of git reserve: builtin_"};
    return;
  }
  if (pattern.size() > macro_mark.size() && pattern.starts_with(macro_mark)) {
    pattern.remove_prefix(macro_mark.size());
    const std::string_view name = take_word(pattern);
    if (is_name_of_attribute(name)) macros_.insert_or_assign(std::string(name), part_of(left));
  } else if (!pattern.starts_with('!') && !without_blanks(left).empty()) {
    rules_.push_back({part_of(pattern), part_of(left)});
  }
}

std::optional<std::string_view> AttributeRules::macro(std::string_view name) const {
  const auto found = macros_.find(name);
  if (found != macros_.end()) return text_of(found->second);
  return name == "binary" ? std::optional<std::string_view>("-diff -merge -text") : std::nullopt;
}

namespace {

// The last word counts, and what a macro stands for counts in its place.
void apply(std::string_view words, const AttributeRules& root, StepBudget& budget, Attributes& known) {
  std::vector<std::string_view> left;
  const auto add_words = [&](std::string_view more) {
    const std::size_t before = left.size();
    const std::size_t size = more.size();
    for (std::string_view word = take_word(more); !word.empty(); word = take_word(more)) left.push_back(word);
    budget.take(size + steps_of_word * (left.size() - before));
  };
  add_words(words);
  while (!left.empty() && !budget.is_spent()) {
    Said said = read_word(left.back());
    left.pop_back();
    if (!root.counts(said.name) || known.contains(said.name)) continue;
    const auto stands_for = root.macro(said.name);
    if (stands_for && said.state.is_set()) add_words(*stands_for);
    known.emplace(said.name, std::move(said.state));
  }
}

bool says_anything_new(std::string_view words, const AttributeRules& root, StepBudget& budget,
                       const Attributes& known) {
  for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
    const std::string_view name = read_word(word).name;
    if (!budget.take(word.size() + steps_of_word) || (root.counts(name) && !known.contains(name))) return true;
  }
  return false;
}

}  // namespace

std::optional<UnclearRule> AttributeRules::decide(std::string_view path, const AttributeRules& root, StepBudget& budget,
                                                  Attributes& known) const {
  if (unclear_) return unclear_;
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    const std::string_view text = text_of(rule->pattern);
    const PathPattern pattern = PathPattern::parse(text);
    if (!budget.take(pattern.steps_to_read())) return std::nullopt;
    if (!pattern.is_unclear()) {
      if (pattern.matches(path, false, budget)) apply(text_of(rule->words), root, budget, known);
    } else if (pattern.may_match(path, false) && says_anything_new(text_of(rule->words), root, budget, known)) {
      return unclear_pattern(file_, text);
    }
  }
  return std::nullopt;
}

}  // namespace readyctl
