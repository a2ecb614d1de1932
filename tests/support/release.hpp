// A release manifest and packs as text, for tests that plan and decide.
#pragma once

#include <string>

#include "engine/plan.hpp"

namespace readyctl::test {

inline Json release_json() {
  const std::string zeros(64, '0');
  return {{"apiVersion", "readyctl.release/v1"},
          {"name", "vault 1.0.0"},
          {"cluster", "devnet"},
          {"program", "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"},
          {"artifact", {{"path", "vault.so"}, {"sha256", zeros}, {"executableHash", zeros}}},
          {"source", {{"repository", "https://git.example.org/vault"}, {"commit", std::string(40, 'a')}}},
          {"builtAt", "2026-01-01T00:00:00Z"},
          {"operator", "ops@example.org"},
          {"values", {{"payer", "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"}, {"least", "1000"}}}};
}

inline Manifest manifest(const Json& json = release_json()) {
  return parse_manifest(json.dump(), "release.json").value();
}

/// A pack with these gates, each a JSON object.
inline PackFile pack(const std::string& name, const Json& gates, const Json& phases = nullptr) {
  Json json = {{"apiVersion", "readyctl.gates/v1"}, {"name", name}, {"gates", gates}};
  if (!phases.is_null()) json["phases"] = phases;
  return parse_pack(json.dump(), name + ".json").value();
}

inline PlanInputs inputs(std::vector<PackFile> packs) { return {std::move(packs), manifest(), {}, std::nullopt, {}}; }

}  // namespace readyctl::test
