// Remedy: what to do about a gate that failed, and whether its parameters are to be looked at first.
#pragma once

#include <string>

#include "engine/finding.hpp"
#include "engine/plan.hpp"

namespace readyctl {

/// The remedy of the definition, or of its kind. Where the finding says that a parameter may name the wrong thing, that
/// is said first, with the value that has to be corrected: one of release.json, of --set, or of the pack itself.
std::string remedy_for(const PlannedGate& gate, const Finding& finding, const PlanInputs& inputs);

}  // namespace readyctl
