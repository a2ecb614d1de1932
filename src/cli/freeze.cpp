// readyctl freeze: writes release.json from the checkout, the artifact and the chain.
#include "engine/freeze.hpp"

#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "engine/asked_names.hpp"
#include "engine/obtain.hpp"
#include "engine/resolve.hpp"
#include "kinds/catalogue.hpp"
#include "solana/names.hpp"
#include "sources/git_tags.hpp"

namespace readyctl {
namespace {

namespace fs = std::filesystem;

struct FreezeOptions {
  std::string name;
  std::string operator_name;
  std::string program;
  fs::path artifact;
  std::optional<fs::path> previous_artifact;
  std::optional<std::string> cluster;
  std::optional<fs::path> checkout;
  std::vector<std::string> paths;
  std::optional<std::string> repository;
  std::optional<std::string> tag;
  bool allow_untracked = false;
  std::optional<std::string> built_at;
  std::vector<std::string> values;
  std::optional<fs::path> values_file;
  std::vector<fs::path> packs;
  std::vector<fs::path> allowed_roots;
  fs::path output = "release.json";
  bool force = false;
  ChainOptions chain;
};

// NAME, or NAME:GENESISHASH.
Result<Cluster> parse_cluster(const std::string& text) {
  const auto colon = text.find(':');
  Json json = text;
  if (colon != std::string::npos) json = {{"name", text.substr(0, colon)}, {"genesisHash", text.substr(colon + 1)}};
  const auto document = Document::parse("{}", "--cluster");
  if (!document) return failure(document.error());
  auto cluster = FieldType<Cluster>::read(json, Place(*document));
  if (!cluster)
    return usage("--cluster " + printable(text), cluster.error().what,
                 "write mainnet-beta, testnet, devnet or NAME:GENESISHASH");
  return cluster;
}

// The path as it is seen from the folder of release.json, beneath which a release reads its files.
Result<RelativePath> seen_from(const fs::path& folder, const fs::path& path, const std::string& option) {
  std::error_code trouble;
  const fs::path base = fs::weakly_canonical(fs::absolute(folder, trouble), trouble);
  const fs::path target = fs::weakly_canonical(fs::absolute(path, trouble), trouble);
  const std::string relative = target.lexically_relative(base).generic_string();
  if (!relative.empty() && relative != ".." && !relative.starts_with("../")) return RelativePath{relative};
  return usage(option + " " + printable(path.string()),
               "lies outside of the folder of release.json, " + printable(base.string()),
               "a release reads nothing outside of its folder: copy the file there, or write release.json further up "
               "with --output");
}

// The values of a release, and where each was given.
struct GivenValues {
  Values values;
  Origins origins;
};

// What lint prints to be filled in is no value.
Result<void> check_filled_in(const GivenValues& given) {
  for (const auto& [name, value] : given.values) {
    if (!is_unfilled(value)) continue;
    return failure({ErrorKind::malformed, given.origins.at(name),
                    "\"" + name + "\" is not filled in: " + printable(value.dump()),
                    "give the value, or take the name out: what is known only later comes by run --set"});
  }
  return {};
}

Result<void> add_values_of_file(const fs::path& path, GivenValues& given) {
  auto text = read_text_file(path);
  if (!text) return failure(text.error());
  const auto document = Document::parse(std::move(*text), path.string());
  if (!document) return failure(document.error());
  const auto values = FieldType<Values>::read(document->value(), Place(*document));
  if (!values) return failure(values.error());
  for (const auto& [name, value] : *values) {
    const Error at = (Place(*document) / name).malformed("is given by --value too", "give each name once").value();
    if (!given.values.emplace(name, value).second) return failure(at);
    given.origins[name] = at.where;
  }
  return {};
}

Result<GivenValues> read_values(const FreezeOptions& options) {
  GivenValues given;
  auto values = parse_assignments(options.values, "--value");
  if (!values) return failure(values.error());
  given.values = std::move(*values);
  for (const auto& value : given.values) given.origins[value.first] = "--value " + value.first;
  if (options.values_file) {
    if (const auto added = add_values_of_file(*options.values_file, given); !added) return failure(added.error());
  }
  if (const auto filled = check_filled_in(given); !filled) return failure(filled.error());
  return given;
}

Result<void> read_optional(const FreezeOptions& options, FreezeOrder& order) {
  if (options.cluster) {
    auto cluster = parse_cluster(*options.cluster);
    if (!cluster) return failure(cluster.error());
    order.cluster = std::move(*cluster);
  }
  if (options.built_at) {
    const auto time = parse_time(*options.built_at);
    if (!time) return usage("--built-at", time.error().what, "write it like 2026-11-21T08:56:14Z");
    order.built_at = *time;
  }
  if (options.previous_artifact) {
    auto path = seen_from(folder_of(options.output), *options.previous_artifact, "--previous-artifact");
    if (!path) return failure(path.error());
    order.previous_artifact = std::move(*path);
  }
  return {};
}

// The checkout that is frozen is the one that gates will compare: shipped packs call it by the value `checkout`.
Result<void> choose_checkout(const FreezeOptions& options, const GivenValues& given, FreezeOrder& order) {
  const fs::path folder = folder_of(options.output);
  const auto value = given.values.find("checkout");
  const bool is_named = value != given.values.end() && value->second.is_string();
  const fs::path named = is_named ? folder / value->second.get<std::string>() : folder;
  auto checkout =
      seen_from(folder, options.checkout.value_or(named), options.checkout ? "--checkout" : "the value checkout");
  if (!checkout) return failure(checkout.error());
  order.checkout = std::move(*checkout);
  order.checkout_is_given = options.checkout || is_named;
  if (!options.checkout || !is_named) return {};
  const auto other = seen_from(folder, named, given.origins.at("checkout"));
  if (!other) return failure(other.error());
  if (other->text == order.checkout.text) return {};
  return usage(given.origins.at("checkout"),
               "is " + printable(other->text) + ", and --checkout is " + printable(order.checkout.text) +
                   ", both from the folder of release.json: gates would compare another checkout than is frozen",
               "give one of them, or both the same");
}

Result<FreezeOrder> read_order(const FreezeOptions& options, const GivenValues& given) {
  const fs::path folder = folder_of(options.output);
  FreezeOrder order;
  order.name = options.name;
  order.operator_name = options.operator_name;
  const auto program = parse_pubkey(options.program);
  if (!program) return usage("--program", program.error().what, "an address is 32 bytes in base58");
  order.program = *program;
  auto artifact = seen_from(folder, options.artifact, "--artifact");
  if (!artifact) return failure(artifact.error());
  order.artifact = std::move(*artifact);
  order.values = given.values;
  if (const auto chosen = choose_checkout(options, given, order); !chosen) return failure(chosen.error());
  order.paths = options.paths;
  order.repository = options.repository;
  order.tag = options.tag;
  order.allow_untracked = options.allow_untracked;
  order.asks_chain = options.chain.given();
  if (const auto rest = read_optional(options, order); !rest) return failure(rest.error());
  return order;
}

Result<void> check_output(const FreezeOptions& options) {
  std::error_code trouble;
  const bool exists = fs::symlink_status(options.output, trouble).type() != fs::file_type::not_found;
  if (exists && !options.force) {
    return failure({ErrorKind::unwritable, options.output.string(), "exists already",
                    "a frozen release does not change: choose another name, or say --force"});
  }
  std::vector<NamedFile> inputs = options.chain.files();
  inputs.push_back({"--artifact", options.artifact});
  if (options.previous_artifact) inputs.push_back({"--previous-artifact", *options.previous_artifact});
  if (options.values_file) inputs.push_back({"--values", *options.values_file});
  for (const fs::path& pack : options.packs) inputs.push_back({"--pack", pack});
  return check_outputs({{"--output", options.output}}, inputs, Existing::replace);
}

std::string words_for(const Frozen& frozen, const fs::path& output, bool asked_chain) {
  const Release& release = frozen.manifest.release;
  std::string text = "Frozen: " + printable(release.name) + ", in " + printable(output.string()) + "\n\n";
  const auto say = [&text](const std::string& label, const std::string& value) {
    text += "  " + label + std::string(17 - label.size(), ' ') + printable(value) + "\n";
  };
  say("release id", to_string(frozen.manifest.id));
  say("cluster", release.cluster.name + ", genesis hash " + release.cluster.genesis_hash);
  say("program", named(release.program));
  say("commit", release.source.commit + (release.source.tag ? ", tag " + *release.source.tag : ""));
  say("repository", release.source.repository.text);
  if (release.source.paths) say("paths", join(*release.source.paths, ", "));
  say("artifact", release.artifact.path);
  say("sha256", to_string(release.artifact.sha256));
  say("executable hash", to_string(release.artifact.executable_hash));
  const std::string nothing = asked_chain ? "nothing" : "not looked at: no endpoint was given";
  say("before it", release.previous ? "executable hash " + to_string(release.previous->executable_hash) : nothing);
  say("built at", to_string(release.built_at));
  say("operator", release.operator_name);
  text += "\n";
  for (const std::string& remark : frozen.remarks) text += "  Note: " + printable(remark) + "\n";
  return text;
}

// The packs that the release will be run with; none when none was named.
Result<std::vector<PackFile>> read_packs(const FreezeOptions& options) {
  auto packs = load_packs(options.packs, options.allowed_roots);
  if (!packs) return packs;
  if (const auto sound = check_definitions(*packs, catalogue()); !sound) return failure(sound.error());
  return packs;
}

std::string words_for_missing(const std::string& name, const std::vector<AskingParameter>& askers) {
  std::vector<std::string> gates;
  for (const AskingParameter& asker : askers) gates.push_back(asker.gate + " " + asker.name);
  const std::string whence = is_release_field(name)   ? ", a field that this release leaves out"
                             : is_known_later(askers) ? ", known only later: it comes by run --set " + name + "=…"
                                                      : "";
  return "    " + name + "  " + words_for_types(askers) + whence + "\n        for " + join(gates, ", ") + "\n";
}

// What the packs ask for and the release does not give.
std::string words_for_missing(const std::vector<PackFile>& packs, const Manifest& manifest) {
  if (packs.empty()) return "";
  const Values names = names_of(manifest);
  AskedNames missing = asked_names(packs, catalogue());
  std::erase_if(missing, [&](const auto& entry) { return names.contains(entry.first); });
  if (missing.empty()) return "  The release gives every value that these packs ask for.\n";
  std::string text = "\n  Missing: " + counted(missing.size(), "value") +
                     " that these packs ask for. Freeze again with --value NAME=… and --force;\n"
                     "  what is known only later comes by run --set NAME=….\n";
  for (const auto& [name, askers] : missing) text += words_for_missing(name, askers);
  return text;
}

// Another release may have come to be under this name while the chain was read.
Result<void> write_release(const FreezeOptions& options, const std::string& text) {
  auto file = StagedFile::write(options.output, [&](const Sink& sink) { sink(bytes_of(text)); });
  if (!file) return failure(file.error());
  const Existing existing = options.force ? Existing::replace : Existing::refuse;
  if (auto placed = file->put_into_place(existing); !placed) return placed;
  file->keep();
  return {};
}

// A file may be made later, and a gate that cannot find it decides nothing.
std::vector<std::string> warnings_of_paths(const std::vector<PackFile>& packs, const Values& values,
                                           const Folder& folder) {
  std::vector<std::string> warnings;
  for (const auto& [name, askers] : asked_names(packs, catalogue())) {
    const auto value = values.find(name);
    if (value == values.end() || !value->second.is_string() || !is_path(askers)) continue;
    const auto path = value->second.get<std::string>();
    if (folder.locate(path)) continue;
    warnings.push_back("the value " + name + " is " + printable(path) +
                       ", and nothing is there below the folder of "
                       "release.json; gate " +
                       askers.front().gate + " reads it");
  }
  return warnings;
}

Result<ExitCode> freeze_release(const FreezeOptions& options) {
  const auto given = read_values(options);
  if (!given) return failure(given.error());
  auto order = read_order(options, *given);
  if (!order) return failure(order.error());
  const auto packs = read_packs(options);
  if (!packs) return failure(packs.error());
  if (const auto writable = check_output(options); !writable) return failure(writable.error());
  const fs::path folder = folder_of(options.output);
  const auto beneath = Folder::open(folder);
  if (!beneath) return failure(beneath.error());
  auto tags = tags_at_head(*beneath, order->checkout.text);
  if (!tags) return failure(tags.error());
  order->tags_at_head = std::move(*tags);

  const auto& cluster = order->cluster;
  auto rpc = cluster ? options.chain.read(cluster->genesis_hash) : options.chain.read_on_one_cluster();
  if (!rpc) return failure(rpc.error());
  ProgressLine progress(standard_error_screen());
  if (*rpc) (*rpc)->interrupted = progress.ticking(interrupted);
  const auto source = LiveSource::open({std::move(*rpc), folder});
  if (!source) return failure(source.error());
  catch_interrupts();
  auto frozen =
      obtain<Result<Frozen>>(**source, [&] { return freeze(*order, release_freeze()); }, &progress, interrupted);
  progress.end();
  if (const auto status = interrupt_status()) {
    spdlog::warn("interrupted: nothing was written");
    return *status;
  }
  if (!frozen) return failure(frozen.error());
  if (!*frozen) return failure(frozen->error());
  const Manifest& manifest = (*frozen)->manifest;
  if (const auto fit = check_values(*packs, catalogue(), manifest, given->origins); !fit) {
    return failure(fit.error());
  }
  if (const auto written = write_release(options, manifest.text); !written) {
    return failure(written.error());
  }
  print(words_for(**frozen, options.output, options.chain.given()) + words_for_missing(*packs, manifest));
  for (const std::string& warning : warnings_of_paths(*packs, given->values, *beneath)) spdlog::warn("{}", warning);
  for (const std::string& warning : (*frozen)->warnings) spdlog::warn("{}", printable(warning));
  return ExitCode::go;
}

}  // namespace

void add_freeze(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<FreezeOptions>();
  CLI::App& command = *app.add_subcommand("freeze", "write release.json from the checkout, the artifact and the chain");
  command.add_option("--name", options->name, "what people call the release")->required()->type_name("NAME");
  command.add_option("--program", options->program, "address of the program account")->required()->type_name("ADDRESS");
  command.add_option("--artifact", options->artifact, "the .so that was built; beneath the folder of release.json")
      ->required()
      ->type_name("FILE");
  command.add_option("--operator", options->operator_name, "who is responsible for the release")
      ->required()
      ->type_name("WHO");
  command
      .add_option("--cluster", options->cluster,
                  "mainnet-beta, testnet, devnet or NAME:GENESISHASH; by default the public cluster of the endpoints")
      ->type_name("CLUSTER");
  command
      .add_option(
          "--checkout", options->checkout,
          "folder of the git checkout (default: that of the value `checkout`, or else that of release.json itself)")
      ->type_name("DIR");
  command.add_option("--repository", options->repository, "URL of the repository (default: the remote origin)")
      ->type_name("URL");
  command.add_option("--tag", options->tag, "the tag that names the commit (default: the one at HEAD)")
      ->type_name("TAG");
  add_list(command, "--path", options->paths,
           "what belongs to the release, in a repository of several projects; from its root")
      ->type_name("PREFIX");
  command.add_flag("--allow-untracked", options->allow_untracked, "accept files that git neither tracks nor ignores");
  command.add_option("--previous-artifact", options->previous_artifact, "the retained file of what is deployed before")
      ->type_name("FILE");
  add_list(command, "--value", options->values, "a name that packs refer to; NAME:=JSON for a value that is no text")
      ->type_name("NAME=VALUE");
  command
      .add_option("--values", options->values_file, "a JSON object of such names, as readyctl lint --values prints it")
      ->type_name("FILE");
  add_list(command, "--pack", options->packs,
           "a gate pack that the release will be run with: its gates must be able to take the values, and those that "
           "are missing are listed")
      ->type_name("PACK");
  add_list(command, "--allow-root", options->allowed_roots, "a folder that packs may include files from")
      ->type_name("DIR");
  command.add_option("--built-at", options->built_at, "when the artifact was built, RFC 3339 in UTC (default: now)")
      ->type_name("TIME");
  command.add_option("--output", options->output, "where the release goes (default release.json)")->type_name("FILE");
  command.add_flag("--force", options->force, "replace a release that is there already");
  options->chain.add_to(command);
  command.callback([options, &status] {
    const auto outcome = freeze_release(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
