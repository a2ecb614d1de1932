// Ignore rules: what one .gitignore says of a path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/path_pattern.hpp"

namespace readyctl {

/// What rules say of a path, those of the folder furthest down first.
struct IgnoreDecision {
  std::optional<bool> ignored;                  ///< what the last rule that matches says; none: none matches
  std::optional<UnclearRule> unclear_ignoring;  ///< a rule before that one was found that may match, and ignores
  std::optional<UnclearRule> unclear_keeping;   ///< the same that begins with `!`

  bool is_ignored() const { return ignored.value_or(false); }
  /// The unclear rule on which it depends whether the path is ignored. None: it does not.
  const std::optional<UnclearRule>& doubt() const { return is_ignored() ? unclear_keeping : unclear_ignoring; }
};

/// Source: gitignore(5); add_patterns_from_buffer in git's dir.c.
class IgnoreRules {
 public:
  /// Of the whole text of a file, less than 4 GiB; any text is one. `file` names it in an UnclearRule.
  static IgnoreRules parse(std::string text, std::string file = ".gitignore");

  /// Adds what these rules say to `decision`, unless that is made. `path` and `is_folder` as of PathPattern. Ends
  /// where the budget does.
  void decide(std::string_view path, bool is_folder, StepBudget& budget, IgnoreDecision& decision) const;

 private:
  struct Rule {
    std::uint32_t begin = 0;  // in the text
    std::uint32_t size = 0;
  };

  std::string file_;
  std::string text_;
  std::vector<Rule> rules_;
};

}  // namespace readyctl
