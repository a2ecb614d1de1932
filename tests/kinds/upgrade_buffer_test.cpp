#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/gate.hpp"
#include "support/history.hpp"
#include "support/squads.hpp"
#include "support/sysvars.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey buffer = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey vault = vault_address(multisig, 0).address;
const Pubkey proposal = proposal_address(multisig, 5).address;
const Bytes code = {0x7f, 'E', 'L', 'F', 1, 2, 3, 4, 5, 6, 7, 8, 0, 0};

Bytes buffer_bytes(const Bytes& staged, std::optional<Pubkey> authority) {
  Bytes data;
  put_u32(data, 1);
  data.push_back(authority ? 1 : 0);
  put(data, authority.value_or(Pubkey{}).bytes);
  put(data, staged);
  return data;
}

Holding multisig_of_alice() {
  Multisig settings;
  settings.threshold = 1;
  settings.members = {{alice, {7}}};
  return multisig_account(settings);
}

struct Staged {
  FakeSource source;

  explicit Staged(const Bytes& staged = code, std::optional<Pubkey> authority = vault,
                  Lamports lamports = {10'000'000}) {
    source.holds(buffer, {.owner = known::loader_v3, .data = buffer_bytes(staged, authority), .lamports = lamports});
    source.holds(known::rent, {.owner = known::sysvar_owner, .data = rent_bytes_of(6960)});
    source.holds(multisig, multisig_of_alice());
    source.holds_file("program.so", code);
  }
  Finding decide(Json more = Json::object()) {
    more.emplace("buffer", to_string(buffer));
    more.emplace("multisig", to_string(multisig));
    more.emplace("path", "program.so");
    return decide_gate(upgrade_buffer(), more, source);
  }
};

}  // namespace

// The staged bytes are the file's, whatever room follows them; one round.
TEST_CASE("upgrade-buffer passes on the staged release", "[kinds]") {
  Staged staged;
  const Finding finding = staged.decide();
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary ==
        "buffer " + to_string(buffer) + " holds program.so, authority the vault " + to_string(vault));
  CHECK(staged.source.rounds().size() == 1);
  CHECK(Staged(padded(code, 100)).decide().outcome == Outcome::pass);
}

// Where the bytes part, and whether a chunk is missing or another one there.
TEST_CASE("upgrade-buffer says where the bytes differ", "[kinds]") {
  Bytes other = code;
  other[5] = 9;
  fails(Staged(other).decide(), "it first differs from the file at byte 5");
  Bytes missing = code;
  std::fill(missing.begin() + 4, missing.begin() + 8, std::uint8_t{0});
  fails(Staged(missing).decide(),
        "it is empty from byte 4 to byte 8, where the file has code: a chunk was not written");
  fails(Staged({0x7f, 'E', 'L', 'F'}).decide(), "it ends at byte 4, the file has 12 bytes");
  Bytes longer = code;
  longer.insert(longer.end(), {9, 9});
  fails(Staged(longer).decide(), "it goes on at byte 12, where the file ends");
}

// Whoever is the authority can write; nobody at all cannot even upgrade.
TEST_CASE("upgrade-buffer judges the authority", "[kinds]") {
  fails(Staged(code, alice).decide(), "its authority is " + to_string(alice) + ", who can still write to it");
  fails(Staged(code, std::nullopt).decide(), "its authority is nobody");
  fails(Staged(code, multisig).decide(), "its authority is " + to_string(multisig));
  CHECK(Staged(code, vault_address(multisig, 1).address).decide({{"vaultIndex", 1}}).outcome == Outcome::pass);
}

TEST_CASE("upgrade-buffer judges the account", "[kinds]") {
  fails(Staged(code, vault, Lamports{1000}).decide(), "its rent takes");
  Staged closed;
  closed.source.holds(buffer, {.owner = known::system_program, .data = {}});
  fails(closed.decide(), "it is owned by " + to_string(known::system_program));
  Staged program;
  program.source.holds(buffer, program_account(alice));
  fails(program.decide(), "it is no buffer");
  FakeSource nothing;
  nothing.holds(known::rent, {.owner = known::sysvar_owner, .data = rent_bytes_of(6960)});
  nothing.holds_file("program.so", code);
  nothing.holds(multisig, multisig_of_alice());
  const Json params = {{"buffer", to_string(buffer)}, {"multisig", to_string(multisig)}, {"path", "program.so"}};
  const Finding missing = decide_gate(upgrade_buffer(), params, nothing);
  fails(missing, "it does not exist");
  REQUIRE(missing.misnamed);
  CHECK(missing.misnamed->value == to_string(buffer));
  CHECK(missing.misnamed->may_be_right);
}

// Whoever follows the remedy gives the buffer to the vault, which is one only where there is a multisig.
TEST_CASE("upgrade-buffer expects no vault of a multisig that does not exist", "[kinds]") {
  Staged staged(code, alice);
  staged.source.holds(multisig, {.owner = known::system_program, .data = {}});
  const Finding finding = staged.decide();
  fails(finding, "multisig " + to_string(multisig) + " is owned by ");
  CHECK_FALSE(says(finding.summary, to_string(vault)));
  REQUIRE(finding.misnamed);
  CHECK(finding.misnamed->value == to_string(multisig));
}

