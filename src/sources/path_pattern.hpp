// Path patterns: the patterns of .gitignore and .gitattributes.
//
// libgit2 has matching of its own, which takes exponential time for some of them. What a pattern matches decides what a
// release may hold, so it is decided here, in time that grows with the pattern and the path.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace readyctl {

/// How much deciding may still take, in steps of some nanoseconds. Once it is spent, what was decided means nothing.
class StepBudget {
 public:
  explicit StepBudget(std::size_t steps) : left_(steps) {}

  /// Whether there were as many left.
  bool take(std::size_t steps) {
    is_spent_ = is_spent_ || steps > left_;
    left_ = is_spent_ ? 0 : left_ - steps;
    return !is_spent_;
  }
  bool is_spent() const { return is_spent_; }
  std::size_t left() const { return left_; }

 private:
  std::size_t left_;
  bool is_spent_ = false;
};

/// Source: gitignore(5); parse_path_pattern and match_pathname in git's dir.c; wildmatch.c.
struct PathPattern {
  std::string_view text;      ///< without what is told by the other members
  bool is_negated = false;    ///< it begins with `!`
  bool only_folders = false;  ///< it ends in a slash
  bool is_path = false;       ///< it has another slash: of the whole path, and not of the last name in it

  /// Any text is one; it must outlive the pattern.
  static PathPattern parse(std::string_view text);

  /// Whether it has `**` beside other characters in a path, which git reads otherwise than gitignore(5) says: nobody
  /// should rely on what it matches.
  bool is_unclear() const;

  /// What it takes to look at it, beside matching.
  std::size_t steps_to_read() const;

  /// Whether it matches. `path` goes from the folder of the file with the pattern, without a slash at either end. A
  /// symlink is no folder. Takes at most as many steps as the pattern has characters times those of the path, and 16
  /// for each between brackets; false once the budget is spent.
  bool matches(std::string_view path, bool is_folder, StepBudget& budget) const;

  /// Whether it could match, however it is read.
  bool may_match(std::string_view path, bool is_folder) const;
};

/// A rule that nobody should rely on.
struct UnclearRule {
  std::string file;
  std::string what;  ///< said of the file: "holds a NUL"
};

/// That of a line with an unclear pattern, of which the beginning is shown.
UnclearRule unclear_pattern(const std::string& file, std::string_view line);

}  // namespace readyctl
