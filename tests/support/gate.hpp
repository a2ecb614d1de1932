// Deciding one gate of a kind from its JSON parameters, the way a pack would.
#pragma once

#include <stdexcept>
#include <string>

#include "engine/engine.hpp"
#include "engine/kind.hpp"
#include "support/fake_source.hpp"

namespace readyctl::test {

/// The gate with these parameters. Parameters that are refused throw their message.
inline GateRun gate_run(const GateKind& kind, const Json& params) {
  const auto document = Document::parse(params.dump(), "params.json");
  const auto begin = kind.prepare(document->value(), Place(*document));
  if (!begin) throw std::runtime_error(to_string(begin.error()));
  return {kind.about.name, *begin};
}

/// What the gate with these parameters says of what the source holds.
inline Finding decide_gate(const GateKind& kind, const Json& params, Source& source) {
  return decide({gate_run(kind, params)}, source).findings.front();
}

/// Why the parameters are refused; empty when they are not.
inline std::string refusal_of(const GateKind& kind, const Json& params) {
  const auto document = Document::parse(params.dump(), "params.json");
  const auto begin = kind.prepare(document->value(), Place(*document));
  return begin ? "" : to_string(begin.error());
}

/// The observation named `what`; an empty one when there is none.
inline Observed observed(const Finding& finding, const std::string& what) {
  for (const Observed& one : finding.observations) {
    if (one.what == what) return one;
  }
  return {};
}

}  // namespace readyctl::test
