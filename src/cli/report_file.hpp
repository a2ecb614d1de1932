// A report with its evidence, as files.
#pragma once

#include <filesystem>
#include <optional>

#include "attest/envelope.hpp"
#include "report/statement.hpp"
#include "sources/evidence.hpp"

namespace readyctl {

struct ReportFile {
  std::filesystem::path path;
  Sha256 sha256;  ///< of the exact bytes
  Envelope envelope;
  Statement statement;
};

/// Errors: those of reading the file, of parse_envelope and of parse_statement.
Result<ReportFile> read_report(const std::filesystem::path& path);

/// The evidence of a report, checked against what the report binds. `path` defaults to `<report>.evidence`. Errors:
/// those of reading the file, of parse_evidence and of check_evidence.
Result<Evidence> read_evidence_of(const ReportFile& report, const std::optional<std::filesystem::path>& path);

/// The evidence of a report, from which it was decided again and came out the same. Errors: those of read_evidence_of
/// and of replay; records that are withheld.
Result<Evidence> replayed_evidence_of(const ReportFile& report, const std::optional<std::filesystem::path>& path);

/// The same without the evidence.
Result<void> replay_report(const ReportFile& report, const std::optional<std::filesystem::path>& evidence);

}  // namespace readyctl
