// Keepers: who signs for an address that no key holds. Each is proven in two halves: the address derives from the
// account of a multisig or a governance, and that account is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "report/realm.hpp"
#include "solana/squads_v3.hpp"

namespace readyctl {

/// A vault whose multisig was found, and proven by derivation.
struct ProvenVault {
  Pubkey multisig_address;
  std::uint8_t index = 0;
  Multisig multisig;
  std::string how;  ///< "found in its history", …
};

/// An authority of a Squads v3 multisig; index 0 is the account of the multisig itself, which signs for nothing but
/// changes of the multisig.
struct ProvenAuthority {
  Pubkey multisig_address;
  std::uint32_t index = 0;
  SquadsV3Multisig multisig;
  std::string how;
};

/// A governance, or its native treasury: for both its proposals sign.
struct ProvenGovernance {
  Pubkey address;  ///< of the governance
  bool is_treasury = false;
  Governance governance;
  RealmSeen realm;
  std::string how;
};

using Keeper = std::variant<ProvenVault, ProvenAuthority, ProvenGovernance>;

/// The account of the multisig or the governance.
Pubkey address_of(const Keeper& keeper);

/// "vault 0 of multisig EMAH…, proven by derivation; found in its history": what the address is to its keeper.
std::string words_for(const Keeper& keeper);

/// An account from which the address derives, so that it keeps the address if it is what it should be.
struct Candidate {
  enum class Sort { vault, authority, treasury };
  Sort sort = Sort::vault;
  Pubkey account;
  std::uint32_t index = 0;  ///< of the vault or the authority
  Pubkey program;           ///< of the treasury: the instance of SPL Governance
};

/// Adds the multisig, where the address is one of its vaults (Squads v4) or authorities (v3) with an index below
/// `indexes`.
void add_multisig(std::vector<Candidate>& candidates, const Pubkey& address, const Pubkey& multisig, unsigned indexes);
std::vector<Candidate> multisigs_behind(const Pubkey& address, const std::vector<Pubkey>& multisigs, unsigned indexes);

/// Adds the governance of this instance, where the address is its native treasury.
void add_treasury(std::vector<Candidate>& candidates, const Pubkey& address, const Pubkey& program,
                  const Pubkey& governance);

/// What the account of a candidate proves; of a governance, the realm is named only. Errors (kind `malformed`): a
/// sentence about the candidate and what its account is instead.
Result<Keeper> keeper_of(const Candidate& candidate, const std::optional<Account>& account, const std::string& how);

/// Whether the account could be one that holds powers itself, by its first bytes: that of a Squads v3 multisig, or a
/// governance.
bool may_keep_itself(const std::optional<Account>& account);

/// Such a keeper, by the whole account; none where it is not one.
std::optional<Keeper> keeper_itself(const std::optional<Account>& account);

}  // namespace readyctl
