#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/gate.hpp"
#include "support/squads.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey stranger = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc"_pubkey;
const Pubkey vault = vault_address(multisig, 0).address;

Instruction transfer_of_one_sol() {
  return told(known::system_program, {vault, stranger}, {2, 0, 0, 0, 0x00, 0xca, 0x9a, 0x3b, 0, 0, 0, 0});
}

/// A multisig that has had so many transactions, and whose rules changed after the first `stale` of them.
struct Members {
  FakeSource source;
  Queue queue{source, multisig};

  explicit Members(std::uint64_t transactions, std::uint64_t stale = 0) {
    Multisig settings;
    settings.threshold = 1;
    settings.transaction_index = transactions;
    settings.stale_transaction_index = stale;
    settings.members = {{alice, {7}}};
    source.holds(multisig, multisig_account(settings));
  }
  Finding decide(Json more = Json::object()) {
    more["multisig"] = to_string(multisig);
    return decide_gate(pending_proposals(), more, source);
  }
};

}  // namespace

// What was closed, executed, rejected or cancelled is over; so is what became stale before it was approved.
TEST_CASE("pending-proposals passes when nothing is live", "[kinds]") {
  Members members(7, 4);
  for (std::uint64_t index = 2; index <= 6; ++index) members.queue.tells(index, {transfer_of_one_sol()});
  members.queue.proposes(2, ProposalStatus::executed);
  members.queue.proposes(3, ProposalStatus::active);  // stale
  members.queue.proposes(5, ProposalStatus::rejected);
  members.queue.proposes(6, ProposalStatus::cancelled);
  // 1 and 7 are closed, 4 is stale and has no proposal.
  const Finding finding = members.decide();
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "multisig " + to_string(multisig) + " has no other transaction that can be executed, of 7");
  CHECK(Members(0).decide().outcome == Outcome::pass);
}

// Each state in which members can still execute, told with what it would do.
TEST_CASE("pending-proposals names what is live", "[kinds]") {
  const auto found = [](ProposalStatus status, std::uint64_t stale) {
    Members members(1, stale);
    members.queue.tells(1, {transfer_of_one_sol()});
    members.queue.proposes(1, status);
    return members.decide();
  };
  const std::string would =
      " would transfer 1000000000 lamports (1 SOL) from " + to_string(vault) + " to " + to_string(stranger);
  for (const ProposalStatus status : {ProposalStatus::draft, ProposalStatus::active, ProposalStatus::approved}) {
    const Finding finding = found(status, 0);
    CHECK(finding.outcome == Outcome::fail);
    CHECK(says(finding.summary,
               "transaction 1 (" + std::string(words_for(status)) + " since 2023-11-14T22:13:20Z)" + would));
  }
  CHECK(found(ProposalStatus::executing, 0).outcome == Outcome::fail);
  const Finding approved = found(ProposalStatus::approved, 1);
  CHECK(approved.outcome == Outcome::fail);
  CHECK(says(approved.summary, "Approved since 2023-11-14T22:13:20Z, stale, and executable all the same"));
  CHECK(found(ProposalStatus::active, 1).outcome == Outcome::pass);
}

// A transaction may wait for its proposal.
TEST_CASE("pending-proposals names a transaction without a proposal", "[kinds]") {
  Members members(1);
  members.queue.tells(1, {transfer_of_one_sol()});
  const Finding finding = members.decide();
  INFO(finding.summary);
  CHECK(says(finding.summary, "transaction 1 (no proposal yet)"));
}

// A change of the multisig is told action by action; once stale it can never be executed.
TEST_CASE("pending-proposals reads changes of the multisig", "[kinds]") {
  for (const std::uint64_t stale : {0U, 1U}) {
    Members members(1, stale);
    members.queue.holds(1, time_lock_transaction_bytes(multisig, 1, 0));
    members.queue.proposes(1, ProposalStatus::approved);
    const Finding finding = members.decide();
    CHECK(finding.outcome == (stale == 0 ? Outcome::fail : Outcome::pass));
    if (stale == 0) CHECK(says(finding.summary, "would set the time lock to 0 s"));
  }
}

