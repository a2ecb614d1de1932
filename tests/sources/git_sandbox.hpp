// A folder of its own in which git makes real repositories, with nothing of the user's or the machine's configuration.
#pragma once

#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "facts/git.hpp"
#include "sources/git.hpp"

namespace readyctl::test {

namespace fs = std::filesystem;

/// Sets a variable of this process until the end of the block.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    const char* before = std::getenv(name);
    if (before != nullptr) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Environment() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

class Sandbox {
 public:
  Sandbox() {
    std::string pattern = (fs::temp_directory_path() / "readyctl-git-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = fs::canonical(pattern);
    fs::create_directory(root / "home");
  }
  ~Sandbox() { fs::remove_all(root); }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Runs git in a folder of the sandbox and returns what it printed, without the last line feed.
  std::string git(const std::string& folder, std::vector<std::string> arguments) const {
    const auto [status, output] = run(folder, std::move(arguments));
    INFO(output);
    REQUIRE(status == 0);
    return output;
  }
  /// The same where git itself is expected to fail: a merge with conflicts.
  void git_fails(const std::string& folder, std::vector<std::string> arguments) const {
    REQUIRE(run(folder, std::move(arguments)).first != 0);
  }

  void write(const std::string& path, const std::string& content) const {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << content;
  }
  std::string read(const std::string& path) const { return read_text_file(root / path).value(); }

  /// A repository with README, src/lib.rs and .gitignore in one commit; returns the commit.
  std::string repository(const std::string& folder) const {
    fs::create_directories(root / folder);
    git(folder, {"init", "--quiet", "--initial-branch=main"});
    write(folder + "/README", "vault\n");
    write(folder + "/src/lib.rs", "fn main() {}\n");
    write(folder + "/.gitignore", "/target\n");
    return commit(folder, "first");
  }
  /// Commits everything.
  std::string commit(const std::string& folder, const std::string& subject) const {
    git(folder, {"add", "--all"});
    git(folder, {"commit", "--quiet", "--allow-empty", "--message", subject});
    return git(folder, {"rev-parse", "HEAD"});
  }

  Observation observe(const std::string& folder, const GitRequest& request = {}) const {
    const auto opened = Folder::open(root / folder);
    REQUIRE(opened);
    const Answer answer = read_git(*opened, request);
    REQUIRE(answer.observations.size() == 1);
    CHECK(answer.deciding().from == "local");
    return answer.deciding();
  }
  /// The state, through the payload that evidence keeps.
  GitState state(const std::string& folder, const GitRequest& request = {}) const {
    const Observation seen = observe(folder, request);
    INFO((seen.outcome ? "" : seen.outcome.error().what));
    REQUIRE(seen.outcome);
    const auto state = facts::git(request).read(seen);
    REQUIRE(state);
    return *state;
  }
  Unobtainable trouble(const std::string& folder, const GitRequest& request = {}) const {
    const Observation seen = observe(folder, request);
    REQUIRE(!seen.outcome);
    return seen.outcome.error();
  }

  /// Name, size, time and digest of every file below a folder: what must not change when it is only read.
  std::map<std::string, std::string> fingerprint(const std::string& folder) const {
    std::map<std::string, std::string> files;
    for (const auto& item : fs::recursive_directory_iterator(root / folder)) {
      const auto changed = item.last_write_time().time_since_epoch().count();
      const std::string digest = item.is_regular_file() ? to_string(sha256(read_text_file(item.path()).value())) : "";
      files[item.path().string()] = std::to_string(changed) + " " + digest;
    }
    return files;
  }

  fs::path root;

 private:
  std::pair<int, std::string> run(const std::string& folder, std::vector<std::string> arguments) const {
    const fs::path output = root / "output";
    std::string script = "cd \"$1\" && shift && exec git -c protocol.file.allow=always \"$@\" >\"$0\" 2>&1";
    arguments.insert(arguments.begin(), {"sh", "-c", script, output.string(), (root / folder).string()});
    std::vector<std::string> variables{"PATH=/usr/local/bin:/usr/bin:/bin",
                                       "HOME=" + (root / "home").string(),
                                       "GIT_CONFIG_NOSYSTEM=1",
                                       "LC_ALL=C",
                                       "GIT_AUTHOR_NAME=Ada",
                                       "GIT_AUTHOR_EMAIL=ada@example.org",
                                       "GIT_COMMITTER_NAME=Ada",
                                       "GIT_COMMITTER_EMAIL=ada@example.org",
                                       "GIT_AUTHOR_DATE=1763715374 +0100",
                                       "GIT_COMMITTER_DATE=1763715374 +0100"};
    std::vector<char*> argv, envp;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    for (std::string& variable : variables) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    pid_t child = 0;
    REQUIRE(::posix_spawn(&child, "/bin/sh", nullptr, nullptr, argv.data(), envp.data()) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    std::string text = read_text_file(output).value_or("");
    if (text.ends_with('\n')) text.pop_back();
    return {status, text};
  }
};

/// Root may read everything, so until the end of the block this process is another user, who owns what is in `folder`.
/// Not where it is no root: then it owns it already.
class OtherUser {
 public:
  explicit OtherUser(const fs::path& folder) {
    if (::geteuid() != 0) return;
    constexpr uid_t somebody = 12'345;
    REQUIRE(::lchown(folder.c_str(), somebody, 0) == 0);
    for (const auto& item : fs::recursive_directory_iterator(folder)) {
      REQUIRE(::lchown(item.path().c_str(), somebody, 0) == 0);
    }
    REQUIRE(::seteuid(somebody) == 0);
    was_root_ = true;
  }
  ~OtherUser() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  OtherUser(const OtherUser&) = delete;
  OtherUser& operator=(const OtherUser&) = delete;

 private:
  bool was_root_ = false;
};

inline bool clean(const GitState& state) {
  return state.changes.total == 0 && state.untracked.total == 0 && state.unsettled.total == 0 &&
         state.doubts.total == 0 && state.tracked > 0;
}

/// The only change there is.
inline GitChange only_change(const GitState& state) {
  REQUIRE(state.changes.total == 1);
  return state.changes.listed.front();
}

/// The only doubt there is, and no change.
inline GitDoubt only_doubt(const GitState& state) {
  CHECK(state.changes.total == 0);
  REQUIRE(state.doubts.total == 1);
  return state.doubts.listed.front();
}

}  // namespace readyctl::test
