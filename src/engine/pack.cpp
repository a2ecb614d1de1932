#include "engine/pack.hpp"

#include <algorithm>
#include <set>

#include "base/api_version.hpp"
#include "base/sizes.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

std::string spelled(const std::string& name) { return "\"" + printable(name) + "\""; }

// 0.10.2 as {0, 10, 2}; empty when it is no version.
std::vector<unsigned long> version_parts(const std::string& text) {
  std::vector<unsigned long> parts(1, 0);
  for (const char c : text) {
    if (c == '.') {
      parts.push_back(0);
    } else if (c >= '0' && c <= '9' && parts.back() < 100'000) {
      parts.back() = parts.back() * 10 + static_cast<unsigned long>(c - '0');
    } else {
      return {};
    }
  }
  return parts.size() == 3 ? parts : std::vector<unsigned long>{};
}

tl::unexpected<Error> too_many(const Place& place, std::size_t count, std::size_t most) {
  return place.malformed("holds " + std::to_string(count) + " entries; at most " + std::to_string(most) + " are read",
                         "put them into several packs");
}

Result<void> check_version(const Pack& pack, const Place& place) {
  if (!pack.requires_version) return {};
  const auto needed = version_parts(*pack.requires_version);
  if (needed.empty()) {
    return (place / "requires").malformed(spelled(*pack.requires_version) + " is no version such as 0.1.0");
  }
  if (needed <= version_parts(std::string(version))) return {};
  return (place / "requires")
      .malformed("this pack needs readyctl " + *pack.requires_version + ", and this is " + std::string(version),
                 "upgrade readyctl; an older one may not know what the pack asks");
}

// Loads packs depth first and remembers the way down, so that a loop can be told from a file that is reached twice.
class PackLoader {
 public:
  explicit PackLoader(const std::vector<Folder>& allowed_roots) : allowed_roots_(allowed_roots) {}

  Result<void> load(const std::filesystem::path& path, const Root& root) {
    const auto found = root.find(path, pack_bytes_max);
    if (!found) return failure(found.error());
    return add(*found, root.name_of(path).string());
  }

  std::vector<PackFile> packs;

 private:
  Result<void> add(const FoundFile& file, const std::string& name) {
    const std::filesystem::path& real = file.path;
    if (std::find(way_.begin(), way_.end(), real) != way_.end()) {
      return malformed(name, "includes itself, by way of " + counted(way_.size(), "pack"),
                       "remove one of the includes");
    }
    if (!loaded_.insert(real).second) return {};
    if (way_.size() == include_depth_max) {
      return malformed(name, "is included by way of " + counted(way_.size(), "pack") + ", and no more are followed",
                       "include it further up");
    }
    if (loaded_.size() > pack_files_max) {
      return malformed(name, "is one pack more than the " + std::to_string(pack_files_max) + " that a run may have",
                       "put gates together into fewer files");
    }
    bytes_ += file.bytes.size();
    if (bytes_ > packs_bytes_max) {
      return malformed(name, "makes the packs of this run longer than " + size_text(packs_bytes_max) + " together",
                       "name fewer of them in one run");
    }
    auto pack = parse_pack(std::string(text_of(file.bytes)), name);
    if (!pack) return failure(pack.error());
    const auto document = pack->document;
    const std::vector<Include> includes = pack->pack.include;
    packs.push_back(std::move(*pack));

    way_.push_back(real);
    for (std::size_t i = 0; i < includes.size(); ++i) {
      const auto included = follow(includes[i], Place(*document) / "include" / i, real, name);
      if (!included) return included;
    }
    way_.pop_back();
    return {};
  }

  Result<void> follow(const Include& include, const Place& place, const std::filesystem::path& from,
                      const std::string& from_name) {
    const std::string name =
        (std::filesystem::path(from_name).parent_path() / include.path).lexically_normal().string();
    const auto found = read_included(from.parent_path(), include.path);
    if (!found)
      return place.malformed(
          "cannot include " + spelled(include.path) + ": " + found.error().where + " " + found.error().what,
          "a path is relative to the pack that names it; what is there must lie beneath that pack's folder, or beneath "
          "one "
          "given with --allow-root");
    const Sha256 digest = sha256(found->bytes);
    if (include.sha256 && *include.sha256 != digest) {
      return place.malformed("includes " + spelled(include.path) + " as " + to_string(*include.sha256) +
                                 ", and the file is " + to_string(digest),
                             "restore the file, or review it and state its digest");
    }
    return add(*found, name);
  }

  // An included file, from the pack's own folder or an allowed one.
  Result<FoundFile> read_included(const std::filesystem::path& folder_of_pack, const std::string& path) const {
    const auto folder = Folder::open(folder_of_pack);
    if (!folder) return failure(folder.error());
    auto found = folder->find_file(path, pack_bytes_max);
    if (found) return found;
    std::error_code trouble;
    const auto real = std::filesystem::canonical(folder_of_pack / path, trouble);
    if (trouble) return found;
    for (const Folder& root : allowed_roots_) {
      auto allowed = root.find_file(real.lexically_relative(root.path()).string(), pack_bytes_max);
      if (allowed) return allowed;
    }
    return found;
  }

  const std::vector<Folder>& allowed_roots_;
  std::vector<std::filesystem::path> way_;
  std::set<std::filesystem::path> loaded_;
  std::size_t bytes_ = 0;  // of the packs so far
};

