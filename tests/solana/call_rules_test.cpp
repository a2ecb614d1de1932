#include "solana/call_rules.hpp"

#include "solana/loader_instructions.hpp"
#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

// Of the loader's instructions four; of other programs all, but for loaders and what the runtime itself computes.
TEST_CASE("programs may call what the runtime lets them", "[solana]") {
  const auto loader = [](const Bytes& data) { return may_be_called({known::loader_v3, {}, data}); };
  for (const std::uint8_t tag : Bytes{3, 4, 5, 7}) CHECK(loader({tag, 0, 0, 0}));
  for (const std::uint8_t tag : Bytes{0, 1, 2, 6, 8, 9, 10}) CHECK_FALSE(loader({tag, 0, 0, 0}));
  CHECK_FALSE(loader({}));
  CHECK(may_be_called(upgrade_instruction({Pubkey{{1}}, Pubkey{{2}}, Pubkey{{3}}, Pubkey{{4}}})));
  CHECK_FALSE(may_be_called(extend_instruction(Pubkey{{1}}, Pubkey{{2}}, 10'240)));
  for (const Pubkey& program : {known::native_loader, known::loader_v1, known::loader_v2, known::ed25519_program,
                                known::secp256k1_program, known::secp256r1_program}) {
    CHECK_FALSE(may_be_called({program, {}, {3}}));
  }
  for (const Pubkey& program : {known::system_program, known::compute_budget, known::memo, known::squads_v4}) {
    CHECK(may_be_called({program, {}, {1}}));
  }
}
