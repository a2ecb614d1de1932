// readyctl run: decides a release, and writes the signed report with its evidence.
#include <spdlog/spdlog.h>

#include <future>

#include "attest/envelope.hpp"
#include "attest/trust.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/outputs.hpp"
#include "cli/progress.hpp"
#include "cli/report_file.hpp"
#include "facts/run_record.hpp"
#include "kinds/catalogue.hpp"
#include "sources/evidence.hpp"

namespace readyctl {
namespace {

struct RunOptions {
  PlanInputOptions inputs;
  std::vector<std::filesystem::path> keys;
  bool is_unsigned = false;
  std::optional<std::filesystem::path> trust;
  std::string previous = "none";
  std::optional<std::filesystem::path> report;
  std::optional<std::filesystem::path> evidence;
  bool overwrite = false;
  ChainOptions chain;
  QuorumOption quorum;
  FormatOption format;

  std::optional<std::filesystem::path> evidence_path() const {
    if (evidence || !report) return evidence;
    return report->string() + ".evidence";
  }
  // A report is what an auditor asks for years later.
  Existing existing() const { return overwrite ? Existing::replace : Existing::refuse; }
};

Result<void> check_combination(const RunOptions& options) {
  if (options.keys.empty() && !options.is_unsigned) {
    return usage("run", "nobody signs the report", "give --key FILE, or say --unsigned");
  }
  if (!options.keys.empty() && options.is_unsigned)
    return usage("run", "--key and --unsigned contradict each other", "choose one");
  if (!options.keys.empty() && !options.report) {
    return usage("run", "there is a key, and no file for the signed report", "add --report FILE");
  }
  if (options.evidence && !options.report)
    return usage("run", "--evidence without --report binds nothing", "add --report FILE");
  if (options.overwrite && !options.report)
    return usage("run", "--overwrite without --report replaces nothing", "add --report FILE");
  return {};
}

using OpenSigners = std::vector<std::unique_ptr<Signer>>;

Result<void> check_keys_differ(const OpenSigners& signers, const std::vector<std::filesystem::path>& files) {
  for (std::size_t i = 0; i < signers.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (signers[i]->public_key() != signers[j]->public_key()) continue;
      return failure({ErrorKind::usage, "--key " + files[i].string(),
                      "is the same key as " + files[j].string() + ", and a key counts once", "leave one of them out"});
    }
  }
  return {};
}

Result<OpenSigners> open_signers(const std::vector<std::filesystem::path>& keys) {
  OpenSigners signers;
  for (const auto& key : keys) {
    auto signer = open_signer(key, interrupted);
    if (!signer) return failure(signer.error());
    signers.push_back(std::move(*signer));
  }
  if (const auto differ = check_keys_differ(signers, keys); !differ) return failure(differ.error());
  return signers;
}

// The digest of the report before this one. What is no earlier report on the same program would be a chain of nothing.
Result<Sha256> read_previous(const std::filesystem::path& path, const Release& release) {
  auto report = read_report(path);
  if (!report) {
    Error error = report.error();
    if (error.kind == ErrorKind::not_relied) error.kind = ErrorKind::malformed;
    return failure(std::move(error));
  }
  const auto no_predecessor = [&](std::string what) {
    return failure({ErrorKind::usage, "--previous " + path.string(), std::move(what),
                    "give the last report on this program, or say --previous none"});
  };
  const Statement& before = report->statement;
  if (before.genesis_hash != release.cluster.genesis_hash) {
    return no_predecessor("speaks of the cluster with genesis hash " + before.genesis_hash + ", and this release of " +
                          release.cluster.genesis_hash);
  }
  if (before.program != to_string(release.program)) {
    return no_predecessor("speaks of the program " + before.program + ", and this release of " +
                          to_string(release.program));
  }
  if (before.decided_at >= wall_clock()) {
    return no_predecessor("was decided at " + to_string(before.decided_at) + ", which is not before now");
  }
  return report->sha256;
}

Result<Circumstances> read_circumstances(const RunOptions& options, const Root& root, const Release& release) {
  Circumstances circumstances;
  if (options.trust) {
    const auto trust = read_trust(*options.trust, root);
    if (!trust) return failure(trust.error());
    circumstances.trust = trust->digest;
  }
  if (options.previous != "none") {
    const auto previous = read_previous(options.previous, release);
    if (!previous) return failure(previous.error());
    circumstances.previous = *previous;
  }
  circumstances.weakened = options.chain.weakened();
  if (options.is_unsigned) circumstances.weakened.emplace_back("--unsigned");
  return circumstances;
}

std::vector<NamedFile> files_that_are_read(const RunOptions& options, const Root& root, const PlanInputs& inputs) {
  std::vector<NamedFile> files = options.chain.files(root);
  for (const PackFile& pack : inputs.packs) files.push_back({"the pack", pack.document->name()});
  files.push_back({"--release", root.name_of(options.inputs.release)});
  files.push_back({"the artifact", options.inputs.files_folder() / inputs.manifest.release.artifact.path});
  for (const auto& key : options.keys) files.push_back({"--key", key});
  if (options.trust) files.push_back({"--trust", root.name_of(*options.trust)});
  if (options.previous != "none") files.push_back({"--previous", options.previous});
  return files;
}

// Whether the way to the path has a step in the folder, by whatever name.
bool leads_through(const Folder& folder, const std::filesystem::path& path) {
  std::error_code trouble;
  const std::filesystem::path whole = std::filesystem::absolute(path, trouble);
  if (folder.holds(whole.lexically_normal())) return true;
  std::filesystem::path way;
  for (auto step = whole.begin(); step != whole.end(); ++step) {
    way /= *step;
    const std::filesystem::path real = std::filesystem::weakly_canonical(way, trouble);
    const bool is_left = real == folder.path() && std::next(step) != whole.end() && *std::next(step) == "..";
    if (folder.holds(real) && !is_left) return true;
  }
  return false;
}

// A change could plant a symlink where a report goes, and lead it anywhere.
Result<void> check_outside_of_change(const PolicyOptions& policy, const NamedFile& output) {
  if (!policy.change) return {};
  const auto change = Folder::open(*policy.change);
  if (!change) return failure(change.error());
  if (!leads_through(*change, folder_of(output.path))) return {};
  return failure({ErrorKind::usage, output.name + " " + output.path.string(),
                  "lies in the change under test, which could lead it elsewhere",
                  "choose a folder outside of --change"});
}

Result<void> check_files(const RunOptions& options, const Root& root, const PlanInputs& inputs) {
  std::vector<NamedFile> outputs;
  if (options.report) outputs.push_back({"--report", *options.report});
  if (const auto evidence = options.evidence_path()) outputs.push_back({"the evidence", *evidence});
  for (const NamedFile& output : outputs) {
    if (const auto apart = check_outside_of_change(options.inputs.policy, output); !apart) return apart;
  }
  return check_outputs(outputs, files_that_are_read(options, root, inputs), options.existing());
}

// The index of the facts, and their file when one is wanted.
struct KeptEvidence {
  EvidenceIndex index;
  std::optional<StagedFile> file;
};

Result<KeptEvidence> keep_evidence(const RunOptions& options, const FactStore& facts) {
  const auto path = options.evidence_path();
  if (!path) return KeptEvidence{index_evidence(facts), std::nullopt};
  EvidenceIndex index;
  auto file = StagedFile::write(*path, [&](const Sink& sink) { index = put_evidence(facts, random_salt, sink); });
  if (!file) return failure(file.error());
  return KeptEvidence{std::move(index), std::move(*file)};
}

Result<Envelope> sign_all(const std::string& statement, const OpenSigners& signers) {
  Envelope envelope;
  envelope.payload.assign(statement.begin(), statement.end());
  for (const auto& signer : signers) {
    if (const auto added = add_signature(envelope, *signer); !added) return failure(added.error());
  }
  return envelope;
}

// Evidence first, report last: who finds a report finds its evidence too. If one fails, both are as they were before.
Result<void> deliver(const RunOptions& options, KeptEvidence& evidence, const Envelope& envelope) {
  if (!options.report) return {};
  const std::string text = serialise(envelope);
  auto report = StagedFile::write(*options.report, [&](const Sink& sink) { sink(bytes_of(text)); });
  if (!report) return failure(report.error());
  if (auto placed = evidence.file->put_into_place(options.existing()); !placed) return placed;
  if (auto placed = report->put_into_place(options.existing()); !placed) return placed;
  evidence.file->keep();
  report->keep();
  return {};
}

// What there is now, and what comes next.
std::string words_for_files(const RunOptions& options, const OpenSigners& signers) {
  if (!options.report) return "Nothing was written: --report FILE keeps the report and its evidence.\n";
  const std::string report = printable(options.report->string());
  std::vector<std::string> keys;
  for (const auto& signer : signers) keys.push_back(to_string(signer->public_key()));
  return "Report " + report + ", evidence " + printable(options.evidence_path()->string()) + ", signed by " +
         (keys.empty() ? "nobody" : join(keys, ", ")) + ". Next: readyctl " +
         (keys.empty() ? "sign " + report + " --key FILE" : "verify " + report + " --trust FILE") + "\n";
}

// How far the wall clock went otherwise than time did: it was set, or the machine slept.
class ClockWatch {
 public:
  std::chrono::milliseconds jump() const {
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - steady_);
    return (wall_clock() - wall_) - passed;
  }

