// Features of the runtime.
#include "solana/feature.hpp"

#include "fuzz/retrace.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;

FUZZ_TARGET(feature) {
  const ByteView account(data, size);
  const auto feature = decode_feature(account);
  const auto state = feature_state(known::feature_program, account);
  fuzz::require(feature.has_value() == state.has_value(), "whoever decodes the account knows its state");
  if (!feature) return 0;
  fuzz::Retrace retrace(account);
  retrace.number(std::uint8_t{feature->activated_at.has_value()});
  if (feature->activated_at) retrace.number(feature->activated_at->value);
  fuzz::require(state->is_active() == feature->activated_at.has_value(), "what has a slot is active");
  fuzz::require(!state->is_active() || state->since == *feature->activated_at, "and since that slot");
  fuzz::require(state->is_active() || state->is_pending(), "what the Feature program owns is proposed");
  return 0;
}
