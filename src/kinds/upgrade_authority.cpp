// upgrade-authority: who can replace this program's code, down to the people?
//
// Reads     program account, header of programdata(program), and every multisig account that is declared: 1 round
// pass      at least one of the declared forms of custody holds
// fail      none does, and for each it is said why; no program; closed
// Source    loader-v3 UpgradeableLoaderState::ProgramData; Squads v4 state/multisig.rs, state/seeds.rs
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/custody_squads.hpp"

namespace readyctl {
namespace {

/// The forms of which any one may hold.
struct Custody {
  std::optional<ImmutableCustody> immutable;
  std::optional<KeypairCustody> keypair;
  std::optional<SquadsV4Custody> squads_v4;

  static constexpr Choice choice = Choice::at_least_one;
  static constexpr auto fields() {
    return std::tuple{
        optional("immutable", &Custody::immutable, "nobody can replace the program"),
        optional("keypair", &Custody::keypair, "one key can, alone; whether it is hot cannot be told"),
        optional("squads-v4", &Custody::squads_v4, "the members of a Squads v4 multisig can, through its vault"),
    };
  }
};

struct UpgradeAuthority {
  Pubkey program;
  Custody custody;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &UpgradeAuthority::program, "address of the program account (not of its programdata)"),
        required("custody", &UpgradeAuthority::custody,
                 "how the power to replace it may be held: any one form suffices"),
    };
  }
};

struct Form {
  std::string name;
  Finding finding;
};

std::vector<Form> judge_forms(const Custody& custody, const Control& control, const MultisigAccounts& multisigs) {
  std::vector<Form> forms;
  if (custody.squads_v4) forms.push_back({"squads-v4", judge_custody(*custody.squads_v4, control, multisigs)});
  if (custody.immutable) forms.push_back({"immutable", judge_custody(*custody.immutable, control)});
  if (custody.keypair) forms.push_back({"keypair", judge_custody(*custody.keypair, control)});
  return forms;
}

// The first form that holds; where none does, what is wrong with each.
Finding any_of(std::vector<Form> forms) {
  if (forms.size() == 1) return std::move(forms.front().finding);
  Finding all_failed = fail("");
  std::vector<std::string> reasons;
  for (Form& form : forms) {
    if (form.finding.outcome == Outcome::pass) return std::move(form.finding);
    reasons.push_back("not " + form.name + ": " + form.finding.summary);
    for (Observed& observed : form.finding.observations) {
      observed.what = form.name + ": " + observed.what;
      all_failed.observations.push_back(std::move(observed));
    }
  }
  all_failed.summary = join(reasons, "; ");
  return all_failed;
}

std::vector<Pubkey> multisigs_of(const UpgradeAuthority& gate) {
  return gate.custody.squads_v4 ? gate.custody.squads_v4->multisigs() : std::vector<Pubkey>{};
}

std::vector<Fact<std::optional<Account>>> accounts_of(const UpgradeAuthority& gate) {
  std::vector facts{facts::account_if_any(gate.program, Slice{0, program_account_bytes}),
                    facts::programdata_header(gate.program)};
  for (const Pubkey& multisig : multisigs_of(gate)) facts.push_back(facts::account_if_any(multisig));
  return facts;
}

Task<Finding> evaluate(UpgradeAuthority gate) {
  const std::vector<Fact<std::optional<Account>>> wanted = accounts_of(gate);
  std::vector<std::optional<Account>> accounts = co_await each(wanted);
  auto deployed = deployment_of(gate.program, std::move(accounts[0]), std::move(accounts[1]), Marked::either_way);
  if (!deployed) co_return fail(deployed.error().what);

  Control control{gate.program, deployed->loader, std::nullopt, wanted[0].request};
  if (deployed->header) {
    control.authority = deployed->header->upgrade_authority;
    control.seen_in = wanted[1].request;
  }
  MultisigAccounts multisigs;
  auto next = accounts.begin() + 2;
  for (const Pubkey& multisig : multisigs_of(gate)) multisigs[multisig] = std::move(*next++);
  co_return any_of(judge_forms(gate.custody, control, multisigs));
}

}  // namespace

GateKind upgrade_authority() {
  return gate_kind<UpgradeAuthority>(
      {.name = "upgrade-authority",
       .asks = "Who can replace this program's code, down to the people?",
       .reads =
           "the program account, the header of its programdata, and every multisig account that is named; one round",
       .passes =
           "one of the declared forms of custody holds: nobody, this key, or the vault of this multisig with rules "
           "as strong as declared, and what is behind its members likewise",
       .fails =
           "nobody is the authority though somebody should be, or the reverse; the multisig account in place of its "
           "vault; another vault; another key or program-derived address; no multisig at the address; too few members, "
           "or too few who may vote; members, proposers, voters or executors that are missing or undeclared; members "
           "twice, or with unknown permissions; a threshold that is 0, out of reach or too low; a short time lock; a "
           "config authority or rent collector other than declared; nobody to initiate or execute; a member off the "
           "curve whose holders are not declared, or are not the declared ones; custody in a circle, or more than 4 "
           "multisigs below the first; somebody who votes in two of the multisigs; no program, or a closed one",
       .why = "Whoever holds the upgrade authority can replace every instruction after the audit.",
       .remedy =
           "solana program set-upgrade-authority <program> --new-upgrade-authority <vault>; members, threshold and "
           "time lock by a config transaction of the multisig",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
