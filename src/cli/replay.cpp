// readyctl replay: decides a report again, offline, from the evidence that was kept.
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/report_file.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

const std::string replayed_words =
    "Replayed from the evidence: everything that follows from it came out the same.\n"
    "Who signed was not looked at: readyctl verify says whether the report may be relied on.\n";

// Another version may say the same in other words, so its words are shown and not compared.
std::string wording_words(const Statement& statement) {
  if (statement.tool_version == version) return "";
  return "It was written by readyctl " + printable(statement.tool_version) + ", and this is " + std::string(version) +
         ": its summaries and remedies are shown as it states them, and were not compared.\n";
}

struct ReplayOptions {
  std::filesystem::path report;
  std::optional<std::filesystem::path> evidence;
  FormatOption format;
};

Result<ExitCode> replay_command(const ReplayOptions& options) {
  const auto report = read_report(options.report);
  if (!report) return failure(report.error());
  if (const auto same = replay_report(*report, options.evidence); !same) return failure(same.error());
  options.format.show(report->statement);
  if (options.format.format == "text") print(replayed_words + wording_words(report->statement));
  return exit_code_of(report->statement.decision);
}

}  // namespace

void add_replay(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App& command = *app.add_subcommand("replay", "decide a report again, offline, from its evidence");
  command.add_option("report", options->report, "the report")->required()->type_name("REPORT");
  command.add_option("--evidence", options->evidence, "its evidence (default: REPORT.evidence)")->type_name("FILE");
  options->format.add_to(command);
  command.callback([options, &status] {
    const auto outcome = replay_command(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
