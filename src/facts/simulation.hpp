// Facts about what a transaction would do if it were sent now. Nothing is sent, and nothing is signed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "facts/fact.hpp"
#include "solana/amounts.hpp"

namespace readyctl {

/// What an endpoint says of a transaction that it ran and threw away. All text is the endpoint's: printable and cut.
struct Simulation {
  std::optional<std::string> error;    ///< as it writes it: `{"InstructionError":[0,"IncorrectAuthority"]}`
  std::optional<std::string> reason;   ///< the last line that a program logged, where it failed
  std::optional<std::uint64_t> units;  ///< compute units; old endpoints do not say
  Slot slot;                           ///< of the state that it ran on
};

namespace facts {

/// The transaction run on finalized state, signatures unchecked, with a recent blockhash in place of its own: so the
/// question is the same whenever it is asked. Unobtainable (rpc-error, refused): the endpoint does not simulate.
Fact<Simulation> simulation(ByteView transaction);

}  // namespace facts
}  // namespace readyctl
