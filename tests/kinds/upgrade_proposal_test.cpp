#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "kinds/catalogue.hpp"
#include "solana/anchor.hpp"
#include "solana/squads_instructions.hpp"
#include "support/gate.hpp"
#include "support/squads.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey buffer = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;
const Pubkey spill = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc"_pubkey;
const Pubkey stranger = "3UcjAwY7mSK52tUDBTzfpo5CoUKzP1W1EEM9inQ8mi9n"_pubkey;
const Pubkey vault = vault_address(multisig, 0).address;
const Pubkey programdata = programdata_address(program).address;

constexpr std::uint64_t number = 5;
constexpr std::int64_t approved_at = 1'700'000'000;
constexpr std::uint32_t two_days = 172'800;

/// What an upgrade is made of; a test changes one part of it.
struct Upgrade {
  Pubkey programdata = ::programdata;
  Pubkey program = ::program;
  Pubkey buffer = ::buffer;
  Pubkey spill = ::spill;
  Pubkey authority = vault;
  Bytes data = {3, 0, 0, 0};

  Instruction instruction() const {
    return told(known::loader_v3, {programdata, program, buffer, spill, known::rent, known::clock, authority}, data);
  }
};

Bytes clock_bytes_at(std::int64_t now) {
  Bytes data;
  for (int i = 0; i < 4; ++i) put_u64(data, 0);
  put_u64(data, static_cast<std::uint64_t>(now));
  return data;
}

/// Two members of three approved at `approved_at`, and a day went by; the time lock is two days.
struct Proposed {
  FakeSource source;
  Queue queue{source, multisig};

  explicit Proposed(const std::vector<Instruction>& instructions = {Upgrade{}.instruction()}, std::uint64_t stale = 0) {
    Multisig settings;
    settings.threshold = 2;
    settings.time_lock_seconds = two_days;
    settings.transaction_index = number;
    settings.stale_transaction_index = stale;
    settings.members = {{alice, {7}}, {bob, {7}}};
    source.holds(multisig, multisig_account(settings));
    is_now(approved_at + two_days / 2);
    queue.tells(number, instructions);
    queue.proposes(number, ProposalStatus::approved, approved_at, {alice, bob});
  }
  void is_now(std::int64_t now) {
    source.holds(known::clock, {.owner = known::sysvar_owner, .data = clock_bytes_at(now)});
  }
  Finding decide(Json more = Json::object()) {
    more.emplace("program", to_string(program));
    more.emplace("multisig", to_string(multisig));
    more.emplace("transaction", std::to_string(number));
    return decide_gate(upgrade_proposal(), more, source);
  }
};

const Json all_declared = {{"buffer", to_string(buffer)}, {"spill", to_string(spill)}, {"minApprovals", 2}};

}  // namespace

// The upgrade as it was reviewed passes, says when it can be executed, and tells what the pack leaves open.
TEST_CASE("upgrade-proposal passes on the reviewed upgrade", "[kinds]") {
  const Finding finding = Proposed().decide(all_declared);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "transaction 5 of multisig " + to_string(multisig) + " upgrades program " +
                               to_string(program) + " and does nothing else (executable in 1d 0h)");
  const Finding open = Proposed().decide();
  CHECK(open.outcome == Outcome::pass);
  CHECK(observed(open, "buffer").observed == to_string(buffer));
  CHECK(observed(open, "spill").observed == to_string(spill));
  CHECK(observed(open, "approvals").observed == "2 of the 2 that are needed");
}

// One round; the transaction, the proposal, the multisig and the clock do not depend on each other.
TEST_CASE("upgrade-proposal takes one round", "[kinds]") {
  Proposed proposed;
  proposed.decide();
  CHECK(proposed.source.rounds().size() == 1);
  CHECK(proposed.source.rounds()[0].size() == 4);
}

