// Whether a file of the working tree holds what git has committed for it: read, and never believed by its time stamps.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "facts/git.hpp"
#include "sources/git_handles.hpp"

namespace readyctl {

/// What a commit or the index has for one path.
struct GitEntry {
  git_oid id{};
  std::uint32_t mode = 0;  ///< git's: 0100644, 0100755, 0120000 (symlink), 0160000 (submodule)
};

inline bool same_entry(const GitEntry& a, const GitEntry& b) {
  return a.mode == b.mode && git_oid_equal(&a.id, &b.id) != 0;
}

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
  WorkingFiles(git_repository* repository, const std::filesystem::path& root);

  /// `path` from the root of the repository. Attributes are git's; filters that are programs are not run.
  Compared compare(const std::string& path, const GitEntry& entry) const;

 private:
  Compared compare_link(const Descriptor& link, const GitEntry& entry) const;
  Compared compare_file(const std::string& path, const Descriptor& file, std::uint64_t size,
                        const GitEntry& entry) const;
  Compared compare_lfs(const std::string& real_path, std::uint64_t size, const GitEntry& entry) const;
  Compared compare_normalised(const std::string& path, const std::string& real_path, const GitEntry& entry) const;

  bool attribute_says_text(const std::string& path) const;
  std::optional<std::string> attribute(const std::string& path, const char* name) const;

  git_repository* repository_;
  Descriptor root_;
  bool trusts_mode_;
  bool has_symlinks_;
};

}  // namespace readyctl