 private:
  Time wall_ = wall_clock();
  std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
};

// A corrected clock creeps by milliseconds. What jumps further makes the time of decision, and every age that was
// judged by it, doubtful.
constexpr std::chrono::seconds clock_jump_max{5};

ExitCode undecided_by_clock(std::chrono::milliseconds jump) {
  spdlog::error(
      "the clock of this machine jumped {} by {} during the run, more than {}, so the time of decision is not known{}\n"
      "    nothing was decided and nothing was written; run again when the clock is right",
      jump.count() > 0 ? "forward" : "backward", duration_text(std::chrono::abs(jump)), duration_text(clock_jump_max),
      jump.count() > 0 ? "; a machine that slept meanwhile looks the same" : "");
  return ExitCode::inconclusive;
}

ExitCode stopped(ExitCode status) {
  spdlog::warn("interrupted: nothing was decided and nothing was written");
  return status;
}

// Makes the statement, reads it back as an auditor would, has it signed, writes both files, and shows what was decided.
Result<ExitCode> conclude(const RunOptions& options, const PlanInputs& inputs, const Plan& plan, Run run,
                          const Circumstances& circumstances, const OpenSigners& signers) {
  auto evidence = keep_evidence(options, run.facts);
  if (!evidence) return failure(evidence.error());
  const std::string text = make_statement(inputs, plan, run, evidence->index, circumstances);
  run.facts.clear();  // kept, and large after a long history: not to be held beside the statement that is read back
  const auto statement = parse_statement(text, "report");
  if (!statement) return failure({ErrorKind::defect, "report", to_string(statement.error()), "please report this"});
  const auto envelope = sign_all(text, signers);
  {
    const Uninterrupted both_files_or_none;
    if (const auto status = interrupt_status()) return stopped(*status);
    if (!envelope) return failure(envelope.error());
    if (const auto delivered = deliver(options, *evidence, *envelope); !delivered) return failure(delivered.error());
  }
  if (options.report)
    remember_deed("the report " + printable(options.report->string()) + " and its evidence are written");
  options.format.show(*statement);
  if (options.format.format == "text") print(words_for_files(options, signers));
  return exit_code_of(statement->decision);
}

