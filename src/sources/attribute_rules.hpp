// Attribute rules: what one .gitattributes says of a path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/path_pattern.hpp"

namespace readyctl {

/// What was said of one attribute.
struct AttributeState {
  enum class Kind { set, unset, unspecified, text };  ///< `name`, `-name`, `!name`, `name=text`
  Kind kind = Kind::unspecified;
  std::string text;  ///< for text
  bool operator==(const AttributeState&) const = default;

  bool is_set() const { return kind == Kind::set; }
  bool is(std::string_view value) const { return kind == Kind::text && text == value; }
};

/// Attributes of one path by name: those that decide how a file is converted, and macros. What is missing is
/// unspecified.
using Attributes = std::map<std::string, AttributeState, std::less<>>;

/// Whether the attribute decides how a file is converted between commit and working tree.
bool is_of_conversion(std::string_view attribute);

/// Source: gitattributes(5); parse_attr_line, fill_one and macroexpand_one in git's attr.c.
class AttributeRules {
 public:
  /// Of the whole text of a file, less than 4 GiB; any text is one. `file` names it in an UnclearRule. Macros may be
  /// defined at the root of a working tree alone.
  static AttributeRules parse(std::string text, std::string file = ".gitattributes");

  /// Adds to `known` what these rules say of a file, and nothing of what is known: those of the folder furthest down
  /// are asked first. `path` as of PathPattern. `root` are the rules with the macros. Adds to `steps` what it took.
  /// None: all is said. Else a rule that nobody should rely on, and what it may say is not known yet.
  std::optional<UnclearRule> decide(std::string_view path, const AttributeRules& root, StepBudget& budget,
                                    Attributes& known) const;

  /// What a macro stands for. None: it is none.
  std::optional<std::string_view> macro(std::string_view name) const;
  /// Whether the attribute is one that Attributes hold.
  bool counts(std::string_view attribute) const { return is_of_conversion(attribute) || macro(attribute).has_value(); }

 private:
  struct Part {
    std::uint32_t begin = 0;  // in the text
    std::uint32_t size = 0;
  };
  struct Rule {
    Part pattern;
    Part words;
  };
  void add(std::size_t begin, std::size_t size);
  std::optional<std::string_view> take_quoted_pattern(std::string_view& left);
  Part part_of(std::string_view part) const;
  std::string_view text_of(Part part) const { return std::string_view(text_).substr(part.begin, part.size); }

  std::string file_;
  std::string text_;  // of which quoted patterns are unquoted where they stand
  std::vector<Rule> rules_;
  std::map<std::string, Part, std::less<>> macros_;
  std::optional<UnclearRule> unclear_;  // of the whole file
};

}  // namespace readyctl
