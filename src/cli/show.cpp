// readyctl show: a report for reading. Nothing is verified.
#include "cli/command.hpp"
#include "cli/report_file.hpp"

namespace readyctl {
namespace {

struct ShowOptions {
  std::filesystem::path report;
  FormatOption format;
};

ExitCode show(const ShowOptions& options) {
  const auto report = read_report(options.report);
  if (!report) return complain(report.error());
  options.format.show(report->statement);
  if (options.format.format == "text")
    print("Shown, not verified: readyctl verify says whether it may be relied on.\n");
  return ExitCode::go;
}

}  // namespace

void add_show(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<ShowOptions>();
  CLI::App& command = *app.add_subcommand("show", "print a report for reading, without verifying it");
  command.add_option("report", options->report, "the report")->required()->type_name("REPORT");
  options->format.add_to(command);
  command.callback([options, &status] { status = show(*options); });
}

}  // namespace readyctl
