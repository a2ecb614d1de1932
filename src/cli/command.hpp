// What subcommands share: how they are registered, how they say what went wrong, and the options that several have.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/root.hpp"
#include "cli/outputs.hpp"
#include "engine/run.hpp"
#include "readyctl/exit_code.hpp"
#include "report/statement.hpp"
#include "sources/live.hpp"

namespace readyctl {

/// Every subcommand adds itself to `app` and leaves its exit status in `status` when it was called.
void add_derive(CLI::App& app, ExitCode& status);
void add_freeze(CLI::App& app, ExitCode& status);
void add_gates(CLI::App& app, ExitCode& status);
void add_inspect(CLI::App& app, ExitCode& status);
void add_keygen(CLI::App& app, ExitCode& status);
void add_lint(CLI::App& app, ExitCode& status);
void add_plan(CLI::App& app, ExitCode& status);
void add_replay(CLI::App& app, ExitCode& status);
void add_run(CLI::App& app, ExitCode& status);
void add_schema(CLI::App& app, ExitCode& status);
void add_selftest(CLI::App& app, ExitCode& status);
void add_show(CLI::App& app, ExitCode& status);
void add_sign(CLI::App& app, ExitCode& status);
void add_verify(CLI::App& app, ExitCode& status);

/// Takes note of the words of the command line. Where one of them holds a URL with more than a host in it, that may be
/// a credential which slipped to where no URL belongs, so no URL is repeated in an error from then on.
void note_arguments(const std::vector<std::string>& words);

/// The failure of a command line that is wrong at `where`.
tl::unexpected<Error> usage(std::string where, std::string what, std::string hint);

/// An error as it may be shown: what it repeats of files, names and arguments cannot steer a terminal or begin a line.
std::string shown(const Error& error);

/// Whether what goes to this descriptor may have colour: a terminal that knows it, of somebody who wants it.
bool colour_is_wanted(int descriptor);

/// Says on standard error what went wrong, and returns the status that it means.
ExitCode complain(const Error& error);

/// The status that a decision means.
ExitCode exit_code_of(Decision decision);

/// Writes to standard output.
void print(const std::string& text);

/// Whether whoever read standard output has gone away, as `head` does.
bool reader_has_left();

/// Something that was done and stays done, whatever becomes of standard output: "the report r.json is written".
void remember_deed(std::string words);
/// What was remembered; empty when nothing was.
const std::string& remembered_deed();

/// An option that may be given several times, with one value each time: what follows the value is never taken for
/// another one, so options may stand before what has no option.
template <class T>
CLI::Option* add_list(CLI::App& command, const std::string& name, std::vector<T>& values, const std::string& help) {
  return command.add_option(name, values, help + "; may be given again")->allow_extra_args(false);
}

inline constexpr const char* policy_root_help =
    "a protected folder: what decides is looked for beneath it, and nothing leads out of it";

/// --policy-root and --change: what decides comes from a protected place, and from the change under test only files.
struct PolicyOptions {
  std::optional<std::filesystem::path> root;
  std::optional<std::filesystem::path> change;

  void add_to(CLI::App& command);

  /// Where packs, release.json, trust file and list of endpoints are looked for. Errors: one option without the other;
  /// a folder that cannot be opened (kind `unreadable`); one folder within the other, so that the change would lie in
  /// what it must not touch (kind `usage`).
  Result<Root> open() const;
};

/// What a plan is made of: the packs and the options of every command that plans the gates of a release.
struct PlanInputOptions {
  std::vector<std::filesystem::path> packs;
  std::filesystem::path release;
  std::optional<std::string> phase;
  std::vector<std::string> select;
  std::vector<std::string> set;
  std::vector<std::filesystem::path> allowed_roots;
  PolicyOptions policy;

  void add_to(CLI::App& command);
  /// All of it, read from where `root` says. Errors: those of the packs, of the release and of --set.
  Result<PlanInputs> read(const Root& root) const;

  /// The folder beneath which the files of the release are: the artifact, the source.
  std::filesystem::path files_folder() const { return policy.change.value_or(folder_of(release)); }
};

/// The options of every command that reads the chain: --endpoints, --rpc, --allow-link-local, --timeout,
/// --max-requests,
/// --max-bytes.
struct ChainOptions {
  std::optional<std::filesystem::path> endpoints_file;
  std::vector<std::string> rpc;
  bool insecure_rpc_in_argv = false;
  std::vector<std::string> allowed_link_local;
  std::string timeout = "60s";
  std::uint64_t max_requests = RpcBudget{}.requests_max;
  std::string max_bytes = "512MiB";

  void add_to(CLI::App& command);
  /// The files that these options name, as they are looked for.
  std::vector<NamedFile> files(const Root& root = {}) const;
  bool given() const { return endpoints_file || !rpc.empty(); }

  /// What the options come to; nullopt when no endpoint was given. A relative name of a list of endpoints is looked for
  /// where `root` says. Errors: those of the endpoints.
  Result<std::optional<RpcOptions>> read(std::optional<std::string> genesis_hash, const Root& root = {}) const;

  /// The same where nobody said which cluster it is: of several endpoints, the first that says which one it is on
  /// decides for all, so that no two answers are of different clusters.
  Result<std::optional<RpcOptions>> read_on_one_cluster() const;

  /// The options that weaken the result, for the report.
  std::vector<std::string> weakened() const;
};

/// The option --quorum of the commands that decide a release, or tell what deciding it would ask.
struct QuorumOption {
  std::optional<std::uint32_t> needed;

  void add_to(CLI::App& command);
  /// Sets how many providers must agree: as said, else as usual_quorum has it. Error (kind `usage`): a number that the
  /// endpoints do not have.
  Result<void> apply_to(std::optional<RpcOptions>& rpc) const;
  /// The option, for the report, where it asks for fewer than is usual.
  std::vector<std::string> weakened(const std::optional<RpcOptions>& rpc) const;
};

/// How a report is shown.
struct FormatOption {
  std::string format = "text";
  bool explain = false;

  void add_to(CLI::App& command);
  void show(const Statement& statement) const;
};

/// NAME=TEXT, or NAME:=JSON for values that are no text. Errors (kind `usage`).
Result<Values> parse_assignments(const std::vector<std::string>& assignments, const std::string& option);

/// A manifest from a file.
Result<Manifest> read_manifest(const std::filesystem::path& path, const Root& root = {});

}  // namespace readyctl
