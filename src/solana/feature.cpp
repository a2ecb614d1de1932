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
    NamedFeature{features::enable_sbpf_v1, "enable_sbpf_v1"},
    NamedFeature{features::enable_sbpf_v2, "enable_sbpf_v2"},
    NamedFeature{features::enable_sbpf_v3, "enable_sbpf_v3"},
    NamedFeature{features::loader_v3_minimum_extend_program_size, "loader_v3_minimum_extend_program_size"},
    NamedFeature{features::reduce_slot_time_to_350ms, "reduce_slot_time_to_350ms"},
    NamedFeature{features::reduce_slot_time_to_300ms, "reduce_slot_time_to_300ms"},
    NamedFeature{features::reduce_slot_time_to_250ms, "reduce_slot_time_to_250ms"},
    NamedFeature{features::reduce_slot_time_to_200ms, "reduce_slot_time_to_200ms"},
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
