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

/// Decides the report again from its evidence. Errors: those of read_evidence_of and of replay.
Result<void> replay_report(const ReportFile& report, const std::optional<std::filesystem::path>& evidence);

}  // namespace readyctl
