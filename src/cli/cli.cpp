#include "cli/cli.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>

#include "cli/command.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

void log_to_standard_error() {
  auto logger = std::make_shared<spdlog::logger>("readyctl", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
  logger->set_pattern("readyctl: %^%l%$: %v");
  spdlog::set_default_logger(std::move(logger));
}

// CLI11 has codes of its own, from 100 up; they would teach a pipeline nothing.
int leave(const CLI::App& app, const CLI::ParseError& error) {
  const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
  app.exit(error);
  return static_cast<int>(asked ? ExitCode::go : ExitCode::usage);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error to be handled, not a reason to die without a verdict
  log_to_standard_error();

  CLI::App app("Production-readiness gate for Solana program releases: go or no-go, from evidence, signed.",
               "readyctl");
  app.set_version_flag("--version", "readyctl " + std::string(version));
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 GO, 1 NO-GO, 2 NO-GO because undecided, 3 not to be relied on, 64 usage, 65 malformed input,\n"
      "66 unreadable input, 70 defect, 73 output not written, 130 and 143 interrupted. See docs/exit-codes.md.");

  ExitCode status = ExitCode::go;
  add_run(app, status);
  add_replay(app, status);
  add_verify(app, status);
  add_sign(app, status);
  add_show(app, status);
  add_lint(app, status);
  add_gates(app, status);
  add_schema(app, status);
  add_keygen(app, status);
  add_freeze(app, status);
  add_inspect(app, status);
  add_derive(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return leave(app, error);
  } catch (const std::exception& error) {
    spdlog::critical("defect: {}; nothing was decided. Please report it with the command line.", error.what());
    return static_cast<int>(ExitCode::defect);
  }
  // A decision that nobody could read is no delivered decision.
  if (std::ferror(stdout) != 0 && static_cast<int>(status) < static_cast<int>(ExitCode::usage)) {
    status = complain({ErrorKind::unwritable, "standard output", "cannot be written", "read the report file instead"});
  }
  return static_cast<int>(status);
}

}  // namespace readyctl
