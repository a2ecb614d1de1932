// readyctl verify: whether a report may be relied on. Four answers, a line each; no network.
#include "attest/trust.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/report_file.hpp"
#include "report/verification.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

struct VerifyOptions {
  std::filesystem::path report;
  std::filesystem::path trust;
  std::optional<std::filesystem::path> evidence;
  std::optional<std::filesystem::path> release;
  std::optional<std::filesystem::path> artifact;
  std::optional<std::string> phase;
  std::optional<std::string> at;
};

VerifyAnswer is_authentic(const ReportFile& report, const Trust& trust) {
  const Signers signers = who_signed(report.envelope, trust, report.statement.decided_at);
  std::vector<std::string> names;
  for (const SignedBy& one : signers.signed_by) {
    if (one.counts) names.push_back(printable(one.name) + " (" + one.key + ")");
  }
  if (const auto met = require_threshold(signers); !met) return {false, printable(met.error().what)};
  return {true, "signed by " + join(names, ", ") + "; " + std::to_string(signers.counted) + " of the " +
                    std::to_string(signers.threshold) + " that the trust file asks for"};
}

Result<VerifyAnswer> is_complete(const ReportFile& report, const std::optional<std::filesystem::path>& path) {
  const auto evidence = read_evidence_of(report, path);
  if (!evidence && evidence.error().kind != ErrorKind::not_relied) return failure(evidence.error());
  if (!evidence) return VerifyAnswer{false, shown(evidence.error())};
  const std::string count = counted(evidence->index.records.size(), "record") + " of evidence match";
  if (evidence->withheld.empty()) return VerifyAnswer{true, count};
  return VerifyAnswer{true, count + ", " + std::to_string(evidence->withheld.size()) + " of them withheld"};
}

// The genesis hash that a trust file's cluster means.
std::optional<std::string> genesis_hash_for(const std::optional<std::string>& cluster) {
  if (!cluster) return std::nullopt;
  const auto known = genesis_hash_of(*cluster);
  return known ? std::string(*known) : *cluster;
}

Result<Expected> expectations(const VerifyOptions& options, const Trust& trust) {
  Expected expected{trust.packs,  genesis_hash_for(trust.cluster), trust.program, std::nullopt, std::nullopt,
                    options.phase};
  if (options.release) {
    const auto manifest = read_manifest(*options.release);
    if (!manifest) return failure(manifest.error());
    expected.release_id = manifest->id;
  }
  if (options.artifact) {
    const auto bytes = read_file(*options.artifact);
    if (!bytes) return failure(bytes.error());
    expected.artifact = sha256(*bytes);
  }
  return expected;
}

bool say(const std::string& question, const VerifyAnswer& answer) {
  print((answer.holds ? "yes  " : "NO   ") + question + ": " + answer.words + "\n");
  return answer.holds;
}

// What no signature makes good: whose word the facts are, and what was waived while they were decided.
std::string words_for_basis(const Statement& statement) {
  const Json& predicate = statement.predicate();
  const Json rests_on = predicate["snapshot"].value("restsOn", Json());
  std::string words =
      "     facts rest on " + (rests_on.is_string() ? printable(rests_on.get<std::string>()) : "nothing") + "\n";
  for (const Json& one : predicate["snapshot"].value("contradicted", Json::array())) {
    words += "     contradicted by endpoint " + printable(one["by"].get<std::string>()) + " about " +
             counted(one["facts"].size(), "fact") + "\n";
  }
  for (const Json& option : predicate["weakened"]) {
    words += "     weakened by " + (option.is_string() ? printable(option.get<std::string>()) : "") + "\n";
  }
  return words;
}

Result<ExitCode> verify(const VerifyOptions& options) {
  ignore_openssl_configuration();
  const auto trust = read_trust(options.trust);
  if (!trust) return failure(trust.error());
  const auto report = read_report(options.report);
  if (!report) return failure(report.error());
  const auto expected = expectations(options, *trust);
  if (!expected) return failure(expected.error());
  const auto at = options.at ? parse_time(*options.at) : Result<Time>(wall_clock());
  if (!at) return failure({ErrorKind::usage, "--at", at.error().what, ""});
  const auto complete = is_complete(*report, options.evidence);
  if (!complete) return failure(complete.error());

  bool relied = say("authentic", is_authentic(*report, *trust));
  relied &= say("complete", *complete);
  relied &= say("bound", is_bound(report->statement, *expected));
  relied &= say("in time", is_in_time(report->statement, *at));
  print(words_for_basis(report->statement));
  const std::string verdict = report->statement.decision == Decision::go ? "GO" : "NO-GO";
  if (!relied) {
    print("Not to be relied on. It says " + verdict + ".\n");
    return ExitCode::not_relied;
  }
  print(verdict + "  " + printable(report->statement.release) + ", decided at " +
        to_string(report->statement.decided_at) + "\n");
  return exit_code_of(report->statement.decision);
}

}  // namespace

void add_verify(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App& command = *app.add_subcommand("verify", "whether a report may be relied on; makes no network call");
  command.add_option("report", options->report, "the report")->required()->type_name("REPORT");
  command.add_option("--trust", options->trust, "whose signatures count, and for which gates")
      ->required()
      ->type_name("FILE");
  command.add_option("--evidence", options->evidence, "its evidence (default: REPORT.evidence)")->type_name("FILE");
  command.add_option("--release", options->release, "the release.json that it must be about")->type_name("FILE");
  command.add_option("--artifact", options->artifact, "the program file that it must be about")->type_name("FILE");
  command.add_option("--phase", options->phase, "the phase that it must be about")->type_name("PHASE");
  command.add_option("--at", options->at, "the moment at which it must be good (default: now)")->type_name("TIME");
  command.callback([options, &status] {
    const auto outcome = verify(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
