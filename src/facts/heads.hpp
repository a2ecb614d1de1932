// Facts about accounts whose data does not matter: that they exist, who owns them, what they hold, how large they are.
#pragma once

#include "facts/accounts.hpp"

namespace readyctl::facts {

/// An account without its data. Absent: no such account.
inline Fact<Account> account_head(const Pubkey& address) { return account(address, Slice{0, 0}); }

/// The same, or the knowledge that there is none.
inline Fact<std::optional<Account>> account_head_if_any(const Pubkey& address) {
  return account_if_any(address, Slice{0, 0});
}

}  // namespace readyctl::facts
