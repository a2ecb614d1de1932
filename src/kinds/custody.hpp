// Custody: the forms in which the power to replace a program may be held, and whether one of them holds.
//
// Each form judges the same two things on its own: whether the upgrade authority is the one that the form means, and
// whether what stands behind that authority is as strong as the pack asks.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "engine/finding.hpp"
#include "facts/field_types.hpp"
#include "facts/programs.hpp"

namespace readyctl {

/// The last hour that the Squads program accepts as time lock: 90 days.
inline constexpr std::uint32_t timelock_hours_max = 2160;

/// Nobody can replace the program.
struct ImmutableCustody {
  static constexpr auto fields() { return std::tuple{}; }
};

/// One key can, alone.
struct KeypairCustody {
  Pubkey address;

  static constexpr auto fields() {
    return std::tuple{required("address", &KeypairCustody::address, "the key that may replace the program alone")};
  }
  /// Errors: an address for which there is no key pair.
  Result<void> validate(const Place& place) const;
};

/// The members of a Squads v4 multisig can, together, through one of its vaults.
struct SquadsV4Custody {
  Pubkey multisig;
  std::uint8_t vault_index = 0;
  std::optional<std::uint32_t> min_members;
  std::optional<std::uint32_t> min_threshold;
  std::optional<Ratio> min_threshold_ratio;
  std::optional<std::uint32_t> min_timelock_hours;
  std::optional<std::vector<Pubkey>> members;
  Holder config_authority;

  static constexpr auto fields() {
    using Squads = SquadsV4Custody;
    return std::tuple{
        required("multisig", &Squads::multisig, "address of the multisig account (not of its vault)"),
        optional("vaultIndex", &Squads::vault_index, "which of its vaults is the upgrade authority; 0 unless said"),
        optional("minMembers", &Squads::min_members, "how many distinct members who may vote there must be at least"),
        optional("minThreshold", &Squads::min_threshold, "how many approvals must be needed at least"),
        optional("minThresholdRatio", &Squads::min_threshold_ratio, "the same as a share of the members who may vote"),
        optional("minTimelockHours", &Squads::min_timelock_hours,
                 "how long an approved proposal must wait at least, 0 to 2160 hours"),
        optional("members", &Squads::members, "exactly who the members must be, in any order"),
        optional("configAuthority", &Squads::config_authority,
                 "who may change members, threshold and time lock alone; nobody unless said"),
    };
  }
  /// Errors: a time lock longer than the Squads program accepts, a list of members that is empty or repeats one.
  Result<void> validate(const Place& place) const;
};

/// Who can replace a program, as the chain has it.
struct Control {
  Pubkey program;
  Loader loader = Loader::v3;
  std::optional<Pubkey> authority;  ///< none: nobody
  Request seen_in;                  ///< the record that says so
};

Finding judge_custody(const ImmutableCustody& custody, const Control& control);
Finding judge_custody(const KeypairCustody& custody, const Control& control);
Finding judge_custody(const SquadsV4Custody& custody, const Control& control, const std::optional<Account>& multisig);

/// What the members, threshold, time lock and config authority of a multisig must be. Says everything that is wrong.
void judge_rules(const SquadsV4Custody& custody, const Multisig& multisig, Judgement& judgement);

/// "48 hours (172800 s)", exact to the second.
std::string timelock_in_words(std::uint64_t seconds);

/// "program 9xQ… is immutable: nobody can replace its code".
std::string words_for_immutable(const Control& control);

/// What sort of address an unexpected authority is: a program-derived one, or one key.
std::string sort_of_authority(const Pubkey& authority);

}  // namespace readyctl
