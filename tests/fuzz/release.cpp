// release.json.
#include "engine/release.hpp"

#include "engine/freeze.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(release) {
  const std::string text = fuzz::text_in(data, size);
  const auto manifest = parse_manifest(text, "release.json");
  if (!manifest) return 0;
  fuzz::require(manifest->text == text, "a release keeps its exact bytes");
  const auto canonical = canonical_json(manifest->json);
  fuzz::require(canonical && sha256(*canonical) == manifest->id, "the release id is that of the canonical form");
  fuzz::require(parse_manifest(*canonical, "release.json").has_value(), "the canonical form is a release too");
  for (const auto& [name, value] : names_of(*manifest)) fuzz::require(is_value_name(name), "packs can refer to it");

  const auto written = manifest_text(manifest->release);
  fuzz::require(written.has_value(), "a release can be written");
  const auto again = parse_manifest(*written, "release.json");
  fuzz::require(again.has_value(), "what is written can be read");
  fuzz::require(manifest_text(again->release) == *written, "a release goes round");
  return 0;
}
