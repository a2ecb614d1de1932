// Finding and opening a checkout, with a name for each reason why that does not work.
//
// libgit2 is initialised on first use and reads the repository's own configuration only: no configuration of the user
// or the machine, no hook, file system monitor, filter program or credential helper has a part in what is read.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "facts/answer.hpp"
#include "sources/git_handles.hpp"

namespace readyctl {

template <class T>
using Obtained = tl::expected<T, Unobtainable>;

inline tl::unexpected<Unobtainable> no_git(std::string cause, std::string what, Retry retry = Retry::never) {
  return tl::unexpected<Unobtainable>(Unobtainable{std::move(cause), std::move(what), retry});
}

/// What a failure to read an object means: it is missing, or the repository is damaged.
tl::unexpected<Unobtainable> unreadable_object(int error, const std::string& what);

struct Checkout {
  Repository repository;
  std::filesystem::path working_tree;
  std::filesystem::path git_folder;     ///< of this checkout: HEAD, index, state of merges
  std::filesystem::path common_folder;  ///< of the repository: objects, refs, configuration
  std::optional<std::string> foreign_owner;
};

enum class Search { upward, here_only };

/// The checkout that holds the folder `start`, an absolute path; `name` is what messages call it.
///
/// causes: git-no-repository, git-bare, git-object-format, git-extension, git-corrupt, git-owner.
///
/// A checkout that another user owns is refused as git refuses it, although reading runs nothing of his: he may change
/// it between this look and the build. Who trusts him says so to git (safe.directory), and the state names him.
Obtained<Checkout> open_checkout(const std::filesystem::path& start, const std::string& name, Search search);

/// One value of the repository's own configuration.
std::optional<std::string> config_value(git_config* config, const char* name);
bool config_flag(git_config* config, const char* name, bool otherwise);

}  // namespace readyctl
