// Verification: the questions about a report that its statement answers. Whether it is authentic and complete is for
// the rooms of signatures and of evidence to say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/statement.hpp"

namespace readyctl {

/// One line of `verify`: whether it holds, and why or why not.
struct VerifyAnswer {
  bool holds = false;
  std::string words;
};

/// What the verifier knows, and the report must agree with.
struct Expected {
  std::vector<Sha256> packs;           ///< all of them must have been asked; none at all is never bound
  std::optional<std::string> cluster;  ///< a name or a genesis hash
  std::optional<Pubkey> program;
  std::optional<Sha256> release_id;  ///< of the release.json at hand
  std::optional<Sha256> artifact;    ///< of the artifact at hand
  std::optional<std::string> phase;
};

/// Whether the report speaks of these gates, this release, artifact, cluster, program and phase. A GO of a partial
/// phase is never bound.
VerifyAnswer is_bound(const Statement& statement, const Expected& expected);

/// Whether the report is good at `at`: decided before, and not expired.
VerifyAnswer is_in_time(const Statement& statement, Time at);

}  // namespace readyctl
