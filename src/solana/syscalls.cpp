#include "solana/syscalls.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/bytes.hpp"
#include "solana/feature.hpp"

namespace readyctl {
namespace {

constexpr Syscall always(std::string_view name) { return {name, std::nullopt, std::nullopt}; }
constexpr Syscall with(const Pubkey& feature, std::string_view name) { return {name, feature, std::nullopt}; }
constexpr Syscall until(const Pubkey& feature, std::string_view name) { return {name, std::nullopt, feature}; }
constexpr Syscall no_longer(std::string_view name) { return {name, std::nullopt, std::nullopt, false}; }

constexpr std::array known_syscalls = {
    always("abort"),
    always("sol_panic_"),
    always("sol_log_"),
    always("sol_log_64_"),
    always("sol_log_pubkey"),
    always("sol_log_compute_units_"),
    always("sol_log_data"),
    always("sol_create_program_address"),
    always("sol_try_find_program_address"),
    always("sol_sha256"),
    always("sol_keccak256"),
    always("sol_secp256k1_recover"),
    always("sol_get_clock_sysvar"),
    always("sol_get_epoch_schedule_sysvar"),
    always("sol_get_rent_sysvar"),
    always("sol_get_epoch_rewards_sysvar"),
    always("sol_memcpy_"),
    always("sol_memmove_"),
    always("sol_memset_"),
    always("sol_memcmp_"),
    always("sol_get_processed_sibling_instruction"),
    always("sol_get_stack_height"),
    always("sol_set_return_data"),
    always("sol_get_return_data"),
    always("sol_invoke_signed_c"),
    always("sol_invoke_signed_rust"),
    with(features::blake3_syscall_enabled, "sol_blake3"),
    with(features::curve25519_syscall_enabled, "sol_curve_validate_point"),
    with(features::curve25519_syscall_enabled, "sol_curve_group_op"),
    with(features::curve25519_syscall_enabled, "sol_curve_multiscalar_mul"),
    with(features::enable_bls12_381_syscall, "sol_curve_decompress"),
    with(features::enable_bls12_381_syscall, "sol_curve_pairing_map"),
    with(features::last_restart_slot_sysvar, "sol_get_last_restart_slot"),
    with(features::enable_alt_bn128_syscall, "sol_alt_bn128_group_op"),
    with(features::enable_alt_bn128_compression_syscall, "sol_alt_bn128_compression"),
    with(features::enable_big_mod_exp_syscall, "sol_big_mod_exp"),
    with(features::enable_poseidon_syscall, "sol_poseidon"),
    with(features::enable_sha512_syscall, "sol_sha512"),
    with(features::remaining_compute_units_syscall_enabled, "sol_remaining_compute_units"),
    with(features::get_sysvar_syscall_enabled, "sol_get_sysvar"),
    with(features::enable_get_epoch_stake_syscall, "sol_get_epoch_stake"),
    until(features::disable_fees_sysvar, "sol_get_fees_sysvar"),
    no_longer("sol_alloc_free_"),
};

std::uint32_t scrambled(std::uint32_t block) { return std::rotl(block * 0xcc9e2d51U, 15) * 0x1b873593U; }

std::uint32_t block_at(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint32_t block = 0;
  for (std::size_t i = 0; i < size; ++i) block |= std::uint32_t{bytes[at + i]} << (8 * i);
  return block;
}

}  // namespace

std::span<const Syscall> syscalls() { return known_syscalls; }

const Syscall* syscall_named(std::string_view name) {
  const auto found = std::find_if(known_syscalls.begin(), known_syscalls.end(),
                                  [&](const Syscall& syscall) { return syscall.name == name; });
  return found == known_syscalls.end() ? nullptr : &*found;
}

const Syscall* syscall_with_key(std::uint32_t key) {
  const auto found = std::find_if(known_syscalls.begin(), known_syscalls.end(),
                                  [&](const Syscall& syscall) { return syscall_key(syscall.name) == key; });
  return found == known_syscalls.end() ? nullptr : &*found;
}

std::uint32_t syscall_key(std::string_view name) {
  const ByteView bytes = bytes_of(name);
  const std::size_t whole = bytes.size() / 4 * 4;
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i < whole; i += 4)
    hash = std::rotl(hash ^ scrambled(block_at(bytes, i, 4)), 13) * 5 + 0xe6546b64U;
  hash ^= scrambled(block_at(bytes, whole, bytes.size() - whole));
  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
  return hash ^ (hash >> 16);
}

}  // namespace readyctl
