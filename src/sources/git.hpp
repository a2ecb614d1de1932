// Git: reads the state of a checkout with libgit2. Nothing is written and no program is run.
#pragma once

#include "base/files.hpp"
#include "facts/answer.hpp"
#include "facts/request.hpp"

namespace readyctl {

/// The state of the checkout that `request` names beneath `root`, as git_payload has it; from "local". The repository
/// may begin further up: release.json can lie in a folder of it.
///
/// causes: not-permitted (the path leads out of `root`), missing, git-no-repository, git-bare, git-object-format,
/// git-extension, git-owner, git-index, git-missing-objects, git-corrupt, moved (it changed while it was read).
Answer read_git(const Folder& root, const GitRequest& request);

/// The URL without what may be a credential: user, password, query, fragment.
std::string without_credentials(std::string_view url);

}  // namespace readyctl
