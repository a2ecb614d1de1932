#include "engine/run.hpp"

#include <algorithm>

#include "base/invariant.hpp"
#include "facts/local.hpp"

namespace readyctl {
namespace {

struct Moment {
  Time time;
  std::optional<Blockhash> blockhash;
};

// Not a gate: asks, along with the gates' first round, what every report says of its moment.
Task<Finding> look_at_the_moment(Moment* moment) {
  auto both = co_await all(facts::now(), maybe(facts::latest_blockhash()));
  moment->time = std::get<0>(both);
  if (std::get<1>(both)) moment->blockhash = *std::get<1>(both);
  co_return pass("");
}

Finding not_decided(const PlannedGate& gate, const Plan& plan) {
  if (gate.disposition == Disposition::skip) {
    return {Outcome::skipped, "not in phase " + plan.phase.value_or("-"), {}, std::nullopt};
  }
  return {Outcome::not_run, "not selected", {}, std::nullopt};
}

}  // namespace

Run decide_plan(const Plan& plan, Source& source, const Interrupted& interrupted, Observer* observer) {
  Moment moment;
  std::vector<GateRun> gates{{"the moment of decision", [&moment] { return look_at_the_moment(&moment); }, false}};
  for (const PlannedGate& gate : plan.gates) {
    if (gate.disposition == Disposition::decide) gates.push_back({gate.id, gate.begin});
  }
  Decisions decisions = decide(gates, source, interrupted, observer);

  Run run;
  std::size_t next = 1;
  for (const PlannedGate& gate : plan.gates) {
    if (gate.disposition != Disposition::decide) {
      run.findings.push_back(not_decided(gate, plan));
      run.traces.emplace_back();
      continue;
    }
    run.findings.push_back(std::move(decisions.findings[next]));
    run.traces.push_back(std::move(decisions.traces[next]));
    ++next;
  }
  run.facts = std::move(decisions.facts);
  run.depth = decisions.depth;
  run.decided_at = moment.time;
  run.blockhash = moment.blockhash;
  return run;
}

std::vector<Vote> votes_of(const std::vector<PlannedGate>& gates, const std::vector<Finding>& findings) {
  invariant(gates.size() == findings.size(), "every gate has a finding");
  std::vector<Vote> votes;
  for (std::size_t i = 0; i < gates.size(); ++i) votes.push_back({gates[i].definition.severity, findings[i].outcome});
  return votes;
}

Decision decision_of(const std::vector<Vote>& votes) {
  bool decided = false;
  bool open = false;
  for (const Vote& vote : votes) {
    if (vote.severity != Severity::blocking) continue;
    switch (vote.outcome) {
      case Outcome::fail:
        return Decision::no_go;
      case Outcome::pass:
      case Outcome::waived:
        decided = true;
        break;
      case Outcome::skipped:
        break;
      case Outcome::inconclusive:
      case Outcome::not_run:
        open = true;
        break;
    }
  }
  return decided && !open ? Decision::go : Decision::inconclusive;
}

std::optional<Time> valid_until(const Plan& plan, Time decided_at) {
  std::optional<Time> until;
  for (const PlannedGate& gate : plan.gates) {
    if (gate.disposition != Disposition::decide || !gate.valid_for) continue;
    const Time end = decided_at + *gate.valid_for;
    until = until ? std::min(*until, end) : end;
  }
  return until;
}

}  // namespace readyctl
