// readyctl schema: the JSON Schemas of what people write.
#include "attest/trust.hpp"
#include "cli/command.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/pack_schema.hpp"
#include "kinds/retained_upgrades.hpp"

namespace readyctl {
namespace {

Json schema_of(const std::string& what) {
  if (what == "release") return release_schema();
  if (what == "trust") return trust_schema();
  if (what == "upgrades") return upgrades_schema();
  return pack_schema(catalogue());
}

}  // namespace

void add_schema(CLI::App& app, ExitCode& status) {
  const auto what = std::make_shared<std::string>("gates");
  CLI::App& command =
      *app.add_subcommand("schema", "print the JSON Schema of gate packs, releases, trust files or lists of upgrades");
  command.add_option("of", *what, "gates (the default), release, trust or upgrades")
      ->check(CLI::IsMember({"gates", "release", "trust", "upgrades"}))
      ->type_name("WHAT");
  command.callback([what, &status] {
    print(schema_of(*what).dump(2) + "\n");
    status = ExitCode::go;
  });
}

}  // namespace readyctl
