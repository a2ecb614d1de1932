#include "attest/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/files.hpp"
#include "base/time.hpp"

namespace readyctl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int first_other_descriptor = 3;

// A signal that arrives just before a wait does not end it, so no wait is long.
constexpr std::chrono::milliseconds patience_max{100};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

// Above 2, so that nothing is in the way when the child's 0 and 1 are put into place.
Descriptor above_standard(int number) {
  const Descriptor given(number);
  return Descriptor(::fcntl(given.number(), F_DUPFD_CLOEXEC, first_other_descriptor));
}

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe made{above_standard(ends[0]), above_standard(ends[1])};
  if (made.read_end.number() < 0 || made.write_end.number() < 0) return std::nullopt;
  return made;
}

bool never_wait(const Descriptor& file) {
  const int flags = ::fcntl(file.number(), F_GETFL);
  return flags >= 0 && ::fcntl(file.number(), F_SETFL, flags | O_NONBLOCK) == 0;
}

// A command that does not read its input must not end us with SIGPIPE. The signal is blocked in this thread only, and
// taken off the queue again if it is ours.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec no_time{};
    while (!was_pending_ && ::sigtimedwait(&pipe_, nullptr, &no_time) == -1 && errno == EINTR) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// What the child starts with: our pipes as 0 and 1, our 2, nothing else; no signal ignored.
class SpawnSettings {
 public:
  SpawnSettings(const Pipe& input, const Pipe& output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, input.read_end.number(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output.write_end.number(), STDOUT_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, first_other_descriptor);
    sigset_t reading_terminal;  // fails at once, instead of stopping a command that is not in the foreground
    ::sigemptyset(&reading_terminal);
    ::sigaddset(&reading_terminal, SIGTTIN);
    sigset_t ignored_here;
    ::sigemptyset(&ignored_here);
    ::sigaddset(&ignored_here, SIGPIPE);
    ::sigaddset(&ignored_here, SIGXFSZ);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &reading_terminal);
    ::posix_spawnattr_setsigdefault(&attributes_, &ignored_here);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    ::posix_spawnattr_setpgroup(&attributes_, 0);  // one of its own, so that what it starts can be killed with it
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  // 0, or an errno.
  int spawn(const Command& command, pid_t& child) const {
    std::vector<std::string> words{command.program.string()};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    return ::posix_spawn(&child, words.front().c_str(), &actions_, &attributes_, argv.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// A started child. Whatever happens, it is waited for; if nobody did, it and all that it started are killed first.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid), exited_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  ~Child() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Readable when the child has ended; -1 on kernels without pidfd.
  int exited() const { return exited_.number(); }

  /// Its wait status.
  int wait() {
    int status = -1;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
  Descriptor exited_;
};

// Feeds the child and listens to it until it has ended or a limit is reached.
class Conversation {
 public:
  Conversation(std::string_view input, Descriptor to, Descriptor from, const CommandLimits& limits)
      : rest_(input), to_(std::move(to)), from_(std::move(from)), limits_(limits) {}

  enum class End { child_ended, too_much, too_late, interrupted };

  End run(const Child& child, Clock::time_point deadline) {
    while (true) {
      if (limits_.interrupted && limits_.interrupted()) return End::interrupted;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return End::too_late;
      std::array<pollfd, 3> polled = {
          {{to_.number(), POLLOUT, 0}, {from_.number(), POLLIN, 0}, {child.exited(), POLLIN, 0}}};
      const auto patience = std::min(left + std::chrono::milliseconds(1), patience_max);
      if (::poll(polled.data(), polled.size(), static_cast<int>(patience.count())) <= 0)
        continue;  // the loop looks at the time
      if (polled[0].revents != 0) feed();
      if (polled[1].revents != 0) listen();
      if (output_.size() > limits_.output_bytes_max) return End::too_much;
      if (polled[2].revents == 0) continue;
      listen();  // what it wrote last
      return output_.size() > limits_.output_bytes_max ? End::too_much : End::child_ended;
    }
  }

  std::string take_output() { return std::move(output_); }

 private:
  void feed() {
    const ssize_t put = ::write(to_.number(), rest_.data(), rest_.size());
    if (put < 0 && (errno == EINTR || errno == EAGAIN)) return;
    rest_.remove_prefix(put < 0 ? rest_.size() : static_cast<std::size_t>(put));  // EPIPE: it does not want the rest
    if (rest_.empty()) to_ = Descriptor();
  }

  void listen() {
    std::array<char, 4096> piece{};
    while (from_.number() >= 0 && output_.size() <= limits_.output_bytes_max) {
      const ssize_t got = ::read(from_.number(), piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) {
        from_ = Descriptor();
        return;
      }
      output_.append(piece.data(), static_cast<std::size_t>(got));
    }
  }

  std::string_view rest_;
  Descriptor to_;
  Descriptor from_;
  const CommandLimits& limits_;
  std::string output_;
};

tl::unexpected<Error> failed(const Command& command, std::string what, std::string hint = {}) {
  return failure({ErrorKind::unreadable, command.program.string(), std::move(what), std::move(hint)});
}

Result<void> judge_status(const Command& command, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) {
    return failed(command, "exited with status " + std::to_string(WEXITSTATUS(status)),
                  "its own words are on standard error");
  }
  if (WIFSIGNALED(status)) return failed(command, "was ended by signal " + std::to_string(WTERMSIG(status)));
  return failed(command, "could not be waited for");
}

}  // namespace

Result<std::string> run_command(const Command& command, std::string_view input, const CommandLimits& limits) {
  auto to_child = make_pipe();
  auto from_child = make_pipe();
  if (!to_child || !from_child || !never_wait(to_child->write_end) || !never_wait(from_child->read_end)) {
    return failed(command, std::string("no pipe could be made to it: ") + std::strerror(errno));
  }
  const WithoutSigpipe guard;
  const auto deadline = Clock::now() + limits.timeout;
  pid_t pid = -1;
  const int trouble = SpawnSettings(*to_child, *from_child).spawn(command, pid);
  if (trouble != 0) {
    return failed(command, std::string("cannot be started: ") + std::strerror(trouble),
                  "the program is a path, relative to the signer file or absolute; PATH is not searched");
  }
  Child child(pid);
  to_child->read_end = Descriptor();
  from_child->write_end = Descriptor();
  if (child.exited() < 0) return failed(command, "cannot be watched: the kernel lacks pidfd_open (Linux 5.3)");

  Conversation conversation(input, std::move(to_child->write_end), std::move(from_child->read_end), limits);
  using End = Conversation::End;
  const End end = conversation.run(child, deadline);
  if (end == End::interrupted) return failed(command, "was killed, because readyctl was interrupted");
  if (end == End::too_late) {
    return failed(command, "did not finish within " + duration_text(limits.timeout) + " and was killed",
                  "raise timeoutSeconds if somebody has to confirm");
  }
  if (end == End::too_much) {
    return failed(command, "wrote more than " + std::to_string(limits.output_bytes_max) + " bytes and was killed");
  }
  if (const auto judged = judge_status(command, child.wait()); !judged) return failure(judged.error());
  return conversation.take_output();
}

}  // namespace readyctl
