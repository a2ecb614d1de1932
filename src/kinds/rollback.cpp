// rollback: could the release that runs now be put back?
//
// Reads     the program with all of its code, and the retained file: 1 round
// pass      the retained file is what is deployed now, and there is room for it
// fail      another file; no file; no program; too little room
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/local.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/executable.hpp"

namespace readyctl {
namespace {

struct Rollback {
  Pubkey program;
  RelativePath path;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &Rollback::program, "the program that is about to be upgraded"),
        required("path", &Rollback::path, "the retained file of the release that runs now"),
    };
  }
};

Task<Finding> evaluate(Rollback gate) {
  const auto program_fact = facts::account_if_any(gate.program);
  const auto code_fact = facts::programdata_with_code(gate.program);
  const auto file_fact = facts::file(gate.path);
  auto all_facts = co_await all(program_fact, code_fact, file_fact);
  auto& [program, code, file] = all_facts;
  const auto deployed = deployment_of(gate.program, program, code);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());

  Judgement judgement;
  const Sha256 retained = executable_hash(file.bytes());
  const Sha256 running = executable_hash(deployed->code());
  judgement.rests_on(AccountRequest{deployed->holder().address});
  judgement.expect(retained == running, {"executable hash", to_string(running), to_string(retained)},
                   "it is not what is deployed now: its executable hash is " + to_string(retained) +
                       ", that of the program " + to_string(running));
  const std::uint64_t needed = strip_trailing_zeros(file.bytes()).size();
  judgement.expect(
      deployed->capacity() >= needed,
      {"room for code", "at least " + counted(needed, "byte"), counted(deployed->capacity(), "byte")},
      "there is room for " + counted(deployed->capacity(), "byte") + ", it needs " + std::to_string(needed));
  judgement.caveat("whoever holds the upgrade authority must sign a rollback too");
  const std::string subject = "file " + file.path;
  co_return about(subject, judgement.conclude(subject + " is what program " + to_string(gate.program) + " runs now"));
}

}  // namespace

GateKind rollback() {
  return gate_kind<Rollback>(
      {.name = "rollback",
       .asks = "Could the release that runs now be put back?",
       .reads = "the program with all of its code, and the retained file; one round",
       .passes = "the retained file is what is deployed now, and there is room for it",
       .fails = "a file that is not there, or is another release; a program that is missing or closed; too little room",
       .why = "The file that everybody believes to be the last release is looked for when the new one has failed.",
       .remedy = "keep the artifact of each release; `solana program dump` gives the one that runs now",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
