// Signing: what people are asked to sign, with what was read of it, in words. Nothing is decided here.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "engine/to_sign.hpp"
#include "report/explanation.hpp"
#include "report/squads_votes.hpp"

namespace readyctl {

struct Signing {
  TransactionToSign transaction;
  std::optional<tl::expected<std::string, std::string>> exported;  ///< the text of its file, or why there is none
  std::optional<SquadsVote> vote;  ///< as it is on the chain; none: the chain was not asked, or it has no number
};

/// Reads the exported files, which are on this machine; with `from_chain` also what the chain holds, up to 4 rounds a
/// transaction.
Task<std::vector<Signing>> read_signings(std::vector<TransactionToSign> transactions, bool from_chain);

/// Its addresses, derived and in full; what it would do and the digest of that, as far as it was read.
Explanation explain_signing(const Signing& signing);

}  // namespace readyctl