TEST_CASE("upgrade-buffer is inconclusive without an answer", "[kinds]") {
  Staged silent;
  silent.source.refuses(AccountRequest{buffer});
  CHECK(silent.decide().outcome == Outcome::inconclusive);
}

namespace {

const Bytes write_of_a_byte = {1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7};
const Bytes set_authority = {4, 0, 0, 0};
const Bytes create = {0xdc, 0x3c, 0x49, 0xe0, 0x1e, 0x6c, 0x4f, 0x9f};
const Bytes approve = {0x90, 0x25, 0xa4, 0x88, 0xbc, 0xd8, 0x2a, 0xf8, 0};

/// Histories: numbers of transactions with their slots, newest first.
void has(FakeSource& source, const Pubkey& address,
         const std::vector<std::pair<std::uint8_t, std::uint64_t>>& entries) {
  Json list = Json::array();
  for (const auto& [number, slot] : entries) {
    list.push_back({{"signature", signature(number)}, {"slot", slot}, {"err", nullptr}});
  }
  source.answers(facts::signatures_of(address, 1000).request, rpc_result(list));
}

Json at_slot(Json transaction, std::uint64_t slot) {
  transaction["slot"] = slot;
  return transaction;
}

/// Proposed in slot 10, approved in slot 20; the buffer was written in slot 5 and handed over in slot 15.
struct Approved : Staged {
  Approved() {
    has(source, proposal, {{2, 20}, {1, 10}});
    has_transaction(
        source, 1,
        at_slot(transaction_of(1, {alice, multisig, proposal, known::squads_v4}, {}, {{3, {1, 2, 0}, create}}), 10));
    has_transaction(
        source, 2,
        at_slot(transaction_of(2, {alice, multisig, proposal, known::squads_v4}, {}, {{3, {1, 0, 2}, approve}}), 20));
    has(source, buffer, {{4, 15}, {3, 5}});
  }
  void changed(std::uint64_t slot, const Bytes& data, bool inner = false) {
    has(source, buffer, {{5, slot}, {4, 15}, {3, 5}});
    const Told change{2, {1, 0}, data};
    const Told outer{0, {}, {}};
    has_transaction(source, 5,
                    at_slot(inner ? transaction_of(5, {alice, buffer, known::loader_v3}, {}, {outer}, {change})
                                  : transaction_of(5, {alice, buffer, known::loader_v3}, {}, {change}),
                            slot));
  }
  Finding decide_history() { return decide({{"approvedBy", "5"}}); }
};

}  // namespace

// Only what came before the first approval was approved.
TEST_CASE("upgrade-buffer judges writes since the approval", "[kinds]") {
  const Finding unchanged = Approved().decide_history();
  CHECK(unchanged.outcome == Outcome::pass);
  CHECK(says(unchanged.summary, "unchanged since its first approval"));
  for (const bool inner : {false, true}) {
    Approved later;
    later.changed(25, write_of_a_byte, inner);
    fails(later.decide_history(), "it was changed after it was first approved: Write in slot 25, approved in slot 20");
  }
  Approved same_slot;
  same_slot.changed(20, write_of_a_byte);
  fails(same_slot.decide_history(), "Write in slot 20");
  Approved unknown;  // an instruction of a loader to come
  unknown.changed(25, {200, 0, 0, 0});
  fails(unknown.decide_history(), "an instruction of the loader that is not known in slot 25");
  Approved handed_over;
  handed_over.changed(25, set_authority);
  CHECK(handed_over.decide_history().outcome == Outcome::pass);
  CHECK(Approved().decide().outcome == Outcome::pass);  // without asking for the history
}

// History that is not there proves nothing.
TEST_CASE("upgrade-buffer does not take a missing history for an empty one", "[kinds]") {
  Approved no_votes;
  has(no_votes.source, proposal, {{1, 10}});
  CHECK(no_votes.decide_history().cause->cause == "pruned");
  Approved no_buffer;
  has(no_buffer.source, buffer, {});
  CHECK(no_buffer.decide_history().cause->cause == "pruned");
  // An endpoint that forgot the creation may have forgotten an earlier approval, and the write after that.
  Approved cut_votes;
  has(cut_votes.source, proposal, {{2, 20}});
  CHECK(cut_votes.decide_history().outcome == Outcome::inconclusive);
  CHECK(says(cut_votes.decide_history().cause->what, "does not reach back to its creation"));
  // What is left of a history may begin after the write that matters.
  Approved cut_buffer;
  has(cut_buffer.source, buffer, {{4, 25}});
  has_transaction(cut_buffer.source, 4, at_slot(transaction_of(4, {alice, buffer}), 25));
  CHECK(cut_buffer.decide_history().outcome == Outcome::inconclusive);
  CHECK(says(cut_buffer.decide_history().cause->what, "does not reach back to the first approval"));
  Approved refused;
  refused.source.refuses(facts::signatures_of(buffer, 1000).request);
  CHECK(refused.decide_history().outcome == Outcome::inconclusive);
  Approved forgotten;
  has_transaction(forgotten.source, 2, nullptr);
  CHECK(forgotten.decide_history().cause->cause == "pruned");
}

TEST_CASE("upgrade-buffer refuses what cannot be meant", "[kinds]") {
  const Json params = {
      {"buffer", to_string(buffer)}, {"multisig", to_string(multisig)}, {"path", "p"}, {"approvedBy", "0"}};
  CHECK(says(refusal_of(upgrade_buffer(), params), "counted from 1"));
}
