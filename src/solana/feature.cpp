#include "solana/feature.hpp"

#include <array>
#include <string_view>

#include "solana/reader.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

//   0  u8  1 if activated, else 0     1  u64  slot of its activation
static_assert(1 + 8 == feature_account_bytes);

struct NamedFeature {
  Pubkey address;
  std::string_view name;
};

constexpr std::array named_features = {
    NamedFeature{features::disable_sbpf_v0_v1_v2_deployment, "disable_sbpf_v0_v1_v2_deployment"},
    NamedFeature{features::enable_sbpf_v1_deployment_and_execution, "enable_sbpf_v1_deployment_and_execution"},
    NamedFeature{features::enable_sbpf_v2_deployment_and_execution, "enable_sbpf_v2_deployment_and_execution"},
    NamedFeature{features::enable_sbpf_v3_deployment_and_execution, "enable_sbpf_v3_deployment_and_execution"},
    NamedFeature{features::loader_v3_minimum_extend_program_size, "loader_v3_minimum_extend_program_size"},
    NamedFeature{features::increase_tx_account_lock_limit, "increase_tx_account_lock_limit"},
    NamedFeature{features::reduce_slot_time_to_350ms, "reduce_slot_time_to_350ms"},
    NamedFeature{features::reduce_slot_time_to_300ms, "reduce_slot_time_to_300ms"},
    NamedFeature{features::reduce_slot_time_to_250ms, "reduce_slot_time_to_250ms"},
    NamedFeature{features::reduce_slot_time_to_200ms, "reduce_slot_time_to_200ms"},
    NamedFeature{features::blake3_syscall_enabled, "blake3_syscall_enabled"},
    NamedFeature{features::curve25519_syscall_enabled, "curve25519_syscall_enabled"},
    NamedFeature{features::enable_bls12_381_syscall, "enable_bls12_381_syscall"},
    NamedFeature{features::last_restart_slot_sysvar, "last_restart_slot_sysvar"},
    NamedFeature{features::enable_alt_bn128_syscall, "enable_alt_bn128_syscall"},
    NamedFeature{features::enable_alt_bn128_compression_syscall, "enable_alt_bn128_compression_syscall"},
    NamedFeature{features::enable_big_mod_exp_syscall, "enable_big_mod_exp_syscall"},
    NamedFeature{features::enable_poseidon_syscall, "enable_poseidon_syscall"},
    NamedFeature{features::enable_sha512_syscall, "enable_sha512_syscall"},
    NamedFeature{features::remaining_compute_units_syscall_enabled, "remaining_compute_units_syscall_enabled"},
    NamedFeature{features::get_sysvar_syscall_enabled, "get_sysvar_syscall_enabled"},
    NamedFeature{features::enable_get_epoch_stake_syscall, "enable_get_epoch_stake_syscall"},
    NamedFeature{features::disable_fees_sysvar, "disable_fees_sysvar"},
};

}  // namespace

Result<FeatureAccount> decode_feature(ByteView data) {
  Reader reader("Feature", data);
  FeatureAccount feature;
  if (reader.boolean("activated")) feature.activated_at = Slot{reader.u64("activated at")};
  return reader.finish(feature);
}

Result<FeatureState> feature_state(const Pubkey& owner, ByteView data) {
  if (owner != known::feature_program) return FeatureState{};
  const auto feature = decode_feature(data);
  if (!feature) return failure(feature.error());
  if (!feature->activated_at) return FeatureState{FeatureStage::pending, {}};
  return FeatureState{FeatureStage::active, *feature->activated_at};
}

std::string words_for(const FeatureState& state) {
  if (state.is_active()) return "active since slot " + to_string(state.since);
  return state.is_pending() ? "pending" : "not proposed";
}

std::string feature_name(const Pubkey& address) {
  for (const NamedFeature& one : named_features) {
    if (one.address == address) return "feature " + std::string(one.name) + " (" + to_string(address) + ")";
  }
  return "feature " + to_string(address);
}

}  // namespace readyctl