// The items of a batch are transactions of their own, each in an account of its own.
TEST_CASE("pending-proposals reads batches", "[kinds]") {
  Members members(1);
  members.queue.holds(1, batch_bytes(multisig, 1, 2));
  members.queue.proposes(1, ProposalStatus::active);
  members.source.holds(
      batch_transaction_address(multisig, {1, 1}).address,
      {.owner = known::squads_v4, .data = batch_item_bytes(message_of(vault, {transfer_of_one_sol()}))});
  const Finding finding = members.decide();
  CHECK(says(finding.summary, "item 2 of the batch cannot be read: it does not exist"));
  CHECK(says(finding.summary, "transfer 1000000000 lamports"));
}

// Addresses out of lookup tables are looked up, and a table that is gone is said.
TEST_CASE("pending-proposals looks addresses up", "[kinds]") {
  const Pubkey table = alice;
  VaultTransactionMessage message =
      message_of(vault, {told(known::system_program, {vault}, {2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0})});
  message.instructions[0].account_indexes.push_back(static_cast<std::uint8_t>(message.account_keys.size()));
  message.lookups = {{table, {1}, {}}};
  Members members(1);
  members.queue.holds(1, vault_transaction_bytes({multisig, {}, 1, 255, 0, 255, {}, message}));
  members.queue.proposes(1, ProposalStatus::active);
  CHECK(says(members.decide().summary, "cannot be executed: lookup table " + to_string(table) + " does not exist"));
  members.source.holds(table, {.owner = known::address_lookup_table, .data = lookup_table_bytes({alice, stranger})});
  CHECK(says(members.decide().summary,
             "transfer 1 lamports (0.000000001 SOL) from " + to_string(vault) + " to " + to_string(stranger)));
}

// What is not known is live until somebody has looked at it. Lamports sent to a closed account make it none of these.
TEST_CASE("pending-proposals takes what it cannot read for live", "[kinds]") {
  Members unknown(1);
  unknown.queue.holds(1, Bytes(100, 7));
  unknown.queue.proposes(1, ProposalStatus::active);
  CHECK(says(unknown.decide().summary, "a sort of transaction that is not known"));
  Members damaged(1);
  damaged.queue.tells(1, {transfer_of_one_sol()});
  damaged.source.holds(proposal_address(multisig, 1).address, {.owner = known::squads_v4, .data = Bytes(80, 7)});
  CHECK(says(damaged.decide().summary, "its proposal cannot be read"));
  Members closed(1);
  closed.source.holds(transaction_address(multisig, 1).address, {.owner = known::system_program, .data = {}});
  CHECK(closed.decide().outcome == Outcome::pass);
}

// The release's own transaction is declared; a number that the multisig does not have is a mistake.
TEST_CASE("pending-proposals leaves out what is excepted", "[kinds]") {
  Members members(2);
  members.queue.tells(1, {transfer_of_one_sol()});
  members.queue.tells(2, {transfer_of_one_sol()});
  members.queue.proposes(1, ProposalStatus::active);
  members.queue.proposes(2, ProposalStatus::executed);
  const Finding finding = members.decide({{"except", Json::array({"1"})}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, "(transaction 1 is not judged here)"));
  CHECK(says(members.decide({{"except", Json::array({"1", "3"})}}).summary,
             "transaction 3 is excepted, and the multisig has only 2"));
  const auto misnamed = members.decide({{"except", Json::array({"3"})}}).misnamed;
  REQUIRE(misnamed);  // what is live may be the very upgrade: nothing is to be cancelled because of a wrong number
  CHECK(misnamed->value == "3");
  CHECK(misnamed->parameter == "except");
  CHECK(says(refusal_of(pending_proposals(), {{"multisig", to_string(multisig)}, {"except", Json::array({"0"})}}),
             "/except/0"));
  CHECK(says(refusal_of(pending_proposals(), {{"multisig", to_string(multisig)}, {"except", Json::array({1})}}),
             "write it in quotes"));
}

// Twenty that are live cost no more rounds than one: the multisig, the heads, the transactions, the tables.
TEST_CASE("pending-proposals reads all transactions together", "[kinds]") {
  Members members(20);
  for (std::uint64_t index = 1; index <= 20; ++index) {
    members.queue.tells(index, {transfer_of_one_sol()});
    members.queue.proposes(index, ProposalStatus::active);
  }
  const Finding finding = members.decide();
  CHECK(says(finding.summary, "transaction 1 ("));
  CHECK(says(finding.summary, "transaction 20 ("));
  CHECK(members.source.rounds().size() == 3);
  CHECK(members.source.rounds()[1].size() == 20);
  CHECK(members.source.rounds()[2].size() == 20);
}

