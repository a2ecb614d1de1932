// What people are asked to sign is told with its addresses, and with what was read of it.
#include "report/signing.hpp"

#include "base/base64.hpp"
#include "engine/obtain.hpp"
#include "report/explanations.hpp"
#include "solana/squads_instructions.hpp"
#include "solana/vectors.hpp"
#include "support/squads.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey vault = vault_address(multisig, 0).address;
const Pubkey person = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey another = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;

TransactionToSign fifth() {
  TransactionToSign transaction;
  transaction.multisig = multisig;
  transaction.index = 5;
  transaction.vault_index = 0;
  transaction.gates = {"p/upgrade", "p/time"};
  return transaction;
}

Explanation told_of(FakeSource& source, const TransactionToSign& transaction, bool from_chain = false) {
  const auto signings = obtain<std::vector<Signing>>(source, [&] { return read_signings({transaction}, from_chain); });
  REQUIRE(signings);
  REQUIRE(signings->size() == 1);
  return explain_signing(signings->front());
}

Instruction transfer_of_one_sol() {
  return told(known::system_program, {vault, person}, {2, 0, 0, 0, 0x00, 0xca, 0x9a, 0x3b, 0, 0, 0, 0});
}

/// A multisig whose transaction 5 was approved.
struct Chain {
  FakeSource source;
  Queue queue{source, multisig};

  Chain() {
    Multisig settings;
    settings.threshold = 2;
    settings.transaction_index = 5;
    settings.members = {{person, {7}}, {another, {7}}};
    source.holds(multisig, multisig_account(settings));
    queue.tells(5, {transfer_of_one_sol()});
    queue.proposes(5, ProposalStatus::active, 1'700'000'000, {person});
  }
};

}  // namespace

// The addresses are derived, so that nobody is asked for them; what is not read is said, with how to have it.
TEST_CASE("what is to be signed is told without asking anybody", "[signing]") {
  FakeSource source;
  const Explanation told = told_of(source, fifth());
  const std::string transaction = to_string(transaction_address(multisig, 5).address);
  CHECK(source.rounds().empty());
  CHECK(told.summary == "Transaction 5 of Squads v4 multisig " + to_string(multisig));
  CHECK(line(told, "transaction") == transaction);
  CHECK(line(told, "proposal") == to_string(proposal_address(multisig, 5).address));
  CHECK(line(told, "vault 0") == to_string(vault));
  CHECK(line(told, "judged by") == "p/upgrade");
  CHECK(says(line(told, "instructions"), "--read-proposal reads them"));
  CHECK(says(render_text(told), "readyctl inspect " + transaction));
  CHECK(told.json["gates"] == Json::array({"p/upgrade", "p/time"}));
  CHECK(told.json["transactionIndex"] == "5");
  CHECK(told.json["onChain"].is_null());
  CHECK(told.json["exported"].is_null());
}

// Its instructions in words, their digest, and how far the vote is.
TEST_CASE("what is to be signed is read of the chain when that is asked for", "[signing]") {
  Chain chain;
  const Explanation told = told_of(chain.source, fifth(), true);
  const Bytes data =
      vault_transaction_bytes({multisig, {}, 5, 255, 0, 255, {}, message_of(vault, {transfer_of_one_sol()})});
  CHECK(line(told, "SHA-256") == to_string(sha256(data)));
  CHECK(says(line(told, "would"), "transfer 1000000000 lamports"));
  CHECK(line(told, "approvals") == "1 of the 2 that are needed");
  CHECK(line(told, "instructions").empty());
  const Json& read = told.json["onChain"];
  CHECK(read["exists"] == true);
  CHECK(read["sha256"] == to_string(sha256(data)));
  CHECK(read["bytes"] == data.size());
  CHECK(read["slot"] == "100");
  CHECK(read["would"].size() == 1);
  CHECK(says(read["state"], "Active"));
}

// Whose vault it is of stands on the chain; what the gates say is only what they expect.
TEST_CASE("a transaction of another vault than the gates name is a danger", "[signing]") {
  Chain chain;
  CHECK(told_of(chain.source, fifth(), true).dangers.empty());
  chain.queue.tells(5, {transfer_of_one_sol()}, 3);
  const Explanation told = told_of(chain.source, fifth(), true);
  const std::string other = "vault 3 (" + to_string(vault_address(multisig, 3).address) + ")";
  CHECK(line(told, "would run by") == other);
  CHECK(told.json["onChain"]["vaultIndex"] == 3);
  CHECK(has_danger(told, "on the chain the transaction is of " + other + ", and the gates take it for one of vault 0"));
  TransactionToSign of_any = fifth();
  of_any.vault_index.reset();
  CHECK(told_of(chain.source, of_any, true).dangers.empty());
  chain.queue.holds(5, batch_bytes(multisig, 5, 0));
  CHECK(told_of(chain.source, fifth(), true).json["onChain"]["vaultIndex"] == 0);
}

