#include <catch2/catch.hpp>

#include "facts/features.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "solana/syscalls.hpp"
#include "support/gate.hpp"
#include "support/sbpf.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey buffer = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;

/// A cluster in epoch 700 on which SBPF v1 to v3 are active, and a file that calls a syscall.
struct Cluster {
  FakeSource source;

  explicit Cluster(const Bytes& code = program_calling("sol_log_")) {
    source.holds_file("program.so", code);
    Bytes clock(40);
    clock[16] = 700 % 256;
    clock[17] = 700 / 256;
    source.holds(known::clock, {.owner = known::sysvar_owner, .data = clock});
    for (const Pubkey& one :
         {features::enable_sbpf_v1_deployment_and_execution, features::enable_sbpf_v2_deployment_and_execution,
          features::enable_sbpf_v3_deployment_and_execution}) {
      activates(one);
    }
  }
  void activates(const Pubkey& feature) {
    source.holds(feature, {.owner = known::feature_program, .data = {1, 7, 0, 0, 0, 0, 0, 0, 0}});
  }
  void proposes(const Pubkey& feature) { source.holds(feature, {.owner = known::feature_program, .data = Bytes(9)}); }
  Finding decide(Json more = Json::object()) {
    if (!more.contains("buffer")) more.emplace("path", "program.so");
    return decide_gate(elf_compatibility(), more, source);
  }
};

}  // namespace

// Each version that is active, from a file and from a buffer, in one round.
TEST_CASE("elf-compatibility passes on code that the runtime accepts", "[kinds]") {
  Cluster cluster;
  passes(cluster.decide(), "file program.so is code that the runtime accepts");
  CHECK(cluster.source.rounds().size() == 1);
  passes(Cluster(program_calling("sol_log_", 2)).decide(), "accepts");
  passes(Cluster(strict_program_calling(syscall_key("sol_log_"))).decide(), "accepts");
  Bytes staged = {1, 0, 0, 0, 1};
  put(staged, Bytes(32, 9));
  put(staged, padded(program_calling("sol_log_"), 4000));
  Cluster other;
  other.source.holds(buffer, {.owner = known::loader_v3, .data = staged});
  const Finding held = other.decide({{"buffer", to_string(buffer)}});
  passes(held, "buffer " + to_string(buffer) + " is code");
  CHECK(observed(held, "state").fact == key_of(facts::code_account_if_any(buffer).request));
}

// A damaged file is refused by the rule that it breaks; a buffer that is none, by what it is.
TEST_CASE("elf-compatibility refuses damaged code", "[kinds]") {
  fails(Cluster({1, 2, 3}).decide(), "the loader refuses it");
  fails(Cluster(program_calling("sol_log_", 0, {{".bss", 1, 3, Bytes(8)}})).decide(), "it has a section .bss");
  fails(Cluster().decide({{"buffer", to_string(buffer)}}), "it does not exist");
  Cluster other;
  other.source.holds(buffer, {.owner = known::system_program, .data = {}});
  fails(other.decide({{"buffer", to_string(buffer)}}), "it is owned by");
  other.source.holds(buffer, program_account(buffer));
  fails(other.decide({{"buffer", to_string(buffer)}}), "it is no buffer");
}

// A version is accepted while the features say so, today or when it is executed.
TEST_CASE("elf-compatibility judges the SBPF version", "[kinds]") {
  Cluster older;
  older.activates(features::disable_sbpf_v0_v1_v2_deployment);
  fails(older.decide(), "SBPF version 0 is refused by feature disable_sbpf_v0_v1_v2_deployment");
  Cluster soon;
  soon.proposes(features::disable_sbpf_v0_v1_v2_deployment);
  fails(soon.decide(), "is refused by feature disable_sbpf_v0_v1_v2_deployment");
  passes(soon.decide({{"pending", "accepted"}}), "will be refused by feature disable_sbpf_v0_v1_v2_deployment (B8JJ");
  fails(soon.decide({{"pending", "refused"}}), "which is pending");
  passes(soon.decide({{"executionEpoch", 700}}), "will be refused");
  fails(soon.decide({{"executionEpoch", 701}}), "which is pending");
  fails(soon.decide({{"executionEpoch", 701}, {"pending", "accepted"}}), "which is pending");
  fails(Cluster().decide({{"executionEpoch", 699}}), "epoch 699 is over, the present one is 700");

  Cluster early(strict_program_calling(syscall_key("sol_log_")));
  early.source.holds(features::enable_sbpf_v3_deployment_and_execution, {.owner = known::system_program, .data = {}});
  fails(early.decide(), "SBPF version 3 needs feature enable_sbpf_v3_deployment_and_execution");
  early.proposes(features::enable_sbpf_v3_deployment_and_execution);
  fails(early.decide(), "which is pending");
  passes(early.decide({{"executionEpoch", 701}}), "which is pending and could be taken back");
  fails(early.decide({{"executionEpoch", 701}, {"pending", "refused"}}), "which is pending");
  fails(Cluster(strict_program_calling(1, 4)).decide(), "SBPF version 4 is one that no cluster runs yet");
}

