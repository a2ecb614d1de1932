#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "facts/features.hpp"
#include "facts/heads.hpp"
#include "facts/simulation.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/vault_run.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/program_extension.hpp"
#include "support/gate.hpp"
#include "support/history.hpp"
#include "support/squads.hpp"
#include "support/sysvars.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey buffer = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey vault = vault_address(multisig, 0).address;
const Pubkey programdata = programdata_address(program).address;
constexpr Lamports plenty{100'000'000'000};

Holding holding(const Pubkey& owner, Bytes data, Lamports lamports = plenty) {
  return {.owner = owner, .data = std::move(data), .lamports = lamports};
}

Bytes buffer_bytes(std::size_t room, std::optional<Pubkey> authority) {
  Bytes data;
  put_u32(data, 1);
  data.push_back(authority ? 1 : 0);
  put(data, authority.value_or(Pubkey{}).bytes);
  return padded(data, buffer_header_bytes + room);
}

Bytes clock_bytes_of(std::uint64_t slot) {
  Bytes data;
  put_u64(data, slot);
  return padded(data, clock_bytes);
}

Request upgrade_question(const Pubkey& payer, const Pubkey& spill = vault) {
  const auto run = vault_run(multisig, 0, {upgrade_instruction({program, buffer, spill, vault})});
  return facts::simulation(*bare_transaction(*run, payer)).request;
}

Request extension_question(const Pubkey& payer, std::uint32_t bytes) {
  VaultRun run;
  run.instructions = {extend_instruction(program, payer, bytes)};
  return facts::simulation(*bare_transaction(run, payer)).request;
}

Payload simulated(const Json& error, const Json& logs = Json::array(), std::uint64_t units = 2370) {
  return rpc_result(
      {{"context", {{"slot", 100U}}}, {"value", {{"err", error}, {"logs", logs}, {"unitsConsumed", units}}}});
}

/// A program with room for 1000 bytes under the vault, and a buffer of 900; the chain is in slot 100.
struct Staged {
  FakeSource source;
  Json params{{"program", to_string(program)}, {"multisig", to_string(multisig)}, {"buffer", to_string(buffer)}};

  Staged() {
    source.holds(program, program_account(programdata));
    deployed(1000, vault, 50);
    staged(900, vault);
    source.holds(vault, holding(known::system_program, {}));
    source.holds(known::rent, holding(known::sysvar_owner, rent_bytes_of(6960)));
    source.holds(known::clock, holding(known::sysvar_owner, clock_bytes_of(100)));
    Multisig rules;
    rules.threshold = 1;
    rules.transaction_index = 4;
    rules.members = {{alice, {7}}};
    source.holds(multisig, multisig_account(rules));
    source.answers(upgrade_question(vault), simulated(nullptr));
  }
  void deployed(std::size_t room, std::optional<Pubkey> authority, std::uint64_t slot, Lamports lamports = plenty) {
    Holding account = programdata_account(Bytes(room), authority, Slot{slot});
    account.lamports = lamports;
    source.holds(programdata, account);
  }
  void staged(std::size_t room, std::optional<Pubkey> authority, Lamports lamports = plenty) {
    source.holds(buffer, holding(known::loader_v3, buffer_bytes(room, authority), lamports));
  }
  void has_minimum() {
    Bytes active{1};
    put_u64(active, 7);
    source.holds(features::loader_v3_minimum_extend_program_size, holding(known::feature_program, active));
  }
  Finding decide() { return decide_gate(upgrade_simulation(), params, source); }
  Finding decide(const std::string& name, const Json& value) {
    params[name] = value;
    return decide();
  }
};

}  // namespace

// What the loader asks is there, and the simulation succeeds: one round of reading, one of simulating.
TEST_CASE("upgrade-simulation passes when the upgrade would execute", "[kinds]") {
  Staged staged;
  const Finding finding = staged.decide();
  passes(finding,
         "succeeds in a simulation (the vault's instructions were run by themselves, not through the Squads "
         "program: its votes and time lock, its own compute units, and calls one level deeper were not simulated)");
  CHECK(staged.source.rounds().size() == 2);
  CHECK(observed(finding, "compute units").observed == "2370");
  CHECK(says(observed(finding, "vault_transaction_create").observed, "bytes"));
  CHECK(says(observed(finding, "vault_transaction_execute").expected, "1232"));
}

