// Custody: the forms in which the power to replace a program may be held, and whether one of them holds.
//
// Each form judges the same two things on its own: whether the upgrade authority is the one that the form means, and
// whether what stands behind that authority is as strong as the pack asks.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "engine/finding.hpp"
#include "facts/field_types.hpp"
#include "facts/programs.hpp"

namespace readyctl {

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

/// Who can replace a program, as the chain has it.
struct Control {
  Pubkey program;
  Loader loader = Loader::v3;
  std::optional<Pubkey> authority;  ///< none: nobody
  Request seen_in;                  ///< the record that says so
};

Finding judge_custody(const ImmutableCustody& custody, const Control& control);
Finding judge_custody(const KeypairCustody& custody, const Control& control);

/// "program 9xQ… is immutable: nobody can replace its code".
std::string words_for_immutable(const Control& control);

/// What sort of address an unexpected authority is: a program-derived one, or one key.
std::string sort_of_authority(const Pubkey& authority);

}  // namespace readyctl
