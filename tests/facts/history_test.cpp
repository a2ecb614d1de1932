#include "facts/history.hpp"

#include "base/base64.hpp"
#include "solana/vectors.hpp"
#include "support/history.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey vault = "9n9MhDdwK2twbrr4TjBCVjVHLDzTFyaYKMPxUF5zGYWE"_pubkey;
const Pubkey person = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;

template <class T>
Reading<T> read(const Fact<T>& fact, const Json& result) {
  return fact.read({"fake", Slot{100}, Time{}, std::chrono::milliseconds(1), rpc_result(result)});
}

template <class T>
std::string cause(const Reading<T>& reading) {
  const auto* why = reading ? nullptr : std::get_if<Unobtainable>(&reading.error());
  return why == nullptr ? "" : why->cause;
}

const Json listed = {{"signature", signature(1)}, {"slot", 7U}, {"err", nullptr}, {"memo", nullptr}};

Json without(Json object, const std::string& name) {
  object.erase(name);
  return object;
}

}  // namespace

// A list of signatures, with the failed ones told apart.
TEST_CASE("signatures are read", "[facts]") {
  Json failed = listed;
  failed["err"] = {{"InstructionError", {0, "Custom"}}};
  const auto signatures = read(facts::signatures_of(vault, 5), Json::array({listed, failed}));
  REQUIRE(signatures);
  CHECK((*signatures)[0].signature == signature(1));
  CHECK((*signatures)[0].slot == Slot{7});
  CHECK_FALSE((*signatures)[0].failed);
  CHECK((*signatures)[1].failed);
}

// Anything else is the endpoint's fault, and never an empty history.
TEST_CASE("malformed signatures are refused", "[facts]") {
  const auto refused = [](const Json& result) { return cause(read(facts::signatures_of(vault, 1), result)); };
  CHECK(refused(nullptr) == "malformed");
  CHECK(refused(Json::object()) == "malformed");
  CHECK(refused(Json::array({listed, listed})) == "malformed");  // more than were asked for
  CHECK(refused(Json::array({without(listed, "slot")})) == "malformed");
  CHECK(refused(Json::array({without(listed, "err")})) == "malformed");
  Json other = listed;
  other["signature"] = to_string(person);  // 32 bytes are no signature
  CHECK(refused(Json::array({other})) == "malformed");
}

// Null is a definite answer: this endpoint does not know the transaction.
TEST_CASE("transactions are read", "[facts]") {
  const auto fact = facts::transaction(signature(1));
  CHECK(read(fact, transaction_of(1, {person}, {vault}))->accounts == std::vector{person, vault});
  CHECK(std::holds_alternative<Absent>(read(fact, nullptr).error()));
  Json without_meta = transaction_of(1, {person});
  without_meta["meta"] = nullptr;
  CHECK(read(fact, without_meta)->accounts == std::vector{person});
  Json short_one = transaction_of(1, {person});
  short_one["transaction"] = {"AQ==", "base64"};
  CHECK(cause(read(fact, short_one)) == "malformed");
  Json strange = transaction_of(1, {person});
  strange["meta"]["loadedAddresses"]["writable"] = {"no address"};
  CHECK(cause(read(fact, strange)) == "malformed");
  CHECK(cause(read(fact, without(transaction_of(1, {person}), "slot"))) == "malformed");
  Json parsed = transaction_of(1, {person});
  parsed["transaction"] = {{"message", "parsed"}};
  CHECK(cause(read(fact, parsed)) == "malformed");
}

// The instructions of a transaction are told apart from those that they called; what is not recorded cannot be had.
TEST_CASE("executed transactions are read", "[facts]") {
  const auto fact = facts::executed_transaction(signature(1));
  CHECK(key_of(fact.request).find("\"maxSupportedTransactionVersion\":1") != std::string::npos);
  const Told top{1, {0, 1}, {7}};
  const Told called{2, {1}, {8, 9}};
  const Json good = transaction_of(1, {person, vault}, {multisig}, {top}, {called});
  const auto executed = read(fact, good);
  REQUIRE(executed);
  CHECK(executed->slot == Slot{90});
  CHECK(executed->block_time == 1'700'000'000);
  CHECK_FALSE(executed->failed);
  CHECK(executed->signers == std::vector{person});
  REQUIRE(executed->instructions.size() == 2);
  CHECK_FALSE(executed->instructions[0].is_inner);
  CHECK(executed->instructions[0].instruction.program == vault);
  CHECK(executed->instructions[0].instruction.accounts ==
        std::vector<InstructionAccount>{{person, true, true}, {vault, false, true}});
  CHECK(executed->instructions[1].is_inner);
  CHECK(executed->instructions[1].instruction.program == multisig);
  CHECK(executed->instructions[1].instruction.data == Bytes{8, 9});

  Json failed = good;
  failed["meta"]["err"] = {{"InstructionError", {0, "Custom"}}};
  CHECK(read(fact, failed)->failed);
  Json forgotten = good;
  forgotten["meta"]["innerInstructions"] = nullptr;
  CHECK(cause(read(fact, forgotten)) == "malformed");
  Json unknown = good;
  unknown["meta"] = nullptr;
  CHECK(cause(read(fact, unknown)) == "malformed");
  CHECK(cause(read(fact, transaction_of(1, {person}, {}, {Told{3, {}, {}}}))) == "malformed");  // no such program
  CHECK(cause(read(fact, transaction_of(2, {person}))) == "malformed");                         // another transaction
  CHECK(std::holds_alternative<Absent>(read(fact, nullptr).error()));

  // More signers than signatures, or fewer: an endpoint that answers that made it up, for it was never executed.
  const std::size_t signers_at = 1 + 64;
  for (const std::uint8_t signers : Bytes{0, 2}) {
    Bytes bytes = *from_base64(good["transaction"][0].get<std::string>());
    bytes[signers_at] = signers;
    Json made_up = good;
    made_up["transaction"][0] = to_base64(bytes);
    CHECK(cause(read(fact, made_up)) == "malformed");
  }
}

// What an endpoint lists as accounts of a program must be accounts of that program.
TEST_CASE("program accounts are read", "[facts]") {
  const auto fact = facts::program_accounts({known::squads_v4, {}, Slice{8, 32}});
  const Json good = one_account(person, key_bytes(multisig)).head["result"];
  CHECK(read(fact, good)->front().address == person);
  CHECK(read(fact, good)->front().data == key_bytes(multisig));
  Json other = good;
  other["value"][0]["account"]["owner"] = to_string(known::token);
  CHECK(cause(read(fact, other)) == "malformed");
  CHECK(cause(read(fact, one_account(person, Bytes(33)).head["result"])) == "malformed");
  CHECK(cause(read(fact, good["value"])) == "malformed");  // without its context
}
