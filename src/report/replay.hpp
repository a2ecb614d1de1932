// Replay: the same gates decided again, by the same code, over what was recorded.
#pragma once

#include <vector>

#include "engine/kind.hpp"
#include "facts/source.hpp"
#include "report/statement.hpp"

namespace readyctl {

/// Decides the statement's packs and manifest again over `recorded`, whose facts are `facts`, and compares everything
/// that follows from them: that enough providers agree on each fact, verdict, severities, findings, times, values,
/// whose word they rest on. By the version that wrote the statement it must be the same to the byte; by another one,
/// only wording may differ. What no evidence can show is not compared: which binary decided, which options weakened it,
/// the report before it. Errors (kind `not_relied`): the first difference, by gate or by JSON pointer, and both sides
/// of it.
Result<void> replay(const Statement& statement, const std::vector<GateKind>& kinds, Source& recorded,
                    const FactStore& facts);

}  // namespace readyctl
