// Ignore rules: what one .gitignore says of a path.
//
// libgit2 has matching of its own, which leaves out rules that begin with `!`, takes a link to a folder for a folder,
// and needs exponential time for some patterns. What git ignores decides what a release may hold, so it is decided
// here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace readyctl {

/// A rule that nobody should rely on.
struct UnclearRule {
  std::string file;
  std::string pattern;  ///< as it is written there
};

/// What rules say of a path, those of the folder furthest down first.
struct IgnoreDecision {
  std::optional<bool> ignored;                  ///< what the last rule that matches says; none: none matches
  std::optional<UnclearRule> unclear_ignoring;  ///< a rule before that one was found that may match, and ignores
  std::optional<UnclearRule> unclear_keeping;   ///< the same that begins with `!`

  bool is_ignored() const { return ignored.value_or(false); }
  /// The unclear rule on which it depends whether the path is ignored. None: it does not.
  const std::optional<UnclearRule>& doubt() const { return is_ignored() ? unclear_keeping : unclear_ignoring; }
};

/// Unclear is a rule with `**` beside other characters in a path, which git reads otherwise than gitignore(5) says,
/// with a class of characters by name, or with a NUL: nobody should rely on what it matches. Source: gitignore(5);
/// add_patterns_from_buffer in git's dir.c, and wildmatch.c.
class IgnoreRules {
 public:
  /// Of the whole text of a file, less than 4 GiB; any text is one. `file` names it in an UnclearRule.
  static IgnoreRules parse(std::string text, std::string file = ".gitignore");

  /// Adds what these rules say to `decision`, unless that is made. `path` goes from the folder of the file, without a
  /// slash at either end. A symlink is no folder. Adds to `steps` what it took: at most the length of the rules times
  /// that of the path, and mostly a small part of it.
  void decide(std::string_view path, bool is_folder, std::size_t& steps, IgnoreDecision& decision) const;

 private:
  struct Rule {
    std::uint32_t begin = 0;  // in the text: the pattern, without what is told by the other members
    std::uint32_t size = 0;
    bool says_ignored = true;   // it does not begin with `!`
    bool only_folders = false;  // it ends in a slash
    bool is_path = false;       // it has another slash: of the whole path, and not of the last name in it
    bool is_unclear = false;
  };
  void add(std::string_view line);
  std::string_view pattern_of(const Rule& rule) const { return std::string_view(text_).substr(rule.begin, rule.size); }
  UnclearRule unclear(const Rule& rule) const;

  std::string file_;
  std::string text_;
  std::vector<Rule> rules_;
};

}  // namespace readyctl
