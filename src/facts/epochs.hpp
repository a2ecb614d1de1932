// Facts about epochs.
#pragma once

#include "facts/fact.hpp"
#include "solana/sysvars.hpp"

namespace readyctl::facts {

/// The EpochSchedule sysvar.
Fact<EpochSchedule> epoch_schedule();

}  // namespace readyctl::facts