// A root that is not there allows nothing, and whoever named it believes otherwise.
Result<std::vector<Folder>> open_all(const std::vector<std::filesystem::path>& allowed_roots, const Root& root) {
  std::vector<Folder> folders;
  for (const auto& allowed : allowed_roots) {
    auto folder = root.open_folder(allowed);
    if (!folder) {
      return failure({folder.error().kind, "--allow-root " + allowed.string(), folder.error().what,
                      "name a folder that packs may include files from"});
    }
    folders.push_back(std::move(*folder));
  }
  return folders;
}

Result<void> check_names_differ(const std::vector<PackFile>& packs) {
  std::set<std::string> names;
  for (const PackFile& file : packs) {
    if (names.insert(file.pack.name).second) continue;
    return (Place(*file.document) / "name")
        .malformed("another pack of this run is named " + spelled(file.pack.name) + " too", "rename one of them");
  }
  return {};
}

}  // namespace

std::string_view to_string(Severity severity) { return severity == Severity::blocking ? "blocking" : "advisory"; }

Result<Severity> FieldType<Severity>::read(const Json& value, const Place& place) {
  if (value == "blocking") return Severity::blocking;
  if (value == "advisory") return Severity::advisory;
  return place.malformed("expected \"blocking\" or \"advisory\", found " + printable(value.dump()));
}

Result<Phase> FieldType<Phase>::read(const Json& value, const Place& place) {
  auto phase =
      value.is_string() ? Result<Phase>(Phase{value.get<std::string>(), false}) : read_record<Phase>(value, place);
  if (phase && !is_definition_name(phase->name)) {
    return place.malformed(spelled(phase->name) + " is no name of a phase", "use letters a-z, digits and hyphens");
  }
  return phase;
}

Json FieldType<Phase>::schema(Placeholders placeholders) {
  return {{"anyOf", Json::array({Json{{"type", "string"}}, record_schema<Phase>(placeholders)})}};
}

Result<Include> FieldType<Include>::read(const Json& value, const Place& place) {
  if (value.is_string()) return Include{value.get<std::string>(), std::nullopt};
  return read_record<Include>(value, place);
}

Json FieldType<Include>::schema(Placeholders placeholders) {
  return {{"anyOf", Json::array({Json{{"type", "string"}}, record_schema<Include>(placeholders)})}};
}

Result<RawParams> FieldType<RawParams>::read(const Json& value, const Place& place) {
  if (!value.is_object()) return place.malformed("expected an object, found " + std::string(words_for_type(value)));
  return RawParams{value};
}

Result<void> GateDefinition::validate(const Place& place) const {
  if (!is_definition_name(id)) {
    return (place / "id").malformed(spelled(id) + " is no name of a gate", "use letters a-z, digits and hyphens");
  }
  if (phase && phase->empty()) return (place / "phase").malformed("is an empty list, so the gate would never run");
  return {};
}

Result<void> Pack::validate(const Place& place) const {
  if (!is_definition_name(name)) {
    return (place / "name").malformed(spelled(name) + " is no name of a pack", "use letters a-z, digits and hyphens");
  }
  if (gates.empty() && include.empty())
    return place.malformed("holds no gate and includes none", "an empty pack decides nothing");
  if (gates.size() > gates_max) return too_many(place / "gates", gates.size(), gates_max);
  if (phases.size() > phases_max) return too_many(place / "phases", phases.size(), phases_max);
  std::vector<std::string> known;
  for (const Phase& phase : phases) {
    if (std::find(known.begin(), known.end(), phase.name) != known.end()) {
      return (place / "phases").malformed("phase " + spelled(phase.name) + " stands twice");
    }
    known.push_back(phase.name);
  }
  std::set<std::string> ids;
  for (std::size_t i = 0; i < gates.size(); ++i) {
    const Place at = place / "gates" / i;
    if (!ids.insert(gates[i].id).second)
      return (at / "id").malformed("gate id " + spelled(gates[i].id) + " stands twice");
    for (const std::string& phase : gates[i].phase.value_or(std::vector<std::string>{})) {
      if (std::find(known.begin(), known.end(), phase) != known.end()) continue;
      return (at / "phase").malformed("unknown phase " + spelled(phase), suggestion(phase, known));
    }
  }
  return {};
}

Result<PackFile> parse_pack(std::string text, const std::string& name) {
  auto parsed = Document::parse(std::move(text), name);
  if (!parsed) return failure(parsed.error());
  const auto document = std::make_shared<const Document>(std::move(*parsed));
  const Place place(*document);
  if (const auto fits = require_api_version(*document, pack_api_version); !fits) return failure(fits.error());
  auto pack = read_record<Pack>(document->value(), place);
  if (!pack) return failure(pack.error());
  if (const auto fits = check_version(*pack, place); !fits) return failure(fits.error());
  return PackFile{document, std::move(*pack), sha256(document->text())};
}

Result<std::vector<PackFile>> load_packs(const std::vector<std::filesystem::path>& paths,
                                         const std::vector<std::filesystem::path>& allowed_roots, const Root& root) {
  const auto roots = open_all(allowed_roots, root);
  if (!roots) return failure(roots.error());
  PackLoader loader(*roots);
  for (const auto& path : paths) {
    if (const auto loaded = loader.load(path, root); !loaded) return failure(loaded.error());
  }
  if (const auto differ = check_names_differ(loader.packs); !differ) return failure(differ.error());
  return std::move(loader.packs);
}

bool is_definition_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool characters = std::all_of(text.begin(), text.end(), [&](char c) { return plain(c) || c == '-'; });
  return characters && !text.empty() && plain(text.front()) && plain(text.back()) && text.size() <= 64 &&
         text.find("--") == std::string_view::npos;
}

}  // namespace readyctl
