// Running the command line within the test: what a command prints, and its exit status.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/cli.hpp"

namespace readyctl::test {

struct Ran {
  int status = 0;
  std::string out;
  std::string err;
};

/// Standard output or error of this process, kept in a file for as long as this lives.
class Captured {
 public:
  Captured(std::FILE* stream, int number)
      : stream_(stream), number_(number), kept_(::dup(number)), file_(std::tmpfile()) {
    std::fflush(stream_);
    ::dup2(::fileno(file_), number_);
  }
  ~Captured() {
    give_back();
    std::fclose(file_);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  std::string text() {
    give_back();
    std::rewind(file_);
    std::string text;
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) text.push_back(static_cast<char>(c));
    return text;
  }

 private:
  void give_back() {
    if (kept_ < 0) return;
    std::fflush(stream_);
    ::dup2(kept_, number_);
    ::close(kept_);
    kept_ = -1;
  }

  std::FILE* stream_;
  int number_;
  int kept_;
  std::FILE* file_;
};

/// readyctl with these arguments.
inline Ran run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "readyctl");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  Ran ran;
  Captured out(stdout, STDOUT_FILENO);
  Captured err(stderr, STDERR_FILENO);
  ran.status = run_command_line(static_cast<int>(argv.size()), argv.data());
  ran.out = out.text();
  ran.err = err.text();
  return ran;
}

inline bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace readyctl::test
