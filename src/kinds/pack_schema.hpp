// The published JSON Schema of gate packs.
#pragma once

#include <vector>

#include "engine/kind.hpp"

namespace readyctl {

/// JSON Schema (draft 2020-12) of a pack, with the parameters of every kind. `${name}` is accepted where a typed value
/// stands; what it becomes is checked when a run knows it.
Json pack_schema(const std::vector<GateKind>& kinds);

}  // namespace readyctl
