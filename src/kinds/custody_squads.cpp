// Custody by a Squads v4 multisig: the authority is one of its vaults, and its rules are strong enough.
//
// What is not read here, because other gates own it: open proposals, stale ones that can still execute, spending
// limits.
#include "kinds/custody_squads.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/squads_vaults.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// Each way in which the authority is not the vault has a name, because each needs another remedy.
std::string not_the_vault(const SquadsV4Custody& custody, const Control& control) {
  const std::string expected = custody.words();
  if (!control.authority) return words_for_immutable(control) + ", expected upgrade authority " + expected;
  const Pubkey& authority = *control.authority;
  if (authority == custody.multisig) {
    return "upgrade authority " + to_string(authority) + " is the multisig account itself and not its " + expected +
           ": nothing signs for that address, so nobody can upgrade the program any more";
  }
  if (const auto other = vault_index_of(authority, custody.multisig)) {
    return "upgrade authority " + to_string(authority) + " is vault " + std::to_string(*other) +
           " of the same multisig, expected " + expected;
  }
  const std::string sort =
      is_on_curve(authority) ? sort_of_authority(authority) : "a program-derived address that is not this vault";
  return "upgrade authority " + named(authority) + " is not " + expected + " but " + sort;
}

void judge_authority(const SquadsV4Custody& custody, const Control& control, Judgement& judgement) {
  const bool holds = control.authority == custody.address();
  judgement.rests_on(control.seen_in);
  judgement.expect(holds, {"upgrade authority", custody.words(), named(control.authority)},
                   holds ? "" : not_the_vault(custody, control));
}

// No vault derives from what is no multisig, and an address that would be one is shown to nobody who might send the
// authority there.
void judge_without_multisig(const SquadsV4Custody& custody, const Control& control, Judgement& judgement) {
  judgement.rests_on(control.seen_in);
  const std::string authority = named(control.authority);
  if (control.authority != custody.multisig) return judgement.note("upgrade authority", authority);
  judgement.expect(false, {"upgrade authority", "the vault of a multisig", authority},
                   "the address given as multisig is the upgrade authority itself, and no multisig account: most "
                   "likely it is a vault, whose multisig `readyctl inspect " +
                       to_string(custody.multisig) + "` names");
}

// The multisig, or a sentence about what is there instead.
tl::expected<Multisig, std::string> multisig_in(const Pubkey& address, const std::optional<Account>& account) {
  const std::string name = "multisig " + to_string(address);
  if (!account) return tl::unexpected<std::string>(name + " does not exist");
  if (account->owner != known::squads_v4) {
    const bool may_be_a_vault = account->owner == known::system_program;
    const std::string hint = may_be_a_vault ? "; if this is a vault, name its multisig instead" : "";
    return tl::unexpected<std::string>(name + " is owned by " + named(account->owner) + ", not by " +
                                       named(known::squads_v4) + hint);
  }
  auto multisig = decode_multisig(account->bytes());
  if (!multisig) return tl::unexpected<std::string>(to_string(address) + " is no multisig: " + multisig.error().what);
  return std::move(*multisig);
}

}  // namespace

Result<void> check_list(const std::optional<std::vector<Pubkey>>& list, const std::string& name, const Place& place) {
  if (!list) return {};
  if (list->empty()) return (place / name).malformed("names nobody", "leave it out to accept any " + name);
  std::set<Pubkey> seen;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Pubkey& key = (*list)[i];
    if (!seen.insert(key).second) return (place / name / i).malformed(to_string(key) + " is named twice");
  }
  return {};
}

Pubkey SquadsVault::address() const { return vault_address(multisig, vault_index).address; }

std::string SquadsVault::words() const {
  return "vault " + std::to_string(vault_index) + " of multisig " + to_string(multisig) + " (" + to_string(address()) +
         ")";
}

Result<void> SquadsVault::validate(const Place& place) const {
  if (min_timelock_hours && *min_timelock_hours > timelock_hours_max) {
    return (place / "minTimelockHours")
        .malformed("no multisig waits " + std::to_string(*min_timelock_hours) +
                   " hours: the Squads program accepts at most " + std::to_string(timelock_hours_max));
  }
  if (const auto valid = check_list(members, "members", place); !valid) return valid;
  if (const auto valid = check_list(proposers, "proposers", place); !valid) return valid;
  if (const auto valid = check_list(voters, "voters", place); !valid) return valid;
  return check_list(executors, "executors", place);
}

Result<void> SquadsV4Custody::validate(const Place& place) const {
  if (const auto valid = SquadsVault::validate(place); !valid) return valid;
  std::set<Pubkey> vaults{address()};
  for (std::size_t i = 0; i < nested.size(); ++i) {
    if (vaults.insert(nested[i].address()).second) continue;
    return (place / "nested" / i)
        .malformed(nested[i].words() + " is declared twice", "each vault has one set of rules");
  }
  for (std::size_t i = 0; i < unproven_members.size(); ++i) {
    const Pubkey& member = unproven_members[i];
    const Place here = place / "unprovenMembers" / i;
    if (is_on_curve(member)) return here.malformed(to_string(member) + " is on the curve: a key, and nobody's vault");
    if (vaults.contains(member)) return here.malformed(to_string(member) + " is a vault that is declared here");
  }
  return {};
}

std::vector<Pubkey> SquadsV4Custody::multisigs() const {
  std::set<Pubkey> all{multisig};
  for (const SquadsVault& vault : nested) all.insert(vault.multisig);
  return {all.begin(), all.end()};
}

std::optional<Multisig> judge_multisig(const Pubkey& address, const MultisigAccounts& accounts, Judgement& judgement) {
  const auto decoded = multisig_in(address, accounts.at(address));
  judgement.rests_on(AccountRequest{address});
  judgement.expect(
      decoded.has_value(),
      {"multisig " + to_string(address), "a Squads v4 multisig", decoded ? "a Squads v4 multisig" : decoded.error()},
      decoded ? "" : decoded.error());
  if (!decoded) judgement.misnames(misnamed_holder(address));
  return decoded ? std::optional(*decoded) : std::nullopt;
}

Finding judge_custody(const SquadsV4Custody& custody, const Control& control, const MultisigAccounts& accounts) {
  Judgement judgement;
  const bool is_multisig = multisig_in(custody.multisig, accounts.at(custody.multisig)).has_value();
  if (is_multisig) judge_authority(custody, control, judgement);
  if (!is_multisig) judge_without_multisig(custody, control, judgement);
  const std::optional<Multisig> multisig = judge_multisig(custody.multisig, accounts, judgement);
  if (!multisig) return judgement.conclude("");

  judge_rules(custody, *multisig, "", judgement);
  std::vector<std::string> held{"upgrade authority is " + custody.words() + ": " + rules_in_words(*multisig)};
  const std::vector<std::string> below = judge_nested(custody, *multisig, accounts, judgement);
  held.insert(held.end(), below.begin(), below.end());
  return judgement.conclude(join(held, "; "));
}

}  // namespace readyctl
