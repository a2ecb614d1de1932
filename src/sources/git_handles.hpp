// Handles of libgit2 that free themselves, and its errors as words. Only the git source includes this.
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "base/text.hpp"

namespace readyctl {

template <auto release>
struct Releases {
  template <class T>
  void operator()(T* handle) const {
    release(handle);
  }
};

using Repository = std::unique_ptr<git_repository, Releases<git_repository_free>>;
using GitConfig = std::unique_ptr<git_config, Releases<git_config_free>>;
using GitConfigIterator = std::unique_ptr<git_config_iterator, Releases<git_config_iterator_free>>;
using GitIndex = std::unique_ptr<git_index, Releases<git_index_free>>;
using GitReference = std::unique_ptr<git_reference, Releases<git_reference_free>>;
using GitObject = std::unique_ptr<git_object, Releases<git_object_free>>;
using GitCommit = std::unique_ptr<git_commit, Releases<git_commit_free>>;
using GitTree = std::unique_ptr<git_tree, Releases<git_tree_free>>;
using GitBlob = std::unique_ptr<git_blob, Releases<git_blob_free>>;

/// A buffer that libgit2 fills.
struct GitBuffer : git_buf {
  GitBuffer() : git_buf{} {}
  ~GitBuffer() { git_buf_dispose(this); }
  GitBuffer(const GitBuffer&) = delete;
  GitBuffer& operator=(const GitBuffer&) = delete;

  std::string_view text() const { return {ptr == nullptr ? "" : ptr, size}; }
};

/// What libgit2 says of its last failure on this thread.
inline std::string git_words() {
  const git_error* error = git_error_last();
  return error == nullptr || error->message == nullptr ? "no reason given" : printable(error->message);
}

inline std::string to_hex(const git_oid& id) {
  char digits[GIT_OID_HEXSZ + 1];
  return git_oid_tostr(digits, sizeof digits, &id);
}

}  // namespace readyctl
