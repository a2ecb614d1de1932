// Squads v4 vaults, backwards: which vault of a multisig an address is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "solana/pubkey.hpp"

namespace readyctl {

/// So many vaults a multisig can have: their index is one byte.
inline constexpr unsigned vaults_max = 256;

/// How many multisigs may stand behind one another below the first. Of more, nobody says who holds what the first
/// holds.
inline constexpr std::size_t nested_multisigs_max = 4;

/// The index below `indexes` with which the multisig derives to `vault`; none where it does not.
std::optional<std::uint8_t> vault_index_of(const Pubkey& vault, const Pubkey& multisig, unsigned indexes = vaults_max);

}  // namespace readyctl
