#include "attest/trust.hpp"

#include <algorithm>
#include <set>

#include "attest/public_key_field.hpp"
#include "base/api_version.hpp"
#include "base/files.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::string_view api_version = "readyctl.trust/v1";
constexpr std::size_t trust_bytes_max = std::size_t{1} << 20;
constexpr std::size_t keys_max = 64;

struct KeyEntry {
  std::string name;
  std::optional<PublicKey> key;
  std::vector<std::string> roles;
  std::optional<Time> not_before;
  std::optional<Time> not_after;
  std::optional<Time> revoked_at;

  static constexpr auto fields() {
    return std::tuple{required("name", &KeyEntry::name, "who holds the key, for people"),
                      required("key", &KeyEntry::key, "the public key, base58 or PEM"),
                      required("roles", &KeyEntry::roles, "what the key may sign for, in words of your own"),
                      optional("notBefore", &KeyEntry::not_before, "counts from this moment on"),
                      optional("notAfter", &KeyEntry::not_after, "counts before this moment"),
                      optional("revokedAt", &KeyEntry::revoked_at, "nothing decided from this moment on counts")};
  }

  Result<void> validate(const Place& place) const {
    if (roles.empty()) return (place / "roles").malformed("the list is empty; a key without a role can never count");
    for (std::size_t i = 0; i < roles.size(); ++i) {
      if (std::find(roles.begin(), roles.begin() + static_cast<std::ptrdiff_t>(i), roles[i]) ==
          roles.begin() + static_cast<std::ptrdiff_t>(i)) {
        continue;
      }
      return (place / "roles" / i).malformed("role \"" + printable(roles[i]) + "\" is listed twice");
    }
    if (not_before && not_after && *not_after <= *not_before) {
      return (place / "notAfter").malformed("the key would never count: notAfter is not later than notBefore");
    }
    return {};
  }
};

struct ReportEntry {
  std::uint32_t threshold = 0;
  std::vector<std::string> roles;

  static constexpr auto fields() {
    return std::tuple{required("threshold", &ReportEntry::threshold, "how many different keys must have signed"),
                      required("roles", &ReportEntry::roles, "a key counts when it holds one of these roles")};
  }
};

struct TrustFile {
  std::string schema;
  std::string version;
  std::vector<KeyEntry> keys;
  ReportEntry report;
  std::vector<Sha256> packs;
  std::optional<std::string> cluster;
  std::optional<std::string> program;

  static constexpr auto fields() {
    return std::tuple{optional("$schema", &TrustFile::schema, "for editors"),
                      required("apiVersion", &TrustFile::version, "readyctl.trust/v1"),
                      required("keys", &TrustFile::keys, "the keys that may sign"),
                      required("report", &TrustFile::report, "what makes a report authentic"),
                      optional("packs", &TrustFile::packs, "SHA-256 of each gate pack that must have been asked"),
                      optional("cluster", &TrustFile::cluster, "the only cluster: its name, or its genesis hash"),
                      optional("program", &TrustFile::program, "the only program: its address")};
  }

  Result<void> validate(const Place& place) const;
};

Result<void> require_unique_keys(const std::vector<KeyEntry>& keys, const Place& place) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (keys[i].name == keys[j].name) {
        return (place / i / "name")
            .malformed("name \"" + printable(keys[i].name) + "\" stands twice",
                       "the other is entry " + std::to_string(j) + " of keys");
      }
      if (keys[i].key == keys[j].key) {
        return (place / i / "key")
            .malformed(
                "the key of \"" + printable(keys[i].name) + "\" is the key of \"" + printable(keys[j].name) + "\"",
                "one key under two names could count twice; keep one entry");
      }
    }
  }
  return {};
}

bool holds_any(const std::vector<std::string>& held, const std::vector<std::string>& asked) {
  return std::any_of(held.begin(), held.end(), [&](const std::string& role) {
    return std::find(asked.begin(), asked.end(), role) != asked.end();
  });
}

