// Catalogue: every gate kind there is. Explicit on purpose: a stable order, nothing that a linker can drop.
#pragma once

#include <span>
#include <string_view>

#include "engine/kind.hpp"

namespace readyctl {

GateKind artifact_hash();
GateKind balance();
GateKind program_hash();
GateKind program_state();
GateKind release_freeze();
GateKind rpc_health();
GateKind token_account();
GateKind token_mint();
GateKind treasury_pda();
GateKind upgrade_authority();

/// All kinds, in alphabetical order.
const std::vector<GateKind>& catalogue();

}  // namespace readyctl
