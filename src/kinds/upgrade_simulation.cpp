// upgrade-simulation: would the upgrade execute, if it were executed now?
//
// Reads     program, programdata, buffer, vault, multisig, the Rent and Clock sysvars and two features, with
//           `transaction` that too: 1 round; spill and lookup tables: 1 more; a simulation: 1 more; members, where the
//           vault cannot pay for the simulation: 1 more before it
// pass      the loader accepts all that it looks at, what carries the upgrade fits into a packet, and an endpoint that
//           ran the vault's instructions saw them succeed
// fail      no such program; no buffer; another authority; too little room, or an extension that the loader refuses;
//           too few lamports; a spill that cannot take them; an instruction that no program may call; a transaction
//           that is too large; an error of the simulation, with what the program logged
// Source    agave programs/bpf_loader lib.rs, Upgrade and ExtendProgram, in the order of its own checks; SIMD-0431;
//           simulateTransaction of agave's rpc, program-runtime cpi.rs. An endpoint runs what the vault would run as a
//           transaction of its own, because the Squads program would not before the last vote: what that adds is
//           bounded by arithmetic where that is possible, and told where not
#include <algorithm>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "engine/squads_queue.hpp"
#include "facts/features.hpp"
#include "facts/heads.hpp"
#include "facts/programs.hpp"
#include "facts/simulation.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/upgrade_preconditions.hpp"
#include "kinds/vault_run.hpp"
#include "solana/call_rules.hpp"
#include "solana/derive.hpp"
#include "solana/instruction_words.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

/// What to make of an endpoint that does not simulate.
struct SimulationDemand {
  bool required = true;
};

}  // namespace

template <>
struct FieldType<SimulationDemand> {
  static std::vector<std::string> names() { return {"required", "where-allowed"}; }

  static Result<SimulationDemand> read(const Json& value, const Place& place) {
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    if (*text == "required" || *text == "where-allowed") return SimulationDemand{*text == "required"};
    return place.malformed("no simulation is demanded as \"" + printable(*text) + "\"", suggestion(*text, names()));
  }
  static Json schema(Placeholders) { return {{"enum", names()}}; }
  static std::string words() { return "\"required\" or \"where-allowed\""; }
};

namespace {

// Of a transaction with two signatures; wallets add a priority fee.
constexpr Lamports fees{1'000'000};

struct UpgradeSimulation {
  Pubkey program;
  Pubkey multisig;
  std::uint8_t vault_index = 0;
  Pubkey buffer;
  std::optional<Pubkey> spill;
  std::optional<TransactionIndex> transaction;
  std::optional<Pubkey> executor;
  std::optional<Pubkey> fee_payer;
  std::optional<std::uint32_t> extend;
  bool compute_budget = true;
  std::optional<std::string> memo;
  SimulationDemand simulation;