// Everything that can be wrong with what the operator gave is found before the first request leaves.
Result<ExitCode> run(const RunOptions& options) {
  if (const auto fits = check_combination(options); !fits) return failure(fits.error());
  const auto root = options.inputs.policy.open();
  if (!root) return failure(root.error());
  const auto inputs = options.inputs.read(*root);
  if (!inputs) return failure(inputs.error());
  const auto plan = make_plan(*inputs, catalogue());
  if (!plan) return failure(plan.error());
  const auto signers = open_signers(options.keys);
  if (!signers) return failure(signers.error());
  const Release& release = inputs->manifest.release;
  auto circumstances = read_circumstances(options, *root, release);
  if (!circumstances) return failure(circumstances.error());
  auto rpc = options.chain.read(release.cluster.genesis_hash, *root);
  if (!rpc) return failure(rpc.error());
  if (const auto there = options.quorum.apply_to(*rpc); !there) return failure(there.error());
  for (std::string& option : options.quorum.weakened(*rpc)) circumstances->weakened.push_back(std::move(option));
  ProgressLine progress(standard_error_screen());
  if (*rpc) (*rpc)->interrupted = progress.ticking(interrupted);
  auto source = LiveSource::open({std::move(*rpc), options.inputs.files_folder()});
  if (!source) return failure(source.error());
  catch_interrupts();
  if (const auto sound = check_files(options, *root, *inputs); !sound) return failure(sound.error());

  const ClockWatch clock;
  // The binary is some megabytes long, and nobody needs its digest before the chain has answered.
  auto own_binary = std::async(std::launch::async, digest_of_own_binary);
  Run run = decide_plan_live(*plan, **source, interrupted, &progress);
  progress.end();
  if (const auto spent = (*source)->spent()) note(run.facts, *spent, wall_clock());
  if (const auto status = interrupt_status()) return stopped(*status);
  if (const auto jump = clock.jump(); std::chrono::abs(jump) > clock_jump_max) return undecided_by_clock(jump);
  const auto tool_binary = own_binary.get();
  if (!tool_binary) return failure(tool_binary.error());
  circumstances->tool_binary = *tool_binary;
  return conclude(options, *inputs, *plan, std::move(run), *circumstances, *signers);
}

}  // namespace

void add_run(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App& command = *app.add_subcommand("run", "decide a release: go or no-go");
  options->inputs.add_to(command);
  add_list(command, "--key", options->keys, "sign with this key: Solana keypair, PKCS#8 PEM, or external signer")
      ->type_name("FILE");
  command.add_flag("--unsigned", options->is_unsigned, "write a report that nobody signs");
  command.add_option("--trust", options->trust, "the trust file in force, whose digest the report keeps")
      ->type_name("FILE");
  command
      .add_option("--previous", options->previous,
                  "the report before this one, of the same program and cluster, or none")
      ->type_name("REPORT|none");
  command.add_option("--report", options->report, "where the report goes")->type_name("FILE");
  command.add_option("--evidence", options->evidence, "where the evidence goes (default: REPORT.evidence)")
      ->type_name("FILE");
  command.add_flag("--overwrite", options->overwrite, "replace a report and evidence that are there already");
  options->chain.add_to(command);
  options->quorum.add_to(command);
  options->format.add_to(command);
  command.callback([options, &status] {
    const auto outcome = run(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
