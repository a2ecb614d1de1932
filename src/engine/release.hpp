// Release: what is frozen. release.json holds only what does not change any more.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/fields.hpp"
#include "facts/field_types.hpp"

namespace readyctl {

/// The cluster that a release is for. It is known by its genesis hash and never by a URL.
struct Cluster {
  std::string name;
  std::string genesis_hash;  ///< base58, as getGenesisHash answers

  static constexpr auto fields() {
    return std::tuple{
        required("name", &Cluster::name, "what people call it"),
        required("genesisHash", &Cluster::genesis_hash, "base58, as getGenesisHash answers"),
    };
  }
  Result<void> validate(const Place& place) const;
};

/// A known cluster's name, or {name, genesisHash}.
template <>
struct FieldType<Cluster> {
  static Result<Cluster> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "mainnet-beta, testnet, devnet, or {name, genesisHash}"; }
};

struct Release {
  struct Artifact {
    std::string path;
    Sha256 sha256;
    Sha256 executable_hash;

    static constexpr auto fields() {
      return std::tuple{
          required("path", &Artifact::path, "the program file, relative to release.json"),
          required("sha256", &Artifact::sha256, "of the whole file"),
          required("executableHash", &Artifact::executable_hash,
                   "of the file without its trailing zeros, as solana-verify prints it"),
      };
    }
  };

  struct Previous {
    Sha256 executable_hash;
    std::optional<std::string> path;

    static constexpr auto fields() {
      return std::tuple{
          required("executableHash", &Previous::executable_hash, "of the program that is deployed before this release"),
          optional("path", &Previous::path, "the retained file of it, relative to release.json"),
      };
    }
  };

  struct SourceCode {
    RepositoryUrl repository;
    std::string commit;
    std::optional<std::string> tag;
    std::optional<std::vector<std::string>> paths;

    static constexpr auto fields() {
      return std::tuple{
          required("repository", &SourceCode::repository, "URL of the repository"),
          required("commit", &SourceCode::commit, "the frozen commit, 40 hex digits"),
          optional("tag", &SourceCode::tag, "the tag that names the commit"),
          optional("paths", &SourceCode::paths, "in a repository of several projects: what belongs to the release"),
      };
    }
    Result<void> validate(const Place& place) const;
  };

  std::string schema;
  std::string api_version;
  std::string name;
  Cluster cluster;
  Pubkey program;
  Artifact artifact;
  std::optional<Previous> previous;
  SourceCode source;
  Time built_at;
  std::string operator_name;
  Values values;

  static constexpr auto fields() {
    return std::tuple{
        optional("$schema", &Release::schema, "for editors"),
        required("apiVersion", &Release::api_version, "readyctl.release/v1"),
        required("name", &Release::name, "what people call the release"),
        required("cluster", &Release::cluster, "where it is released to"),
        required("program", &Release::program, "address of the program account"),
        required("artifact", &Release::artifact, "the program that was built and reviewed"),
        optional("previous", &Release::previous, "the program that is deployed before it"),
        required("source", &Release::source, "what it was built from"),
        required("builtAt", &Release::built_at, "when it was built"),
        required("operator", &Release::operator_name, "who is responsible for the release"),
        optional("values", &Release::values, "any names that gate packs refer to"),
    };
  }
  Result<void> validate(const Place& place) const;
};

/// Whether `name` is a field of release.json or one with dots beneath it, also where a release leaves that field out.
/// Only the release itself can say what those are.
bool is_release_field(std::string_view name);

inline constexpr std::string_view release_api_version = "readyctl.release/v1";

/// A release manifest as it was read, with the identity that reports, waivers and attestations bind to.
struct Manifest {
  std::string text;  ///< the exact bytes
  Release release;
  Json json;
  Sha256 id;         ///< SHA-256 of the canonical form (RFC 8785): the release id
  std::string name;  ///< of the file, for messages
};

/// The most that is read of a release.json.
inline constexpr std::size_t manifest_bytes_max = std::size_t{4} << 20;

/// Errors: malformed; a schema newer than this version knows; a number that has no canonical form.
Result<Manifest> parse_manifest(std::string text, const std::string& name);

/// The names that packs may refer to: release.json's fields with dots, then its `values` by their name.
Values names_of(const Manifest& manifest);

/// The names of its fields that a pack may refer to, whether or not a release has them: "artifact.path",
/// "cluster.name".
std::vector<std::string> field_references();

/// The fields, with dots, that release.json may leave out: what a pack may refer to as `${name?}`.
std::vector<std::string> optional_names();

/// The published JSON Schema of release.json.
Json release_schema();

}  // namespace readyctl