  static constexpr auto fields() {
    using Gate = UpgradeSimulation;
    return std::tuple{
        required("program", &Gate::program, "the program that is upgraded"),
        required("multisig", &Gate::multisig, "address of the multisig account (not of its vault)"),
        optional("vaultIndex", &Gate::vault_index, "which of its vaults is the upgrade authority; 0 unless said"),
        required("buffer", &Gate::buffer, "the buffer account").known_later(),
        optional("spill", &Gate::spill,
                 "who gets the lamports that are left; unsaid, whom the transaction names, and without one the vault"),
        optional("transaction", &Gate::transaction,
                 "the transaction of the multisig that upgrades: what stands in it is run. Unsaid, an upgrade and "
                 "nothing else")
            .known_later(),
        optional("executor", &Gate::executor, "the member who will execute; unsaid, the first who may"),
        optional(
            "feePayer", &Gate::fee_payer,
            "who pays the fees, if not the member. Of the simulation: unsaid, `executor`, else the vault, else the "
            "first member who can"),
        optional("extend", &Gate::extend, "by how many bytes the program will be extended before"),
        optional("computeBudget", &Gate::compute_budget,
                 "whether wallets set compute units and their price in the transactions; true unless said"),
        optional("memo", &Gate::memo, "what the transaction will be created with as memo"),
        optional("simulation", &Gate::simulation,
                 "\"where-allowed\": an endpoint that does not simulate is said, and no reason not to pass; required "
                 "unless said"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (transaction && transaction->value == 0) {
      return (place / "transaction").malformed("is 0; transactions are counted from 1");
    }
    if (extend && *extend == 0) return (place / "extend").malformed("is 0; an extension adds bytes");
    return {};
  }

  Pubkey vault() const { return vault_address(multisig, vault_index).address; }
  PlannedUpgrade planned() const { return {program, buffer, vault(), extend}; }
};

// What was read first, by all of which the upgrade is judged.
struct Seen {
  UpgradeFacts upgrade;
  std::optional<Account> vault;
  Multisig multisig;
  FeatureState more_accounts;
  std::optional<Account> transaction;
};

// --- what the vault runs

std::optional<VaultTransaction> judge_transaction(const UpgradeSimulation& gate, const std::optional<Account>& account,
                                                  Judgement& judgement) {
  judgement.rests_on(AccountRequest{transaction_address(gate.multisig, gate.transaction->value).address});
  const std::string name = "transaction " + std::to_string(gate.transaction->value);
  const bool is_squads = account && account->owner == known::squads_v4;
  judgement.expect(is_squads, {name, "exists", account ? "owned by " + named(account->owner) : "missing"},
                   "the multisig has no " + name + ", or it was closed");
  if (!is_squads) {
    judgement.misnames(Misnamed{std::to_string(gate.transaction->value), "transaction", "", false});
    return std::nullopt;
  }
  auto transaction = decode_vault_transaction(account->bytes());
  judgement.expect(transaction.has_value(),
                   {name, "vault transaction", transaction ? "vault transaction" : transaction.error().what},
                   transaction ? "" : name + " is no vault transaction: " + transaction.error().what);
  if (!transaction) return std::nullopt;
  judgement.expect(transaction->vault_index == gate.vault_index,
                   {"vault", std::to_string(gate.vault_index), std::to_string(transaction->vault_index)},
                   name + " is of vault " + std::to_string(transaction->vault_index) + ", expected vault " +
                       std::to_string(gate.vault_index));
  return std::move(*transaction);
}

// Whom the upgrade in the run names as spill; none when it upgrades something else, or nothing.
std::optional<Pubkey> judge_upgrade(const UpgradeSimulation& gate, const VaultRun& run, Judgement& judgement) {
  const auto upgrade = std::find_if(run.instructions.begin(), run.instructions.end(),
                                    [](const Instruction& one) { return as_upgrade(one).has_value(); });
  const bool exists = upgrade != run.instructions.end() && upgrade->accounts.size() >= 7;
  judgement.expect(exists, {"upgrade", "in the transaction", exists ? "in the transaction" : "missing"},
                   "the transaction upgrades no program");
  if (!exists) return std::nullopt;
  for (std::size_t i = 0; i < run.instructions.size(); ++i) {
    if (may_be_called(run.instructions[i])) continue;
    const std::string what = "instruction " + std::to_string(i + 1);
    const std::string does = words_for(run.instructions[i]);
    judgement.expect(false, {what, "one that a program may call", does},
                     what + " of the transaction is one that no program may call, and so no vault can run it: " + does +
                         "; it must stand in a transaction of its own");
  }
  expect_address(judgement, "programdata of the upgrade", *upgrade->account(0),
                 programdata_address(gate.program).address);
  expect_address(judgement, "program", *upgrade->account(1), gate.program);
  expect_address(judgement, "buffer of the upgrade", *upgrade->account(2), gate.buffer);
  expect_address(judgement, "spill of the upgrade", *upgrade->account(3), gate.spill);
  expect_address(judgement, "authority of the upgrade", *upgrade->account(6), gate.vault());
  return upgrade->account(3);
}

// --- the transactions that carry it

std::optional<Pubkey> first_member(const Multisig& multisig, bool (Permissions::*may)() const) {
  const auto found = std::find_if(multisig.members.begin(), multisig.members.end(),
                                  [&](const MultisigMember& one) { return (one.permissions.*may)(); });
  return found == multisig.members.end() ? std::nullopt : std::optional(found->key);
}

void judge_size(const std::string& what, const Result<TransactionSize>& size, std::size_t accounts_max,
                Judgement& judgement) {
  const bool fits = size && size->bytes <= transaction_bytes_max;
  const std::string found = size ? bytes_text(size->bytes) : size.error().what;
  judgement.expect(
      fits, {what, "at most " + bytes_text(transaction_bytes_max), found},
      what + (size ? " is " + found + ", and a transaction has at most " + std::to_string(transaction_bytes_max)
                   : " cannot be built: " + found));
  if (!size) return;
  const std::string accounts = counted(size->accounts, "account");
  judgement.expect(size->accounts <= accounts_max,
                   {"accounts of " + what, "at most " + std::to_string(accounts_max), accounts},
                   what + " names " + accounts + ", and a transaction names at most " + std::to_string(accounts_max));
}

void judge_carriage(const UpgradeSimulation& gate, const Seen& seen, const VaultRun& run, Judgement& judgement) {
  const Multisig& multisig = seen.multisig;
  judgement.rests_on(AccountRequest{gate.multisig});
  judgement.rests_on(facts::feature(features::increase_tx_account_lock_limit).request);
  const std::size_t accounts_max =
      seen.more_accounts.is_active() ? transaction_accounts_max_increased : transaction_accounts_max;
  if (gate.executor) {
    const bool may = std::any_of(multisig.members.begin(), multisig.members.end(), [&](const MultisigMember& one) {
      return one.key == *gate.executor && one.permissions.can_execute();
    });
    judgement.expect(may, {"executor " + to_string(*gate.executor), "may execute", may ? "may execute" : "may not"},
                     named(*gate.executor) + " is no member who may execute");
  }
  const auto executor = gate.executor ? gate.executor : first_member(multisig, &Permissions::can_execute);
  const auto proposer = first_member(multisig, &Permissions::can_initiate);
  judgement.expect(executor && proposer, {"members", "who may initiate, and who may execute", "not both"},
                   "no member of the multisig may initiate, or none may execute");
  if (!executor || !proposer) return;
  const std::uint64_t index = gate.transaction ? gate.transaction->value : multisig.transaction_index + 1;
  const Carriage making{gate.multisig,       index,    *proposer, gate.fee_payer.value_or(*proposer),
                        gate.compute_budget, gate.memo};
  const Carriage executing{gate.multisig,       index,       *executor, gate.fee_payer.value_or(*executor),
                           gate.compute_budget, std::nullopt};
  if (!gate.transaction) judge_size("vault_transaction_create", creation_size(run, making), accounts_max, judgement);
  judge_size("vault_transaction_execute", execution_size(run, executing), accounts_max, judgement);
}

// --- the simulation

bool can_pay(const std::optional<Account>& account, Lamports amount, const Rent& rent) {
  return account && account->owner == known::system_program && account->space == 0 &&
         account->lamports.value >= minimum_balance(rent, 0).value + amount.value;
}

// Signatures are not checked, so anybody who has the lamports can stand for who will pay. A vault pays for no
// extension: that cannot be executed by it.
Task<std::optional<Pubkey>> payer_of(UpgradeSimulation gate, Seen seen, CodeRoom room) {
  if (gate.fee_payer) co_return gate.fee_payer;
  if (gate.executor) co_return gate.executor;
  const Lamports rent = minimum_balance(seen.upgrade.rent, room.programdata_bytes);
  const Lamports amount{fees.value +
                        (room.extends_first ? difference(rent, seen.upgrade.programdata->lamports).value : 0)};
  if (!room.extends_first && can_pay(seen.vault, amount, seen.upgrade.rent)) co_return gate.vault();
  std::vector<Fact<std::optional<Account>>> heads;
  for (const MultisigMember& one : seen.multisig.members) heads.push_back(facts::account_head_if_any(one.key));
  const std::vector<std::optional<Account>> members = co_await each(heads);
  for (const auto& member : members) {
    if (can_pay(member, amount, seen.upgrade.rent)) co_return member->address;
  }
  co_return std::nullopt;
}

Unobtainable nobody_pays() {
  return {"missing", "neither the vault nor a member holds enough to pay for a simulation; name a `feePayer` who does",
          Retry::never};
}

// What is run: the upgrade, or where it cannot be run yet the extension before it.
Result<Bytes> question_of(const UpgradeSimulation& gate, const VaultRun& run, const CodeRoom& room,
                          const Pubkey& payer) {
  if (!room.extends_first) return bare_transaction(run, payer);
  VaultRun extension;
  extension.instructions = {extend_instruction(gate.program, payer, *gate.extend)};
  return bare_transaction(extension, payer);
}

// What the Squads program takes comes on top, so that this is the least that is needed.
void judge_units(const UpgradeSimulation& gate, std::uint64_t units, Judgement& judgement) {
  const std::uint64_t most = gate.compute_budget ? compute_units_max : compute_units_unasked;
  judgement.expect(units <= most, {"compute units", "at most " + std::to_string(most), std::to_string(units)},
                   "the instructions of the vault take " + std::to_string(units) +
                       " compute units, and the transaction that executes them has at most " + std::to_string(most));
}

void judge_simulation(const UpgradeSimulation& gate, const Simulation& simulation, const CodeRoom& room,
                      Judgement& judgement) {
  const std::string what = room.extends_first ? "simulation of the extension" : "simulation of the upgrade";
  const std::string error = simulation.error.value_or("");
  const std::string why = simulation.reason ? *simulation.reason + " (" + error + ")" : error;
  judgement.expect(!simulation.error, {what, "succeeds", simulation.error ? why : "succeeds"},
                   "the " + what + " on slot " + to_string(simulation.slot) + " fails: " + why);
  if (simulation.units && room.extends_first) judgement.note("compute units", std::to_string(*simulation.units));
  if (simulation.units && !room.extends_first) judge_units(gate, *simulation.units, judgement);
  judgement.caveat(room.extends_first
                       ? "the upgrade was not simulated: there is no room for it yet"
                       : "the vault's instructions were run by themselves, not through the Squads program: its votes "
                         "and time lock, its own compute units, and calls one level deeper were not simulated");
}

std::string subject_of(const UpgradeSimulation& gate) {
  return "upgrade of program " + to_string(gate.program) + " from buffer " + to_string(gate.buffer);
}

Finding conclusion(const UpgradeSimulation& gate, const Judgement& judgement, const std::string& how) {
  return about(subject_of(gate), judgement.conclude(subject_of(gate) + how));
}

Finding without_simulation(const UpgradeSimulation& gate, Judgement judgement, const Unobtainable& why) {
  if (gate.simulation.required) return inconclusive(why);
  judgement.caveat("it was not simulated: " + why.what);
  return conclusion(gate, judgement, " meets what the loader asks");
}

// An endpoint that does not simulate, as against one that did not answer.
bool is_refusal(const Unobtainable& why) {
  return (why.cause == "rpc-error" || why.cause == "refused") && why.retry != Retry::now;
}

Task<Finding> simulate(UpgradeSimulation gate, Seen seen, VaultRun run, CodeRoom room, Judgement judgement) {
  Task<std::optional<Pubkey>> choosing = payer_of(gate, seen, room);
  const std::optional<Pubkey> payer = co_await choosing;
  if (!payer) co_return without_simulation(gate, judgement, nobody_pays());
  const Result<Bytes> question = question_of(gate, run, room, *payer);
  if (!question || question->size() > transaction_bytes_max) {
    const std::string what = "the instructions of the vault do not fit into one transaction of their own";
    co_return without_simulation(gate, judgement, {"too-large", what, Retry::never});
  }
  const auto asked = maybe(facts::simulation(*question));
  const Reading<Simulation> simulation = co_await asked;
  if (!simulation) {
    const auto& why = std::get<Unobtainable>(simulation.error());
    co_return is_refusal(why) ? without_simulation(gate, judgement, why) : inconclusive(why);
  }
  judgement.rests_on(asked.request);
  judge_simulation(gate, *simulation, room, judgement);
  co_return conclusion(
      gate, judgement,
      room.extends_first ? " meets what the loader asks, once there is room" : " succeeds in a simulation");
}

// --- the gate

// The tables of the transaction, in order; the spill after them.
std::vector<Fact<std::optional<Account>>> tables_of(const std::optional<VaultTransaction>& transaction) {
  std::vector<Fact<std::optional<Account>>> tables;
  if (!transaction) return tables;
  for (const AddressTableLookup& lookup : transaction->message.lookups) {
    tables.push_back(facts::account_if_any(lookup.table));
  }
  return tables;
}

Result<VaultRun> run_of(const UpgradeSimulation& gate, const std::optional<VaultTransaction>& transaction,
                        const std::vector<std::optional<Account>>& accounts) {
  if (!transaction) {
    const Pubkey spill = gate.spill.value_or(gate.vault());
    return vault_run(gate.multisig, gate.vault_index,
                     {upgrade_instruction({gate.program, gate.buffer, spill, gate.vault()})});
  }
  std::vector<LookupTable> tables;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    auto table = lookup_table_in(transaction->message.lookups[i].table, accounts[i]);
    if (!table) return failure(table.error());
    tables.push_back(std::move(*table));
  }
  return vault_run(*transaction, tables);
}

Task<Finding> with_run(UpgradeSimulation gate, Seen seen, CodeRoom room, std::optional<VaultTransaction> transaction,
                       Judgement judgement) {
  const Lamports left = judge_funds(seen.upgrade, room, judgement);
  const auto table_facts = tables_of(transaction);
  const std::vector<std::optional<Account>> tables = co_await each(table_facts);
  const Result<VaultRun> run = run_of(gate, transaction, tables);
  if (!run) {
    judgement.expect(false, {"instructions", "can be read", run.error().what},
                     "what the vault would run cannot be read: " + run.error().what);
    co_return conclusion(gate, judgement, "");
  }
  const std::optional<Pubkey> spill = judge_upgrade(gate, *run, judgement);
  if (!spill) co_return conclusion(gate, judgement, "");
  const auto spill_fact = facts::account_head_if_any(*spill);
  const std::optional<Account> spill_account = co_await spill_fact;
  judge_spill(gate.planned(), *spill, spill_account, left, seen.upgrade.rent, judgement);
  judge_carriage(gate, seen, *run, judgement);
  if (judgement.failed()) co_return conclusion(gate, judgement, "");
  Task<Finding> simulation = simulate(gate, seen, *run, room, judgement);
  Finding finding = co_await simulation;
  co_return finding;
}

Task<Finding> decide(UpgradeSimulation gate, Seen seen) {
  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.program, Slice{0, program_account_bytes}});
  const auto deployed = deployment_of(gate.program, seen.upgrade.program, seen.upgrade.programdata);
  if (!deployed) co_return not_deployed(gate.program, deployed.error());
  if (!deployed->header)
    co_return fail("program " + to_string(gate.program) + " runs under a loader that upgrades nothing");
  judge_upgradable(gate.planned(), *deployed, judgement);
  judge_staged(gate.planned(), seen.upgrade, judgement);
  std::optional<VaultTransaction> transaction;
  if (gate.transaction) transaction = judge_transaction(gate, seen.transaction, judgement);
  if (judgement.failed()) co_return conclusion(gate, judgement, "");
  if (auto why = changed_in_this_slot(*deployed, seen.upgrade.clock)) co_return inconclusive(std::move(*why));
  const CodeRoom room = judge_room(gate.planned(), *deployed, seen.upgrade, judgement);
  Task<Finding> rest = with_run(gate, seen, room, transaction, judgement);
  Finding finding = co_await rest;
  co_return finding;
}

