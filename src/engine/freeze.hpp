// Freeze: makes release.json out of what is there now: the commit, the artifact, and the program that is deployed.
//
// Fails closed: what a gate would refuse in an hour is refused now, in the same words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/kind.hpp"
#include "engine/release.hpp"
#include "facts/git.hpp"
#include "facts/local.hpp"

namespace readyctl {

/// What the operator says of a release. Paths are relative to the folder that release.json will lie in.
struct FreezeOrder {
  std::string name;
  std::string operator_name;
  Pubkey program;
  RelativePath artifact;
  std::optional<RelativePath> previous_artifact;  ///< the retained file of what is deployed before
  std::optional<Cluster> cluster;                 ///< nullopt: the public cluster that the endpoints are on
  bool asks_chain = false;                        ///< whether there are endpoints
  RelativePath checkout{"."};
  bool checkout_is_given = false;         ///< else it is the folder of release.json, which must be its root
  std::vector<std::string> paths;         ///< in a repository of several projects
  std::optional<std::string> repository;  ///< nullopt: the remote `origin`
  std::optional<std::string> tag;         ///< nullopt: the one at HEAD, if there is one
  std::vector<std::string> tags_at_head;  ///< those that there are
  bool allow_untracked = false;
  std::optional<Time> built_at;  ///< nullopt: now
  Values values;

  /// The tag that is frozen.
  std::optional<std::string> chosen_tag() const;
};

/// A release that is ready to be written.
struct Frozen {
  Manifest manifest;
  std::vector<std::string> remarks;   ///< what the operator should know of it
  std::vector<std::string> warnings;  ///< what is probably not what the operator wants
};

/// Freezes. `checkout_gate` is the gate kind that will decide the checkout of the release: what it does not pass is not
/// frozen. Errors: two tags at HEAD and none chosen, no cluster (kind `usage`); a checkout that the gate refuses, an
/// artifact that is no SBF program, a program that cannot be upgraded, a previous artifact that is not what is
/// deployed, another cluster than the endpoints', and what parse_manifest refuses (kind `malformed`).
Task<Result<Frozen>> freeze(FreezeOrder order, GateKind checkout_gate);

/// release.json of a release: two spaces of indentation, keys in the order in which people read them. Errors (kind
/// `usage`): text that is not UTF-8.
Result<std::string> manifest_text(const Release& release);

}  // namespace readyctl
