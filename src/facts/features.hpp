// Facts about features of the runtime.
#pragma once

#include "facts/fact.hpp"
#include "solana/feature.hpp"

namespace readyctl::facts {

/// Where a feature stands on the cluster. No account, or one of another owner: not proposed. Absent: an account of the
/// Feature program that does not decode.
Fact<FeatureState> feature(const Pubkey& address);

}  // namespace readyctl::facts
