#include "engine/run.hpp"

#include <algorithm>
#include <set>

#include "base/invariant.hpp"
#include "engine/behind.hpp"
#include "facts/accounts.hpp"
#include "facts/endpoints.hpp"
#include "facts/local.hpp"
#include "facts/programs.hpp"
#include "facts/run_record.hpp"

namespace readyctl {
namespace {

// What a run looks at besides its gates.
struct Moment {
  Time time;
  std::optional<Blockhash> blockhash;
  std::optional<Clock> first_clock;
  std::optional<Clock> last_clock;
  std::optional<Unobtainable> no_clock;  // why one of the two was not had
  bool is_closed = false;                // what was read once more was had, or is known to be out of reach
  Moved unseen;                          // the programs that could not be read once more, and why
};

// Not gates. The first two ask, along with the gates' first rounds, what every report says of its moment.
Task<Finding> look_at_the_time(Moment* moment) {
  const Time time = co_await facts::now();
  moment->time = time;
  co_return pass("");
}

// Without the clock at both of its ends nobody knows whether an epoch ended while a run read the chain.
Unobtainable without_clock(const Refusal& refusal, const std::string& end) {
  const auto* refused = std::get_if<Unobtainable>(&refusal);
  const Unobtainable why =
      refused != nullptr ? *refused : Unobtainable{"missing", std::get<Absent>(refusal).what, Retry::other_endpoint};
  return {why.cause,
          "the chain's clock could not be read at the " + end +
              " of the run, so that nobody knows whether an epoch ended meanwhile: " + why.what,
          why.retry};
}

Task<Finding> open_the_snapshot(Moment* moment) {
  // The record of the endpoints tells how many of them had to agree.
  auto opening = co_await all(maybe(facts::latest_blockhash()), maybe(facts::clock()), maybe(facts::endpoints()));
  const auto& blockhash = std::get<0>(opening);
  const auto& clock = std::get<1>(opening);
  if (blockhash) moment->blockhash = *blockhash;
  if (clock) moment->first_clock = *clock;
  if (!clock) moment->no_clock = without_clock(clock.error(), "beginning");
  co_return pass("");
}

Unobtainable not_seen_again(const Pubkey& program, const Unobtainable& why) {
  return {why.cause,
          "account " + to_string(program) +
              " was read, and could not be read once more at the end of the run, so that " +
              "nobody knows whether it changed meanwhile: " + why.what,
          why.retry};
}

Task<Finding> close_the_snapshot(std::vector<Pubkey> programs, Moment* moment) {
  const auto clock_fact = maybe(facts::clock_once_more());
  std::vector<Fact<Reading<std::optional<Account>>>> beginnings;
  for (const Pubkey& program : programs) {
    beginnings.push_back(maybe(facts::account_once_more(program, facts::read_once_more)));
  }
  auto both = co_await all(clock_fact, beginnings);
  const auto& clock = std::get<0>(both);
  if (clock) moment->last_clock = *clock;
  if (!clock && !moment->no_clock) moment->no_clock = without_clock(clock.error(), "end");
  const auto& again = std::get<1>(both);
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (again[i]) continue;
    const auto* why = std::get_if<Unobtainable>(&again[i].error());
    invariant(why != nullptr, "an account that is none is an answer");
    moment->unseen.emplace(key_of(AccountRequest{programs[i]}), not_seen_again(programs[i], *why));
  }
  moment->is_closed = true;
  co_return pass("");
}

// The accounts that hold the code of programs, among those that were read.
std::vector<Pubkey> programs_in(const Decisions& decisions) {
  std::set<Pubkey> programs;
  const auto is_program = [&](const Request& request) {
    const auto found = decisions.facts.find(key_of(request));
    if (found == decisions.facts.end()) return false;
    const Observation& seen = found->second.deciding();
    return seen.outcome && deployed_slot_in(*seen.outcome).has_value();
  };
  for (const Trace& trace : decisions.traces) {
    for (const auto& wait : trace) {
      for (const Request& request : wait) {
        const auto* account = std::get_if<AccountRequest>(&request);
        if (account == nullptr || programs.contains(account->address)) continue;
        if (is_program(request) || is_program(covering(request))) programs.insert(account->address);
      }
    }
  }
  return {programs.begin(), programs.end()};
}

std::optional<Unobtainable> epoch_change(const Moment& moment) {
  if (!moment.first_clock || !moment.last_clock || moment.first_clock->epoch == moment.last_clock->epoch) {
    return std::nullopt;
  }
  return Unobtainable{"moved",
                      "the cluster went from epoch " + std::to_string(moment.first_clock->epoch) + " to epoch " +
                          std::to_string(moment.last_clock->epoch) + " while this run read it",
                      Retry::now};
}

// Whether a gate read anything that everybody would have to see alike. How an endpoint answers for itself is none.
bool reads_the_chain(const Trace& trace) {
  return std::any_of(trace.begin(), trace.end(), [](const auto& wait) {
    return std::any_of(wait.begin(), wait.end(), [](const Request& request) {
      return asks_an_endpoint(request) && !std::holds_alternative<ProbeRequest>(request);
    });
  });
}

// Whether the chain moved, as far as that was looked at when all gates were decided.
struct Movement {
  Moved accounts;
  std::optional<Unobtainable> epoch;
  SlotsSeen slots;  // of the whole run
};

// Why a gate may not rest on what it read.
std::optional<Unobtainable> objection_to(const Finding& finding, const Trace& trace, const FactStore& facts,
                                         const Moment& moment, const Movement& movement) {
  if (auto moved = moved_under(trace, movement.accounts)) return moved;
  if (finding.outcome != Outcome::inconclusive) {  // else it has a cause of its own
    if (auto unseen = moved_under(trace, moment.unseen)) return unseen;
    if (auto behind = movement.slots.behind(trace, facts)) return behind;
  }
  if (!reads_the_chain(trace)) return std::nullopt;
  if (movement.epoch) return movement.epoch;
  return finding.outcome == Outcome::pass ? moment.no_clock : std::nullopt;  // no GO rests on half a bracket
}

// Reads once more what tells whether the chain moved.
Movement look_again(Decisions& decisions, Moment& moment, Source& source, const Interrupted& interrupted) {
  const std::vector<Pubkey> programs = programs_in(decisions);
  if (moment.first_clock || !programs.empty()) {
    const GateRun closing{"the end of the snapshot", [&] { return close_the_snapshot(programs, &moment); }, false};
    Decisions closed = decide({closing}, source, interrupted, nullptr, std::move(decisions.facts));
    decisions.facts = std::move(closed.facts);
    decisions.moved = std::move(closed.moved);
  }
  if (!moment.is_closed) {
    const Unobtainable ended{"timeout", "the run ended before", Retry::now};
    for (const Pubkey& program : programs) {
      moment.unseen.emplace(key_of(AccountRequest{program}), not_seen_again(program, ended));
    }
    if (!moment.no_clock) moment.no_clock = without_clock(ended, moment.first_clock ? "end" : "beginning");
  }
  return {decisions.moved, epoch_change(moment), SlotsSeen(decisions.facts)};
}

// Takes back what rests on what moved, and tells what did.
std::vector<std::string> close(Decisions& decisions, Moment& moment, Source& source, const Interrupted& interrupted) {
  const Movement movement = look_again(decisions, moment, source, interrupted);
  for (std::size_t i = 0; i < decisions.findings.size(); ++i) {
    auto objection = objection_to(decisions.findings[i], decisions.traces[i], decisions.facts, moment, movement);
    if (objection) decisions.findings[i] = inconclusive(std::move(*objection));
  }
  std::vector<std::string> sentences;
  if (movement.epoch) sentences.push_back(movement.epoch->what);
  for (const auto& [account, why] : movement.accounts) sentences.push_back(why.what);
  return sentences;
}

// What this machine answered of itself and would answer again: files and checkouts are read once.
FactStore kept_of(const Run& run) {
  FactStore kept;
  const auto keep = [&](const Request& request) {
    const bool is_local = std::holds_alternative<FileRequest>(request) || std::holds_alternative<GitRequest>(request) ||
                          std::holds_alternative<EndpointsRequest>(request);
    const auto found = run.facts.find(key_of(request));
    if (is_local && found != run.facts.end()) kept.insert(*found);
  };
  for (const Trace& trace : run.traces) {
    for (const auto& wait : trace) std::for_each(wait.begin(), wait.end(), keep);
  }
  return kept;
}

Finding not_decided(const PlannedGate& gate, const Plan& plan) {
  if (gate.disposition == Disposition::skip) {
    return {Outcome::skipped, "not in phase " + plan.phase.value_or("-"), {}, std::nullopt};
  }
  return {Outcome::not_run, "not selected", {}, std::nullopt};
}

Run take_snapshot(const Plan& plan, Source& source, const Interrupted& interrupted, Observer* observer,
                  FactStore known) {
  Moment moment;
  const std::size_t besides = 2;
  std::vector<GateRun> gates{{"the time of decision", [&moment] { return look_at_the_time(&moment); }, false},
                             {"the beginning of the snapshot", [&moment] { return open_the_snapshot(&moment); }, false,
                              Begins::with_the_chain}};
  for (const PlannedGate& gate : plan.gates) {
    if (gate.disposition == Disposition::decide) gates.push_back({gate.id, gate.begin});
  }
  Decisions decisions = decide(gates, source, interrupted, observer, std::move(known));

  Run run;
  run.depth = decisions.depth;
  run.moved = close(decisions, moment, source, interrupted);
  std::size_t next = besides;
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
  run.decided_at = moment.time;
  run.blockhash = moment.blockhash;
  run.first_clock = moment.first_clock;
  run.last_clock = moment.last_clock;
  return run;
}

}  // namespace

Run decide_plan(const Plan& plan, Source& source, const Interrupted& interrupted, Observer* observer) {
  return take_snapshot(plan, source, interrupted, observer, {});
}

Run decide_plan_live(const Plan& plan, Source& source, const Interrupted& interrupted, Observer* observer) {
  Run run = take_snapshot(plan, source, interrupted, observer, {});
  if (run.moved.empty() || (interrupted && interrupted())) return run;
  const Retake retake{run.decided_at, std::move(run.moved)};
  run = take_snapshot(plan, source, interrupted, observer, kept_of(run));
  note(run.facts, retake, run.decided_at);
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
