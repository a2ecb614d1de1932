// readyctl lint: whether packs can be run, and what they ask for, without a release, a network or a key.
#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "engine/asked_names.hpp"
#include "kinds/catalogue.hpp"

namespace readyctl {
namespace {

struct LintOptions {
  std::vector<std::filesystem::path> packs;
  std::vector<std::filesystem::path> allowed_roots;
  std::optional<std::filesystem::path> policy_root;
  bool prints_values = false;
  bool prints_packs = false;
};

std::string words_for(const PackFile& file) {
  const auto& gates = file.pack.gates;
  const auto advises = [](const GateDefinition& gate) { return gate.severity == Severity::advisory; };
  const bool only_advises = !gates.empty() && std::all_of(gates.begin(), gates.end(), advises);
  return "ok  " + file.pack.name + "  " + counted(gates.size(), "gate") + (only_advises ? ", all advisory" : "") +
         "  sha256 " + to_string(file.sha256) + "  " + printable(file.document->name()) + "\n";
}

// What release.json's own fields do not answer: its "values". What comes by --set is told beside it.
void print_skeleton(const std::vector<PackFile>& packs) {
  AskedNames asked = asked_names(packs, catalogue());
  std::erase_if(asked, [](const auto& entry) { return is_release_field(entry.first); });
  std::vector<std::string> later;
  for (const auto& [name, askers] : asked) {
    if (is_known_later(askers)) later.push_back("--set " + name + "=…");
  }
  std::erase_if(asked, [](const auto& entry) { return is_known_later(entry.second); });
  print(values_skeleton(asked).dump(2) + "\n");
  if (later.empty()) return;
  spdlog::info("left out, because it is known only when the upgrade is staged and proposed: run … {}",
               join(later, " "));
}

// A pack that only includes others has no gate that could be decided, so a trust file cannot ask for it.
Json pins_for(const std::vector<PackFile>& packs) {
  Json pins = Json::array();
  for (const PackFile& file : packs) {
    if (!file.pack.gates.empty()) pins.push_back(to_string(file.sha256));
  }
  return pins;
}

ExitCode lint(const LintOptions& options) {
  const auto root = options.policy_root ? Root::beneath(*options.policy_root) : Root();
  if (!root) return complain(root.error());
  const auto packs = load_packs(options.packs, options.allowed_roots, *root);
  if (!packs) return complain(packs.error());
  // Whoever mends one mistake can mend them all.
  const std::vector<Error> trouble = trouble_in_definitions(*packs, catalogue());
  for (const Error& one : trouble) complain(one);
  if (!trouble.empty()) return ExitCode::malformed;
  const auto unstopped = phases_that_nothing_stops(*packs);
  if (!unstopped) return complain(unstopped.error());
  for (const std::string& phase : *unstopped) {
    spdlog::warn("in phase {} every gate of these packs is advisory: a run over them alone is refused there", phase);
  }
  if (options.prints_values) {
    print_skeleton(*packs);
  } else if (options.prints_packs) {
    print(pins_for(*packs).dump(2) + "\n");
  } else {
    for (const PackFile& file : *packs) print(words_for(file));
  }
  return ExitCode::go;
}

}  // namespace

void add_lint(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<LintOptions>();
  CLI::App& command = *app.add_subcommand("lint", "check gate packs without running them");
  command.add_option("packs", options->packs, "gate packs")->required()->type_name("PACK...");
  add_list(command, "--allow-root", options->allowed_roots, "a folder that packs may include files from")
      ->type_name("DIR");
  command.add_option("--policy-root", options->policy_root, policy_root_help)->type_name("DIR");
  CLI::Option* values = command.add_flag("--values", options->prints_values,
                                         "print what they ask of release.json's \"values\", to fill in");
  command.add_flag("--packs", options->prints_packs, "print their SHA-256, for the \"packs\" of a trust file")
      ->excludes(values);
  command.callback([options, &status] { status = lint(*options); });
}

}  // namespace readyctl