// Each part of the upgrade that is another one.
TEST_CASE("upgrade-proposal judges every account of the upgrade", "[kinds]") {
  const auto with = [](auto change) {
    Upgrade upgrade;
    change(upgrade);
    return Proposed({upgrade.instruction()}).decide(all_declared);
  };
  fails(with([](Upgrade& u) { u.program = stranger; }), "program is " + to_string(stranger));
  fails(with([](Upgrade& u) { u.programdata = stranger; }), "programdata is " + to_string(stranger));
  fails(with([](Upgrade& u) { u.buffer = stranger; }), "buffer is " + to_string(stranger));
  fails(with([](Upgrade& u) { u.spill = stranger; }), "spill is " + to_string(stranger));
  fails(with([](Upgrade& u) { u.authority = alice; }), "upgrade authority is " + to_string(alice));
  fails(with([](Upgrade& u) { u.data.push_back(0); }), "it keeps the buffer");
  CHECK(with([](Upgrade& u) { u.data.push_back(1); }).outcome == Outcome::pass);
  fails(with([](Upgrade& u) { u.data = {3, 0, 0, 0, 1, 9}; }), "1 byte that the loader does not read");
  fails(with([](Upgrade& u) { u.data = {5, 0, 0, 0}; }), "it upgrades no program");
}

// Whatever else the transaction does is named, before or after the upgrade.
TEST_CASE("upgrade-proposal allows nothing beside the upgrade", "[kinds]") {
  const Instruction upgrade = Upgrade{}.instruction();
  const Instruction theft = told(known::system_program, {vault, stranger}, {2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  const std::string words = " is not allowed beside the upgrade: transfer 1 lamports";
  fails(Proposed({upgrade, theft}).decide(), "instruction 2" + words);
  fails(Proposed({theft, upgrade}).decide(), "instruction 1" + words);
  fails(Proposed({upgrade, upgrade}).decide(), "instruction 2 is not allowed beside the upgrade: upgrade program");
  fails(Proposed(std::vector<Instruction>{}).decide(), "it has no instruction that can be read");
}

namespace {

Bytes with_text(Bytes bytes, const std::string& text) {
  put_u32(bytes, static_cast<std::uint32_t>(text.size()));
  put(bytes, bytes_of(text));
  return bytes;
}

Bytes verification_data(const std::string& repository, const std::string& commit) {
  const Discriminator discriminator = anchor_instruction_discriminator("update");
  Bytes data(discriminator.begin(), discriminator.end());
  for (const auto& text : {std::string("0.4.0"), repository, commit}) data = with_text(std::move(data), text);
  put_u32(data, 0);
  put_u64(data, 7);
  return data;
}

const std::string repository = "https://git.example.org/vault";
const std::string commit(40, 'a');
const Pubkey record =
    find_program_address({bytes_of("otter_verify"), vault.bytes, program.bytes}, known::otter_verify)->address;

Json alongside(const Json& companion) { return {{"alongside", Json::array({companion})}}; }

Finding beside(const Instruction& companion, const Json& allowed) {
  return Proposed({Upgrade{}.instruction(), companion}).decide(alongside(allowed));
}

}  // namespace

// The verification record is the vault's for this program, and names this source.
TEST_CASE("upgrade-proposal allows a verification record", "[kinds]") {
  const Json allowed = {{"verification", {{"repository", repository}, {"commit", commit}}}};
  const auto writes = [](const Pubkey& where, const Bytes& data) {
    return told(known::otter_verify, {where, vault, program, known::system_program}, data);
  };
  const Finding finding = beside(writes(record, verification_data(repository, commit)), allowed);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, "does what is allowed beside it"));
  fails(beside(writes(stranger, verification_data(repository, commit)), allowed), "is not that of the vault");
  fails(beside(writes(record, verification_data("https://evil", commit)), allowed), "its repository is https://evil");
  fails(beside(writes(record, verification_data(repository, "main")), allowed), "its commit is main");
  fails(beside(writes(record, Bytes(8, 1)), allowed), "it writes no verification record");
  fails(beside(writes(record, {0xdb, 0xc8, 0x58, 0xb0, 0x9e, 0x3f, 0xfd, 0x7f, 255, 0, 0, 0}), allowed),
        "instruction 2 is not a verification record as allowed");
  fails(beside(told(known::token, {record}, {3}), allowed), "it calls program " + to_string(known::token));
}

