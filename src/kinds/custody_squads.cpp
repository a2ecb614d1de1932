// Custody by a Squads v4 multisig: the authority is one of its vaults, and its rules are strong enough.
//
// What is not read here, because other gates own it: open proposals, stale ones that can still execute, spending
// limits.
#include <set>

#include "base/text.hpp"
#include "kinds/custody.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

std::optional<std::uint8_t> vault_index_of(const Pubkey& multisig, const Pubkey& address) {
  for (unsigned index = 0; index <= 255; ++index) {
    const auto candidate = static_cast<std::uint8_t>(index);
    if (vault_address(multisig, candidate).address == address) return candidate;
  }
  return std::nullopt;
}

std::string words_for_vault(const SquadsV4Custody& custody) {
  return "vault " + std::to_string(custody.vault_index) + " of multisig " + to_string(custody.multisig) + " (" +
         to_string(vault_address(custody.multisig, custody.vault_index).address) + ")";
}

// Each way in which the authority is not the vault has a name, because each needs another remedy.
std::string not_the_vault(const SquadsV4Custody& custody, const Control& control, bool is_multisig) {
  const std::string expected = words_for_vault(custody);
  if (!control.authority) return words_for_immutable(control) + ", expected upgrade authority " + expected;
  const Pubkey& authority = *control.authority;
  if (authority == custody.multisig && !is_multisig) {
    return "the address given as multisig is the upgrade authority itself, and no multisig account: most likely it is "
           "a "
           "vault, whose multisig `readyctl inspect " +
           to_string(authority) + "` names";
  }
  if (authority == custody.multisig) {
    return "upgrade authority " + to_string(authority) + " is the multisig account itself and not its " + expected +
           ": nothing signs for that address, so nobody can upgrade the program any more";
  }
  if (const auto other = vault_index_of(custody.multisig, authority)) {
    return "upgrade authority " + to_string(authority) + " is vault " + std::to_string(*other) +
           " of the same multisig, expected " + expected;
  }
  const std::string sort =
      is_on_curve(authority) ? sort_of_authority(authority) : "a program-derived address that is not this vault";
  return "upgrade authority " + named(authority) + " is not " + expected + " but " + sort;
}

void judge_authority(const SquadsV4Custody& custody, const Control& control, bool is_multisig, Judgement& judgement) {
  const Pubkey vault = vault_address(custody.multisig, custody.vault_index).address;
  const bool holds = control.authority == vault;
  judgement.rests_on(control.seen_in);
  judgement.expect(holds, {"upgrade authority", words_for_vault(custody), named(control.authority)},
                   holds ? "" : not_the_vault(custody, control, is_multisig));
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

Result<void> SquadsV4Custody::validate(const Place& place) const {
  if (min_timelock_hours && *min_timelock_hours > timelock_hours_max) {
    return (place / "minTimelockHours")
        .malformed("no multisig waits " + std::to_string(*min_timelock_hours) +
                   " hours: the Squads program accepts at most " + std::to_string(timelock_hours_max));
  }
  if (!members) return {};
  if (members->empty()) return (place / "members").malformed("names nobody", "leave it out to accept any members");
  std::set<Pubkey> seen;
  for (std::size_t i = 0; i < members->size(); ++i) {
    const Pubkey& member = (*members)[i];
    if (!seen.insert(member).second) return (place / "members" / i).malformed(to_string(member) + " is named twice");
  }
  return {};
}

Finding judge_custody(const SquadsV4Custody& custody, const Control& control, const std::optional<Account>& multisig) {
  Judgement judgement;
  const auto decoded = multisig_in(custody.multisig, multisig);
  judge_authority(custody, control, decoded.has_value(), judgement);
  judgement.rests_on(AccountRequest{custody.multisig});
  judgement.expect(decoded.has_value(),
                   {"multisig " + to_string(custody.multisig), "a Squads v4 multisig",
                    decoded ? "a Squads v4 multisig" : decoded.error()},
                   decoded ? "" : decoded.error());
  if (!decoded) return judgement.conclude("");

  judge_rules(custody, *decoded, judgement);
  return judgement.conclude("upgrade authority is " + words_for_vault(custody) + ": " +
                            std::to_string(decoded->threshold) + " of " + counted(decoded->voters(), "voter") +
                            ", time lock " + timelock_in_words(decoded->time_lock_seconds));
}

}  // namespace readyctl
