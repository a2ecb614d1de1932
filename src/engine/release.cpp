#include "engine/release.hpp"

#include <algorithm>

#include "base/api_version.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

bool is_commit(std::string_view text) {
  return text.size() == 40 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Every leaf of release.json under its dotted name; lists and `values` stay whole.
void add_names(const Json& value, const std::string& name, Values& names) {
  if (!value.is_object()) {
    names[name] = value;
    return;
  }
  for (const auto& item : value.items())
    add_names(item.value(), name.empty() ? item.key() : name + "." + item.key(), names);
}

}  // namespace

Result<void> Cluster::validate(const Place& place) const {
  const auto known = genesis_hash_of(name);
  if (known && *known != genesis_hash) {
    return (place / "genesisHash").malformed("is not the genesis hash of " + name, "expected " + std::string(*known));
  }
  if (parse_pubkey(name)) {
    return (place / "name")
        .malformed("reads like a genesis hash, which could be taken for the cluster's own",
                   "give the cluster a name for people");
  }
  if (const auto hash = parse_pubkey(genesis_hash); !hash) return (place / "genesisHash").malformed(hash.error().what);
  return {};
}

Result<Cluster> FieldType<Cluster>::read(const Json& value, const Place& place) {
  if (!value.is_string()) return read_record<Cluster>(value, place);
  const auto name = value.get<std::string>();
  const auto known = genesis_hash_of(name);
  if (!known) {
    return place.malformed(
        "unknown cluster \"" + printable(name) + "\"",
        suggestion(name, public_clusters()) + "; name any other as {\"name\": …, \"genesisHash\": …}");
  }
  return Cluster{name, std::string(*known)};
}

Json FieldType<Cluster>::schema(Placeholders placeholders) {
  const Json known = {{"enum", public_clusters()}};
  return {{"anyOf", Json::array({known, record_schema<Cluster>(placeholders)})}};
}

Result<void> Release::SourceCode::validate(const Place& place) const {
  if (is_commit(commit)) return {};
  return (place / "commit")
      .malformed("expected a full commit id, 40 hex digits in lower case, found \"" + printable(commit) + "\"",
                 "git rev-parse HEAD prints it; a tag or a branch can be moved");
}

bool is_release_field(std::string_view name) {
  const auto fields = field_names<Release>();
  return std::find(fields.begin(), fields.end(), name.substr(0, name.find('.'))) != fields.end();
}

Result<void> Release::validate(const Place& place) const {
  for (const auto& value : values) {
    if (!is_release_field(value.first)) continue;
    return (place / "values" / value.first)
        .malformed("\"" + value.first + "\" would hide a field of the release", "choose another name");
  }
  return {};
}

Result<Manifest> parse_manifest(std::string text, const std::string& name) {
  auto document = Document::parse(std::move(text), name);
  if (!document) return failure(document.error());
  const Place place(*document);
  if (const auto fits = require_api_version(*document, release_api_version); !fits) return failure(fits.error());
  auto release = read_record<Release>(document->value(), place);
  if (!release) return failure(release.error());
  const auto canonical = canonical_json(document->value());
  if (!canonical) return malformed(name, canonical.error().what, canonical.error().hint);
  return Manifest{document->text(), std::move(*release), document->value(), sha256(*canonical), name};
}

Values names_of(const Manifest& manifest) {
  Values names;
  Json fields = manifest.json;
  for (const char* unnamed : {"$schema", "apiVersion", "values"}) fields.erase(unnamed);
  fields["cluster"] = {{"name", manifest.release.cluster.name}, {"genesisHash", manifest.release.cluster.genesis_hash}};
  add_names(fields, "", names);
  names.insert(manifest.release.values.begin(), manifest.release.values.end());
  return names;
}

std::vector<std::string> field_references() {
  std::vector<std::string> names{"cluster.name", "cluster.genesisHash"};
  for (const FieldDoc& field : field_docs<Release>()) {
    const bool is_name = field.name != "$schema" && field.name != "apiVersion" && field.name != "cluster" &&
                         field.words != FieldType<Values>::words() && field.words != "object";
    if (is_name) names.push_back(field.name);
  }
  return names;
}

std::vector<std::string> optional_names() {
  std::vector<std::string> names;
  std::string left_out = "-";  // the optional object whose fields are being listed
  for (const FieldDoc& field : field_docs<Release>()) {
    if (!field.is_required) left_out = field.name;
    if (field.name == "$schema") continue;
    const bool is_part = field.name == left_out || field.name.starts_with(left_out + ".");
    if (is_part && field.words != FieldType<Values>::words() && field.words != "object") names.push_back(field.name);
  }
  return names;
}

Json release_schema() {
  Json schema = record_schema<Release>(Placeholders::refused);
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "readyctl release manifest";
  schema["properties"]["apiVersion"] = {{"const", release_api_version}};
  return schema;
}

}  // namespace readyctl
