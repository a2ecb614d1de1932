// readyctl gates: what each gate kind asks, and with which parameters.
#include "base/text.hpp"
#include "cli/command.hpp"
#include "kinds/catalogue.hpp"

namespace readyctl {
namespace {

std::string valid_for_words(const AboutKind& about) {
  return about.valid_for ? duration_text(*about.valid_for) : "no limit of its own";
}

std::string page_of(const GateKind& kind) {
  std::string page = kind.about.name + "\n    " + kind.about.asks + "\n\n";
  page += "    reads      " + kind.about.reads + "\n";
  page += "    pass       " + kind.about.passes + "\n";
  page += "    fail       " + kind.about.fails + "\n";
  page += "    why        " + kind.about.why + "\n";
  page += "    remedy     " + kind.about.remedy + "\n";
  page += "    valid for  " + valid_for_words(kind.about) + "\n\n";
  for (const FieldDoc& field : kind.fields()) {
    page +=
        "    " + field.name + (field.is_required ? "" : "?") + "  (" + field.words + ")\n        " + field.doc + "\n";
  }
  return page;
}

Json json_of(const GateKind& kind) {
  Json fields = Json::array();
  for (const FieldDoc& field : kind.fields()) {
    fields.push_back(
        {{"name", field.name}, {"type", field.words}, {"doc", field.doc}, {"required", field.is_required}});
  }
  const AboutKind& about = kind.about;
  return {{"kind", about.name},
          {"asks", about.asks},
          {"reads", about.reads},
          {"pass", about.passes},
          {"fail", about.fails},
          {"why", about.why},
          {"remedy", about.remedy},
          {"fields", fields},
          {"validForSeconds", about.valid_for ? Json(about.valid_for->count()) : Json()}};
}

ExitCode gates(const std::string& name, const std::string& format) {
  std::vector<std::string> known;
  Json all = Json::array();
  for (const GateKind& kind : catalogue()) {
    known.push_back(kind.about.name);
    all.push_back(json_of(kind));
    if (format == "text" && name == kind.about.name) print(page_of(kind));
    if (format == "json" && name == kind.about.name) print(json_of(kind).dump(2) + "\n");
    if (format == "text" && name.empty()) print(kind.about.name + "\n    " + kind.about.asks + "\n");
  }
  if (format == "json" && name.empty()) print(all.dump(2) + "\n");
  if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return ExitCode::go;
  return complain(
      {ErrorKind::usage, "gates", "unknown gate kind \"" + printable(name) + "\"", suggestion(name, known)});
}

}  // namespace

void add_gates(CLI::App& app, ExitCode& status) {
  struct Options {
    std::string kind;
    std::string format = "text";
  };
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("gates", "list the gate kinds, or explain one");
  command.add_option("kind", options->kind, "a gate kind")->type_name("KIND");
  command.add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command.callback([options, &status] { status = gates(options->kind, options->format); });
}

}  // namespace readyctl
