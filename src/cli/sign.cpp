// readyctl sign: decides a report again, shows the verdict, and only then adds a signature.
#include <spdlog/spdlog.h>

#include "attest/signer.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/report_file.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

struct SignOptions {
  std::filesystem::path report;
  std::optional<std::filesystem::path> evidence;
  std::filesystem::path key;
};

// What is signed along with the rest although no evidence bears it out.
std::string not_replayed_words(const Statement& statement) {
  const Json& predicate = statement.predicate();
  std::string words = "Signed as stated, because no evidence can bear it out:";
  for (const char* field : {"tool", "trust", "previous", "weakened"}) {
    words += std::string("\n  ") + field + " " + printable(predicate[field].dump());
  }
  return words + "\n";
}

// A signature may have been added by somebody else while this one was made, and must not be lost. Who could read the
// report before can read it now, and nobody else.
Result<void> write_signed(const ReportFile& report) {
  const auto now = read_guarded_file(report.path, file_bytes_max);
  if (!now) return failure(now.error());
  if (sha256(now->bytes) != report.sha256) {
    return failure({ErrorKind::unwritable, report.path.string(), "was changed while it was being signed",
                    "nothing was written, and what it holds now was kept: sign it again"});
  }
  return write_file(report.path, serialise(report.envelope), now->access.mode & 0777);
}

Result<ExitCode> sign(const SignOptions& options) {
  auto report = read_report(options.report);
  if (!report) return failure(report.error());
  auto signer = open_signer(options.key, interrupted);
  if (!signer) return failure(signer.error());
  if (const auto room = require_room_for((*signer)->public_key(), report->envelope); !room)
    return failure(room.error());
  if (const auto same = replay_report(*report, options.evidence); !same) return failure(same.error());

  if (report->statement.tool_version != version) {
    return failure(
        {ErrorKind::not_relied, options.report.string(),
         "was written by readyctl " + printable(report->statement.tool_version) + ", and this is " +
             std::string(version) +
             ": summaries and remedies are that version's own words, which a replay by this one does not compare",
         "sign with the version that wrote it"});
  }
  FormatOption{}.show(report->statement);
  print(not_replayed_words(report->statement));
  catch_interrupts();
  const auto added = add_signature(report->envelope, **signer);
  const Uninterrupted whole;
  if (const auto status = interrupt_status()) {
    spdlog::warn("interrupted: no signature was added");
    return *status;
  }
  if (!added) return failure(added.error());
  if (const auto written = write_signed(*report); !written) return failure(written.error());
  remember_deed("the signature is added to " + printable(options.report.string()));
  print("Replayed from the evidence, and signed by " + to_string((*signer)->public_key()) + ".\n");
  return ExitCode::go;
}

}  // namespace

void add_sign(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<SignOptions>();
  CLI::App& command = *app.add_subcommand("sign", "replay a report, show its verdict, then add a signature");
  command.add_option("report", options->report, "the report")->required()->type_name("REPORT");
  command.add_option("--key", options->key, "Solana keypair, PKCS#8 PEM, or external signer")
      ->required()
      ->type_name("FILE");
  command.add_option("--evidence", options->evidence, "its evidence (default: REPORT.evidence)")->type_name("FILE");
  command.callback([options, &status] {
    const auto outcome = sign(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
