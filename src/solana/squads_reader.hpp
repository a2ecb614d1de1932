// The start of every Squads v4 decoder: a Reader that has passed the discriminator.
#pragma once

#include "solana/reader.hpp"
#include "solana/squads.hpp"

namespace readyctl {

/// A reader behind the discriminator of `expected`. It has failed when the data is another Squads account (named in the
/// error), another discriminator, or shorter than one.
Reader squads_reader(SquadsAccount expected, ByteView data);

}  // namespace readyctl