// The IDL that is written is the program's own, and writing is all.
TEST_CASE("upgrade-proposal allows writing the IDL", "[kinds]") {
  const Json allowed = {{"idl", Json::object()}};
  Bytes seed{'i', 'd', 'l'};
  seed.resize(16);
  const Pubkey canonical = find_program_address({program.bytes, seed}, known::program_metadata)->address;
  CHECK(beside(told(known::program_metadata, {canonical, vault}, {3, 1, 2, 1, 0}), allowed).outcome == Outcome::pass);
  fails(beside(told(known::program_metadata, {stranger, vault}, {3}), allowed), "not the canonical IDL account");
  fails(beside(told(known::program_metadata, {canonical, vault}, {2, 0}), allowed), "something else to metadata");
  const Bytes anchor{0x40, 0xf4, 0xbc, 0x78, 0xa7, 0xe9, 0x69, 0x0a, 3};
  CHECK(beside(told(program, {stranger}, anchor), allowed).outcome == Outcome::pass);
  Bytes authority = anchor;
  authority.back() = 4;
  fails(beside(told(program, {stranger}, authority), allowed), "something else than writing its IDL");
  fails(beside(told(stranger, {}, anchor), allowed), "it calls program " + to_string(stranger));
}

TEST_CASE("upgrade-proposal allows fees, memos and rent as declared", "[kinds]") {
  const Instruction price = told(known::compute_budget, {}, {3, 0xe8, 3, 0, 0, 0, 0, 0, 0});
  CHECK(beside(price, {{"priorityFee", {{"maxMicroLamports", "1000"}}}}).outcome == Outcome::pass);
  fails(beside(price, {{"priorityFee", {{"maxMicroLamports", "999"}}}}), "it pays 1000 micro-lamports");
  const Instruction memo = told(known::memo, {}, {'h', 'i'});
  CHECK(beside(memo, {{"memo", Json::object()}}).outcome == Outcome::pass);
  CHECK(beside(memo, {{"memo", {{"text", "hi"}}}}).outcome == Outcome::pass);
  fails(beside(memo, {{"memo", {{"text", "ho"}}}}), "its text is hi, expected ho");
  const Instruction rent = told(known::system_program, {vault, alice}, {2, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0});
  const auto allowed = [](const Pubkey& to, const char* most) {
    return Json{{"rentTransfer", {{"to", to_string(to)}, {"maxLamports", most}}}};
  };
  CHECK(beside(rent, allowed(alice, "100")).outcome == Outcome::pass);
  fails(beside(rent, allowed(alice, "99")), "it pays 100 lamports, expected at most 99");
  fails(beside(rent, allowed(bob, "100")), "it pays " + to_string(alice));
  const Instruction other = told(known::system_program, {bob, alice}, {2, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0});
  fails(beside(other, allowed(alice, "100")), "it takes lamports of " + to_string(bob));
}

// Companions stand in their order, each once, and none is left out.
TEST_CASE("upgrade-proposal judges companions in their order", "[kinds]") {
  const Instruction upgrade = Upgrade{}.instruction();
  const Instruction memo = told(known::memo, {}, {'h', 'i'});
  const Instruction price = told(known::compute_budget, {}, {2, 0, 0, 0, 0});
  const Json both = {
      {"alongside", Json::array({Json{{"memo", Json::object()}}, Json{{"priorityFee", Json::object()}}})}};
  CHECK(Proposed({memo, upgrade, price}).decide(both).outcome == Outcome::pass);
  fails(Proposed({price, upgrade, memo}).decide(both), "instruction 1 is not a memo as allowed");
  fails(Proposed({memo, upgrade}).decide(both), "it lacks a compute budget that must stand beside the upgrade");
  fails(Proposed({memo, upgrade, price, memo}).decide(both), "instruction 4 is not allowed");
}

