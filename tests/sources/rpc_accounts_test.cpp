#include "sources/rpc_accounts.hpp"

#include <zstd.h>
#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "solana/program_extension.hpp"
#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

AccountsQuestion question_for(unsigned count) {
  AccountsQuestion question;
  for (unsigned i = 0; i < count; ++i) question.addresses.push_back(address(i));
  return question;
}

HttpResponse accounts_response(const Json& values, std::uint64_t slot = 1000) {
  const Json result = {{"context", {{"slot", slot}, {"apiVersion", "4.0.2"}}}, {"value", values}};
  return {200, "application/json", std::nullopt, Json{{"jsonrpc", "2.0"}, {"id", 7}, {"result", result}}.dump()};
}

auto read(HttpResponse response, const AccountsQuestion& question) {
  return read_accounts(std::move(response), 7, question, Time{0});
}

// What is wrong with one account.
std::string complaint_about(const Json& value, AccountsQuestion question = question_for(1)) {
  const Json values = question.single ? value : Json::array({value});
  const auto answer = read(accounts_response(values), question);
  REQUIRE(answer.has_value());
  return answer->accounts.front() ? "no complaint" : answer->accounts.front().error();
}

std::string complaint_about_result(const Json& result) {
  const HttpResponse response{200, "", std::nullopt, Json{{"jsonrpc", "2.0"}, {"id", 7}, {"result", result}}.dump()};
  const auto answer = read(response, question_for(1));
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().why.cause == "malformed");
  CHECK(answer.error().remedy == Remedy::elsewhere);
  return answer.error().why.what;
}

Bytes zstd_frame(const Bytes& data) {
  Bytes frame(ZSTD_compressBound(data.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), data.data(), data.size(), 3));
  return frame;
}

AccountsQuestion code_question() {
  AccountsQuestion question = question_for(1);
  question.single = true;
  question.zstd = true;
  return question;
}

Json without(Json value, const char* name) {
  value.erase(name);
  return value;
}

Json with(Json value, const char* name, const Json& other) {
  value[name] = other;
  return value;
}

const Json good = account_json(some_bytes(10));

}  // namespace

// The request says finalized, the encoding, and slice and slot where there are any.
TEST_CASE("account requests", "[rpc-accounts]") {
  AccountsQuestion question = question_for(2);
  question.slice = Slice{0, 45};
  question.min_slot = Slot{18446744073709551615U};
  const Json many = Json::parse(accounts_body(1, question));
  CHECK(many["method"] == "getMultipleAccounts");
  CHECK(many["params"][0] == Json::array({to_string(address(0)), to_string(address(1))}));
  CHECK(many["params"][1] == Json{{"encoding", "base64"},
                                  {"commitment", "finalized"},
                                  {"dataSlice", {{"offset", 0}, {"length", 45}}},
                                  {"minContextSlot", std::uint64_t{18446744073709551615U}}});
  const Json code = Json::parse(accounts_body(1, code_question()));
  CHECK(code["method"] == "getAccountInfo");
  CHECK(code["params"][0] == to_string(address(0)));
  CHECK(code["params"][1] == Json{{"encoding", "base64+zstd"}, {"commitment", "finalized"}});
}

// The text of one account is given back before that of the next is read.
TEST_CASE("long accounts of one answer are all read", "[rpc-accounts]") {
  const std::vector<Bytes> sent = {some_bytes(1'000'000), some_bytes(10), some_bytes(700'001), some_bytes(4'000)};
  Json values = Json::array();
  for (const Bytes& data : sent) values.push_back(account_json(data));
  const auto answer = read(accounts_response(values), question_for(4));
  REQUIRE(answer.has_value());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    INFO(i);
    REQUIRE(answer->accounts[i].has_value());
    CHECK(*answer->accounts[i]->data == sent[i]);
  }
}

// Accounts arrive in order with every field, a u64 to its last unit, and null is the knowledge that there is none.
TEST_CASE("accounts are read", "[rpc-accounts]") {
  const Bytes data = some_bytes(9000);  // long enough to be lifted
  const auto answer = read(accounts_response(Json::array({account_json(data), nullptr})), question_for(2));
  REQUIRE(answer.has_value());
  CHECK(answer->slot == Slot{1000});
  const Payload& payload = answer->accounts[0].value();
  CHECK(payload.head == Json{{"exists", true},
                             {"lamports", "18446744073709551615"},
                             {"owner", "BPFLoaderUpgradeab1e11111111111111111111111"},
                             {"executable", false},
                             {"space", 9000},
                             {"encoding", "raw"}});
  CHECK(*payload.data == data);
  CHECK(payload.body == payload.data);
  CHECK(answer->accounts[1].value().head == no_account_payload().head);
}

