// Vault search: whose vault is this address?
//
// A vault is derived from its multisig and cannot be inverted, so candidates are looked for where the two meet, and
// each is proven by deriving the vault from it. Nobody can make a multisig of his own derive to somebody else's vault.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/task.hpp"
#include "facts/accounts.hpp"

namespace readyctl {

struct VaultSearchOptions {
  std::optional<Pubkey> hint;  ///< a multisig that somebody named
  bool ask_for_all = false;    ///< as a last resort: the addresses of all multisigs, many megabytes on a public cluster
  std::vector<Pubkey> known = {};  ///< multisigs that were met on the way, tried before anything is asked
};

/// A vault whose multisig was found, and proven by derivation.
struct ProvenVault {
  Pubkey multisig_address;
  std::uint8_t index = 0;
  Multisig multisig;
  std::string how;  ///< "found in its history", …
};

struct VaultSearch {
  Pubkey address;
  std::optional<Account> account;  ///< what stands at the address, without its data
  bool is_multisig = false;        ///< the address is that of a multisig itself, which signs for nothing
  std::optional<ProvenVault> proven;
  std::vector<std::string> tried;  ///< a sentence for each thing that was tried in vain
};

/// Vaults with these indexes are tried for every candidate; for one that somebody named, all 256.
inline constexpr unsigned usual_vaults = 16;

/// Looks for the multisig in, one after the other: the hint and what is known; the transactions of the address; the
/// vault transactions whose message it pays for; all multisigs. Refused when the account itself cannot be read.
Task<VaultSearch> search_multisig(Pubkey address, VaultSearchOptions options);

}  // namespace readyctl