Task<Finding> evaluate(UpgradeSimulation gate) {
  std::vector accounts_facts{
      facts::account_if_any(gate.program, Slice{0, program_account_bytes}), facts::programdata_header(gate.program),
      facts::account_if_any(gate.buffer, Slice{0, buffer_header_bytes}), facts::account_head_if_any(gate.vault())};
  if (gate.transaction) {
    accounts_facts.push_back(
        facts::account_if_any(transaction_address(gate.multisig, gate.transaction->value).address));
  }
  const auto rent_fact = facts::rent();
  const auto clock_fact = facts::clock();
  const auto feature_fact = facts::feature(features::loader_v3_minimum_extend_program_size);
  const auto accounts_feature_fact = facts::feature(features::increase_tx_account_lock_limit);
  const auto multisig_fact = facts::squads_multisig(gate.multisig);
  auto all_facts =
      co_await all(accounts_facts, rent_fact, clock_fact, feature_fact, accounts_feature_fact, multisig_fact);
  auto& [accounts, rent, clock, feature, more_accounts, multisig] = all_facts;
  Seen seen{{accounts[0], accounts[1], accounts[2], rent, clock, feature},
            accounts[3],
            multisig,
            more_accounts,
            std::nullopt};
  if (gate.transaction) seen.transaction = accounts[4];
  Task<Finding> deciding = decide(gate, seen);
  Finding finding = co_await deciding;
  co_return finding;
}

}  // namespace

