#include "cli/cli.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <map>
#include <new>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/memory.hpp"
#include "cli/progress.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

// Standard error, where a line of progress may stand that a diagnostic must not be appended to.
using StandardError = spdlog::sinks::stderr_color_sink_st;
class Diagnostics final : public StandardError {
 public:
  explicit Diagnostics(spdlog::color_mode mode) : StandardError(mode) {}

  void log(const spdlog::details::log_msg& message) override {
    ProgressLine::make_room();
    StandardError::log(message);
  }
};

void log_to_standard_error() {
  const auto mode = colour_is_wanted(STDERR_FILENO) ? spdlog::color_mode::always : spdlog::color_mode::never;
  auto logger = std::make_shared<spdlog::logger>("readyctl", std::make_shared<Diagnostics>(mode));
  logger->set_pattern("readyctl: %^%l%$: %v");
  spdlog::set_default_logger(std::move(logger));
}

// What is no text could be put into no report, and could not even be shown.
Result<void> check_text(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (!is_utf8(word)) return usage(word, "is an argument that is no UTF-8", "rename the file, or encode the value");
  }
  return {};
}

std::vector<CLI::App*> subcommands_of(CLI::App& command) {
  return command.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// Names the first word that does not exist, before CLI11 complains of what is missing, perhaps because of it.
class Words {
 public:
  Words(CLI::App& app, const std::vector<std::string>& words) : command_(&app), words_(words) {}

  Result<void> check() {
    for (at_ = 0; at_ < words_.size() && words_[at_] != "--"; ++at_) {
      const bool option = words_[at_].starts_with("-") && words_[at_].size() > 1;
      if (const auto known = option ? check_option() : check_command(); !known) return known;
    }
    if (words_.empty() || (!saw_option_ && words_.size() == depth_ && !subcommands_of(*command_).empty())) {
      return usage(command_->get_name(), "no command was given", suggestion("", command_names()));
    }
    return {};
  }

 private:
  std::vector<std::string> command_names() const {
    std::vector<std::string> names;
    for (const CLI::App* one : subcommands_of(*command_)) names.push_back(one->get_name());
    return names;
  }

  Result<void> check_option() {
    saw_option_ = true;
    const std::string& word = words_[at_];
    const std::string name = word.substr(0, word.find('='));
    const CLI::Option* option = command_->get_option_no_throw(name);
    if (option == nullptr && !word.starts_with("--")) return {};  // -h, or a number
    if (option == nullptr) {
      return usage(command_->get_name(), "unknown option \"" + name + "\"", suggestion(name, option_names(*command_)));
    }
    if (name == word && option->get_items_expected_min() > 0) ++at_;  // its value, whatever it looks like
    return {};
  }

  Result<void> check_command() {
    const auto known = subcommands_of(*command_);
    if (known.empty()) return {};
    for (CLI::App* one : known) {
      if (one->get_name() != words_[at_]) continue;
      command_ = one;
      ++depth_;
      return {};
    }
    if (words_[at_] == "help") {
      return usage(command_->get_name(), "unknown command \"help\"", "say readyctl --help, or readyctl COMMAND --help");
    }
    return usage(command_->get_name(), "unknown command \"" + words_[at_] + "\"",
                 suggestion(words_[at_], command_names()));
  }

  CLI::App* command_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;  ///< of commands so far
  bool saw_option_ = false;
};

// CLI11 has codes of its own, from 100 up; they would teach a pipeline nothing. What it says repeats arguments as they
// are.
int leave(const CLI::App& app, const CLI::ParseError& error) {
  const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
  if (asked) return app.exit(error);
  return static_cast<int>(complain({ErrorKind::usage, "", error.what(), "--help says what each command takes"}));
}

// The status of each command, as --help says it: those that it can return.
std::string exit_status_words(const std::string& command) {
  static const std::map<std::string, std::string> own{
      {"run", "0 GO, 1 NO-GO, 2 NO-GO because undecided, 3 a signature of an external signer that does not verify"},
      {"replay", "0 GO, 1 NO-GO, 2 NO-GO because undecided, 3 does not come out the same"},
      {"verify", "0 GO, 1 NO-GO, 2 NO-GO because undecided, 3 not to be relied on"},
      {"selftest", "0 every blocking gate can fail, 3 does not come out the same"},
      {"sign", "0 signed, 3 does not come out the same"},
      {"show", "0 shown, 3 contradicts itself"},
      {"lint", "0 sound"},
      {"keygen", "0 made"},
      {"freeze", "0 frozen"},
  };
  const auto found = own.find(command);
  const bool reads_no_file = command == "keygen" || command == "gates" || command == "schema";
  const bool can_be_interrupted = command == "run" || command == "sign" || command == "freeze" || command == "inspect";
  return "Exit status: " + (found == own.end() ? "0 printed" : found->second) + ", 64 usage,\n" +
         (reads_no_file ? "" : "65 malformed input, 66 unreadable input, ") + "70 defect, 73 output not written" +
         (can_be_interrupted ? ", 130 and 143 interrupted" : "") + ". See docs/exit-codes.md.";
}

void add_exit_status(CLI::App& command, const std::string& name) {
  command.footer(exit_status_words(name));
  for (CLI::App* below : subcommands_of(command)) add_exit_status(*below, name);
}

// Commands that decide and change nothing. Whoever closed the pipe has seen what he wanted of them.
bool only_shows(const CLI::App& app) {
  static const std::vector<std::string> names{"show", "lint", "gates", "schema", "inspect", "derive"};
  const auto chosen = app.get_subcommands();
  return !chosen.empty() && std::find(names.begin(), names.end(), chosen.front()->get_name()) != names.end();
}

// A decision that nobody could read is no delivered decision. What was written before stays written.
Error undelivered() {
  const std::string& deed = remembered_deed();
  return {ErrorKind::unwritable, "standard output", "cannot be written" + (deed.empty() ? "" : "; " + deed),
          deed.empty() ? "nothing was written anywhere else" : "readyctl show prints the report again"};
}

}  // namespace

int run_command_line(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error to be handled, not a reason to die without a verdict
  std::signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not become so large
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
  add_plan(app, status);
  add_replay(app, status);
  add_verify(app, status);
  add_selftest(app, status);
  add_sign(app, status);
  add_show(app, status);
  add_lint(app, status);
  add_gates(app, status);
  add_schema(app, status);
  add_keygen(app, status);
  add_freeze(app, status);
  add_inspect(app, status);
  add_derive(app, status);
  for (CLI::App* command : subcommands_of(app)) add_exit_status(*command, command->get_name());
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  note_arguments(words);
  if (const auto text = check_text(words); !text) return static_cast<int>(complain(text.error()));
  if (const auto known = Words(app, words).check(); !known) return static_cast<int>(complain(known.error()));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return leave(app, error);
  } catch (const std::bad_alloc&) {
    say_out_of_memory();
    return static_cast<int>(ExitCode::defect);
  } catch (const std::exception& error) {
    spdlog::critical("defect: {}; nothing was decided. Please report it with the command line.",
                     printable(error.what()));
    return static_cast<int>(ExitCode::defect);
  }
  const bool is_quiet = reader_has_left() && only_shows(app);
  if (std::ferror(stdout) != 0 && !is_quiet && static_cast<int>(status) < static_cast<int>(ExitCode::usage)) {
    status = complain(undelivered());
  }
  return static_cast<int>(status);
}

}  // namespace readyctl
