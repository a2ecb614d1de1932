// Replay: the same gates decided again, by the same code, over what was recorded.
#pragma once

#include <vector>

#include "engine/kind.hpp"
#include "facts/source.hpp"
#include "report/statement.hpp"

namespace readyctl {

/// Decides the statement's packs and manifest again over `recorded` and compares. By the version that wrote the
/// statement the findings must be the same bytes; by another one, outcomes and observations must be the same, and only
/// wording may differ. Errors (kind `not_relied`): the first gate that comes out differently, and how.
Result<void> replay(const Statement& statement, const std::vector<GateKind>& kinds, Source& recorded);

}  // namespace readyctl