GateKind upgrade_simulation() {
  return gate_kind<UpgradeSimulation>(
      {.name = "upgrade-simulation",
       .asks = "Would the upgrade execute, if it were executed now?",
       .reads = "the program, its programdata, the buffer, the vault, the multisig, the Rent and Clock sysvars, the "
                "features of SIMD-0431 and of the number of accounts and the transaction in one round; lookup tables, "
                "the spill and a simulation in one "
                "more each; the members, where the vault cannot pay for the simulation",
       .passes =
           "programdata has room for the buffer, or will have it after an extension that the loader takes; its "
           "authority and the buffer's are the vault; the rent is paid; the transactions that make and execute it "
           "fit into a packet; an endpoint that ran the vault's instructions saw them succeed",
       .fails =
           "no such program, or closed, or final; no such buffer or transaction; another authority of program or "
           "buffer; too little room, with the bytes to extend by and their rent; an extension below the minimum of "
           "SIMD-0431; too few lamports; a spill that cannot take what is left; an "
           "instruction that no program may call; a transaction above 1232 bytes or with more accounts than one may "
           "name; more compute units than one has; an executor who may not; a simulation that fails, with the loader's "
           "words",
       .why =
           "An upgrade that fails after the last vote fails in the announced window, and every vote is needed again.",
       .remedy =
           "too little room: solana program extend, in a slot before the upgrade; another authority: solana program "
           "set-buffer-authority; an error of the simulation: write the buffer again and propose it again",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