// A lower version comes with a higher one; each version has its own features.
TEST_CASE("elf-compatibility takes a later version's feature for an earlier version", "[kinds]") {
  Cluster cluster(program_calling("sol_log_", 1));
  cluster.source.holds(features::enable_sbpf_v1_deployment_and_execution, {.owner = known::system_program, .data = {}});
  cluster.source.holds(features::enable_sbpf_v2_deployment_and_execution, {.owner = known::system_program, .data = {}});
  passes(cluster.decide(), "accepts");
  cluster.source.holds(features::enable_sbpf_v3_deployment_and_execution, {.owner = known::system_program, .data = {}});
  fails(cluster.decide(), "SBPF version 1 needs feature");
  Cluster later(program_calling("sol_log_", 2));
  for (const Pubkey& one :
       {features::enable_sbpf_v2_deployment_and_execution, features::enable_sbpf_v3_deployment_and_execution}) {
    later.source.holds(one, {.owner = known::system_program, .data = {}});
  }
  fails(later.decide(), "SBPF version 2 needs feature");
}

// A syscall exists, or a feature allows it, or it is named.
TEST_CASE("elf-compatibility judges every syscall", "[kinds]") {
  fails(Cluster(program_calling("sol_get_rich_")).decide(), "it calls sol_get_rich_, which is no syscall");
  fails(Cluster(strict_program_calling(12345)).decide(), "it calls key 12345, which is no syscall");
  Cluster curve(program_calling("sol_curve_group_op"));
  fails(curve.decide(), "syscall sol_curve_group_op needs feature curve25519_syscall_enabled");
  curve.activates(features::curve25519_syscall_enabled);
  passes(curve.decide(), "accepts");
  fails(Cluster(program_calling("sol_alloc_free_")).decide(),
        "it calls sol_alloc_free_, which no new program may call");
  Cluster fees(program_calling("sol_get_fees_sysvar"));
  passes(fees.decide(), "accepts");
  fees.activates(features::disable_fees_sysvar);
  fails(fees.decide(), "syscall sol_get_fees_sysvar is refused by feature disable_fees_sysvar");
}

// A feature that cannot be had, or be read, is never taken for one that is not active.
TEST_CASE("elf-compatibility is inconclusive without an answer", "[kinds]") {
  Cluster silent;
  silent.source.refuses(facts::feature(features::disable_sbpf_v0_v1_v2_deployment).request);
  CHECK(silent.decide().outcome == Outcome::inconclusive);
  Cluster damaged;
  damaged.source.holds(features::disable_sbpf_v0_v1_v2_deployment, {.owner = known::feature_program, .data = {9}});
  fails(damaged.decide(), "cannot be read");
}

// One source of code, and words that are known.
TEST_CASE("elf-compatibility refuses parameters that say nothing", "[kinds]") {
  CHECK(says(refusal_of(elf_compatibility(), Json::object()), "expected one of \"path\" and \"buffer\""));
  CHECK(says(refusal_of(elf_compatibility(), {{"path", "a"}, {"buffer", to_string(buffer)}}), "expected one of"));
  CHECK(says(refusal_of(elf_compatibility(), {{"path", "a"}, {"pending", "maybe"}}), "\"accepted\" or \"refused\""));
}
