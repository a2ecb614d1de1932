// Pack: a file of gate definitions. Data, never code.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "base/root.hpp"

namespace readyctl {

enum class Severity { blocking, advisory };

std::string_view to_string(Severity severity);

template <>
struct FieldType<Severity> {
  static Result<Severity> read(const Json& value, const Place& place);
  static Json schema(Placeholders) { return {{"enum", Json::array({"blocking", "advisory"})}}; }
  static std::string words() { return "\"blocking\" or \"advisory\""; }
};

/// A phase that a pack knows: its name, or {"name", "partial"}. A partial phase never says that a release may go.
struct Phase {
  std::string name;
  bool partial = false;

  static constexpr auto fields() {
    return std::tuple{
        required("name", &Phase::name, "as --phase takes it"),
        optional("partial", &Phase::partial, "true: its report never verifies as a release GO"),
    };
  }
};

template <>
struct FieldType<Phase> {
  static Result<Phase> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "name, or {name, partial}"; }
};

/// Another pack, by path relative to this one: a string, or {"path", "sha256"}.
struct Include {
  std::string path;
  std::optional<Sha256> sha256;

  static constexpr auto fields() {
    return std::tuple{
        required("path", &Include::path, "relative to the folder of this pack"),
        optional("sha256", &Include::sha256, "what the included file must be"),
    };
  }
};

template <>
struct FieldType<Include> {
  static Result<Include> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "path, or {path, sha256}"; }
};

/// Parameters as they stand in the pack, placeholders and all.
struct RawParams {
  Json value = Json::object();
};

template <>
struct FieldType<RawParams> {
  static Result<RawParams> read(const Json& value, const Place& place);
  static Json schema(Placeholders) { return {{"type", "object"}}; }
  static std::string words() { return "object, as the kind says"; }
};

/// One entry of a pack's list of gates.
struct GateDefinition {
  std::string id;
  std::string kind;
  Severity severity = Severity::blocking;
  std::optional<std::vector<std::string>> phase;
  RawParams params;
  std::optional<std::chrono::seconds> valid_for;
  std::optional<std::string> because;
  std::optional<std::string> remedy;
  std::optional<std::vector<std::string>> refs;
  std::optional<std::string> owner;

  static constexpr auto fields() {
    return std::tuple{
        required("id", &GateDefinition::id, "names the gate within its pack: letters a-z, digits, -"),
        required("kind", &GateDefinition::kind, "one of the gate kinds"),
        optional("severity", &GateDefinition::severity, "blocking unless it says advisory"),
        optional("phase", &GateDefinition::phase,
                 "the phases it runs in; without it, every one that the pack declares"),
        optional("params", &GateDefinition::params, "what the kind is to decide"),
        optional("validFor", &GateDefinition::valid_for, "how long a pass may be relied on"),
        optional("because", &GateDefinition::because, "why the gate is there"),
        optional("remedy", &GateDefinition::remedy, "what to do when it fails"),
        optional("refs", &GateDefinition::refs, "ids in other lists, such as a checklist"),
        optional("owner", &GateDefinition::owner, "who answers for it"),
    };
  }
  Result<void> validate(const Place& place) const;
};

struct Pack {
  std::optional<std::string> schema;
  std::string api_version;
  std::string name;
  std::optional<std::string> requires_version;
  std::optional<std::string> description;
  std::vector<Phase> phases;
  std::vector<Include> include;
  std::vector<GateDefinition> gates;

  static constexpr auto fields() {
    return std::tuple{
        optional("$schema", &Pack::schema, "for editors"),
        required("apiVersion", &Pack::api_version, "readyctl.gates/v1"),
        required("name", &Pack::name, "names the pack: letters a-z, digits, -"),
        optional("requires", &Pack::requires_version, "the least readyctl version, such as 0.1.0"),
        optional("description", &Pack::description, "what the pack is for"),
        optional("phases", &Pack::phases, "the phases that its gates know; with it, a run names one"),
        optional("include", &Pack::include, "other packs that belong to this one"),
        optional("gates", &Pack::gates, "what must hold"),
    };
  }
  Result<void> validate(const Place& place) const;
};

inline constexpr std::string_view pack_api_version = "readyctl.gates/v1";

/// A pack as it was read. The document is what error messages point into.
struct PackFile {
  std::shared_ptr<const Document> document;
  Pack pack;
  Sha256 sha256;  ///< of the exact bytes
};

/// Errors: malformed; a schema newer than this version knows; a readyctl that is too old.
Result<PackFile> parse_pack(std::string text, const std::string& name);

/// The most files that the packs of one run may be, how deep they may include one another, and how long one may be.
inline constexpr std::size_t pack_files_max = 256;
inline constexpr std::size_t include_depth_max = 16;
inline constexpr std::size_t gates_max = 1000;  ///< in one pack
inline constexpr std::size_t phases_max = 64;   ///< in one pack
inline constexpr std::size_t pack_bytes_max = std::size_t{4} << 20;

/// And of all packs of a run together.
inline constexpr std::size_t packs_bytes_max = std::size_t{64} << 20;

/// The packs that `paths` name, looked for where `root` says, and all that they include, each file once, an including
/// pack before what it includes. An included file lies beneath the folder of the pack that names it, or beneath one of
/// `allowed_roots`. Errors: those of parse_pack; a root that is no folder; a missing file; a loop; a path that leads
/// outside; another digest than stated; two packs of one name; more or longer files than the limits above.
Result<std::vector<PackFile>> load_packs(const std::vector<std::filesystem::path>& paths,
                                         const std::vector<std::filesystem::path>& allowed_roots,
                                         const Root& root = {});

/// Whether `text` may name a pack or a gate: letters a-z, digits and single hyphens between them.
bool is_definition_name(std::string_view text);

}  // namespace readyctl
