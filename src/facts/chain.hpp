// Facts about the chain as a whole.
#pragma once

#include <string>

#include "facts/fact.hpp"
#include "solana/amounts.hpp"

namespace readyctl {

/// A recent finalized blockhash: proof that what quotes it was not made earlier.
struct Blockhash {
  std::string hash;  ///< base58
  Slot slot;         ///< context slot of the answer
};

namespace facts {

Fact<Blockhash> latest_blockhash();

}  // namespace facts
}  // namespace readyctl