// Transactions that are no single transaction of this vault.
TEST_CASE("upgrade-proposal wants a vault transaction of this vault", "[kinds]") {
  Proposed other_vault;
  other_vault.queue.tells(number, {Upgrade{}.instruction()}, 1);
  fails(other_vault.decide(), "vault 1 signs, expected vault 0");
  Proposed config;
  config.queue.holds(number, time_lock_transaction_bytes(multisig, number, 0));
  fails(config.decide(), "it is no vault transaction, and would set the time lock to 0 s");
  Proposed ephemeral;
  ephemeral.queue.holds(
      number,
      vault_transaction_bytes({multisig, {}, number, 255, 0, 255, {9}, message_of(vault, {Upgrade{}.instruction()})}));
  fails(ephemeral.decide(), "ephemeral signers");
  Proposed foreign;
  foreign.queue.holds(
      number,
      vault_transaction_bytes({stranger, {}, number, 255, 0, 255, {}, message_of(vault, {Upgrade{}.instruction()})}));
  fails(foreign.decide(), "multisig is " + to_string(stranger));
  Proposed closed;
  closed.source.holds(transaction_address(multisig, number).address, {.owner = known::system_program, .data = {}});
  fails(closed.decide(), "no such transaction, or it was closed");
}

// Another index, or another buffer, than was meant is looked for before a proposal is rejected.
TEST_CASE("upgrade-proposal doubts what it was told to look at", "[kinds]") {
  Proposed other_buffer;
  const Finding buffer_differs = other_buffer.decide({{"buffer", to_string(stranger)}});
  REQUIRE(buffer_differs.misnamed);
  CHECK(buffer_differs.misnamed->value == to_string(stranger));
  CHECK(buffer_differs.misnamed->may_be_right);
  const Finding no_such = Proposed().decide({{"transaction", "6"}});
  REQUIRE(no_such.misnamed);
  CHECK(no_such.misnamed->value == "6");
  CHECK(no_such.misnamed->parameter == "transaction");
  CHECK_FALSE(no_such.misnamed->may_be_right);
  const Finding no_upgrade = Proposed({told(known::memo, {}, {1})}).decide();
  REQUIRE(no_upgrade.misnamed);
  CHECK(no_upgrade.misnamed->parameter == "transaction");
  CHECK(no_upgrade.misnamed->may_be_right);
  Proposed nobody;
  nobody.source.holds(multisig, {.owner = known::system_program, .data = {}});
  REQUIRE(nobody.decide().misnamed);
  CHECK(nobody.decide().misnamed->value == to_string(multisig));
}

// The proposal: there, in a declared state, not stale, with votes.
TEST_CASE("upgrade-proposal judges the proposal", "[kinds]") {
  const auto in_state = [](ProposalStatus status, const Json& more = Json::object()) {
    Proposed proposed;
    proposed.queue.proposes(number, status, approved_at, {alice});
    return proposed.decide(more);
  };
  CHECK(in_state(ProposalStatus::active).outcome == Outcome::pass);
  fails(in_state(ProposalStatus::draft),
        "its proposal is Draft since 2023-11-14T22:13:20Z, expected Active or Approved");
  fails(in_state(ProposalStatus::cancelled), "is Cancelled");
  CHECK(in_state(ProposalStatus::executed, {{"status", {"executed"}}}).outcome == Outcome::pass);
  fails(in_state(ProposalStatus::executed), "is Executed");
  fails(in_state(ProposalStatus::active, {{"status", {"approved"}}}), "expected Approved");
  fails(in_state(ProposalStatus::active, {{"minApprovals", 2}}), "it has 1 approval, expected at least 2");
  fails(Proposed({Upgrade{}.instruction()}, number).decide(), "it is stale");
  Proposed without;
  without.source.holds(proposal_address(multisig, number).address, {.owner = known::system_program, .data = {}});
  fails(without.decide(), "it has no proposal yet");
  Proposed damaged;
  damaged.source.holds(proposal_address(multisig, number).address, {.owner = known::squads_v4, .data = Bytes(60, 1)});
  fails(damaged.decide(), "its proposal cannot be read");
}

// The time lock runs from approval, by the chain's clock, to the second.
TEST_CASE("upgrade-proposal counts the time lock", "[kinds]") {
  const Json now = {{"executableNow", true}};
  const auto at = [&](std::int64_t seconds) {
    Proposed proposed;
    proposed.is_now(approved_at + seconds);
    return proposed.decide(now);
  };
  passes(at(two_days), "and does nothing else (executable now)");
  fails(at(two_days - 1), "its time lock of 2d 0h is not over: it can be executed in 1 s");
  fails(at(-5), "it can be executed in 2d");
  Proposed active;
  active.queue.proposes(number, ProposalStatus::active);
  fails(active.decide(now), "it cannot be executed: it is Active");
}

