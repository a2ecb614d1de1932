#include "report/selftest.hpp"

#include "base/text.hpp"
#include "engine/mutation.hpp"

namespace readyctl {
namespace {

// Puts other answers into the facts, and back at its end what was there.
class Replaced {
 public:
  Replaced(FactStore& facts, FactStore answers) : facts_(facts) {
    while (!answers.empty()) {
      auto one = answers.extract(answers.begin());
      const auto found = facts_.find(one.key());
      if (found == facts_.end()) {
        added_.push_back(one.key());
        facts_.insert(std::move(one));
      } else {
        std::swap(found->second, one.mapped());
        before_.insert(std::move(one));
      }
    }
  }
  ~Replaced() {
    for (const std::string& key : added_) facts_.erase(key);
    for (auto& [key, answer] : before_) facts_.at(key) = std::move(answer);
  }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;

 private:
  FactStore& facts_;
  FactStore before_;
  std::vector<std::string> added_;
};

void add_to(MutantCount& count, Outcome outcome) {
  ++count.mutants;
  if (outcome == Outcome::fail) ++count.fail;
  if (outcome == Outcome::inconclusive) ++count.inconclusive;
  if (outcome == Outcome::pass) ++count.pass;
}

// One gate, with the moment of decision that every run looks at.
Finding decide_alone(const Plan& alone, Source& recorded) { return decide_plan(alone, recorded).findings.front(); }

void try_mutants(GateSelfTest& tested, const Plan& alone, const Trace& trace, Source& recorded, FactStore& facts) {
  const Mutations mutations = mutations_of(trace, facts);
  tested.left_out = mutations.left_out;
  for (const Mutation& mutation : mutations.list) {
    const Replaced replaced(facts, mutation.answers());
    Finding finding = decide_alone(alone, recorded);
    add_to(tested.count, finding.outcome);
    add_to(tested.by_sort[mutation.sort], finding.outcome);
    if (finding.outcome != Outcome::fail) continue;
    tested.looks_within |= !mutation.is_whole;
    if (!tested.first) {
      tested.first = {mutation.words, std::move(finding.summary)};
    }
  }
}

std::string names_of(const SelfTest& tested, Proof proof) {
  std::vector<std::string> names;
  for (const GateSelfTest& one : tested.gates) {
    if (one.severity == Severity::blocking && one.proof() == proof) names.push_back(printable(one.gate));
  }
  return join(names, ", ");
}

}  // namespace

Proof GateSelfTest::proof() const {
  if (recorded == Outcome::fail || first) return Proof::can_fail;
  return recorded == Outcome::pass ? Proof::vacuous : Proof::undecided;
}

Result<SelfTest> selftest(const Statement& statement, const std::vector<GateKind>& kinds, Source& recorded,
                          FactStore& facts) {
  const auto inputs = inputs_of(statement);
  if (!inputs) return failure(inputs.error());
  const auto plan = make_plan(*inputs, kinds);
  if (!plan) return failure(plan.error());
  const Run run = decide_plan(*plan, recorded);

  SelfTest tested;
  for (std::size_t i = 0; i < plan->gates.size(); ++i) {
    const PlannedGate& gate = plan->gates[i];
    if (gate.disposition != Disposition::decide) {
      ++tested.not_asked;
      continue;
    }
    GateSelfTest& one = tested.gates.emplace_back();
    one.gate = gate.id;
    one.kind = gate.definition.kind;
    one.severity = gate.definition.severity;
    one.recorded = run.findings[i].outcome;
    if (one.recorded == Outcome::fail) one.first = {"nothing", run.findings[i].summary};
    if (one.recorded != Outcome::pass) continue;
    Plan alone = *plan;
    alone.gates = {gate};
    try_mutants(one, alone, run.traces[i], recorded, facts);
  }
  return tested;
}

Result<void> require_proof(const SelfTest& tested) {
  const std::string vacuous = names_of(tested, Proof::vacuous);
  if (!vacuous.empty()) {
    return malformed("self-test", "nothing that was tried makes these blocking gates fail: " + vacuous,
                     "they would pass whatever is on the chain: say in their parameters what must be true, or remove "
                     "them; docs/selftest.md lists what is tried");
  }
  const std::string undecided = names_of(tested, Proof::undecided);
  if (!undecided.empty()) {
    return malformed("self-test", "these blocking gates were not decided in this report: " + undecided,
                     "give a report in which they pass; what is not decided shows nothing");
  }
  return {};
}

}  // namespace readyctl
