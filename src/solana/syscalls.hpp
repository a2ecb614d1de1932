// Syscalls: the functions of the runtime that programs call by name, and which feature lets or forbids a new program
// to call each.
//
// Source: anza-xyz/agave syscalls/src/lib.rs (what is registered for deployment), feature-set/src/lib.rs (keys), both
// of version 4.3, tried one by one on litesvm; anza-xyz/sbpf src/ebpf.rs (the key of a name: Murmur3, 32 bits, seed 0).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "solana/pubkey.hpp"

namespace readyctl {

struct Syscall {
  std::string_view name;
  std::optional<Pubkey> enabled_by;   ///< a feature that must be active
  std::optional<Pubkey> disabled_by;  ///< a feature that must not be
  bool is_deployable = true;          ///< false: old programs may call it, and no new one
};

/// All that are known.
std::span<const Syscall> syscalls();

/// By its name, as SBPF v0 to v2 call it; null when there is none.
const Syscall* syscall_named(std::string_view name);

/// By its key, as SBPF v3 calls it; null when there is none.
const Syscall* syscall_with_key(std::uint32_t key);

/// The number that stands for a name in a call.
std::uint32_t syscall_key(std::string_view name);

}  // namespace readyctl
