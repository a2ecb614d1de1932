#include "cli/interrupt.hpp"

#include <unistd.h>

#include <csignal>

namespace readyctl {
namespace {

volatile std::sig_atomic_t caught = 0;
volatile std::sig_atomic_t is_held = 0;

void on_signal(int number) {
  if (caught != 0 && is_held == 0) ::_exit(128 + number);
  caught = number;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action{};
  action.sa_handler = on_signal;  // without SA_RESTART, so that a wait for the network returns
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

Uninterrupted::Uninterrupted() { is_held = 1; }
Uninterrupted::~Uninterrupted() { is_held = 0; }

bool interrupted() { return caught != 0; }

std::optional<ExitCode> interrupt_status() {
  if (caught == 0) return std::nullopt;
  return caught == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
}

}  // namespace readyctl
