// Catalogue: every gate kind there is. Explicit on purpose: a stable order, nothing that a linker can drop.
#pragma once

#include <span>
#include <string_view>

#include "engine/kind.hpp"

namespace readyctl {

GateKind artifact_hash();
GateKind balance();
GateKind dependency();
GateKind deployment_transaction();
GateKind durable_nonces();
GateKind elf_compatibility();
GateKind elf_identity();
GateKind execution_window();
GateKind freeze_held();
GateKind idl();
GateKind pending_proposals();
GateKind program_hash();
GateKind program_state();
GateKind release_freeze();
GateKind role_separation();
GateKind rollback();
GateKind rpc_health();
GateKind signing_quorum();
GateKind spending_limits();
GateKind stray_buffers();
GateKind token_account();
GateKind token_mint();
GateKind treasury_pda();
GateKind upgrade_authority();
GateKind upgrade_buffer();
GateKind upgrade_history();
GateKind upgrade_proposal();
GateKind upgrade_simulation();
GateKind verified_build();

/// All kinds, in alphabetical order.
const std::vector<GateKind>& catalogue();

}  // namespace readyctl
