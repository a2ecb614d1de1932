// Git rules: what the .gitignore and .gitattributes of a working tree say, as far as that is what the commit says.
//
// Whoever may write into a checkout could hide files by them, or make them count as converted. libgit2 would open them
// by path, follow links, wait for a FIFO, and take exponential time for some patterns: it is not asked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/files.hpp"
#include "sources/attribute_rules.hpp"
#include "sources/git_entry.hpp"
#include "sources/ignore_rules.hpp"

namespace readyctl {

/// The text without the CR before each LF, which a checkout may have put there.
std::string without_cr(std::string_view text);

/// The text without what the attribute `ident` puts into a checkout: "$Id$" in place of "$Id: ID $". git takes out
/// whatever stands between "$Id:" and the next dollar sign, where code could stand.
std::string without_id(std::string_view text, const std::string& id);

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

/// How much of the rules of one checkout is looked at, its submodules included, before they are objected to.
struct RulesLimits {
  std::size_t bytes = std::size_t{4} << 20;  ///< of all files of rules
  StepBudget steps{1'000'000'000};           ///< to compare them with paths; some seconds
};

class GitRules {
 public:
  /// Of the tree at `root`. All must outlive it. What it takes goes off `left`.
  GitRules(const Descriptor& root, const GitEntries& committed, const GitEntries& indexed, RulesLimits& left)
      : root_(root), committed_(committed), indexed_(indexed), left_(left) {}
  GitRules(const GitRules&) = delete;
  GitRules& operator=(const GitRules&) = delete;

  /// An objection to a file of rules: it is no regular file, is longer than 1 MiB or than what is left for all rules,
  /// is not as committed, or a rule in it that may decide may be read in different ways; and to all of them once there
  /// are no steps left.
  template <class T>
  using Found = tl::expected<T, RulesObjection>;

  /// Whether the .gitignore files from the root down to the folder that `path` lies in say that it is ignored. Of the
  /// folders above it nothing is asked: within an ignored one everything is.
  Found<bool> is_ignored(std::string_view path, bool is_folder);

  /// What the .gitattributes files from the root down say of a file.
  Found<Attributes> attributes_of(std::string_view path);

 private:
  /// The committed text. Empty where there is no such file.
  Found<std::string> text_of(const std::string& file);
  template <class Rules>
  const Found<Rules>& rules_of(const std::string& file, std::map<std::string, Found<Rules>>& known);

  const Descriptor& root_;
  const GitEntries& committed_;
  const GitEntries& indexed_;
  RulesLimits& left_;
  std::map<std::string, Found<IgnoreRules>> ignore_rules_;        // by path
  std::map<std::string, Found<AttributeRules>> attribute_rules_;  // by path
};

}  // namespace readyctl
