// One command, run once: text in, text out, within limits. Internal to attest.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace readyctl {

struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;  ///< without the program's own name
};

struct CommandLimits {
  std::chrono::milliseconds timeout;
  std::size_t output_bytes_max;
  std::function<bool()> interrupted = {};  ///< asked at least ten times a second; true ends the command
};

/// What the command wrote to standard output, having read `input`, or not, and exited with 0. No shell and no PATH. The
/// command shares our standard error, environment and working directory; of our open files it gets no other. It leads
/// a process group of its own and is never left behind: at a limit the whole group is killed, and it is always waited
/// for.
///
/// Errors (kind `unreadable`): it cannot be started, exits with another status, ends by a signal, exceeds a limit, was
/// interrupted.
Result<std::string> run_command(const Command& command, std::string_view input, const CommandLimits& limits);

}  // namespace readyctl
