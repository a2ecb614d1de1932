// readyctl selftest: whether each gate of a report can fail, by mutants of its evidence.
#include "report/selftest.hpp"

#include "cli/command.hpp"
#include "cli/report_file.hpp"
#include "kinds/catalogue.hpp"
#include "sources/recorded.hpp"

namespace readyctl {
namespace {

struct SelfTestOptions {
  std::filesystem::path report;
  std::optional<std::filesystem::path> evidence;
  std::string format = "text";
};

Result<ExitCode> selftest_command(const SelfTestOptions& options) {
  const auto report = read_report(options.report);
  if (!report) return failure(report.error());
  auto evidence = replayed_evidence_of(*report, options.evidence);
  if (!evidence) return failure(evidence.error());
  RecordedSource source(*evidence);
  const auto tested = selftest(report->statement, catalogue(), source, evidence->facts);
  if (!tested) return failure(tested.error());
  print(options.format == "json" ? selftest_json(report->statement, *tested).dump() + "\n"
                                 : selftest_text(report->statement, *tested));
  if (const auto proven = require_proof(*tested); !proven) return failure(proven.error());
  return ExitCode::go;
}

}  // namespace

void add_selftest(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<SelfTestOptions>();
  CLI::App& command =
      *app.add_subcommand("selftest", "whether each gate of a report can fail, by changing its evidence");
  command.add_option("report", options->report, "the report")->required()->type_name("REPORT");
  command.add_option("--evidence", options->evidence, "its evidence (default: REPORT.evidence)")->type_name("FILE");
  command.add_option("--format", options->format, "text, or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command.callback([options, &status] {
    const auto outcome = selftest_command(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
