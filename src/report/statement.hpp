// Statement: the in-toto statement of a run. It holds the verdict, every finding, and everything that is needed to
// decide again: packs and manifest byte for byte, values, and the digest of each evidence record.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/run.hpp"
#include "facts/record.hpp"

namespace readyctl {

inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view predicate_type = "https://readyctl.dev/readiness-report/v1";
inline constexpr std::string_view report_schema = "readyctl.report/v1";

/// What a report says besides the run itself.
struct Circumstances {
  Sha256 tool_binary;                 ///< of the readyctl that decided
  std::optional<Sha256> trust;        ///< of the trust file that was given to the run
  std::optional<Sha256> previous;     ///< of the report before this one for the release; nullopt: none
  std::vector<std::string> weakened;  ///< every option that weakens the result, as it was given
};

/// The statement of a run, as canonical JSON. Deterministic in its arguments.
std::string make_statement(const PlanInputs& inputs, const Plan& plan, const Run& run, const EvidenceIndex& evidence,
                           const Circumstances& circumstances);

/// The subjects of a statement: artifact, manifest, evidence and each pack, by digest.
Json subjects_of(const PlanInputs& inputs, const EvidenceIndex& evidence);

/// The part of the predicate that says what was asked: release, packs, phase, values. It follows from the inputs.
Json asked_part(const PlanInputs& inputs);

/// The part that says what came out: verdict, findings, what was not examined, whose word it rests on. It follows from
/// the inputs and the evidence, and is what a replay must reproduce.
Json decided_part(const PlanInputs& inputs, const Plan& plan, const Run& run);

/// A statement as it was read.
struct Statement {
  Json json;
  Decision decision = Decision::inconclusive;
  std::string release;
  Sha256 release_id;
  std::string cluster;
  std::string genesis_hash;
  std::string program;
  std::optional<std::string> phase;
  bool partial = false;
  Time decided_at;
  std::optional<Time> valid_until;
  std::string tool_version;
  Sha256 artifact;
  Sha256 manifest;  ///< of the exact bytes
  struct PackText {
    std::string path;  ///< where it came from, for messages
    std::string text;
    Sha256 sha256;
    std::string name;  ///< as findings name it
  };
  std::vector<PackText> packs;
  std::string manifest_text;
  Values set;
  std::vector<std::string> select;
  EvidenceIndex evidence;
  const Json& predicate() const { return json["predicate"]; }
  const Json& findings() const { return json["predicate"]["findings"]; }
};

/// Reads the payload of a native report. Errors: kind `malformed` when it is no statement of ours or of a newer schema;
/// kind `not_relied` when it is not in canonical form, or contradicts itself: a verdict that its findings do not add up
/// to, findings that are not one for each gate of its packs as defined there, a waived gate without waiver, a subject
/// that is not the digest of what the statement holds, a program that is not the manifest's.
Result<Statement> parse_statement(std::string_view payload, const std::string& name);

/// What the run was made of, read again from its statement.
Result<PlanInputs> inputs_of(const Statement& statement);

std::string_view to_string(Decision decision);

}  // namespace readyctl
