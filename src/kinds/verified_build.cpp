// verified-build: does the upgrade authority itself say that the program was built from this source?
//
// Reads     the program with the header of its programdata: 1 round; the otter-verify record of its upgrade authority:
// 1
//           more
// pass      the record of whoever holds the upgrade authority names this repository, this commit and these arguments
// fail      no record of the authority; another repository or commit; a branch or tag instead of a commit; other
// arguments;
//           nobody holds the authority, and no `signer` is named
// Source    otter-sec/otter-verify lib.rs. Anyone can write a record for any program, so nobody else's counts
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/git.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/otter_verify.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

struct VerifiedBuild {
  Pubkey program;
  RepositoryUrl repository;
  CommitId commit;
  std::optional<std::vector<std::string>> arguments;
  std::optional<Pubkey> signer;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &VerifiedBuild::program, "the program that was built"),
        required("repository", &VerifiedBuild::repository, "the repository that the record must name, in any spelling"),
        required("commit", &VerifiedBuild::commit, "the commit that it must name"),
        optional("arguments", &VerifiedBuild::arguments,
                 "the arguments of the build that it must name, in their order"),
        optional("signer", &VerifiedBuild::signer,
                 "whose record counts when nobody holds the upgrade authority; otherwise the authority's alone does"),
    };
  }
};

void judge_record(const VerifiedBuild& gate, const BuildParams& record, const Pubkey& signer, const ProgramData& header,
                  Judgement& judgement) {
  expect_address(judgement, "program of the record", record.program, gate.program);
  expect_address(judgement, "signer of the record", record.signer, signer);
  const std::string expected = repository_name(gate.repository.text);
  const std::string found = repository_name(record.repository);
  judgement.expect(found == expected, {"repository", expected, printable(found)},
                   "it names repository " + printable(found) + ", expected " + expected);
  judgement.expect(record.commit == gate.commit.hex, {"commit", gate.commit.hex, printable(record.commit)},
                   "it names commit " + printable(record.commit) + ", expected " + gate.commit.hex);
  const std::string arguments = printable(join(record.arguments, " "));
  if (gate.arguments) {
    judgement.expect(
        record.arguments == *gate.arguments, {"arguments", printable(join(*gate.arguments, " ")), arguments},
        "it names arguments \"" + arguments + "\", expected \"" + printable(join(*gate.arguments, " ")) + "\"");
  } else {
    judgement.note("arguments", arguments);
  }
  judgement.note("written by",
                 "otter-verify " + printable(record.version) + " at slot " + to_string(record.deploy_slot));
  if (record.deploy_slot != header.slot) {
    judgement.caveat("the record is of slot " + to_string(record.deploy_slot) +
                     ", the program was last written in slot " + to_string(header.slot));
  }
}

Finding judge(const VerifiedBuild& gate, const Pubkey& signer, const ProgramData& header,
              const std::optional<Account>& account) {
  const std::string subject = "the verification record of " + named(signer) + " for program " + to_string(gate.program);
  const Pubkey address = build_params_address(signer, gate.program);
  Judgement judgement;
  judgement.rests_on(AccountRequest{address});
  const bool exists = account && account->owner == known::otter_verify;
  judgement.expect(exists, {"record " + to_string(address), "exists", exists ? "exists" : "missing"},
                   "it does not exist");
  if (!exists) return about(subject, judgement.conclude(""));
  const auto record = decode_build_params(account->bytes());
  judgement.expect(record.has_value(), {"record", "can be read", record ? "can be read" : record.error().what},
                   record ? "" : "it cannot be read: " + record.error().what);
  if (record) judge_record(gate, *record, signer, header, judgement);
  judgement.caveat("it states a source and no hash: it proves nothing until that source is built and compared");
  return about(subject, judgement.conclude(subject + " names commit " + gate.commit.hex));
}

Task<Finding> evaluate(VerifiedBuild gate) {
  const auto program_fact = facts::account_if_any(gate.program, Slice{0, program_account_bytes});
  const auto header_fact = facts::programdata_header(gate.program);
  auto both = co_await all(program_fact, header_fact);
  auto& [program, header] = both;
  const auto deployed = deployment_of(gate.program, program, header, Marked::either_way);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());
  if (!deployed->header) co_return fail("program " + to_string(gate.program) + " is not under loader v3");

  const ProgramData programdata = *deployed->header;
  const std::optional<Pubkey> signer = programdata.upgrade_authority ? programdata.upgrade_authority : gate.signer;
  if (!signer) {
    co_return fail("nobody holds the upgrade authority of program " + to_string(gate.program) +
                   ", so that no record is its own; name a \"signer\" whose record counts");
  }
  const auto record_fact = facts::account_if_any(build_params_address(*signer, gate.program));
  const std::optional<Account> record = co_await record_fact;
  co_return judge(gate, *signer, programdata, record);
}

}  // namespace

GateKind verified_build() {
  return gate_kind<VerifiedBuild>(
      {.name = "verified-build",
       .asks = "Does the upgrade authority itself say that the program was built from this source?",
       .reads = "the program with the header of its programdata in one round, the otter-verify record of its upgrade "
                "authority in another",
       .passes =
           "the record of whoever holds the upgrade authority names this repository, this commit and these arguments",
       .fails = "no record of the upgrade authority; another repository; another commit, or a branch or tag; other "
                "arguments; nobody holds the authority and no `signer` is named",
       .why = "Anyone can write a record for any program, and badges have shown the newest one whoever wrote it.",
       .remedy = "write the record with solana-verify through the multisig, with the full commit",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
