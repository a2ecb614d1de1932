#include "kinds/catalogue.hpp"

namespace readyctl {

const std::vector<GateKind>& catalogue() {
  static const std::vector<GateKind> kinds{artifact_hash(),     balance(),
                                           dependency(),        deployment_transaction(),
                                           durable_nonces(),    elf_compatibility(),
                                           elf_identity(),      execution_window(),
                                           freeze_held(),       idl(),
                                           pending_proposals(), program_hash(),
                                           program_state(),     release_freeze(),
                                           role_separation(),   rollback(),
                                           rpc_health(),        signing_quorum(),
                                           spending_limits(),   stray_buffers(),
                                           token_account(),     token_mint(),
                                           treasury_pda(),      upgrade_authority(),
                                           upgrade_buffer(),    upgrade_history(),
                                           upgrade_proposal(),  upgrade_simulation(),
                                           verified_build()};
  return kinds;
}

}  // namespace readyctl