// Who can replace the program, and what else lies before them: five dependent rounds at most, even where what is
// pending are batches whose items look addresses up.
TEST_CASE("custody with twenty pending transactions is read at depth 5", "[kinds]") {
  const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
  const Pubkey table = alice;
  Members members(20);
  deploy(members.source, program, {0x7f, 'E', 'L', 'F'}, vault);
  members.source.holds(table, {.owner = known::address_lookup_table, .data = lookup_table_bytes({stranger})});
  VaultTransactionMessage message = message_of(vault, {transfer_of_one_sol()});
  message.lookups = {{table, {0}, {}}};
  for (std::uint64_t index = 1; index <= 20; ++index) {
    members.queue.holds(index, batch_bytes(multisig, index, 1));
    members.queue.proposes(index, ProposalStatus::active);
    members.source.holds(batch_transaction_address(multisig, {index, 1}).address,
                         {.owner = known::squads_v4, .data = batch_item_bytes(message)});
  }
  const Json custody = {{"squads-v4", {{"multisig", to_string(multisig)}}}};
  const Json authority = {{"program", to_string(program)}, {"custody", custody}};
  const Json pending = {{"multisig", to_string(multisig)}};
  const Decisions decisions =
      decide({gate_run(upgrade_authority(), authority), gate_run(pending_proposals(), pending)}, members.source);
  CHECK(says(decisions.findings[0].summary, "vault 0 of multisig"));
  CHECK(says(decisions.findings[1].summary, "transaction 1 ("));
  CHECK(says(decisions.findings[1].summary, "transaction 20 ("));
  CHECK(says(decisions.findings[1].summary, "transfer 1000000000 lamports"));
  CHECK(decisions.depth == 5);
}

// A proposal that is over says so in a few bytes; the transaction beneath it, which may be large, is not asked for.
TEST_CASE("pending-proposals reads no more of what is over than its proposal says", "[kinds]") {
  Members members(6, 4);
  for (std::uint64_t index = 1; index <= 6; ++index) members.queue.tells(index, {transfer_of_one_sol()});
  members.queue.proposes(1, ProposalStatus::executed);
  members.queue.proposes(2, ProposalStatus::active);  // stale
  members.queue.proposes(5, ProposalStatus::rejected);
  members.queue.proposes(6, ProposalStatus::cancelled);
  // 3 and 4 are stale and have no proposal.
  CHECK(members.decide().outcome == Outcome::pass);
  REQUIRE(members.source.rounds().size() == 2);
  CHECK(members.source.rounds()[1].size() == 6);
  for (const std::string& key : members.source.rounds()[1]) CHECK(says(key, "\"slice\":[0,80]"));
}

// Long histories are read a thousand at a time, and one that cannot be is not passed over.
TEST_CASE("pending-proposals reads long histories in parts", "[kinds]") {
  Members members(2500, 2000);
  for (const std::uint64_t index : {1000U, 2001U}) {
    members.queue.tells(index, {transfer_of_one_sol()});
    members.queue.proposes(index, ProposalStatus::approved);
  }
  members.queue.tells(2400, {transfer_of_one_sol()});
  const Finding finding = members.decide();
  CHECK(says(finding.summary,
             "transaction 1000 (Approved since 2023-11-14T22:13:20Z, stale, and executable all the same)"));
  CHECK(says(finding.summary, "transaction 2001 (Approved"));
  CHECK(says(finding.summary, "transaction 2400 (no proposal yet)"));
  REQUIRE(members.source.rounds().size() == 5);
  CHECK(members.source.rounds()[1].size() == 1000);
  CHECK(members.source.rounds()[2].size() == 1000);
  CHECK(members.source.rounds()[3].size() == 500);
  CHECK(members.source.rounds()[4].size() == 501);  // what is not stale may be a transaction without a proposal
  const Finding endless = Members(~std::uint64_t{0}).decide();
  CHECK(endless.outcome == Outcome::inconclusive);
  CHECK(endless.cause->cause == "too-many");
}

// No multisig is a fail; no answer is not.
TEST_CASE("pending-proposals tells absence from silence", "[kinds]") {
  Members members(1);
  members.source.refuses(AccountRequest{proposal_address(multisig, 1).address, Slice{0, squads_head_bytes}});
  CHECK(members.decide().outcome == Outcome::inconclusive);
  FakeSource nothing;
  const Finding missing = decide_gate(pending_proposals(), {{"multisig", to_string(multisig)}}, nothing);
  CHECK(missing.outcome == Outcome::fail);
  CHECK(says(missing.summary, "does not exist"));
}