// Silence is not a state of the proposal.
TEST_CASE("upgrade-proposal is inconclusive without an answer", "[kinds]") {
  for (const Pubkey& address : std::vector{proposal_address(multisig, number).address, known::clock, multisig}) {
    Proposed proposed;
    proposed.source.refuses(AccountRequest{address});
    CHECK(proposed.decide().outcome == Outcome::inconclusive);
  }
}

TEST_CASE("upgrade-proposal refuses what cannot be meant", "[kinds]") {
  const auto refused = [](const Json& more) {
    Json params = more;
    params.emplace("program", to_string(program));
    params.emplace("multisig", to_string(multisig));
    params.emplace("transaction", "5");
    return refusal_of(upgrade_proposal(), params);
  };
  CHECK(says(refused({{"transaction", "0"}}), "counted from 1"));
  CHECK(says(refused({{"status", {"aproved"}}}), "did you mean \"approved\"?"));
  CHECK(says(refused({{"alongside", Json::array({Json::object()})}}), "expected exactly one of"));
  CHECK(says(refused({{"alongside", Json::array({Json{{"memos", Json::object()}}})}}), "unknown key \"memos\""));
  CHECK(says(refused({{"vaultIndex", 256}}), "/vaultIndex"));
}

namespace {

/// The instructions as a legacy message of the vault, in base64: what web3.js and the Solana CLI export.
std::string exported(const std::vector<Instruction>& instructions) {
  std::vector<InstructionAccount> keys{{vault, true, true}};
  const auto add = [&](const InstructionAccount& account) {
    for (InstructionAccount& one : keys) {
      if (one.key != account.key) continue;
      one.is_signer |= account.is_signer;
      one.is_writable |= account.is_writable;
      return;
    }
    keys.push_back(account);
  };
  for (const Instruction& one : instructions) {
    for (const InstructionAccount& account : one.accounts) add(account);
    add({one.program, false, false});
  }
  std::stable_sort(keys.begin(), keys.end(), [](const InstructionAccount& a, const InstructionAccount& b) {
    return std::pair(!a.is_signer, !a.is_writable) < std::pair(!b.is_signer, !b.is_writable);
  });
  Bytes bytes{0, 0, 0, static_cast<std::uint8_t>(keys.size())};
  for (const InstructionAccount& one : keys) {
    if (one.is_signer) ++bytes[0];
    if (one.is_signer && !one.is_writable) ++bytes[1];
    if (!one.is_signer && !one.is_writable) ++bytes[2];
    bytes.insert(bytes.end(), one.key.bytes.begin(), one.key.bytes.end());
  }
  bytes.resize(bytes.size() + 32, 9);
  const auto index = [&](const Pubkey& key) {
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& one) { return one.key == key; });
    return static_cast<std::uint8_t>(found - keys.begin());
  };
  bytes.push_back(static_cast<std::uint8_t>(instructions.size()));
  for (const Instruction& one : instructions) {
    bytes.push_back(index(one.program));
    bytes.push_back(static_cast<std::uint8_t>(one.accounts.size()));
    for (const InstructionAccount& account : one.accounts) bytes.push_back(index(account.key));
    bytes.push_back(static_cast<std::uint8_t>(one.data.size()));
    bytes.insert(bytes.end(), one.data.begin(), one.data.end());
  }
  return to_base64(bytes);
}

Finding decide_file(const std::string& content, Json more = Json::object()) {
  FakeSource source;
  source.holds_file("upgrade.txt", Bytes(content.begin(), content.end()));
  more.emplace("program", to_string(program));
  more.emplace("multisig", to_string(multisig));
  more.emplace("message", "upgrade.txt");
  return decide_gate(upgrade_proposal(), more, source);
}

}  // namespace

