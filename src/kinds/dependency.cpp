// dependency: are the programs that this one calls those that were audited with it?
//
// Reads     each program with the header of its programdata, or with all of its code where a hash is declared: 1 round
// pass      each is deployed, with the declared code, slot and upgrade authority
// fail      a program that is missing or closed; other code; another slot; another upgrade authority
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/executable.hpp"

namespace readyctl {
namespace {

struct DependedOn {
  Pubkey program;
  std::optional<Sha256> executable_hash;
  std::optional<Slot> deployed_slot;
  Holder upgrade_authority;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &DependedOn::program, "a program that is called"),
        optional("executableHash", &DependedOn::executable_hash, "of its code as audited, as solana-verify prints it"),
        optional("deployedSlot", &DependedOn::deployed_slot, "the slot in which it was last written, as audited"),
        required("upgradeAuthority", &DependedOn::upgrade_authority,
                 "who can replace it: an address, null for nobody, \"any\" to accept whoever it is"),
    };
  }
};

struct Dependency {
  std::vector<DependedOn> programs;

  static constexpr auto fields() {
    return std::tuple{required("programs", &Dependency::programs, "every program that is called, Squads included")};
  }
  Result<void> validate(const Place& place) const {
    if (place.is_before_substitution() || !programs.empty()) return {};
    return (place / "programs").malformed("is empty", "name the programs that are called");
  }
};

void judge(const DependedOn& expected, const Deployment& deployed, Judgement& judgement) {
  const std::string name = "program " + named(expected.program);
  judgement.rests_on(AccountRequest{deployed.holder().address});
  if (expected.executable_hash) {
    const Sha256 found = executable_hash(deployed.code());
    judgement.expect(
        found == *expected.executable_hash,
        {"executable hash of " + name, to_string(*expected.executable_hash), to_string(found)},
        name + " has executable hash " + to_string(found) + ", audited was " + to_string(*expected.executable_hash));
  }
  const std::string slot = deployed.header ? to_string(deployed.header->slot) : "none";
  if (expected.deployed_slot) {
    const bool same = deployed.header && deployed.header->slot == *expected.deployed_slot;
    judgement.expect(
        same, {"slot of " + name, to_string(*expected.deployed_slot), slot},
        name + " was last written in slot " + slot + ", audited was slot " + to_string(*expected.deployed_slot));
  } else {
    judgement.note("slot of " + name, slot);
  }
  expect_holder(judgement, "upgrade authority of " + name,
                deployed.header ? deployed.header->upgrade_authority : std::nullopt, expected.upgrade_authority);
}

std::vector<Fact<std::optional<Account>>> accounts_of(const Dependency& gate) {
  std::vector<Fact<std::optional<Account>>> accounts;
  for (const DependedOn& one : gate.programs) {
    accounts.push_back(facts::account_if_any(one.program));
    accounts.push_back(one.executable_hash ? facts::programdata_with_code(one.program)
                                           : facts::programdata_header(one.program));
  }
  return accounts;
}

Task<Finding> evaluate(Dependency gate) {
  const auto wanted = accounts_of(gate);
  std::vector<std::optional<Account>> accounts = co_await each(wanted);
  Judgement judgement;
  for (std::size_t i = 0; i < gate.programs.size(); ++i) {
    const DependedOn& expected = gate.programs[i];
    const auto deployed = deployment_of(expected.program, std::move(accounts[2 * i]), std::move(accounts[2 * i + 1]));
    const std::string name = "program " + named(expected.program);
    judgement.rests_on(wanted[2 * i].request);
    judgement.expect(deployed.has_value(), {name, "deployed", deployed ? "deployed" : deployed.error().what},
                     deployed ? "" : deployed.error().what);
    if (!deployed) judgement.misnames(not_deployed(expected.program, deployed.error()).misnamed);
    if (deployed) judge(expected, *deployed, judgement);
  }
  co_return judgement.conclude(counted(gate.programs.size(), "program") + " that this one calls: as audited");
}

}  // namespace

GateKind dependency() {
  return gate_kind<Dependency>(
      {.name = "dependency",
       .asks = "Are the programs that this one calls those that were audited with it?",
       .reads =
           "each program with the header of its programdata, or all of its code where a hash is declared; one round",
       .passes = "each is deployed, with the declared code, slot and upgrade authority",
       .fails = "a program that is missing, closed or not executable; other code; another slot; an upgrade authority "
                "that is "
                "not the declared one",
       .why = "What a program calls can be replaced by whoever holds that program's upgrade authority.",
       .remedy = "audit against what is deployed now, and declare that",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
