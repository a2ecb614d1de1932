// Asked names: what packs ask a release for, by gate, parameter and type, before there is a release.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/kind.hpp"
#include "engine/pack.hpp"

namespace readyctl {

/// A parameter whose value, or a part of it, is that of a name.
struct AskingParameter {
  std::string gate;             ///< full id
  std::string name;             ///< with dots for nested records: "custody.squads-v4.multisig"
  std::string type;             ///< in words: "address, base58"; "text" for a name within a longer text
  bool is_known_later = false;  ///< as the kind says of it
};

/// Each name with all that ask for it, in the order of packs and gates.
using AskedNames = std::map<std::string, std::vector<AskingParameter>>;

/// The names that the gates of these packs refer to, in any phase; without those that a release may leave out. The
/// packs must have passed check_definitions.
AskedNames asked_names(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds);

/// What all who ask for a name want it to be, in words.
std::string words_for_types(const std::vector<AskingParameter>& askers);

/// Whether all who ask want what nobody knows when a release is frozen: the buffer that is staged, the transaction that
/// is proposed, the signature of the deployment. It comes by --set.
bool is_known_later(const std::vector<AskingParameter>& askers);

/// Whether one of them wants a path as a whole.
bool is_path(const std::vector<AskingParameter>& askers);

/// Whether a value is one of values_skeleton that nobody filled in, or holds one.
bool is_unfilled(const Json& value);

/// An object with each name, and in place of its value the type in words and who asks. No address, number or path is
/// like that, so what is not filled in is refused or fails.
Json values_skeleton(const AskedNames& asked);

}  // namespace readyctl
