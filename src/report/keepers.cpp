#include "report/keepers.hpp"

#include "base/text.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/squads_vaults.hpp"

namespace readyctl {
namespace {

std::string words_for(const Candidate& candidate) {
  const std::string index = std::to_string(candidate.index);
  switch (candidate.sort) {
    case Candidate::Sort::vault:
      return to_string(candidate.account) + ", of which this address would be vault " + index +
             " if it were a Squads v4 multisig";
    case Candidate::Sort::authority:
      return to_string(candidate.account) + ", of which this address would be authority " + index +
             " if it were a Squads v3 multisig";
    case Candidate::Sort::treasury:
      break;
  }
  return to_string(candidate.account) +
         ", of which this address would be the native treasury if it were a governance of " + named(candidate.program);
}

Pubkey program_of(const Candidate& candidate) {
  switch (candidate.sort) {
    case Candidate::Sort::vault:
      return known::squads_v4;
    case Candidate::Sort::authority:
      return known::squads_v3;
    case Candidate::Sort::treasury:
      break;
  }
  return candidate.program;
}

Result<Keeper> keeper_in(const Candidate& candidate, const Account& account, const std::string& how) {
  if (candidate.sort == Candidate::Sort::vault) {
    auto multisig = decode_multisig(account.bytes());
    if (!multisig) return failure(multisig.error());
    return ProvenVault{candidate.account, static_cast<std::uint8_t>(candidate.index), std::move(*multisig), how};
  }
  if (candidate.sort == Candidate::Sort::authority) {
    auto multisig = decode_squads_v3_multisig(account.bytes());
    if (!multisig) return failure(multisig.error());
    return ProvenAuthority{candidate.account, candidate.index, std::move(*multisig), how};
  }
  auto governance = decode_governance(account.bytes());
  if (!governance) return failure(governance.error());
  const Pubkey realm = governance->realm;
  return ProvenGovernance{candidate.account, true, *governance, {candidate.program, realm}, how};
}

Result<Keeper> proven(const Candidate& candidate, const std::optional<Account>& account, const std::string& how) {
  if (!account) return malformed("", "it does not exist");
  if (account->owner != program_of(candidate)) return malformed("", "it is owned by " + named(account->owner));
  return keeper_in(candidate, *account, how);
}

}  // namespace

Pubkey address_of(const Keeper& keeper) {
  if (const auto* governance = std::get_if<ProvenGovernance>(&keeper)) return governance->address;
  if (const auto* authority = std::get_if<ProvenAuthority>(&keeper)) return authority->multisig_address;
  return std::get<ProvenVault>(keeper).multisig_address;
}

std::string words_for(const Keeper& keeper) {
  if (const auto* vault = std::get_if<ProvenVault>(&keeper)) {
    return "vault " + std::to_string(vault->index) + " of multisig " + to_string(vault->multisig_address) +
           ", proven by derivation; " + vault->how;
  }
  if (const auto* governance = std::get_if<ProvenGovernance>(&keeper)) {
    if (!governance->is_treasury)
      return "a governance, for which its proposals sign; its address derives from its realm";
    return "the native treasury of governance " + to_string(governance->address) + ", proven by derivation; " +
           governance->how;
  }
  const auto& authority = std::get<ProvenAuthority>(keeper);
  if (authority.index == 0) {
    return "the account of a Squads v3 multisig and not an authority of it, which signs for nothing but changes of the "
           "multisig";
  }
  return "authority " + std::to_string(authority.index) + " of Squads v3 multisig " +
         to_string(authority.multisig_address) + ", proven by derivation; " + authority.how;
}

void add_multisig(std::vector<Candidate>& candidates, const Pubkey& address, const Pubkey& multisig, unsigned indexes) {
  if (multisig == address) return;  // authority 0 is the multisig itself, and needs no search
  if (const auto index = vault_index_of(address, multisig, indexes)) {
    candidates.push_back({Candidate::Sort::vault, multisig, *index, {}});
  }
  if (const auto index = squads_v3_authority_index_of(address, multisig, indexes)) {
    candidates.push_back({Candidate::Sort::authority, multisig, *index, {}});
  }
}

std::vector<Candidate> multisigs_behind(const Pubkey& address, const std::vector<Pubkey>& multisigs, unsigned indexes) {
  std::vector<Candidate> candidates;
  for (const Pubkey& multisig : multisigs) add_multisig(candidates, address, multisig, indexes);
  return candidates;
}

void add_treasury(std::vector<Candidate>& candidates, const Pubkey& address, const Pubkey& program,
                  const Pubkey& governance) {
  if (native_treasury_address(program, governance).address != address) return;
  candidates.push_back({Candidate::Sort::treasury, governance, 0, program});
}

Result<Keeper> keeper_of(const Candidate& candidate, const std::optional<Account>& account, const std::string& how) {
  auto keeper = proven(candidate, account, how);
  if (keeper) return keeper;
  return malformed("", words_for(candidate) + ": " + printable(keeper.error().what));
}

bool may_keep_itself(const std::optional<Account>& account) {
  if (!account) return false;
  if (account->owner == known::squads_v3) return squads_v3_account(account->bytes()) == SquadsV3Account::multisig;
  const auto type = governance_account(account->bytes());
  return account->owner != known::system_program && type && is_governance(*type);
}

std::optional<Keeper> keeper_itself(const std::optional<Account>& account) {
  if (!account) return std::nullopt;
  if (auto governance = governance_at(account)) {
    const Pubkey realm = governance->realm;
    return ProvenGovernance{account->address, false, *governance, {account->owner, realm}, "the governance itself"};
  }
  if (account->owner != known::squads_v3) return std::nullopt;
  auto multisig = decode_squads_v3_multisig(account->bytes());
  if (!multisig) return std::nullopt;
  return ProvenAuthority{account->address, 0, std::move(*multisig), "the account itself"};
}

}  // namespace readyctl
