// Run: a plan decided over a source, together with what a report says of the moment of decision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/plan.hpp"
#include "facts/chain.hpp"

namespace readyctl {

struct Run {
  std::vector<Finding> findings;  ///< one for each planned gate, in the plan's order
  std::vector<Trace> traces;      ///< likewise; empty for gates that were not decided
  FactStore facts;
  std::size_t depth = 0;
  Time decided_at;
  std::optional<Blockhash> blockhash;  ///< none when no endpoint gave one
};

/// Decides the plan. The time of decision and a finalized blockhash are facts too, asked in the first round.
Run decide_plan(const Plan& plan, Source& source, const Interrupted& interrupted = {}, Observer* observer = nullptr);

enum class Decision { go, no_go, inconclusive };

/// What one gate says to the decision.
struct Vote {
  Severity severity;
  Outcome outcome;
};

/// The decision that votes add up to: a failed blocking gate is no-go; else one that is not decided, or none at all, is
/// inconclusive; else go.
Decision decision_of(const std::vector<Vote>& votes);

/// The votes of a plan's gates. `findings` and `gates` stand in the same order.
std::vector<Vote> votes_of(const std::vector<PlannedGate>& gates, const std::vector<Finding>& findings);

/// Until when the decision is good: the least `validFor` of the decided gates after the time of decision; none when
/// nothing limits it.
std::optional<Time> valid_until(const Plan& plan, Time decided_at);

}  // namespace readyctl