// The digest of a batch is not that of what it does.
TEST_CASE("the digest of a batch is said to leave out its items", "[signing]") {
  Chain chain;
  const std::string caveat = "not of the items of this batch";
  CHECK_FALSE(says(render_text(told_of(chain.source, fifth(), true)), caveat));
  chain.queue.holds(5, batch_bytes(multisig, 5, 0));
  CHECK(says(render_text(told_of(chain.source, fifth(), true)), caveat));
}

// A number that the multisig has not come to yet has no instructions, and that is said.
TEST_CASE("a transaction that does not exist is told", "[signing]") {
  Chain chain;
  TransactionToSign sixth = fifth();
  sixth.index = 6;
  const Explanation told = told_of(chain.source, sixth, true);
  CHECK(says(line(told, "instructions"), "no such transaction"));
  CHECK(told.json["onChain"] == Json{{"exists", false}});
  CHECK(line(told, "SHA-256").empty());
}

// What could not be read is no transaction without instructions.
TEST_CASE("a transaction that cannot be read is an error", "[signing]") {
  Chain chain;
  chain.source.refuses(AccountRequest{transaction_address(multisig, 5).address});
  const auto refused = obtain<std::vector<Signing>>(chain.source, [] { return read_signings({fifth()}, true); });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unreadable);
  CHECK(says(refused.error().what, "no answer within 10 s"));
}

// An exported file is told as what would be signed: its instructions and the hash that a Ledger shows.
TEST_CASE("an exported file is told from its bytes", "[signing]") {
  FakeSource source;
  const std::string exported = text(vectors("transactions").at("cases")[0].at("base64"));
  source.holds_file("up.txt", Bytes(exported.begin(), exported.end()));
  TransactionToSign transaction = fifth();
  transaction.index.reset();
  transaction.exported = "up.txt";
  const Explanation told = told_of(source, transaction, true);
  CHECK(told.summary == "A transaction in a file of Squads v4 multisig " + to_string(multisig));
  CHECK(says(line(told, "transaction"), "not imported yet"));
  CHECK(line(told, "exported file") == "up.txt");
  CHECK(says(line(told, "instruction 2"), "upgrade program"));
  CHECK_FALSE(line(told, "message hash").empty());
  CHECK(told.json["exported"]["message"]["messageHash"] == line(told, "message hash"));
  CHECK(told.json["transaction"].is_null());
  CHECK(told.json["onChain"].is_null());
  CHECK(told.dangers.empty());
  CHECK(source.rounds().size() == 1);
}

// The short form of the Squads SDK is imported and never signed as it is: its words, and no hash of a device.
TEST_CASE("an exported file in the short form is told", "[signing]") {
  FakeSource source;
  TransactionToSign transaction = fifth();
  transaction.exported = "up.txt";
  const auto exporting = [&](VaultTransactionMessage message) {
    const Bytes bytes = compact_message(message).value();
    const std::string written = to_base64(bytes);
    source.holds_file("up.txt", Bytes(written.begin(), written.end()));
    return to_string(sha256(bytes));
  };
  VaultTransactionMessage message = message_of(vault, {transfer_of_one_sol()});
  const std::string digest = exporting(message);
  const Explanation told = told_of(source, transaction);
  CHECK(told.dangers.empty());
  CHECK(line(told, "SHA-256") == digest);
  CHECK(line(told, "message hash").empty());
  CHECK(says(line(told, "instruction 1"), "transfer 1000000000 lamports"));
  CHECK(told.json["exported"]["message"]["sha256"] == digest);
  CHECK(told.json["exported"]["message"]["kind"] == "squads-v4-transaction-message");

  message.lookups.push_back({another, {0}, {}});
  exporting(message);
  CHECK(has_danger(told_of(source, transaction), "the exported file up.txt: it takes accounts from lookup tables"));
}

// A file that is missing, is none of ours to read, or holds something else.
TEST_CASE("an exported file that cannot be read is a danger", "[signing]") {
  FakeSource source;
  TransactionToSign transaction = fifth();
  transaction.exported = "up.txt";
  source.answers_locally(FileRequest{"up.txt"}, no_file_payload());
  CHECK(told_of(source, transaction).dangers ==
        std::vector<std::string>{"the exported transaction cannot be read: file up.txt does not exist"});
  source.refuses(FileRequest{"up.txt"}, {"not-permitted", "file up.txt leads out of its folder", Retry::never});
  CHECK(has_danger(told_of(source, transaction), "leads out of its folder"));
  source.holds_file("up.txt", {0xff, 0x00});
  const Explanation garbage = told_of(source, transaction);
  CHECK(has_danger(garbage, "is no message, no transaction"));
  CHECK(garbage.json["exported"]["message"].is_null());
}

// What the file itself warns of is a danger of what is signed.
TEST_CASE("the dangers of an exported file are told", "[signing]") {
  FakeSource source;
  const std::string exported = text(vectors("transactions").at("cases")[1].at("base64"));
  source.holds_file("up.txt", Bytes(exported.begin(), exported.end()));
  TransactionToSign transaction = fifth();
  transaction.exported = "up.txt";
  CHECK(has_danger(told_of(source, transaction), "the exported file up.txt: "));
}
