// readyctl lint: whether packs can be run, without a release, a network or a key.
#include "base/text.hpp"
#include "cli/command.hpp"
#include "kinds/catalogue.hpp"

namespace readyctl {
namespace {

struct LintOptions {
  std::vector<std::filesystem::path> packs;
  std::vector<std::filesystem::path> allowed_roots;
};

ExitCode lint(const LintOptions& options) {
  const auto packs = load_packs(options.packs, options.allowed_roots);
  if (!packs) return complain(packs.error());
  if (const auto sound = check_definitions(*packs, catalogue()); !sound) return complain(sound.error());
  for (const PackFile& file : *packs) {
    print("ok  " + file.pack.name + "  " + counted(file.pack.gates.size(), "gate") + "  sha256 " +
          to_string(file.sha256) + "  " + printable(file.document->name()) + "\n");
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
  command.callback([options, &status] { status = lint(*options); });
}

}  // namespace readyctl
