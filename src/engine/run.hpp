// Run: a plan decided over a source, together with what a report says of the moment of decision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/plan.hpp"
#include "facts/chain.hpp"
#include "solana/sysvars.hpp"

namespace readyctl {

struct Run {
  std::vector<Finding> findings;  ///< one for each planned gate, in the plan's order
  std::vector<Trace> traces;      ///< likewise; empty for gates that were not decided
  FactStore facts;
  std::size_t depth = 0;
  Time decided_at;
  std::optional<Blockhash> blockhash;  ///< none when no endpoint gave one
  std::optional<Clock> first_clock;    ///< the chain's own clock with the first that was read of it; none when not had
  std::optional<Clock> last_clock;     ///< the same after everything else was read; none when not had
  std::vector<std::string> moved;      ///< how the chain moved under this snapshot, in sentences
};

/// Decides the plan from one snapshot. The time of decision is a fact too. So are a finalized blockhash, the chain's
/// clock and the endpoints, asked in the first round that asks an endpoint for anything. When everything is decided,
/// the clock is read once more and with it the beginning of every program that was read: one round trip. What is
/// different then moved, and with another epoch everything did: the gates that rest on it are inconclusive, and so are
/// those that rest on a program that could not be read once more.
Run decide_plan(const Plan& plan, Source& source, const Interrupted& interrupted = {}, Observer* observer = nullptr);

/// The same over a source that is live: if the chain moved under the snapshot, all of it is taken a second time, and
/// every gate decided from that one alone. Files and checkouts are kept as they were read. What was replaced, and why,
/// is noted among the facts.
Run decide_plan_live(const Plan& plan, Source& source, const Interrupted& interrupted = {},
                     Observer* observer = nullptr);

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
