// Vault search: who signs for this address?
//
// A vault of Squads v4, an authority of Squads v3 and the native treasury of an SPL governance are derived from a
// multisig or a governance, and that cannot be inverted. So candidates are looked for where the two meet, and each is
// proven by deriving the address from it. Nobody can make a multisig of his own derive to somebody else's vault.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/keepers.hpp"

namespace readyctl {

struct VaultSearchOptions {
  std::optional<Pubkey> hint;  ///< a multisig, or a governance, that somebody named
  bool ask_for_all = false;    ///< as a last resort: the addresses of all of them, many megabytes on a public cluster
  std::vector<Pubkey> known = {};  ///< multisigs that were met on the way, tried before anything is asked
};

struct VaultSearch {
  Pubkey address;
  std::optional<Account> account;  ///< what stands at the address, without its data
  bool is_multisig = false;        ///< the address is that of a Squads v4 multisig itself, which signs for nothing
  std::optional<Keeper> keeper;
  std::vector<std::string> tried;  ///< a sentence for each thing that was tried in vain

  const ProvenVault* vault() const { return keeper ? std::get_if<ProvenVault>(&*keeper) : nullptr; }
  const ProvenAuthority* authority() const { return keeper ? std::get_if<ProvenAuthority>(&*keeper) : nullptr; }
  const ProvenGovernance* governance() const { return keeper ? std::get_if<ProvenGovernance>(&*keeper) : nullptr; }
};

/// Vaults and authorities with these indexes are tried for every candidate; for one that somebody named, 256.
inline constexpr unsigned usual_vaults = 16;

/// Looks for the multisig or the governance in, one after the other: the account at the address; the hint and what is
/// known; the transactions of the address; the vault transactions whose message it pays for; all there are. Refused
/// when an account itself cannot be read.
Task<VaultSearch> search_multisig(Pubkey address, VaultSearchOptions options);

}  // namespace readyctl
