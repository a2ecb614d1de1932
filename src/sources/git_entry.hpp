// What git has recorded of a tree: files by path.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

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

/// Whether a blob of this text is what the commit or the index has.
inline bool has_content(const GitEntry& entry, std::string_view text) {
  git_oid id{};
  return git_odb_hash(&id, text.data(), text.size(), GIT_OBJECT_BLOB) == 0 && git_oid_equal(&id, &entry.id) != 0;
}

/// Files by path; git's own bytes, sorted.
using GitEntries = std::map<std::string, GitEntry>;

}  // namespace readyctl
