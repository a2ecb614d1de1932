// Whether a file of the working tree holds what git has committed for it: read, and never believed by its time stamps.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "facts/git.hpp"
#include "sources/git_rules.hpp"

namespace readyctl {

/// How a working file compares with its entry.
struct Compared {
  enum class How { same, normalised, lfs, absent, modified, type_changed, mode_changed, doubtful };
  How how = How::same;
  DoubtKind doubt = DoubtKind::unreadable;  ///< for doubtful
  std::string detail;
};

/// The content that a Git LFS pointer stands for. Source: git-lfs docs/spec.md, version 1.
struct LfsPointer {
  Sha256 sha256;
  std::uint64_t size = 0;
};
std::optional<LfsPointer> parse_lfs_pointer(std::string_view text);

/// Reads files of one working tree. No symlink is followed on the way to them.
class WorkingFiles {
 public:
  /// What is committed, what is indexed, and what is left for rules must outlive it.
  WorkingFiles(git_repository* repository, const std::filesystem::path& root, const GitEntries& committed,
               const GitEntries& indexed, RulesLimits& rules_left);

  /// `path` from the root of the repository. Attributes are those of the commit; filters that are programs are not run.
  Compared compare(const std::string& path, const GitEntry& entry);

  GitRules& rules() { return rules_; }

 private:
  Compared compare_link(const Descriptor& link, const GitEntry& entry) const;
  Compared compare_file(const std::string& path, const Descriptor& file, std::uint64_t size, const GitEntry& entry);
  Compared compare_lfs(const std::string& real_path, std::uint64_t size, const GitEntry& entry) const;
  Compared compare_normalised(const std::string& real_path, const GitEntry& entry, const Attributes& attributes) const;

  git_repository* repository_;
  Descriptor root_;
  GitRules rules_;
  bool trusts_mode_;
  bool has_symlinks_;
  bool guesses_text_;  // core.autocrlf: of what the attributes say nothing of
};

}  // namespace readyctl
