// How a self-test is shown: to people what is not shown to be able to fail first, to machines everything.
#include "base/text.hpp"
#include "report/selftest.hpp"

namespace readyctl {
namespace {

constexpr std::string_view word_for(Proof proof) {
  switch (proof) {
    case Proof::can_fail:
      return "can-fail";
    case Proof::vacuous:
      return "vacuous";
    case Proof::undecided:
      break;
  }
  return "undecided";
}

std::string headword(Proof proof) {
  switch (proof) {
    case Proof::can_fail:
      return "can fail ";
    case Proof::vacuous:
      return "VACUOUS  ";
    case Proof::undecided:
      break;
  }
  return "UNDECIDED";
}

std::string words_for(const MutantCount& count) {
  return counted(count.mutants, "mutant") + ": " + std::to_string(count.fail) + " fail, " +
         std::to_string(count.inconclusive) + " inconclusive, " + std::to_string(count.pass) + " still pass";
}

std::string tried(const GateSelfTest& one) {
  std::vector<std::string> sorts;
  for (const auto& [sort, count] : one.by_sort) sorts.push_back(sort + " " + std::to_string(count.mutants));
  return sorts.empty() ? "nothing: it reads no evidence" : join(sorts, ", ");
}

std::string section(const GateSelfTest& one) {
  std::string text = headword(one.proof()) + "  " + printable(one.gate) + "  [" + printable(one.kind) + ", " +
                     std::string(to_string(one.severity)) + "]\n";
  if (one.recorded == Outcome::fail) {
    return text + "    it fails on the evidence as it is: " + printable(one.first->finding) + "\n";
  }
  if (one.proof() == Proof::undecided) {
    return text + "    it is " + std::string(to_string(one.recorded)) + " on the evidence as it is\n";
  }
  text += "    " + words_for(one.count);
  if (one.left_out > 0) text += "; " + std::to_string(one.left_out) + " more were left out";
  text += "\n";
  if (one.proof() == Proof::vacuous) return text + "    tried     " + tried(one) + "\n";
  if (!one.looks_within) text += "    only      whole answers that differ fail it, and nothing within one does\n";
  return text + "    first     " + printable(one.first->mutation) + "\n    it says   " + printable(one.first->finding) +
         "\n";
}

Json count_json(const MutantCount& count) {
  return {{"mutants", count.mutants}, {"fail", count.fail}, {"inconclusive", count.inconclusive}, {"pass", count.pass}};
}

Json gate_json(const GateSelfTest& one) {
  Json by_sort = Json::object();
  for (const auto& [sort, count] : one.by_sort) by_sort[sort] = count_json(count);
  Json json = {{"gate", one.gate},
               {"kind", one.kind},
               {"severity", to_string(one.severity)},
               {"recorded", to_string(one.recorded)},
               {"proof", word_for(one.proof())},
               {"leftOut", one.left_out},
               {"bySort", std::move(by_sort)}};
  json.update(count_json(one.count));
  if (one.recorded == Outcome::pass && one.first) json["looksWithin"] = one.looks_within;
  if (one.first) json["first"] = {{"mutation", one.first->mutation}, {"finding", one.first->finding}};
  return json;
}

}  // namespace

std::string selftest_text(const Statement& statement, const SelfTest& tested) {
  std::size_t mutants = 0;
  for (const GateSelfTest& one : tested.gates) mutants += one.count.mutants;
  std::string text = "Self-test of " + printable(statement.release) + " on " + printable(statement.cluster) +
                     (statement.phase ? ", phase " + printable(*statement.phase) : "") + ": " +
                     counted(tested.gates.size(), "gate") + ", " + counted(mutants, "mutant") +
                     " of their evidence, each decided again\n";
  for (const Proof proof : {Proof::vacuous, Proof::undecided, Proof::can_fail}) {
    for (const GateSelfTest& one : tested.gates) {
      if (one.proof() == proof) text += "\n" + section(one);
    }
  }
  if (tested.not_asked > 0) {
    text += "\nNot tested: " + counted(tested.not_asked, "gate") + " of other phases, or not selected.\n";
  }
  if (require_proof(tested)) text += "\nEvery blocking gate that was decided can fail.\n";
  return text;
}

Json selftest_json(const Statement& statement, const SelfTest& tested) {
  Json gates = Json::array();
  for (const GateSelfTest& one : tested.gates) gates.push_back(gate_json(one));
  return {{"schema", "readyctl.selftest/v1"},
          {"release", statement.release},
          {"releaseId", to_string(statement.release_id)},
          {"phase", statement.phase ? Json(*statement.phase) : Json()},
          {"evidence", to_string(statement.evidence.file)},
          {"gates", std::move(gates)},
          {"notTested", tested.not_asked},
          {"proven", require_proof(tested).has_value()}};
}

}  // namespace readyctl