// Before it is imported, a transaction is its file.
TEST_CASE("upgrade-proposal judges an exported file alone", "[kinds]") {
  const std::string file = exported({Upgrade{}.instruction()});
  const Finding finding = decide_file(file + "\n", {{"buffer", to_string(buffer)}, {"spill", to_string(spill)}});
  INFO(finding.summary);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, "nobody can vote on it before it is imported"));
  fails(decide_file(file, {{"buffer", to_string(stranger)}}), "buffer is " + to_string(buffer));
  Upgrade other;
  other.program = stranger;
  fails(decide_file(exported({other.instruction()})), "program is " + to_string(stranger));
  fails(decide_file("hello"), "file upgrade.txt is no message, no transaction and no Squads transaction message");
  fails(decide_file(exported({})), "no instructions that can be read");
  FakeSource without;
  const Json params = {{"program", to_string(program)}, {"multisig", to_string(multisig)}, {"message", "upgrade.txt"}};
  CHECK(decide_gate(upgrade_proposal(), params, without).outcome == Outcome::inconclusive);
}

namespace {

/// The instructions as the Squads SDK writes a message of the vault.
std::string compact(const std::vector<Instruction>& instructions) {
  return to_base64(compact_message(vault_message(vault, instructions).value()).value());
}

}  // namespace

// The form in which the Squads SDK exports is told, and judged like any other.
TEST_CASE("upgrade-proposal takes a transaction message of the Squads SDK", "[kinds]") {
  const std::string file = compact({Upgrade{}.instruction()});
  const Finding alone = decide_file(file, {{"buffer", to_string(buffer)}});
  passes(alone, "nobody can vote on it before it is imported");
  CHECK(observed(alone, "file upgrade.txt").observed == "Squads transaction message in base64");
  fails(decide_file(file, {{"buffer", to_string(stranger)}}), "buffer is " + to_string(buffer));
  Upgrade other;
  other.spill = stranger;
  for (const auto& [text, is_same] : {std::pair{file, true}, std::pair{compact({other.instruction()}), false}}) {
    Proposed proposed;
    proposed.source.holds_file("upgrade.txt", Bytes(text.begin(), text.end()));
    const Finding finding = proposed.decide({{"message", "upgrade.txt"}});
    if (is_same) passes(finding, "does nothing else");
    if (!is_same)
      fails(finding, "instruction 1 account 4 is " + to_string(spill) + ", in the file " + to_string(stranger));
  }
}

// What was imported is what was exported, or the first difference is named.
TEST_CASE("upgrade-proposal proves that the transaction is the exported file", "[kinds]") {
  const auto compared = [](const std::vector<Instruction>& file) {
    Proposed proposed;
    const std::string text = exported(file);
    proposed.source.holds_file("upgrade.txt", Bytes(text.begin(), text.end()));
    return proposed.decide({{"message", "upgrade.txt"}});
  };
  Upgrade stored;
  const Finding same = compared({stored.instruction()});
  INFO(same.summary);
  CHECK(same.outcome == Outcome::pass);
  CHECK(observed(same, "exported file").observed == "the same, instruction by instruction");
  Upgrade other;
  other.buffer = stranger;
  fails(compared({other.instruction()}),
        "it is not what was exported: instruction 1 account 3 is " + to_string(buffer));
  other = {};
  other.data = {3, 0, 0, 0, 1};
  fails(compared({other.instruction()}), "instruction 1 data is 03000000, in the file 0300000001");
  Instruction writable = stored.instruction();
  writable.accounts.at(4).is_writable = !writable.accounts.at(4).is_writable;
  fails(compared({writable}), "instruction 1 account 5 is ");
  fails(compared({stored.instruction(), stored.instruction()}),
        "instruction 2 is nothing, in the file upgrade program");
}

TEST_CASE("upgrade-proposal needs a transaction or a file", "[kinds]") {
  Json params = {{"program", to_string(program)}, {"multisig", to_string(multisig)}};
  CHECK(says(refusal_of(upgrade_proposal(), params), "names no transaction"));
  params["message"] = "upgrade.txt";
  params["minApprovals"] = 2;
  CHECK(says(refusal_of(upgrade_proposal(), params), "asks for votes on what is not imported yet"));
}
