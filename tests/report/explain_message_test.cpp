#include "report/explain_message.hpp"

#include "base/base64.hpp"
#include "solana/base58.hpp"
#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

std::string line(const Explanation& explanation, const std::string& label) {
  for (const auto& one : explanation.lines) {
    if (one.label == label) return one.text;
  }
  return "no line " + label;
}

bool has_danger(const Explanation& explanation, const std::string& part) {
  for (const std::string& danger : explanation.dangers) {
    if (danger.find(part) != std::string::npos) return true;
  }
  return false;
}

void put(Bytes& bytes, const Pubkey& key) { bytes.insert(bytes.end(), key.bytes.begin(), key.bytes.end()); }

/// A legacy message of one signer and the programs that the instructions name by index 1 and 2.
Bytes legacy(const Bytes& instructions, const Pubkey& first, const Pubkey& second) {
  Bytes bytes{1, 0, 2, 3};
  put(bytes, "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey);
  put(bytes, first);
  put(bytes, second);
  put(bytes, "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey);
  bytes.insert(bytes.end(), instructions.begin(), instructions.end());
  return bytes;
}

Explanation explained(const Bytes& bytes) {
  const auto explanation = explain_message(to_base64(bytes), 2);
  INFO(trouble(explanation));
  REQUIRE(explanation);
  return *explanation;
}

}  // namespace

// The transactions that web3.js made, signed in whole, with their tables and signers.
TEST_CASE("whole transactions are explained", "[report]") {
  const auto& cases = vectors("transactions").at("cases");
  const Explanation first = *explain_message(text(cases[0].at("base64")), 2);
  CHECK(first.json["version"] == "legacy");
  CHECK(first.json["form"] == "transaction");
  CHECK(first.json["signers"][1]["signature"] == cases[0].at("signatures")[1]);
  CHECK(line(first, "instruction 2").starts_with("upgrade program CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw "));
  CHECK(first.dangers.empty());
  const Explanation second = *explain_message(text(cases[1].at("base64")), 2);
  CHECK(second.json["version"] == 0);
  CHECK(has_danger(second, "in lookup tables on the chain and cannot be known"));
}

// Only an AdvanceNonceAccount that comes first keeps a transaction alive, and the runtime reads no more than its tag.
TEST_CASE("a message on a durable nonce does not expire", "[report]") {
  const Pubkey system = known::system_program;
  CHECK(has_danger(explained(legacy({1, 1, 1, 0, 4, 4, 0, 0, 0}, system, known::memo)), "IT DOES NOT EXPIRE"));
  CHECK(has_danger(explained(legacy({1, 1, 0, 5, 4, 0, 0, 0, 9}, system, known::memo)), "IT DOES NOT EXPIRE"));
  const Explanation later = explained(legacy({2, 2, 0, 1, 'a', 1, 1, 0, 4, 4, 0, 0, 0}, system, known::memo));
  CHECK(later.dangers.empty());
  CHECK(later.json["expires"] == true);
  CHECK(line(later, "instruction 1") == "say \"a\"");
}

// Version 1 says its cost itself, and no device understands it.
TEST_CASE("a message of version 1 is explained", "[report]") {
  Bytes bytes{0x81, 1, 0, 1, 0x07, 0, 0, 0};
  bytes.resize(bytes.size() + 32, 5);
  bytes.insert(bytes.end(), {1, 2});
  bytes.resize(bytes.size() + 32, 7);
  put(bytes, known::memo);
  bytes.insert(bytes.end(), {0x39, 5, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 1, 0, 1, 0, 'x'});
  const Explanation message = explained(bytes);
  CHECK(message.json["version"] == 1);
  CHECK(message.json["config"]["priorityFeeLamports"] == "1337");
  CHECK(line(message, "compute units") == "64");
  CHECK(message.json["blindSigning"]["because"] == Json::array({"it is of version 1"}));
  bytes.resize(bytes.size() + 64, 0);
  const Explanation whole = explained(bytes);
  CHECK(whole.json["sha256"] == message.json["sha256"]);
  CHECK(line(whole, "signed by").ends_with("(has not signed yet)"));
}

// What a cluster would refuse is told, not hidden: an index that means nothing, signatures that do not fit.
TEST_CASE("a message that no cluster would take is explained as such", "[report]") {
  const Explanation message = explained(legacy({2, 9, 0, 0, 1, 1, 7, 0}, known::system_program, known::memo));
  CHECK(line(message, "instruction 1").starts_with("an instruction that a cluster refuses: it names program 9"));
  CHECK(line(message, "instruction 2").starts_with("an instruction that a cluster refuses: it names account 7"));
  Bytes unsigned_whole{0};
  const Bytes plain = legacy({0}, known::system_program, known::memo);
  unsigned_whole.insert(unsigned_whole.end(), plain.begin(), plain.end());
  CHECK(has_danger(explained(unsigned_whole), "0 signatures for 1 signer"));
}

// Bytes that mean one thing as a message and another as a transaction are refused, for a wallet could take the other.
TEST_CASE("a message that reads two ways is refused", "[report]") {
  Bytes both(42, 0);
  both[36] = 1;
  both[37] = 1;
  both[38] = 2;
  both[39] = 1;
  const auto twice = explain_message(to_base64(both), 2);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().kind == ErrorKind::malformed);
  CHECK(twice.error().what == "reads as a message in base64 and as a whole transaction in base64");
}

// Which transaction a vote is about can be told of the first ones alone, and how many were tried is said.
TEST_CASE("a vote on no transaction that is known says so", "[report]") {
  const Explanation vote =
      explained(legacy({1, 2, 2, 1, 0, 0}, "9n9MhDdwK2twbrr4TjBCVjVHLDzTFyaYKMPxUF5zGYWE"_pubkey, known::squads_v4));
  CHECK(line(vote, "about") == "none of transactions 1 to 2 of its multisig");
  CHECK(vote.json["squadsTransactions"] == Json::array());
}

// Text that is neither encoding, or neither message nor transaction, says how it was read.
TEST_CASE("what is no message is refused", "[report]") {
  for (const std::string& text :
       {std::string(), std::string("!"), to_base64(Bytes(100, 0xff)), to_base58(Bytes(3, 1)), std::string(9000, '1')}) {
    const auto explanation = explain_message(text, 2);
    REQUIRE_FALSE(explanation);
    CHECK(explanation.error().kind == ErrorKind::malformed);
    CHECK(explanation.error().where == "--message");
  }
}
