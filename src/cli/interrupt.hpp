// Ctrl-C: the first signal ends the run between two answers, the second one ends the process at once.
#pragma once

#include <optional>

#include "readyctl/exit_code.hpp"

namespace readyctl {

/// Catches SIGINT and SIGTERM from here on.
void catch_interrupts();

bool interrupted();

/// The status that the signal means; none when there was no signal.
std::optional<ExitCode> interrupt_status();

}  // namespace readyctl
