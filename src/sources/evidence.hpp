// Evidence: the facts of a run in one file, so that the run can be decided again without the world.
//
// The format is specified to the byte in docs/evidence-format.md:
//
//     readyctl.evidence/v1 LF
//     for each record, in the order of keys:
//       header: one line of JSON in canonical form with exact integers, LF
//       bodies of its observations, one after the other, as long as the header says
//       LF
//
//     header            {"agreeing"?: […], "key": …, "observations": […], "salt": "<32 hex digits>"}
//     withheld record   {"key": …, "withheld": "<digest of the header that was>"}
//     observation       {"at", "elapsedMs", "from", "slot"?, and either "error" {"cause", "retry", "what"},
//                        or "head" and, where there are bytes, "body" {"sha256", "size"}}
//     agreement         {"at", "elapsedMs", "from", "sha256", "slot"?}: says the same as the last observation
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/files.hpp"
#include "facts/record.hpp"

namespace readyctl {

/// The most that is read of an evidence file, and the most that its compressed observations inflate to, all together.
inline constexpr std::size_t evidence_bytes_max = std::size_t{1} << 30;

/// Sixteen bytes that nobody can guess, so that a withheld record cannot be found by trying.
using Salt = std::function<Bytes()>;
Bytes random_salt();

/// Hands the bytes of the evidence file to `sink`, for whoever gives it its name later.
EvidenceIndex put_evidence(const FactStore& facts, const Salt& salt, const Sink& sink);

/// The same without a file: for a run whose report is only shown.
EvidenceIndex index_evidence(const FactStore& facts, const Salt& salt = random_salt);

/// Evidence as it was read.
struct Evidence {
  EvidenceIndex index;
  FactStore facts;                    ///< what was not withheld
  std::vector<std::string> withheld;  ///< keys of the records that were
};

/// Errors (kind `malformed`): not this format, a newer one, truncated, anything that is not as put_evidence writes it,
/// naming the record; observations that inflate to more than `inflated_bytes_max` in all, before that much is held.
Result<Evidence> parse_evidence(Bytes bytes, const std::string& name,
                                std::uint64_t inflated_bytes_max = evidence_bytes_max);

/// Compares evidence with what a report binds. Errors (kind `not_relied`): a record that differs, is missing or is one
/// too many, by its key; a file that differs elsewhere. Withheld records are no error.
Result<void> check_evidence(const Evidence& evidence, const EvidenceIndex& bound, const std::string& name);

}  // namespace readyctl