// public-v4-client#24. What to extend by depends on a feature, and its rent on the sysvar.
TEST_CASE("upgrade-simulation judges the room", "[kinds]") {
  Staged small;
  small.deployed(800, vault, 50);
  fails(small.decide(), "ExtendProgram must add at least 100 bytes, whose rent is 0 lamports");
  small.has_minimum();
  fails(small.decide(), "ExtendProgram must add at least 10240 bytes");
  small.deployed(800, vault, 50, Lamports{7'000'000});
  fails(small.decide(), "whose rent is 71042480 lamports");
  Staged huge;
  huge.staged(code_bytes_max + 1, vault);
  fails(huge.decide(), "a program has 1 to 10485715");
  Staged empty;
  empty.staged(0, vault);
  fails(empty.decide(), "room for 0 bytes");
}

// A planned extension is judged by the same rules, and simulated in place of the upgrade.
TEST_CASE("upgrade-simulation judges a planned extension", "[kinds]") {
  Staged staged;
  staged.deployed(800, vault, 50);
  staged.has_minimum();
  fails(staged.decide("extend", 100),
        "the extension that is planned adds 100 bytes, but ExtendProgram must add at least");
  staged.params["executor"] = to_string(alice);
  staged.source.answers(extension_question(alice, 10'240), simulated(nullptr));
  const Finding extended = staged.decide("extend", 10'240);
  passes(extended, "the program must first be extended by 10240 bytes, in an earlier slot");
  CHECK(says(extended.summary, "the upgrade was not simulated"));
  CHECK(observed(extended, "compute units").expected.empty());  // it is not the vault that extends
  staged.source.answers(extension_question(alice, 10'240), simulated("AccountNotFound"));
  fails(staged.decide(), "the simulation of the extension on slot 100 fails: AccountNotFound");
  const Finding unneeded = Staged().decide("extend", 20);
  CHECK(unneeded.outcome == Outcome::pass);
  CHECK(observed(unneeded, "planned extension").observed == "20 bytes, not needed");
}

TEST_CASE("upgrade-simulation judges who may upgrade", "[kinds]") {
  Staged other;
  other.staged(900, alice);
  fails(other.decide(), "the authority of the buffer is " + to_string(alice));
  Staged handed_on;
  handed_on.deployed(1000, alice, 50);
  fails(handed_on.decide(), "the upgrade authority of the program is " + to_string(alice));
  Staged final_program;
  final_program.deployed(1000, std::nullopt, 50);
  fails(final_program.decide(), "the program is final");
  fails(Staged().decide("vaultIndex", 1), "expected the vault " + to_string(vault_address(multisig, 1).address));
  fails(Staged().decide("executor", to_string(buffer)), "is no member who may execute");
  Staged voters;
  Multisig rules;
  rules.members = {{alice, {2}}};
  voters.source.holds(multisig, multisig_account(rules));
  fails(voters.decide(), "no member of the multisig may initiate, or none may execute");
}

TEST_CASE("upgrade-simulation judges the accounts", "[kinds]") {
  Staged closed;
  closed.source.holds(programdata, holding(known::system_program, {}));
  fails(closed.decide(), "is closed");
  Staged no_buffer;
  no_buffer.source.holds(buffer, holding(known::system_program, {}));
  fails(no_buffer.decide(), "is owned by " + to_string(known::system_program));
  Staged program_for_buffer;
  program_for_buffer.source.holds(buffer, program_account(alice));
  fails(program_for_buffer.decide(), "is no buffer");
  Staged cut;
  cut.source.holds(buffer, holding(known::loader_v3, {1, 0, 0}));
  fails(cut.decide(), "is no buffer");
  Staged same_slot;
  same_slot.deployed(1000, vault, 100);
  CHECK(same_slot.decide().outcome == Outcome::inconclusive);
  CHECK(says(same_slot.decide().cause->what, "the loader takes no second change in one slot"));
}

// What is left of both accounts goes to the spill, which must be able to take it.
TEST_CASE("upgrade-simulation judges the lamports", "[kinds]") {
  const Lamports rent{(128 + 45 + 1000) * 6960};
  Staged poor;
  poor.deployed(1000, vault, 50, Lamports{rent.value - 100});
  poor.staged(900, vault, Lamports{99});
  fails(poor.decide(), "Buffer account balance too low to fund upgrade");
  Staged spills;
  spills.source.answers(upgrade_question(vault, alice), simulated(nullptr));
  passes(spills.decide("spill", to_string(alice)), "succeeds");
  spills.deployed(1000, vault, 50, rent);
  spills.staged(900, vault, Lamports{5});
  fails(spills.decide(), "that are left do not pay the rent of a new account");
  fails(Staged().decide("spill", to_string(buffer)), "itself an account of the upgrade");
  fails(Staged().decide("spill", to_string(known::clock)), "a program or a sysvar");
}

// A memo can be too long for the packet that carries it.
TEST_CASE("upgrade-simulation judges sizes", "[kinds]") {
  passes(Staged().decide("memo", std::string(100, 'x')), "succeeds");
  fails(Staged().decide("memo", std::string(700, 'x')), "vault_transaction_create is ");
  const auto execution = [](const Json& budget) {
    return std::stoul(observed(Staged().decide("computeBudget", budget), "vault_transaction_execute").observed);
  };
  CHECK(execution(true) == execution(false) + 32 + 8 + 12);  // the program, and its two instructions
}

namespace {

/// A transaction of the vault that upgrades, and calls a memo with so many accounts out of a lookup table.
VaultTransactionMessage with_accounts_of_table(const Pubkey& table, std::uint8_t count) {
  VaultTransactionMessage message =
      message_of(vault, {upgrade_instruction({program, buffer, vault, vault}), told(known::memo, {}, {'x'})});
  message.lookups = {{table, {}, {}}};
  for (std::uint8_t i = 0; i < count; ++i) {
    message.lookups.front().readonly_indexes.push_back(i);
    message.instructions.back().account_indexes.push_back(static_cast<std::uint8_t>(message.account_keys.size() + i));
  }
  return message;
}

}  // namespace

// Accounts out of lookup tables take a byte each, and count all the same: 64, and 128 once a feature is active.
TEST_CASE("upgrade-simulation counts the accounts of the execution", "[kinds]") {
  const Pubkey table{{7}};
  Staged staged;
  staged.params["transaction"] = "5";
  std::vector<Pubkey> addresses(200);
  for (std::uint8_t i = 0; i < 200; ++i) addresses[i] = Pubkey{{9, i}};
  staged.source.holds(table, holding(known::address_lookup_table, lookup_table_bytes(addresses)));
  const auto decided = [&](std::uint8_t count) {
    const Bytes transaction =
        vault_transaction_bytes({multisig, {}, 5, 255, 0, 255, {}, with_accounts_of_table(table, count)});
    Queue{staged.source, multisig}.holds(5, transaction);
    return staged.decide();
  };
  // 9 of the upgrade, the memo; the multisig, the proposal, the transaction, the table; the member, the Squads program
  // and the compute budget. `missing`: nothing fails, and the fake endpoint has no answer.
  CHECK(decided(49).cause->cause == "missing");
  fails(decided(50), "vault_transaction_execute names 65 accounts, and a transaction names at most 64");
  Bytes active{1};
  put_u64(active, 7);
  staged.source.holds(features::increase_tx_account_lock_limit, holding(known::feature_program, active));
  CHECK(decided(113).cause->cause == "missing");
  fails(decided(114), "vault_transaction_execute names 129 accounts, and a transaction names at most 128");
  staged.source.holds(table, holding(known::system_program, {}));
  fails(decided(10), to_string(table) + " is no lookup table");
}

// What the run takes by itself is the least that its execution takes.
TEST_CASE("upgrade-simulation judges compute units", "[kinds]") {
  Staged staged;
  const auto taking = [&](std::uint64_t units) {
    staged.source.answers(upgrade_question(vault), simulated(nullptr, Json::array(), units));
    return staged.decide();
  };
  passes(taking(1'400'000), "succeeds");
  fails(taking(1'400'001), "take 1400001 compute units, and the transaction that executes them has at most 1400000");
  staged.params["computeBudget"] = false;
  passes(taking(200'000), "succeeds");
  fails(taking(200'001), "take 200001 compute units, and the transaction that executes them has at most 200000");
}

// What the loader logs is named; nobody has to look it up.
TEST_CASE("upgrade-simulation tells why the simulation fails", "[kinds]") {
  Staged staged;
  staged.source.answers(upgrade_question(vault),
                        simulated({{"InstructionError", {0U, "InvalidAccountData"}}}, {"Failed to parse ELF file"}));
  fails(staged.decide(), "fails: Failed to parse ELF file ({\"InstructionError\":[0,\"InvalidAccountData\"]})");
  staged.source.answers(upgrade_question(vault), rpc_result({{"value", {{"err", nullptr}}}}));
  CHECK(staged.decide().cause->cause == "malformed");
}

// An endpoint that refuses is one thing, one that does not answer another.
TEST_CASE("upgrade-simulation is inconclusive where nothing can be simulated", "[kinds]") {
  const Unobtainable refused{"rpc-error", "it answered error -32601: Method not found", Retry::other_endpoint};
  Staged staged;
  staged.source.refuses(upgrade_question(vault), refused);
  CHECK(staged.decide().outcome == Outcome::inconclusive);
  passes(staged.decide("simulation", "where-allowed"), "it was not simulated: it answered error -32601");
  staged.source.refuses(upgrade_question(vault));
  CHECK(staged.decide().cause->cause == "timeout");
  Staged silent;
  silent.source.refuses(AccountRequest{known::rent});
  CHECK(silent.decide().outcome == Outcome::inconclusive);
}

// Where the vault holds nothing, a member pays; where nobody can, that is said.
TEST_CASE("upgrade-simulation finds somebody to pay", "[kinds]") {
  Staged staged;
  staged.source.holds(vault, holding(known::system_program, {}, Lamports{5}));
  CHECK(staged.decide().cause->cause == "missing");
  staged.source.holds(alice, holding(known::system_program, {}));
  staged.source.answers(upgrade_question(alice), simulated(nullptr));
  passes(staged.decide(), "succeeds");
  CHECK(Staged().decide("feePayer", to_string(buffer)).cause->cause == "missing");  // another question
}

// An endpoint that does not simulate does not say what the loader would: that the accounts are not the program's.
TEST_CASE("upgrade-simulation judges the accounts of the upgrade without simulating", "[kinds]") {
  Staged staged;
  staged.params["simulation"] = "where-allowed";
  staged.params["transaction"] = "5";
  const Queue queue{staged.source, multisig};
  const Instruction good = upgrade_instruction({program, buffer, vault, vault});
  const auto with = [&](std::size_t position, const Pubkey& account) {
    Instruction upgrade = good;
    upgrade.accounts[position].key = account;
    queue.tells(5, {upgrade});
    return staged.decide();
  };
  fails(with(0, alice), "programdata of the upgrade is " + to_string(alice));
  fails(with(6, alice), "authority of the upgrade is " + to_string(alice));
}

// Whom the transaction names gets the lamports, whoever was declared, and must be able to take them.
TEST_CASE("upgrade-simulation judges the spill that the transaction names", "[kinds]") {
  Staged staged;
  staged.params["transaction"] = "5";
  const Queue queue{staged.source, multisig};
  const auto spilling_to = [&](const Pubkey& spill) {
    queue.tells(5, {upgrade_instruction({program, buffer, spill, vault})});
    return staged.decide();
  };
  // `missing`: nothing fails, and the fake endpoint has no answer.
  CHECK(spilling_to(alice).cause->cause == "missing");
  fails(spilling_to(buffer), "itself an account of the upgrade");
  staged.params["spill"] = to_string(vault);
  fails(spilling_to(alice), "spill of the upgrade is " + to_string(alice) + ", expected " + to_string(vault));
  CHECK(spilling_to(vault).cause->cause == "missing");
}

// With a transaction, what stands in it is run, whatever it is.
TEST_CASE("upgrade-simulation runs the transaction of the vault", "[kinds]") {
  Staged staged;
  const Queue queue{staged.source, multisig};
  fails(staged.decide("transaction", "5"), "the multisig has no transaction 5");
  queue.tells(5, {told(known::memo, {}, {'x'})});
  fails(staged.decide(), "upgrades no program");
  queue.tells(5, {upgrade_instruction({program, alice, vault, vault})});
  fails(staged.decide(), "buffer of the upgrade is " + to_string(alice));
  queue.tells(5, {upgrade_instruction({program, buffer, vault, vault})}, 1);
  fails(staged.decide(), "is of vault 1, expected vault 0");
  queue.tells(5, {extend_instruction(program, vault, 10'240), upgrade_instruction({program, buffer, vault, vault})});
  fails(staged.decide(), "instruction 1 of the transaction is one that no program may call");
  queue.holds(5, time_lock_transaction_bytes(multisig, 5, 0));
  fails(staged.decide(), "is no vault transaction");
  queue.tells(5, {upgrade_instruction({program, buffer, vault, vault})});
  CHECK(staged.decide().cause->cause == "missing");  // flags of the stored message are asked as they are stored
}

TEST_CASE("upgrade-simulation refuses what cannot be meant", "[kinds]") {
  Json params = Staged().params;
  params["transaction"] = "0";
  CHECK(says(refusal_of(upgrade_simulation(), params), "counted from 1"));
  params.erase("transaction");
  params["extend"] = 0;
  CHECK(says(refusal_of(upgrade_simulation(), params), "an extension adds bytes"));
  params["extend"] = 1;
  params["simulation"] = "requird";
  CHECK(says(refusal_of(upgrade_simulation(), params), "required"));
}
