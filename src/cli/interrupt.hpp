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

/// While this lives, a second signal waits like the first, so that what takes a moment and must be done whole is.
class Uninterrupted {
 public:
  Uninterrupted();
  ~Uninterrupted();
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;
};

}  // namespace readyctl
