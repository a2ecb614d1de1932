// Custody by Squads v4: the vaults that a pack names, and how strong the rules of their multisigs must be.
//
// A member off the curve is no person: a program signs for it. Who is behind it is declared, in one flat list for the
// whole custody, and proven by derivation, however deep it lies.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "kinds/custody.hpp"
#include "solana/squads.hpp"

namespace readyctl {

/// The last hour that the Squads program accepts as time lock: 90 days.
inline constexpr std::uint32_t timelock_hours_max = 2160;

/// One vault, and what must be true of its multisig.
struct SquadsVault {
  Pubkey multisig;
  std::uint8_t vault_index = 0;
  std::optional<std::uint32_t> min_members;
  std::optional<std::uint32_t> min_threshold;
  std::optional<Ratio> min_threshold_ratio;
  std::optional<std::uint32_t> min_timelock_hours;
  std::optional<std::vector<Pubkey>> members;
  std::optional<std::vector<Pubkey>> proposers;
  std::optional<std::vector<Pubkey>> voters;
  std::optional<std::vector<Pubkey>> executors;
  Holder config_authority;
  std::optional<Holder> rent_collector;  ///< it gets the rent of closed accounts and has no other power

 private:
  template <class Owner, class T>
  static constexpr T Owner::* in(T SquadsVault::* member) {
    return member;
  }

 protected:
  /// The same fields, of a record that adds some to them.
  template <class Owner>
  static constexpr auto fields_of() {
    using Vault = SquadsVault;
    return std::tuple{
        required("multisig", in<Owner>(&Vault::multisig), "address of the multisig account (not of its vault)"),
        optional("vaultIndex", in<Owner>(&Vault::vault_index), "which of its vaults it is; 0 unless said"),
        optional("minMembers", in<Owner>(&Vault::min_members),
                 "how many distinct members who may vote there must be at least"),
        optional("minThreshold", in<Owner>(&Vault::min_threshold), "how many approvals must be needed at least"),
        optional("minThresholdRatio", in<Owner>(&Vault::min_threshold_ratio),
                 "the same as a share of the members who may vote"),
        optional("minTimelockHours", in<Owner>(&Vault::min_timelock_hours),
                 "how long an approved proposal must wait at least, 0 to 2160 hours"),
        optional("members", in<Owner>(&Vault::members), "exactly who the members must be, in any order"),
        optional("proposers", in<Owner>(&Vault::proposers), "exactly who may initiate, in any order"),
        optional("voters", in<Owner>(&Vault::voters), "exactly who may vote, in any order"),
        optional("executors", in<Owner>(&Vault::executors), "exactly who may execute, in any order"),
        optional("configAuthority", in<Owner>(&Vault::config_authority),
                 "who may change members, threshold and time lock alone; nobody unless said"),
        optional("rentCollector", in<Owner>(&Vault::rent_collector),
                 "who gets the rent of closed transactions, which is no power over the vault; not judged unless said"),
    };
  }

 public:
  static constexpr auto fields() { return fields_of<SquadsVault>(); }
  /// Errors: a time lock longer than the Squads program accepts, a list that is empty or repeats somebody.
  Result<void> validate(const Place& place) const;

  Pubkey address() const;
  /// "vault 0 of multisig … (…)"
  std::string words() const;
};

/// The members of a multisig can, together, through one of its vaults.
struct SquadsV4Custody : SquadsVault {
  std::vector<SquadsVault> nested;
  std::vector<Pubkey> unproven_members;
  std::vector<Pubkey> shared_members;

  static constexpr auto fields() {
    using Custody = SquadsV4Custody;
    return std::tuple_cat(
        fields_of<Custody>(),
        std::tuple{
            optional("nested", &Custody::nested,
                     "whose vaults the members off the curve are, at any depth: each is proven by derivation, and its "
                     "multisig judged by rules of its own"),
            optional("unprovenMembers", &Custody::unproven_members,
                     "members off the curve of whom nobody needs to know who is behind them"),
            optional("sharedMembers", &Custody::shared_members,
                     "who may vote in more than one of these multisigs, and so has more than one vote"),
        });
  }
  /// Errors: also a vault that is declared twice, an unproven member that is a key or a declared vault.
  Result<void> validate(const Place& place) const;

  /// Every multisig that is named, each once.
  std::vector<Pubkey> multisigs() const;
};

/// What stands at the addresses of SquadsV4Custody::multisigs.
using MultisigAccounts = std::map<Pubkey, std::optional<Account>>;

Finding judge_custody(const SquadsV4Custody& custody, const Control& control, const MultisigAccounts& accounts);

/// Everything behind the members of the first multisig. Says in a pass who holds what, one sentence a vault.
std::vector<std::string> judge_nested(const SquadsV4Custody& custody, const Multisig& multisig,
                                      const MultisigAccounts& accounts, Judgement& judgement);

/// The multisig at an address; judged to be one, and none when there is something else.
std::optional<Multisig> judge_multisig(const Pubkey& address, const MultisigAccounts& accounts, Judgement& judgement);

/// Errors: a list of keys, the field `name`, that is empty or repeats one.
Result<void> check_list(const std::optional<std::vector<Pubkey>>& list, const std::string& name, const Place& place);

/// What members and threshold must be, as far as every version of Squads has them; said as judge_rules does.
void judge_people(const SquadsVault& expected, const Multisig& multisig, const std::string& subject,
                  Judgement& judgement);

/// What the members, threshold, time lock and config authority of a multisig must be. Says everything that is wrong,
/// each beginning with `subject`.
void judge_rules(const SquadsVault& expected, const Multisig& multisig, const std::string& subject,
                 Judgement& judgement);

/// "2 of 3 voters, time lock 48 hours (172800 s)"
std::string rules_in_words(const Multisig& multisig);

/// "48 hours (172800 s)", exact to the second.
std::string timelock_in_words(std::uint64_t seconds);

}  // namespace readyctl
