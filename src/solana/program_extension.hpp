// Room for code: how large a program can become, and in what steps.
//
// Sources: agave programs/bpf_loader lib.rs, Upgrade and ExtendProgram; SIMD-0431; solana-sdk loader-v3-interface
// MINIMUM_EXTEND_PROGRAM_BYTES, system-interface MAX_PERMITTED_DATA_LENGTH.
#pragma once

#include <cstdint>
#include <optional>

#include "solana/loader.hpp"

namespace readyctl {

/// Of any account.
inline constexpr std::uint64_t account_bytes_max = 10'485'760;
inline constexpr std::uint64_t code_bytes_max = account_bytes_max - programdata_header_bytes;
inline constexpr std::uint64_t extension_bytes_min = 10'240;

/// Whether ExtendProgram takes small steps: not once SIMD-0431 is active.
enum class ExtensionSteps { any, at_least_minimum };

/// How much can still be added to a ProgramData account of so many bytes.
std::uint64_t headroom_of(std::uint64_t programdata_bytes);

/// The fewest bytes that ExtendProgram must add for `missing` (more than 0) more; none when they cannot be had: an
/// account can hold no more.
std::optional<std::uint64_t> least_extension(std::uint64_t programdata_bytes, std::uint64_t missing,
                                             ExtensionSteps steps);

/// Whether ExtendProgram takes this step.
bool extension_is_taken(std::uint64_t programdata_bytes, std::uint64_t additional_bytes, ExtensionSteps steps);

}  // namespace readyctl
