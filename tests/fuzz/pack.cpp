// Packs of gates, and the plan that one makes for a release.
#include "engine/pack.hpp"

#include "engine/plan.hpp"
#include "fuzz/property.hpp"
#include "kinds/catalogue.hpp"

using namespace readyctl;

namespace {

const Manifest& release() {
  static const Manifest manifest = parse_manifest(R"({
    "apiVersion": "readyctl.release/v1", "name": "fuzz", "cluster": "devnet", "operator": "nobody",
    "program": "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw", "builtAt": "2026-11-21T08:56:14Z",
    "artifact": {"path": "a.so",
                 "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                 "executableHash": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    "source": {"repository": "https://example.invalid/r", "commit": "0123456789abcdef0123456789abcdef01234567"},
    "values": {"vault": "9n9MhDdwK2twbrr4TjBCVjVHLDzTFyaYKMPxUF5zGYWE", "count": 2, "list": ["a"]}})",
                                                  "release.json")
                                       .value();
  return manifest;
}

// What is planned stands in the report, so it must have a canonical form.
void require_stateable(const Plan& plan) {
  for (const PlannedGate& gate : plan.gates) {
    fuzz::require(canonical_json(gate.params).has_value(), "the parameters of a planned gate can be stated");
    fuzz::require((gate.disposition == Disposition::decide) == static_cast<bool>(gate.begin),
                  "a gate can begin when it is to be decided");
  }
  for (const auto& used : plan.used) fuzz::require(canonical_json(used.second).has_value(), "a name can be stated");
}

}  // namespace

FUZZ_TARGET(pack) {
  const auto pack = parse_pack(fuzz::text_in(data, size), "fuzz.gates.json");
  if (!pack) return 0;
  fuzz::require(is_definition_name(pack->pack.name), "a pack has a name");
  const auto defined = check_definitions({*pack}, catalogue());

  PlanInputs inputs{{*pack}, release(), {}, std::nullopt, {}};
  if (!pack->pack.phases.empty()) inputs.phase = pack->pack.phases.front().name;
  const auto plan = make_plan(inputs, catalogue());
  if (!plan) return 0;
  fuzz::require(plan->gates.size() == pack->pack.gates.size(), "every gate is planned once");
  require_stateable(*plan);
  return 0;
}
