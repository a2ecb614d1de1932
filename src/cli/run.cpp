// readyctl run: decides a release, and writes the signed report with its evidence.
#include <future>

#include "attest/envelope.hpp"
#include "attest/trust.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "kinds/catalogue.hpp"
#include "sources/evidence.hpp"

namespace readyctl {
namespace {

struct RunOptions {
  std::vector<std::filesystem::path> packs;
  std::filesystem::path release;
  std::optional<std::string> phase;
  std::vector<std::string> select;
  std::vector<std::string> set;
  std::vector<std::filesystem::path> allowed_roots;
  std::vector<std::filesystem::path> keys;
  bool is_unsigned = false;
  std::optional<std::filesystem::path> trust;
  std::string previous = "none";
  std::optional<std::filesystem::path> report;
  std::optional<std::filesystem::path> evidence;
  ChainOptions chain;
  FormatOption format;

  std::optional<std::filesystem::path> evidence_path() const {
    if (evidence || !report) return evidence;
    return report->string() + ".evidence";
  }
};

tl::unexpected<Error> usage(std::string what, std::string hint) {
  return failure({ErrorKind::usage, "run", std::move(what), std::move(hint)});
}

Result<void> check_combination(const RunOptions& options) {
  if (options.keys.empty() && !options.is_unsigned) {
    return usage("nobody signs the report", "give --key FILE, or say --unsigned");
  }
  if (!options.keys.empty() && options.is_unsigned)
    return usage("--key and --unsigned contradict each other", "choose one");
  if (!options.keys.empty() && !options.report) {
    return usage("there is a key, and no file for the signed report", "add --report FILE");
  }
  if (options.evidence && !options.report)
    return usage("--evidence without --report binds nothing", "add --report FILE");
  return {};
}

Result<PlanInputs> read_inputs(const RunOptions& options) {
  auto packs = load_packs(options.packs, options.allowed_roots);
  if (!packs) return failure(packs.error());
  auto manifest = read_manifest(options.release);
  if (!manifest) return failure(manifest.error());
  auto set = parse_assignments(options.set, "--set");
  if (!set) return failure(set.error());
  return PlanInputs{std::move(*packs), std::move(*manifest), std::move(*set), options.phase, options.select};
}

Result<std::vector<std::unique_ptr<Signer>>> open_signers(const std::vector<std::filesystem::path>& keys) {
  std::vector<std::unique_ptr<Signer>> signers;
  for (const auto& key : keys) {
    auto signer = open_signer(key);
    if (!signer) return failure(signer.error());
    signers.push_back(std::move(*signer));
  }
  return signers;
}

Result<Circumstances> read_circumstances(const RunOptions& options) {
  Circumstances circumstances;
  if (options.trust) {
    const auto trust = read_trust(*options.trust);
    if (!trust) return failure(trust.error());
    circumstances.trust = trust->digest;
  }
  if (options.previous != "none") {
    const auto previous = read_file(options.previous);
    if (!previous) return failure(previous.error());
    circumstances.previous = sha256(*previous);
  }
  circumstances.weakened = options.chain.weakened();
  if (options.is_unsigned) circumstances.weakened.emplace_back("--unsigned");
  return circumstances;
}

Result<void> check_outputs(const RunOptions& options) {
  for (const auto& path : {options.report, options.evidence_path()}) {
    if (!path) continue;
    if (const auto writable = can_write_file(*path); !writable) return writable;
  }
  return {};
}

// The index of the facts, and their file when one is wanted.
Result<EvidenceIndex> keep_evidence(const RunOptions& options, const FactStore& facts) {
  if (const auto path = options.evidence_path()) return write_evidence(*path, facts);
  return index_evidence(facts);
}

Result<void> write_report(const RunOptions& options, const std::string& statement,
                          std::vector<std::unique_ptr<Signer>>& signers) {
  if (!options.report) return {};
  Envelope envelope;
  envelope.payload.assign(statement.begin(), statement.end());
  for (const auto& signer : signers) {
    if (const auto added = add_signature(envelope, *signer); !added) return added;
  }
  return write_file(*options.report, serialise(envelope));
}

// Writes evidence and report, and shows what was decided.
Result<ExitCode> conclude(const RunOptions& options, const PlanInputs& inputs, const Plan& plan, const Run& run,
                          const Circumstances& circumstances, std::vector<std::unique_ptr<Signer>>& signers) {
  const auto evidence = keep_evidence(options, run.facts);
  if (!evidence) return failure(evidence.error());
  const std::string text = make_statement(inputs, plan, run, *evidence, circumstances);
  if (const auto written = write_report(options, text, signers); !written) {
    std::error_code ignored;
    if (const auto path = options.evidence_path()) std::filesystem::remove(*path, ignored);
    return failure(written.error());
  }
  const auto statement = parse_statement(text, "report");
  if (!statement) return failure({ErrorKind::defect, "report", to_string(statement.error()), "please report this"});
  options.format.show(*statement);
  return exit_code_of(statement->decision);
}

// Everything that can be wrong with what the operator gave is found before the first request leaves.
Result<ExitCode> run(const RunOptions& options) {
  if (const auto fits = check_combination(options); !fits) return failure(fits.error());
  const auto inputs = read_inputs(options);
  if (!inputs) return failure(inputs.error());
  const auto plan = make_plan(*inputs, catalogue());
  if (!plan) return failure(plan.error());
  auto signers = open_signers(options.keys);
  if (!signers) return failure(signers.error());
  auto circumstances = read_circumstances(options);
  if (!circumstances) return failure(circumstances.error());
  auto rpc = options.chain.read(inputs->manifest.release.cluster.genesis_hash);
  if (!rpc) return failure(rpc.error());
  if (*rpc) (*rpc)->interrupted = interrupted;
  auto source = LiveSource::open({std::move(*rpc), folder_of(options.release)});
  if (!source) return failure(source.error());
  if (const auto writable = check_outputs(options); !writable) return failure(writable.error());

  catch_interrupts();
  // The binary is some megabytes long, and nobody needs its digest before the chain has answered.
  auto own_binary = std::async(std::launch::async, digest_of_own_binary);
  const Run run = decide_plan(*plan, **source, interrupted);
  if (const auto status = interrupt_status()) {
    print("Interrupted: nothing was decided and nothing was written.\n");
    return *status;
  }
  const auto tool_binary = own_binary.get();
  if (!tool_binary) return failure(tool_binary.error());
  circumstances->tool_binary = *tool_binary;
  return conclude(options, *inputs, *plan, run, *circumstances, *signers);
}

}  // namespace

void add_run(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App& command = *app.add_subcommand("run", "decide a release: go or no-go");
  command.add_option("packs", options->packs, "gate packs")->required()->type_name("PACK...");
  command.add_option("--release", options->release, "the release manifest, release.json")
      ->required()
      ->type_name("FILE");
  command.add_option("--phase", options->phase, "which phase of the release this is")->type_name("PHASE");
  command.add_option("--select", options->select, "only this pack or gate; the others are not-run")
      ->type_name("PACK[/GATE]");
  command.add_option("--set", options->set, "a value that became known later; NAME:=JSON for one that is no text")
      ->type_name("NAME=VALUE");
  command.add_option("--allow-root", options->allowed_roots, "a folder that packs may include files from")
      ->type_name("DIR");
  command.add_option("--key", options->keys, "sign with this key: Solana keypair, PKCS#8 PEM, or external signer")
      ->type_name("FILE");
  command.add_flag("--unsigned", options->is_unsigned, "write a report that nobody signs");
  command.add_option("--trust", options->trust, "the trust file in force, whose digest the report keeps")
      ->type_name("FILE");
  command.add_option("--previous", options->previous, "the report before this one for the release, or none")
      ->type_name("REPORT|none");
  command.add_option("--report", options->report, "where the report goes")->type_name("FILE");
  command.add_option("--evidence", options->evidence, "where the evidence goes (default: REPORT.evidence)")
      ->type_name("FILE");
  options->chain.add_to(command);
  options->format.add_to(command);
  command.callback([options, &status] {
    const auto outcome = run(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