// A field that is not what it must be is named; the other accounts of the answer are unharmed.
TEST_CASE("accounts are read strictly", "[rpc-accounts]") {
  CHECK(complaint_about(with(good, "lamports", -1)).find("lamports") != std::string::npos);
  CHECK(complaint_about(with(good, "lamports", 1.5)).find("lamports") != std::string::npos);
  CHECK(complaint_about(with(good, "lamports", "1")).find("lamports") != std::string::npos);
  CHECK(complaint_about(without(good, "lamports")).find("lamports") != std::string::npos);
  CHECK(complaint_about(with(good, "owner", "0OIl")).find("owner") != std::string::npos);
  CHECK(complaint_about(with(good, "owner", 5)).find("owner") != std::string::npos);
  CHECK(complaint_about(with(good, "executable", 1)).find("executable") != std::string::npos);
  CHECK(complaint_about(with(good, "space", "10")).find("space") != std::string::npos);
  CHECK(complaint_about(with(good, "space", 11)).find("space says 11") != std::string::npos);
  CHECK(complaint_about(with(good, "data", "AAAA")).find("pair") != std::string::npos);
  CHECK(complaint_about(with(good, "data", {"AAAA", "base58"})).find("encoding") != std::string::npos);
  CHECK(complaint_about(with(good, "data", {"AAAA", "base64+zstd"})).find("encoding") != std::string::npos);
  CHECK(complaint_about(with(good, "data", {"AAA", "base64"})).find("base64") != std::string::npos);
  CHECK(complaint_about(with(good, "data", {"AA A", "base64"})).find("base64") != std::string::npos);
  CHECK(complaint_about(with(good, "data", {"AB==", "base64"})).find("base64") != std::string::npos);
  CHECK(complaint_about(5).find("not an object") != std::string::npos);
  CHECK(complaint_about(without(without(good, "space"), "rentEpoch")) == "no complaint");

  const auto answer = read(accounts_response(Json::array({5, good})), question_for(2));
  CHECK_FALSE(answer->accounts[0].has_value());
  CHECK(answer->accounts[1].has_value());
}

// A result without slot or values, or with another number of values, says nothing at all.
TEST_CASE("the frame around accounts is read strictly", "[rpc-accounts]") {
  const Json context = {{"slot", 1}};
  CHECK(complaint_about_result(nullptr).find("null") != std::string::npos);
  CHECK(complaint_about_result({{"value", Json::array({nullptr})}}).find("slot") != std::string::npos);
  CHECK(complaint_about_result({{"context", {{"slot", "1"}}}, {"value", Json::array({nullptr})}}).find("slot") !=
        std::string::npos);
  CHECK(complaint_about_result({{"context", context}}).find("no value") != std::string::npos);
  CHECK(complaint_about_result({{"context", context}, {"value", nullptr}}).find("not an array") != std::string::npos);
  CHECK(complaint_about_result({{"context", context}, {"value", Json::array()}}).find("0 accounts where 1") !=
        std::string::npos);
  CHECK(complaint_about_result({{"context", context}, {"value", Json::array({nullptr, nullptr})}})
            .find("2 accounts where 1") != std::string::npos);
}

// A slice is as long as the whole allows: not shorter, not longer, empty past the end.
TEST_CASE("slices are checked against the whole", "[rpc-accounts]") {
  AccountsQuestion question = question_for(1);
  question.slice = Slice{8, 4};
  const auto slice_of = [](std::size_t bytes, std::size_t space) {
    return account_json(to_base64(some_bytes(bytes)), "base64", space);
  };
  CHECK(complaint_about(slice_of(4, 100), question) == "no complaint");
  CHECK(complaint_about(slice_of(2, 10), question) == "no complaint");
  CHECK(complaint_about(slice_of(0, 5), question) == "no complaint");
  CHECK(complaint_about(slice_of(3, 100), question).find("must be 4") != std::string::npos);
  CHECK(complaint_about(slice_of(5, 100), question).find("must be 4") != std::string::npos);
  CHECK(complaint_about(slice_of(4, 10), question).find("must be 2") != std::string::npos);
  CHECK(complaint_about(without(slice_of(2, 10), "space"), question) == "no complaint");
  CHECK(complaint_about(without(slice_of(4, 10), "space"), question).find("space") != std::string::npos);

  const auto answer = read(accounts_response(Json::array({slice_of(4, 100)})), question);
  CHECK(answer->accounts[0]->head["slice"] == Json::array({8, 4}));
  CHECK(answer->accounts[0]->head["space"] == 100);
}

