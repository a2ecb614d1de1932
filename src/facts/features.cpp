#include "facts/features.hpp"

#include "facts/accounts.hpp"

namespace readyctl::facts {

Fact<FeatureState> feature(const Pubkey& address) {
  Fact<std::optional<Account>> account = account_if_any(address, Slice{0, feature_account_bytes});
  return {account.request, [read = std::move(account.read), address](const Observation& seen) -> Reading<FeatureState> {
            auto found = read(seen);
            if (!found) return tl::unexpected<Refusal>(found.error());
            if (!*found) return FeatureState{};
            auto state = feature_state((*found)->owner, (*found)->bytes());
            if (!state) return absent(feature_name(address) + " cannot be read: " + state.error().what);
            return *state;
          }};
}

}  // namespace readyctl::facts
