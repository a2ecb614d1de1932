#include "kinds/catalogue.hpp"

namespace readyctl {

const std::vector<GateKind>& catalogue() {
  static const std::vector<GateKind> kinds{artifact_hash(),  balance(),          program_hash(),  program_state(),
                                           release_freeze(), rpc_health(),       token_account(), token_mint(),
                                           treasury_pda(),   upgrade_authority()};
  return kinds;
}

}  // namespace readyctl
