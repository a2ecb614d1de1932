// Which tags name the commit that a checkout is at. For writing a release, not for deciding one: a gate asks for the
// tag that it expects.
#pragma once

#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/result.hpp"

namespace readyctl {

/// The tags, annotated or not, that point to HEAD of the checkout beneath `root`, without refs/tags/, in order of their
/// names; none when HEAD has no commit. Errors (kind `unreadable`): the checkout cannot be opened.
Result<std::vector<std::string>> tags_at_head(const Folder& root, const std::string& checkout);

}  // namespace readyctl
