// Resolve: a gate's parameters with the values of their names, and whose value it is when the gate cannot take one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/kind.hpp"
#include "engine/pack.hpp"
#include "engine/release.hpp"

namespace readyctl {

/// Where each name was given that does not come from the file of the release: "--set later", "values.json:3".
using Origins = std::map<std::string, std::string>;

/// One gate's parameters as they stand in its pack, and what their names are worth. Must not outlive what it refers to.
struct Unresolved {
  std::string gate;  ///< full id
  const GateKind& kind;
  const Json& params;
  Place place;  ///< of the parameters
  const Manifest& manifest;
  const Values& names;         ///< all that have a value
  const Origins& origins;      ///< of those that the manifest does not hold
  std::set<std::string> open;  ///< names that have no value yet, and what they stand for is passed over
};

struct Resolved {
  Json params;
  Values used;  ///< every name that was referred to, with its value
  Begin begin;
};

/// Errors (kind `malformed`): a name without value; a value that cannot stand where its name does, or that the kind
/// refuses. That one is placed where the value was given, and says which gate, and where in its pack, wanted what.
Result<Resolved> resolve(const Unresolved& gate);

/// Whether every value that a release has fits the gates of these packs, in whatever phase they run. Names that it does
/// not have are passed over. The packs must have passed check_definitions. Errors: as of resolve.
Result<void> check_values(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds,
                          const Manifest& manifest, const Origins& origins);

}  // namespace readyctl
