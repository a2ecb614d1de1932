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

/// Anybody can name an address in transactions, as many and as full of accounts as he pays for, and have multisigs of
/// his own name it as payer. So much of that is looked at, and no more: the latest transactions; the addresses that are
/// derived from the accounts in them, of which a history without spam takes a few thousand; the multisigs. A search
/// that was cut says so in `tried`: whose the address is, is then not established.
inline constexpr std::uint32_t history_searched_max = 40;
inline constexpr std::size_t history_derivations_max = 20'000;
inline constexpr std::size_t paying_multisigs_max = 200;

/// All 256 vaults are tried of so many multisigs whose transactions an address pays for; of more, the usual ones.
inline constexpr std::size_t few_paying_multisigs = 16;

/// Looks for the multisig or the governance in, one after the other: the account at the address; the hint and what is
/// known; the transactions of the address; the vault transactions whose message it pays for; all there are; within the
/// bounds above. Refused when an account itself cannot be read.
///
/// At most 53 requests, and 10 more for all there are: the account, twice where it may keep itself; its signatures; the
/// transactions; the vault transactions; what was named; what derives to it, one account of each of three sorts; and 5
/// for the realm of a governance.
Task<VaultSearch> search_multisig(Pubkey address, VaultSearchOptions options);

}  // namespace readyctl
