// Self-test: whether each gate of a report can fail. Its evidence is changed in one thing at a time, and the gate is
// decided again from each mutant. A gate that passes whatever its evidence says decides nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/kind.hpp"
#include "facts/source.hpp"
#include "report/statement.hpp"

namespace readyctl {

/// What came of mutants.
struct MutantCount {
  std::size_t mutants = 0;
  std::size_t fail = 0;
  std::size_t inconclusive = 0;
  std::size_t pass = 0;
};

enum class Proof {
  can_fail,  ///< a mutant fails it, or the evidence itself does
  vacuous,   ///< it passed, and no mutant fails it
  undecided  ///< it was not decided, so nothing shows whether it can fail
};

struct GateSelfTest {
  std::string gate;
  std::string kind;
  Severity severity = Severity::blocking;
  Outcome recorded = Outcome::not_run;  ///< on the evidence as it is; only a gate that passed is given mutants
  MutantCount count;
  std::map<std::string, MutantCount> by_sort;  ///< the same by the sort of mutation
  std::size_t left_out = 0;                    ///< mutants that were not tried, so that it does not take too long
  struct Failure {
    std::string mutation;
    std::string finding;
  };
  std::optional<Failure> first;  ///< the first mutation that fails it, and what the gate says of it
  bool looks_within = false;     ///< a mutation within an answer fails it, and not only one of a whole answer

  Proof proof() const;
};

struct SelfTest {
  std::vector<GateSelfTest> gates;  ///< those that were to be decided, in the report's order
  std::size_t not_asked = 0;        ///< gates of other phases, and such as were not selected
};

/// Decides each gate of the statement over and over from what `recorded` answers, which is what `facts` holds: they are
/// changed under it, and are at the end what they were. Deterministic. The statement must replay. Errors: those of
/// making the plan again.
Result<SelfTest> selftest(const Statement& statement, const std::vector<GateKind>& kinds, Source& recorded,
                          FactStore& facts);

/// Error (kind `malformed`): a blocking gate that is vacuous or undecided, by name.
Result<void> require_proof(const SelfTest& tested);

/// For a person: what is not shown first.
std::string selftest_text(const Statement& statement, const SelfTest& tested);
/// For machines: docs/selftest.md names the fields.
Json selftest_json(const Statement& statement, const SelfTest& tested);

}  // namespace readyctl
