// Ignore rules: what one .gitignore says of a path.
//
// libgit2 has matching of its own, which leaves out rules that begin with `!`, takes a link to a folder for a folder,
// and needs exponential time for some patterns. What git ignores decides what a release may hold, so it is decided
// here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace readyctl {

/// Source: gitignore(5); add_patterns_from_buffer in git's dir.c, and wildmatch.c.
class IgnoreRules {
 public:
  /// Of the whole text of a file; any text is one.
  static IgnoreRules parse(std::string_view text);

  /// What the last rule that matches says: whether the path is ignored. None: no rule matches. `path` goes from the
  /// folder of the file, without a slash at either end. A symlink is no folder. Adds to `steps` what it took: at most
  /// the length of the rules times that of the path, and mostly a small part of it.
  std::optional<bool> decide(std::string_view path, bool is_folder, std::size_t& steps) const;

  /// The first pattern with `**` beside other characters in a path, which git reads otherwise than gitignore(5) says,
  /// or with a class of characters by name: nobody should rely on what it matches, and `decide` does not. None: none
  /// is.
  const std::optional<std::string>& unclear() const { return unclear_; }

 private:
  struct Rule {
    std::string pattern;        // without what is told by the other members
    bool says_ignored = true;   // it does not begin with `!`
    bool only_folders = false;  // it ends in a slash
    bool is_path = false;       // it has another slash: of the whole path, and not of the last name in it
  };
  void add(std::string_view line);

  std::vector<Rule> rules_;
  std::optional<std::string> unclear_;
};

}  // namespace readyctl
