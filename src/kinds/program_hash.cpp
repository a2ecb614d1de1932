// program-hash: are the bytes deployed the bytes that were frozen?
//
// Reads     program account and programdata(program) with its code, and the file when `path` is given: 1 round
// pass      the code on chain has the expected executable hash
// fail      another hash; a program that is not there, closed, or whose code cannot be read; without a hash, a file
//           that is not there
// Source    solana-verify: SHA-256 of the code without its trailing zeros
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/local.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/executable.hpp"

namespace readyctl {
namespace {

struct ProgramHash {
  Pubkey program;
  std::optional<Sha256> executable_hash;
  std::optional<RelativePath> path;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &ProgramHash::program, "address of the program account (not of its programdata)"),
        optional("executableHash", &ProgramHash::executable_hash,
                 "the expected hash, as solana-verify prints it; without it, that of the file at `path`"),
        optional("path", &ProgramHash::path,
                 "the expected program file: what is expected when no hash is given, and else where the two differ"),
    };
  }
  static Result<void> check_keys(const Json& given, const Place& place) {
    if (has_any(given, {"executableHash", "path"})) return {};
    return place.malformed("names neither \"executableHash\" nor \"path\"", "say what is expected to be deployed");
  }
};

// "raw length 20000 bytes, 12034 without trailing zeros"
std::string lengths(ByteView code) {
  return "raw length " + counted(code.size(), "byte") + ", " + std::to_string(strip_trailing_zeros(code).size()) +
         " without trailing zeros";
}

void compare(const Deployment& deployed, const Sha256& expected, Judgement& judgement) {
  const Sha256 observed = executable_hash(deployed.code());
  judgement.rests_on(AccountRequest{deployed.holder().address});
  judgement.expect(observed == expected, {"executable hash", to_string(expected), to_string(observed)},
                   "deployed code has executable hash " + to_string(observed) + ", expected " + to_string(expected));
  judgement.note("code", lengths(deployed.code()));
  if (deployed.header) judgement.note("deployed in slot", to_string(deployed.header->slot));
}

// Where the deployed code parts from the file, if the file is what was expected.
void locate_difference(const Deployment& deployed, const std::optional<File>& file, const Sha256& expected,
                       Judgement& judgement) {
  if (!file) return judgement.note("file", "not there, so it cannot be said where the two differ");
  judgement.rests_on(FileRequest{file->path});
  judgement.note("file " + file->path, lengths(file->bytes()));
  const Sha256 hash = executable_hash(file->bytes());
  if (hash != expected)
    return judgement.note("file " + file->path, "is itself not what was expected: " + to_string(hash));
  const auto difference = first_difference(deployed.code(), file->bytes());
  judgement.expect(!difference,
                   {"first difference", "none", difference ? "byte " + std::to_string(*difference) : "none"},
                   "it first differs from " + file->path + " at byte " + std::to_string(difference.value_or(0)));
}

Finding without(const RelativePath& path) {
  Finding finding = fail("file " + path.text + " does not exist below the folder of release.json");
  finding.misnamed = Misnamed{path.text, "", "", false};
  return finding;
}

Task<Finding> without_file(ProgramHash gate) {
  auto both = co_await all(facts::account_if_any(gate.program), facts::programdata_with_code(gate.program));
  const auto deployed =
      deployment_of(gate.program, std::move(std::get<0>(both)), std::move(std::get<1>(both)), Marked::either_way);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());

  Judgement judgement;
  compare(*deployed, *gate.executable_hash, judgement);
  co_return judgement.conclude("deployed code has executable hash " + to_string(*gate.executable_hash));
}

Task<Finding> with_file(ProgramHash gate) {
  const auto local = facts::file_if_any(*gate.path);
  auto facts = co_await all(facts::account_if_any(gate.program), facts::programdata_with_code(gate.program), local);
  const std::optional<File>& file = std::get<2>(facts);
  if (!file && !gate.executable_hash) co_return without(*gate.path);
  const auto deployed =
      deployment_of(gate.program, std::move(std::get<0>(facts)), std::move(std::get<1>(facts)), Marked::either_way);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());

  Judgement judgement;
  const Sha256 expected = gate.executable_hash ? *gate.executable_hash : executable_hash(file->bytes());
  compare(*deployed, expected, judgement);
  locate_difference(*deployed, file, expected, judgement);
  co_return judgement.conclude("deployed code has executable hash " + to_string(expected));
}

Task<Finding> evaluate(ProgramHash gate) {
  return gate.path ? with_file(std::move(gate)) : without_file(std::move(gate));
}

}  // namespace

GateKind program_hash() {
  return gate_kind<ProgramHash>(
      {.name = "program-hash",
       .asks = "Are the bytes deployed the bytes that were frozen?",
       .reads = "the program account, its programdata with all code, and the file at `path`; one round",
       .passes = "the code on chain, without trailing zeros, has the expected hash",
       .fails = "another hash; another byte than in the file; no such program; closed; no program at all",
       .why = "An audit, a review and a build speak of certain bytes. What runs is what the account holds.",
       .remedy = "compare the observed hash with earlier releases; then deploy the frozen artifact, or freeze the one "
                 "that is deployed",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