// A compressed account keeps its frame as received beside the bytes that it inflates to.
TEST_CASE("zstd accounts are inflated", "[rpc-accounts]") {
  const Bytes data = some_bytes(100'000);
  const Bytes frame = zstd_frame(data);
  const Json value = account_json(to_base64(frame), "base64+zstd", data.size());
  const auto answer = read(accounts_response(value), code_question());
  REQUIRE(answer.has_value());
  const Payload& payload = answer->accounts[0].value();
  CHECK(payload.head["encoding"] == "zstd");
  CHECK(*payload.body == frame);
  CHECK(*payload.data == data);
}

// A server that could not compress says so, and that is accepted; null is still no account.
TEST_CASE("zstd is a wish", "[rpc-accounts]") {
  CHECK(complaint_about(good, code_question()) == "no complaint");
  const auto none = read(accounts_response(nullptr), code_question());
  CHECK(none->accounts[0]->head == Json{{"exists", false}});
}

// A frame must be whole, alone, and exactly as long inflated as the account says it is; a bomb is never inflated.
TEST_CASE("bad zstd is refused", "[rpc-accounts]") {
  const Bytes data = some_bytes(1000);
  const Bytes frame = zstd_frame(data);
  const auto complaint = [&](const Bytes& bytes, std::size_t space) {
    return complaint_about(account_json(to_base64(bytes), "base64+zstd", space), code_question());
  };
  CHECK(complaint(frame, 1000) == "no complaint");
  CHECK(complaint(frame, 999).find("999") != std::string::npos);
  CHECK(complaint(frame, 1001).find("1001") != std::string::npos);
  CHECK(complaint(Bytes(frame.begin(), frame.end() - 1), 1000).find("zstd") != std::string::npos);
  CHECK(complaint(data, 1000).find("zstd") != std::string::npos);
  CHECK(complaint({}, 0).find("zstd") != std::string::npos);
  Bytes twice = frame;
  twice.insert(twice.end(), frame.begin(), frame.end());
  CHECK(complaint(twice, 2000).find("exactly one") != std::string::npos);
  CHECK(complaint(zstd_frame(Bytes(account_bytes_max + 1)), account_bytes_max + 1).find("longer than") !=
        std::string::npos);
  CHECK(complaint_about(without(account_json(to_base64(frame), "base64+zstd", 1000), "space"), code_question())
            .find("space") != std::string::npos);
}

// The chain has no longer account, so one that is said to be longer is refused, before it is decoded where that can be.
TEST_CASE("an account is as long as one can be", "[rpc-accounts]") {
  const auto complaint = [](std::size_t bytes) {
    return complaint_about(account_json(to_base64(Bytes(bytes)), "base64", bytes));
  };
  CHECK(complaint(account_bytes_max) == "no complaint");
  CHECK(complaint(account_bytes_max + 1).find("longer than 10485760 bytes") != std::string::npos);
  CHECK(complaint_about(account_json(std::string(20'000'000, 'A'), "base64", 10)).find("longer than") !=
        std::string::npos);
}

// A long string outside an account's data is no trick that the strict parser would miss: duplicates are still seen.
TEST_CASE("lifting hides nothing from the parser", "[rpc-accounts]") {
  const std::string name(5000, 'A');
  HttpResponse response = accounts_response(Json::array({good}));
  response.body.insert(1, "\"" + name + "\":1,");
  CHECK(read(response, question_for(1)).has_value());
  response.body.insert(1, "\"" + name + "\":1,");
  const auto twice = read(response, question_for(1));
  REQUIRE_FALSE(twice.has_value());
  CHECK(twice.error().why.cause == "malformed");
}

// An answer from before the slot that was asked for is a node that lags, whatever it contains.
TEST_CASE("older slots are refused", "[rpc-accounts]") {
  AccountsQuestion question = question_for(1);
  question.min_slot = Slot{1001};
  const auto answer = read(accounts_response(Json::array({good}), 1000), question);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().why.cause == "behind");
  CHECK(answer.error().remedy == Remedy::again);
  CHECK(read(accounts_response(Json::array({good}), 1001), question).has_value());
}
