// Git rules: whether the .gitignore and .gitattributes of a working tree say what the commit says.
//
// libgit2 opens them by path, follows links, waits for a FIFO, and takes exponential time for some patterns. So each is
// looked at here before libgit2 is asked what attributes a path has; whether it is ignored, libgit2 is not asked at
// all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/files.hpp"
#include "sources/git_entry.hpp"
#include "sources/ignore_rules.hpp"

namespace readyctl {

/// The text without the CR before each LF, which a checkout may have put there.
std::string without_cr(std::string_view text);

/// A file of the tree, opened to be looked at and not to be read: no symlink is followed, also not as its last part.
/// errno says why there is none.
Descriptor open_beneath(const Descriptor& root, const std::string& path);

/// The name under which the kernel reopens exactly this file, whatever becomes of its path.
std::string reopened(const Descriptor& file);

/// Why the rules about a path cannot be relied on.
struct RulesObjection {
  std::string file;         ///< that holds them
  std::string what;         ///< names it: ".gitignore is not as committed"
  bool is_changed = false;  ///< it is not as committed, or gone
};

/// How much of the rules of one tree is looked at, before they are objected to.
struct RulesLimits {
  std::size_t bytes = std::size_t{4} << 20;          ///< of all files of rules
  std::size_t ignoring_steps = 1'000'000'000;        ///< to decide what is ignored; a second or so
  std::size_t attribute_steps = 10'000'000'000;      ///< that libgit2 may need at most, for all paths
  std::size_t attribute_steps_of_path = 10'000'000;  ///< the same for one path
};

/// How often `*` begins anew in a line of .gitattributes: for each, libgit2 tries every place that it may reach.
struct StarsOfLine {
  std::uint8_t in_names = 0;    ///< `*`, which ends with the name
  std::uint8_t of_folders = 0;  ///< `**` as a name of its own, before others
  std::uint8_t anywhere = 0;    ///< `**` elsewhere
};

class GitRules {
 public:
  /// Of the tree at `root`. All must outlive it.
  GitRules(const Descriptor& root, const GitEntries& committed, const GitEntries& indexed, RulesLimits limits = {})
      : root_(root), committed_(committed), indexed_(indexed), left_(limits) {}
  GitRules(const GitRules&) = delete;
  GitRules& operator=(const GitRules&) = delete;

  template <class T>
  using Found = tl::expected<T, RulesObjection>;

  /// Whether the .gitignore files from the root down to the folder that `path` lies in say that it is ignored. Of the
  /// folders above it nothing is asked: within an ignored one everything is. An objection to any of them, if it is no
  /// regular file, is longer than 1 MiB or than what is left for all rules, is not as committed, or has a pattern that
  /// may be read in different ways; and to all of them once there are no steps left.
  Found<bool> is_ignored(std::string_view path, bool is_folder);

  /// Why the .gitattributes files from the root down cannot be asked about `path`: one is no regular file, is longer
  /// than 1 MiB or than what is left for all rules, is not as committed, or libgit2 might need more steps than there
  /// may be. None: they can.
  std::optional<RulesObjection> objection_to_attributes(std::string_view path);

 private:
  /// Empty where there is no such file.
  Found<std::string> text_of(const std::string& file);
  const Found<IgnoreRules>& ignore_rules(const std::string& file);
  const Found<std::vector<StarsOfLine>>& attribute_stars(const std::string& file);

  const Descriptor& root_;
  const GitEntries& committed_;
  const GitEntries& indexed_;
  RulesLimits left_;
  std::map<std::string, Found<IgnoreRules>> ignore_rules_;                  // by path
  std::map<std::string, Found<std::vector<StarsOfLine>>> attribute_stars_;  // by path: of each of their lines
};

}  // namespace readyctl
