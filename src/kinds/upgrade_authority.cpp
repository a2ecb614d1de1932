// upgrade-authority: who can replace this program's code, down to the people?
//
// Reads     program account, header of programdata(program), and every multisig account, or the governance, its realm
//           and its realm's configuration, that is declared: 1 round; the mints that vote in that realm: a second
// pass      at least one of the declared forms of custody holds
// fail      none does, and for each it is said why; no program; closed
// Source    loader-v3 UpgradeableLoaderState::ProgramData; Squads v4 state/multisig.rs, state/seeds.rs; squads-mpl
//           state.rs; SPL Governance state/{governance,realm,realm_config,native_treasury}.rs
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/custody_squads.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {
namespace {

/// The forms of which any one may hold.
struct Custody {
  std::optional<ImmutableCustody> immutable;
  std::optional<KeypairCustody> keypair;
  std::optional<SquadsV4Custody> squads_v4;
  std::optional<SquadsV3Custody> squads_v3;
  std::optional<SplGovernanceCustody> spl_governance;

  static constexpr Choice choice = Choice::at_least_one;
  static constexpr auto fields() {
    return std::tuple{
        optional("immutable", &Custody::immutable, "nobody can replace the program"),
        optional("keypair", &Custody::keypair, "one key can, alone; whether it is hot cannot be told"),
        optional("squads-v4", &Custody::squads_v4, "the members of a Squads v4 multisig can, through its vault"),
        optional("squads-v3", &Custody::squads_v3, "the members of a Squads v3 multisig can, without any delay"),
        optional("spl-governance", &Custody::spl_governance,
                 "the voters of a realm can, through a governance or its native treasury"),
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

/// What stands behind the authority, as far as the declared forms ask for it.
struct Behind {
  MultisigAccounts squads_v4;
  std::optional<Account> squads_v3;
  GovernanceAccounts governance;
};

std::vector<Form> judge_forms(const Custody& custody, const Control& control, const Behind& behind) {
  std::vector<Form> forms;
  if (custody.squads_v4) forms.push_back({"squads-v4", judge_custody(*custody.squads_v4, control, behind.squads_v4)});
  if (custody.squads_v3) forms.push_back({"squads-v3", judge_custody(*custody.squads_v3, control, behind.squads_v3)});
  if (custody.spl_governance) {
    forms.push_back({"spl-governance", judge_custody(*custody.spl_governance, control, behind.governance)});
  }
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
    if (!all_failed.misnamed) all_failed.misnamed = form.finding.misnamed;
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
  const Custody& custody = gate.custody;
  for (const Pubkey& multisig : multisigs_of(gate)) facts.push_back(facts::account_if_any(multisig));
  if (custody.squads_v3) facts.push_back(facts::account_if_any(custody.squads_v3->multisig));
  if (custody.spl_governance) {
    const SplGovernanceCustody& spl = *custody.spl_governance;
    facts.push_back(facts::account_if_any(spl.governance));
    facts.push_back(facts::account_if_any(spl.realm));
    facts.push_back(facts::account_if_any(realm_config_address(spl.program, spl.realm).address));
  }
  return facts;
}

// The answers to accounts_of behind the first two, in the same order.
Behind behind_in(const UpgradeAuthority& gate, std::vector<std::optional<Account>>& accounts) {
  const Custody& custody = gate.custody;
  std::size_t next = 2;
  Behind behind;
  for (const Pubkey& multisig : multisigs_of(gate)) behind.squads_v4[multisig] = std::move(accounts[next++]);
  if (custody.squads_v3) behind.squads_v3 = std::move(accounts[next++]);
  if (custody.spl_governance) {
    behind.governance.governance = std::move(accounts[next++]);
    behind.governance.realm = std::move(accounts[next++]);
    behind.governance.realm_config = std::move(accounts[next++]);
  }
  return behind;
}

std::vector<Fact<std::optional<Account>>> mints_of(const VotingMints& mints) {
  std::vector<Fact<std::optional<Account>>> facts;
  if (mints.community) facts.push_back(facts::account_if_any(*mints.community));
  if (mints.council) facts.push_back(facts::account_if_any(*mints.council));
  return facts;
}

Task<Finding> evaluate(UpgradeAuthority gate) {
  const std::vector<Fact<std::optional<Account>>> wanted = accounts_of(gate);
  std::vector<std::optional<Account>> accounts = co_await each(wanted);
  auto deployed = deployment_of(gate.program, std::move(accounts[0]), std::move(accounts[1]), Marked::either_way);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());

  Control control{gate.program, deployed->loader, std::nullopt, wanted[0].request};
  if (deployed->header) {
    control.authority = deployed->header->upgrade_authority;
    control.seen_in = wanted[1].request;
  }
  Behind behind = behind_in(gate, accounts);
  VotingMints mints;
  if (gate.custody.spl_governance) mints = voting_mints(*gate.custody.spl_governance, behind.governance);
  const std::vector<Fact<std::optional<Account>>> voting = mints_of(mints);
  if (!voting.empty()) {
    std::vector<std::optional<Account>> found = co_await each(voting);
    if (mints.council) behind.governance.council_mint = std::move(found.back());
    if (mints.community) behind.governance.community_mint = std::move(found.front());
  }
  co_return any_of(judge_forms(gate.custody, control, behind));
}

}  // namespace

GateKind upgrade_authority() {
  return gate_kind<UpgradeAuthority>(
      {.name = "upgrade-authority",
       .asks = "Who can replace this program's code, down to the people?",
       .reads =
           "the program account, the header of its programdata, and every multisig account that is named, or the "
           "governance with its realm and the realm's configuration, in one round; the mints that vote in a realm in a "
           "second",
       .passes = "one of the declared forms of custody holds: nobody, this key, the vault of this multisig, or this "
                 "governance "
                 "or its native treasury, with rules as strong as declared, and what is behind its members likewise",
       .fails =
           "nobody is the authority though somebody should be, or the reverse; the multisig account in place of its "
           "vault; another vault; another key or program-derived address; no multisig at the address; too few members, "
           "or too few who may vote; members, proposers, voters or executors that are missing or undeclared; members "
           "twice, or with unknown permissions; a threshold that is 0, out of reach or too low; a short time lock; a "
           "config authority or rent collector other than declared; nobody to initiate or execute; a member off the "
           "curve whose holders are not declared, or are not the declared ones; custody in a circle, or more than 4 "
           "multisigs below the first; somebody who votes in two of the multisigs; of a realm: another governance, a "
           "vote threshold that is low, disabled, or a quorum, which the governance program does not count by; a short "
           "hold-up time, a realm authority, a mint authority or a voter "
           "weight "
           "add-in that nobody declared, votes counted against less than the supply; no program, or a closed one",
       .why = "Whoever holds the upgrade authority can replace every instruction after the audit.",
       .remedy =
           "solana program set-upgrade-authority <program> --new-upgrade-authority <vault>; members, threshold and "
           "time lock by a config transaction of the multisig",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
