// Comparing a whole working tree with the commit at HEAD: through the index, file by file, submodules included.
#pragma once

#include <string>
#include <vector>

#include "sources/git_content.hpp"
#include "sources/git_repository.hpp"

namespace readyctl {

/// The part of a tree that somebody asked for.
class Scope {
 public:
  /// Paths from the root of the repository; none at all, or ".", is the whole tree.
  explicit Scope(const std::vector<std::string>& paths);

  bool covers(const std::string& path) const;
  /// Whether the submodule is in it, or something inside of the submodule is.
  bool touches(const std::string& submodule) const;
  /// The paths that cover none of the entries.
  std::vector<std::string> unmatched(const GitEntries& entries) const;

 private:
  std::vector<std::string> paths_;
};

/// The parts of a GitState that concern files.
struct TreeState {
  std::uint32_t tracked = 0;
  std::vector<std::string> unmatched;
  GitList<GitChange> changes;
  GitList<std::string> untracked;
  GitList<GitDoubt> unsettled;
  GitList<GitDoubt> doubts;
  GitList<GitSubmodule> submodules;
  std::uint32_t normalised = 0;
  std::uint32_t lfs_verified = 0;
};

/// All files of a commit. causes: git-missing-objects, git-corrupt.
Obtained<GitEntries> entries_of(git_repository* repository, const git_oid& commit);

/// causes as above, and git-index: an index that libgit2 cannot read.
Obtained<GitIndex> index_of(const Checkout& checkout, const std::string& name);

/// Compares commit and index, index and working files. The index is read and never refreshed. What its rules take goes
/// off `rules_left`.
TreeState compare_tree(const Checkout& checkout, git_index* index, const GitEntries& committed, const Scope& scope,
                       RulesLimits& rules_left, int depth = 0);

/// The commit at HEAD; nullopt when the branch has none. causes: git-missing-objects, git-corrupt.
Obtained<std::optional<git_oid>> head_of(git_repository* repository, const std::string& name);

}  // namespace readyctl
