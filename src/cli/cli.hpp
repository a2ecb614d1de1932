// The command line: parses, calls, prints, and decides nothing.
#pragma once

namespace readyctl {

/// Runs one command. Returns the exit status of include/readyctl/exit_code.hpp.
int run_command_line(int argc, char** argv);

}  // namespace readyctl
