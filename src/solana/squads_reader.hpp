// The start of every Squads v4 decoder: a Reader that has passed the discriminator.
#pragma once

#include "solana/reader.hpp"
#include "solana/squads.hpp"
#include "solana/squads_spending.hpp"

namespace readyctl {

/// A reader behind the discriminator of `expected`. It has failed when the data is another Squads account (named in the
/// error), another discriminator, or shorter than one.
Reader squads_reader(SquadsAccount expected, ByteView data);

/// The period of a spending limit, one byte. Fails when it is more than 3.
SpendingPeriod read_spending_period(Reader& reader);

}  // namespace readyctl
