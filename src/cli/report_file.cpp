#include "cli/report_file.hpp"

#include "base/text.hpp"
#include "kinds/catalogue.hpp"
#include "report/replay.hpp"
#include "sources/recorded.hpp"

namespace readyctl {
namespace {

// Whether the bytes are those that were bound once each CRLF is the LF that git or mail made it of.
bool was_given_crlf(std::string_view bytes, const Sha256& bound) {
  Sha256Hasher hasher;
  std::size_t begin = 0;
  for (auto end = bytes.find("\r\n"); end != std::string_view::npos; end = bytes.find("\r\n", begin)) {
    hasher.update(bytes_of(bytes.substr(begin, end - begin)));
    begin = end + 1;
  }
  hasher.update(bytes_of(bytes.substr(begin)));
  return hasher.finish() == bound;
}

}  // namespace

Result<ReportFile> read_report(const std::filesystem::path& path) {
  const auto text = read_text_file(path);
  if (!text) return failure(text.error());
  auto envelope = parse_envelope(*text, path.string());
  if (!envelope) return failure(envelope.error());
  if (const auto typed = require_in_toto(*envelope); !typed) return failure(typed.error());
  auto statement = parse_statement(text_of(envelope->payload), path.string());
  if (!statement) return failure(statement.error());
  return ReportFile{path, sha256(*text), std::move(*envelope), std::move(*statement)};
}

Result<Evidence> read_evidence_of(const ReportFile& report, const std::optional<std::filesystem::path>& path) {
  const std::filesystem::path file = path.value_or(report.path.string() + ".evidence");
  auto bytes = read_file(file, evidence_bytes_max);
  if (!bytes) {
    Error error = bytes.error();
    error.hint = "the evidence belongs to the report and is kept beside it; say where it is with --evidence FILE";
    return failure(std::move(error));
  }
  const Sha256 digest = sha256(*bytes);
  const Sha256& bound = report.statement.evidence.file;
  if (digest != bound && was_given_crlf(text_of(*bytes), bound)) {
    return failure({ErrorKind::not_relied, file.string(), "its line ends were changed to CRLF",
                    "git or mail did this; fetch the file as binary"});
  }
  auto evidence = parse_evidence(std::move(*bytes), file.string());
  if (!evidence) {
    // Bytes that are not the ones bound are first of all that; what exactly is wrong with them helps to find out why.
    Error error = evidence.error();
    error.kind = ErrorKind::not_relied;
    error.hint = "the file has digest " + to_string(digest) + ", the report binds " + to_string(bound);
    return failure(std::move(error));
  }
  if (const auto same = check_evidence(*evidence, report.statement.evidence, file.string()); !same) {
    return failure(same.error());
  }
  return evidence;
}

Result<Evidence> replayed_evidence_of(const ReportFile& report, const std::optional<std::filesystem::path>& path) {
  auto evidence = read_evidence_of(report, path);
  if (!evidence) return evidence;
  if (!evidence->withheld.empty()) {
    return failure(
        {ErrorKind::not_relied, report.path.string(),
         counted(evidence->withheld.size(), "record") + " of its evidence were withheld, and a replay needs all",
         "ask for the whole evidence; readyctl verify needs only what is there"});
  }
  RecordedSource source(*evidence);
  if (const auto same = replay(report.statement, catalogue(), source, evidence->facts); !same) {
    return failure(same.error());
  }
  return evidence;
}

Result<void> replay_report(const ReportFile& report, const std::optional<std::filesystem::path>& path) {
  const auto evidence = replayed_evidence_of(report, path);
  if (!evidence) return failure(evidence.error());
  return {};
}

}  // namespace readyctl
