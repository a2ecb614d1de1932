// What the loader asks of an upgrade before it runs it: the accounts, their authorities, room, lamports.
//
// Source: agave programs/bpf_loader lib.rs, Upgrade and ExtendProgram, in the order of its own checks; SIMD-0431.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "facts/features.hpp"
#include "facts/programs.hpp"
#include "kinds/expectations.hpp"
#include "solana/program_extension.hpp"
#include "solana/sysvars.hpp"

namespace readyctl {

struct PlannedUpgrade {
  Pubkey program;
  Pubkey buffer;
  Pubkey vault;                         ///< the upgrade authority, and that of the buffer
  std::optional<std::uint32_t> extend;  ///< bytes by which the program will be extended before
};

/// The accounts of it, and the rules of the chain.
struct UpgradeFacts {
  std::optional<Account> program;
  std::optional<Account> programdata;  ///< its header
  std::optional<Account> buffer;       ///< its header
  Rent rent;
  Clock clock;
  FeatureState minimum_extension;

  ExtensionSteps steps() const {
    return minimum_extension.is_active() ? ExtensionSteps::at_least_minimum : ExtensionSteps::any;
  }
};

/// What the upgrade finds when its turn comes: as it is, or once the program was extended.
struct CodeRoom {
  bool extends_first = false;
  std::uint64_t programdata_bytes = 0;
  Lamports programdata_lamports;
};

/// "1 byte", "900 bytes".
std::string bytes_text(std::uint64_t bytes);

/// How many lamports more; 0 where they are not.
Lamports difference(Lamports more, Lamports less);

/// The buffer: the loader's, of this authority, with room for a program.
void judge_staged(const PlannedUpgrade& upgrade, const UpgradeFacts& seen, Judgement& judgement);

/// The program: of this authority.
void judge_upgradable(const PlannedUpgrade& upgrade, const Deployment& deployed, Judgement& judgement);

/// Why nobody knows whether the program can be upgraded: it was changed in the slot in which the chain is. That is over
/// before anybody could correct it, and one endpoint can show a clock of a minute ago, so it fails no release.
std::optional<Unobtainable> changed_in_this_slot(const Deployment& deployed, const Clock& clock);

/// Whether there is room, now or after the extension that is planned. Program and buffer were judged before.
CodeRoom judge_room(const PlannedUpgrade& upgrade, const Deployment& deployed, const UpgradeFacts& seen,
                    Judgement& judgement);

/// What is left for the spill, once programdata holds its rent.
Lamports judge_funds(const UpgradeFacts& seen, const CodeRoom& room, Judgement& judgement);

void judge_spill(const PlannedUpgrade& upgrade, const Pubkey& spill, const std::optional<Account>& account,
                 Lamports left, const Rent& rent, Judgement& judgement);

}  // namespace readyctl