Result<void> require_roles_held(const TrustFile& file, const Place& roles) {
  std::set<std::string> held;
  for (const KeyEntry& key : file.keys) held.insert(key.roles.begin(), key.roles.end());
  const std::vector<std::string> names(held.begin(), held.end());
  if (file.report.roles.empty()) return roles.malformed("the list is empty; no signature could count");
  for (std::size_t i = 0; i < file.report.roles.size(); ++i) {
    const std::string& role = file.report.roles[i];
    if (held.contains(role)) continue;
    return (roles / i).malformed("no key holds the role \"" + printable(role) + "\"", suggestion(role, names));
  }
  return {};
}

Result<void> require_reachable(const TrustFile& file, const Place& threshold) {
  const auto eligible = std::count_if(file.keys.begin(), file.keys.end(),
                                      [&](const KeyEntry& key) { return holds_any(key.roles, file.report.roles); });
  if (file.report.threshold == 0) {
    return threshold.malformed("a threshold of 0 would accept a report that nobody signed", "expected 1 or more");
  }
  if (file.report.threshold > static_cast<std::uint64_t>(eligible)) {
    return threshold.malformed("the threshold of " + std::to_string(file.report.threshold) + " can never be met: " +
                                   counted(static_cast<std::size_t>(eligible), "key") + " can count",
                               "keys count that hold one of: " + join(file.report.roles, ", "));
  }
  return {};
}

Result<void> require_unique_packs(const std::vector<Sha256>& packs, const Place& place) {
  for (std::size_t i = 0; i < packs.size(); ++i) {
    const auto before = packs.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(packs.begin(), before, packs[i]) != before) return (place / i).malformed("this pack is listed twice");
  }
  return {};
}

// The name of any other cluster is what a release calls it, so it would prove nothing.
Result<void> require_cluster(const std::string& cluster, const Place& place) {
  if (genesis_hash_of(cluster) || parse_pubkey(cluster)) return {};
  return place.malformed("\"" + printable(cluster) + "\" is neither a public cluster nor a genesis hash",
                         suggestion(cluster, public_clusters()) + "; any other cluster is known by its genesis hash");
}

Result<void> TrustFile::validate(const Place& place) const {
  if (keys.empty() || keys.size() > keys_max) {
    return (place / "keys")
        .malformed("expected 1 to " + std::to_string(keys_max) + " keys, found " + std::to_string(keys.size()));
  }
  if (auto unique = require_unique_keys(keys, place / "keys"); !unique) return unique;
  if (auto held = require_roles_held(*this, place / "report" / "roles"); !held) return held;
  if (auto reachable = require_reachable(*this, place / "report" / "threshold"); !reachable) return reachable;
  if (auto unique = require_unique_packs(packs, place / "packs"); !unique) return unique;
  if (cluster) return require_cluster(*cluster, place / "cluster");
  return {};
}

TrustedKey trusted(KeyEntry entry) {
  return {.name = std::move(entry.name),
          .key = entry.key.value(),
          .roles = std::move(entry.roles),
          .not_before = entry.not_before,
          .not_after = entry.not_after,
          .revoked_at = entry.revoked_at};
}

}  // namespace

Result<Trust> parse_trust(std::string text, const std::string& name) {
  const auto document = Document::parse(std::move(text), name);
  if (!document) return failure(document.error());
  if (const auto fits = require_api_version(*document, api_version); !fits) return failure(fits.error());
  const Place root(*document);
  auto file = read_record<TrustFile>(document->value(), root);
  if (!file) return failure(file.error());

  Trust trust;
  for (KeyEntry& entry : file->keys) trust.keys.push_back(trusted(std::move(entry)));
  trust.threshold = file->report.threshold;
  trust.report_roles = std::move(file->report.roles);
  trust.packs = std::move(file->packs);
  trust.cluster = std::move(file->cluster);
  trust.digest = sha256(document->text());
  if (const auto& address = file->program) {
    const auto program = parse_pubkey(*address);
    if (!program) return (root / "program").malformed(program.error().what, program.error().hint);
    trust.program = *program;
  }
  return trust;
}

Result<Trust> read_trust(const std::filesystem::path& named, const Root& root) {
  const auto file = root.find(named, trust_bytes_max);
  if (!file) return failure(file.error());
  return parse_trust(std::string(text_of(file->bytes)), root.name_of(named).string());
}

Json trust_schema() {
  Json schema = record_schema<TrustFile>(Placeholders::refused);
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  return schema;
}

}  // namespace readyctl
