// pending-proposals, where the multisig is of Squads v3. The bytes are put together by support/squads_v3.hpp.
#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/gate.hpp"
#include "support/squads_v3.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "6HvLzGrVRfvKcGSR5Kq5zjdrvx4Do1dgsVCXb43ynNgB"_pubkey;
const Pubkey stranger = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc"_pubkey;
const Pubkey vault = squads_v3_authority_address(multisig, 1);

Pubkey address_of(std::uint32_t index) { return squads_v3_transaction_address(multisig, index).address; }

/// A multisig that has had so many transactions, and whose rules changed after the first `stale` of them.
struct Members {
  FakeSource source;

  explicit Members(std::uint32_t transactions, std::uint32_t stale = 0) {
    SquadsV3Multisig settings;
    settings.threshold = 1;
    settings.transaction_index = transactions;
    settings.change_index = stale;
    settings.members = {stranger};
    source.holds(multisig, {.owner = known::squads_v3, .data = squads_v3_bytes(settings)});
  }

  void proposes(std::uint32_t index, SquadsV3Status status, std::uint8_t instructions = 1) {
    SquadsV3Transaction transaction;
    transaction.multisig = multisig;
    transaction.index = index;
    transaction.authority_index = 1;
    transaction.status = status;
    transaction.instructions = instructions;
    source.holds(address_of(index), {.owner = known::squads_v3, .data = squads_v3_bytes(transaction)});
  }

  // Instruction `number` of the transaction moves a SOL out of the vault.
  void attaches(std::uint32_t index, std::uint8_t number = 1) {
    const Instruction transfer{known::system_program,
                               {{vault, true, true}, {stranger, false, true}},
                               {2, 0, 0, 0, 0x00, 0xca, 0x9a, 0x3b, 0, 0, 0, 0}};
    source.holds(instruction_address(index, number),
                 {.owner = known::squads_v3, .data = squads_v3_bytes({transfer, number, 255, false})});
  }

  static Pubkey instruction_address(std::uint32_t index, std::uint8_t number) {
    return squads_v3_instruction_address(address_of(index), number).address;
  }

  Finding decide(Json more = Json::object()) {
    more["multisig"] = to_string(multisig);
    return decide_gate(pending_proposals(), more, source);
  }
};

}  // namespace

// What was executed, rejected or cancelled is over; so is what a change of the multisig voided before it was approved.
TEST_CASE("pending-proposals passes when nothing is live in Squads v3", "[kinds]") {
  Members members(6, 2);
  members.proposes(1, SquadsV3Status::active);  // void
  members.proposes(2, SquadsV3Status::draft);   // void
  members.proposes(3, SquadsV3Status::executed);
  members.proposes(4, SquadsV3Status::rejected);
  members.proposes(5, SquadsV3Status::cancelled);
  passes(members.decide(), "multisig " + to_string(multisig) + " has no other transaction that can be executed, of 6");
  CHECK(members.source.rounds().size() == 2);
  passes(Members(0).decide(), "of 0");
}

// Each state in which members can still execute, told with what it would do.
TEST_CASE("pending-proposals names what is live in Squads v3", "[kinds]") {
  const std::string would =
      " would transfer 1000000000 lamports (1 SOL) from " + to_string(vault) + " to " + to_string(stranger);
  for (const SquadsV3Status status : {SquadsV3Status::draft, SquadsV3Status::active, SquadsV3Status::execute_ready}) {
    Members members(1);
    members.proposes(1, status);
    members.attaches(1);
    fails(members.decide(), "transaction 1 (" + std::string(words_for(status)) + ")" + would);
    CHECK(members.source.rounds().size() == 3);
  }
  Members approved(1, 1);
  approved.proposes(1, SquadsV3Status::execute_ready);
  approved.attaches(1);
  fails(approved.decide(), "transaction 1 (ExecuteReady, stale, and executable all the same)" + would);
}

// Instructions are accounts of their own; what is not there or no instruction is said in its place.
TEST_CASE("pending-proposals tells every instruction of Squads v3", "[kinds]") {
  Members members(1);
  members.proposes(1, SquadsV3Status::active, 3);
  members.attaches(1, 1);
  members.source.holds(Members::instruction_address(1, 3), {.owner = known::squads_v3, .data = Bytes(40, 7)});
  const Finding finding = members.decide();
  fails(finding, "transfer 1000000000 lamports");
  fails(finding, "; instruction 2 does not exist; instruction 3 cannot be read: Squads v3 MsInstruction: expected");
  Members empty(1);
  empty.proposes(1, SquadsV3Status::draft, 0);
  fails(empty.decide(), "transaction 1 (Draft) would do nothing");
}

// A thousand drafts with 255 instructions each do not make a quarter of a million reads, and that is said.
TEST_CASE("pending-proposals reads so many instructions of Squads v3 and no more", "[kinds]") {
  Members members(4);
  for (std::uint32_t index = 1; index <= 4; ++index) members.proposes(index, SquadsV3Status::active, 255);
  fails(members.decide(), "instructions 236 to 255 were not read: there are more than 1000");
  CHECK(members.source.rounds().back().size() == 1000);
}

// What is no transaction is live until somebody has looked at it. Lamports sent to an address make it none of these.
TEST_CASE("pending-proposals takes what it cannot read in Squads v3 for live", "[kinds]") {
  Members members(2);
  members.source.holds(address_of(1), {.owner = known::squads_v3, .data = Bytes(100, 7)});
  members.source.holds(address_of(2), {.owner = known::system_program, .data = {}});
  fails(members.decide(), "transaction 1 (cannot be read: Squads v3 MsTransaction: expected discriminator");
  Members only_lamports(1);
  only_lamports.source.holds(address_of(1), {.owner = known::system_program, .data = {}});
  CHECK(only_lamports.decide().outcome == Outcome::pass);
}

// The release's own transaction is declared; a number that the multisig does not have is a mistake.
TEST_CASE("pending-proposals leaves out what is excepted in Squads v3", "[kinds]") {
  Members members(2);
  members.proposes(1, SquadsV3Status::active);
  members.proposes(2, SquadsV3Status::executed);
  passes(members.decide({{"except", Json::array({"1"})}}), "(transaction 1 is not judged here)");
  fails(members.decide({{"except", Json::array({"1", "3"})}}),
        "transaction 3 is excepted, and the multisig has only 2");
}

// Long histories are read a thousand at a time, and one that cannot be is not passed over.
TEST_CASE("pending-proposals reads long histories of Squads v3 in parts", "[kinds]") {
  Members members(1010);
  members.proposes(1005, SquadsV3Status::active);
  fails(members.decide(), "transaction 1005 (Active)");
  REQUIRE(members.source.rounds().size() == 4);
  CHECK(members.source.rounds()[1].size() == 1000);
  CHECK(members.source.rounds()[2].size() == 10);
  const Finding endless = Members(~std::uint32_t{0}).decide();
  CHECK(endless.outcome == Outcome::inconclusive);
  CHECK(endless.cause->cause == "too-many");
}

// No multisig is a fail; no answer is not.
TEST_CASE("pending-proposals tells absence from silence in Squads v3", "[kinds]") {
  Members members(1);
  members.source.refuses(AccountRequest{address_of(1)});
  CHECK(members.decide().outcome == Outcome::inconclusive);
  Members damaged(0);
  damaged.source.holds(multisig, {.owner = known::squads_v3, .data = Bytes(20, 7)});
  fails(damaged.decide(), to_string(multisig) + " is no multisig: Squads v3 Ms: expected discriminator");
}
