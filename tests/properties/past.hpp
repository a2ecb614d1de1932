// Past: what the chain answers besides accounts: how a program was deployed and upgraded, who made the buffers, and
// whether the next upgrade would execute.
#pragma once

#include "properties/world.hpp"

namespace readyctl::test {

/// A pack of gates about it, each of which fails in one of `broken_pasts`.
PackFile pack_of_the_past();

/// Makes a world of which the gates of the pack are true. `payer` is a key of ours.
void put_past(World& world, const std::string& multisig, const std::string& payer);

/// What can be wrong with it, by the kind that must fail.
std::vector<Broken> broken_pasts(const World& healthy, const std::string& payer);

}  // namespace readyctl::test
