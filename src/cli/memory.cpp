#include "cli/memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <new>
#include <string_view>

#include "cli/command.hpp"
#include "readyctl/exit_code.hpp"

namespace readyctl {
namespace {

// Not every exception that ends a process is known to be the cause: GCC ends some coroutines without one.
bool was_short = false;

void say(std::string_view words) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words.data(), words.size());
}

void note_shortage() {
  was_short = true;
  throw std::bad_alloc();
}

const std::terminate_handler usual = std::get_terminate();

void end_unexpectedly() {
  if (was_short) leave_without_memory();
  usual();
}

}  // namespace

void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // also for a core_pattern that is a pipe, which heeds no limit
}

void say_out_of_memory() {
  const std::string& deed = remembered_deed();
  say("readyctl: error: out of memory; ");
  say(deed.empty() ? "nothing was decided" : std::string_view(deed));
  say("\n    give it more: ulimit -v and ulimit -d, or the limit of the container\n");
}

void say_keys_may_stay() {
  say("readyctl: warning: a library used OpenSSL before it could be told to wipe its memory, so copies of private keys "
      "may stay there until the process ends\n");
}

void leave_without_memory() {
  say_out_of_memory();
  ::_exit(static_cast<int>(ExitCode::defect));
}

void end_without_memory() {
  std::set_new_handler(note_shortage);
  std::set_terminate(end_unexpectedly);
}

}  // namespace readyctl
