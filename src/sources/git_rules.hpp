// Git rules: whether the .gitignore and .gitattributes of a working tree say what the commit says.
//
// libgit2 opens them by path, follows links, waits for a FIFO, and takes exponential time for some patterns. So each is
// looked at here before libgit2 is asked anything that it decides.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "sources/git_entry.hpp"

namespace readyctl {

/// The text without the CR before each LF, which a checkout may have put there.
std::string without_cr(std::string_view text);

/// A file of the tree, opened to be looked at and not to be read: no symlink is followed, also not as its last part.
/// errno says why there is none.
Descriptor open_beneath(const Descriptor& root, const std::string& path);

/// The name under which the kernel reopens exactly this file, whatever becomes of its path.
std::string reopened(const Descriptor& file);

class GitRules {
 public:
  /// Of the tree at `root`. All must outlive it.
  GitRules(const Descriptor& root, const GitEntries& committed, const GitEntries& indexed)
      : root_(root), committed_(committed), indexed_(indexed) {}
  GitRules(const GitRules&) = delete;
  GitRules& operator=(const GitRules&) = delete;

  /// Why the files of this name (".gitignore"), from the root down to the folder that `path` lies in, cannot be asked
  /// about it: one is no regular file, is longer than 1 MiB, is not as committed, or has a pattern with more than two
  /// steps `**` before its last one. None: they can.
  std::optional<std::string> objection(std::string_view path, const std::string& name);

 private:
  std::optional<std::string> look_at(const std::string& file) const;

  const Descriptor& root_;
  const GitEntries& committed_;
  const GitEntries& indexed_;
  std::map<std::string, std::optional<std::string>> known_;  // by path
};

}  // namespace readyctl
