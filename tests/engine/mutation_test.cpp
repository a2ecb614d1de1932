// Mutations: what recorded answers could have been instead.
#include "engine/mutation.hpp"

#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "facts/accounts.hpp"
#include "facts/history.hpp"
#include "facts/local.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey one = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const Pubkey other = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;

Answer answered(Payload payload) {
  return {{{"main", Slot{5000}, Time{1'000'000'000'000}, std::chrono::milliseconds(1), std::move(payload)}}};
}

Payload account(const Pubkey& address, const Bytes& data, const std::optional<Slice>& slice = std::nullopt,
                std::size_t space = 0) {
  const auto shared = std::make_shared<const Bytes>(data);
  const Account value{address, address, Lamports{7}, false, slice ? space : data.size(), shared, Slot{}};
  return account_payload(value, "raw", shared, slice);
}

std::vector<std::string> words_of(const Mutations& mutations, const std::string& sort) {
  std::vector<std::string> words;
  for (const Mutation& mutation : mutations.list) {
    if (mutation.sort == sort) words.push_back(mutation.words);
  }
  return words;
}

const Mutation& named(const Mutations& mutations, const std::string& words) {
  for (const Mutation& mutation : mutations.list) {
    if (says(mutation.words, words)) return mutation;
  }
  throw std::runtime_error("no mutation says " + words);
}

Reading<std::optional<Account>> read(const FactStore& answers, const Request& request) {
  return facts::account_if_any(one).read(answers.at(key_of(request)).deciding());
}

}  // namespace

// Each byte of a small account, four ways; then what its head says, its length, its absence.
TEST_CASE("mutations of an account", "[engine]") {
  const Request request = AccountRequest{one};
  const FactStore facts{{key_of(request), answered(account(one, {1, 2, 0}))}};
  const Mutations mutations = mutations_of({{request}}, facts);
  CHECK(mutations.left_out == 0);
  CHECK(words_of(mutations, "byte").front() == "byte 0 is 0x00 and not 0x01 in account " + to_string(one));
  CHECK(words_of(mutations, "byte").size() == 3 * 4 - 1);  // the last byte is zero already
  CHECK(words_of(mutations, "value").size() == 3 + 1 + 2);
  CHECK(words_of(mutations, "length").size() == 4);
  CHECK(words_of(mutations, "absent").size() == 1);
  CHECK(words_of(mutations, "old").size() == 1);
  CHECK(words_of(mutations, "refused").size() == 1);

  const auto changed = read(named(mutations, "byte 1 is 0x01").answers(), request);
  CHECK(*changed.value()->data == Bytes{1, 1, 0});
  CHECK_FALSE(read(named(mutations, "no such account").answers(), request).value());
  CHECK(read(named(mutations, "4 bytes long").answers(), request).value()->space == 4);
  CHECK_FALSE(named(mutations, "there is no answer").answers().begin()->second.deciding().outcome);
}

// The whole account and a part of it are one account: both change, at the same byte.
TEST_CASE("records of one account change together", "[engine]") {
  const Request whole = AccountRequest{one};
  const Request part = AccountRequest{one, Slice{1, 2}};
  const FactStore facts{{key_of(whole), answered(account(one, {1, 2, 3, 4}))},
                        {key_of(part), answered(account(one, {2, 3}, Slice{1, 2}, 4))}};
  const Mutations mutations = mutations_of({{part}}, facts);
  CHECK_THROWS(named(mutations, "byte 0 is"));  // nobody looked at it
  const FactStore changed = named(mutations, "byte 2 is 0x02").answers();
  REQUIRE(changed.size() == 2);
  const Payload& of_whole = changed.at(key_of(whole)).deciding().outcome.value();
  CHECK(*of_whole.data == Bytes{1, 2, 2, 4});
  CHECK(agrees(changed.at(key_of(part)).deciding().outcome.value(), of_whole));
  const FactStore shorter = named(mutations, "2 bytes long").answers();
  CHECK(agrees(shorter.at(key_of(part)).deciding().outcome.value(),
               shorter.at(key_of(whole)).deciding().outcome.value()));
}

// Two accounts are exchanged, and one stands for both.
TEST_CASE("accounts in each other's place", "[engine]") {
  const Request first = AccountRequest{one};
  const Request second = AccountRequest{other};
  const FactStore facts{{key_of(first), answered(account(one, {1}))}, {key_of(second), answered(account(other, {2}))}};
  const Mutations mutations = mutations_of({{first, second}}, facts);
  const auto data = [](const FactStore& answers, const Request& request) {
    return *answers.at(key_of(request)).deciding().outcome->data;
  };
  const FactStore exchanged = named(mutations, "exchanged").answers();
  CHECK(data(exchanged, first) == Bytes{2});
  CHECK(data(exchanged, second) == Bytes{1});
  CHECK(data(named(mutations, "both what").answers(), first) == Bytes{2});
}

// Of what is large, the bytes at the beginning and some of the rest; how many not is said.
TEST_CASE("bytes of large data are spread", "[engine]") {
  const Request request = FileRequest{"a.so"};
  const FactStore facts{{key_of(request), answered(file_payload(std::make_shared<const Bytes>(Bytes(100'000, 1))))}};
  const Mutations mutations = mutations_of({{request}}, facts);
  CHECK(words_of(mutations, "byte").size() >= 512);
  CHECK(words_of(mutations, "byte").size() + mutations.left_out >= 4 * 100'000 - 100);
  CHECK_NOTHROW(named(mutations, "byte 99999 is"));
  const FactStore changed = named(mutations, "byte 99999 is").answers();
  const File file = facts::file(RelativePath{"a.so"}).read(changed.begin()->second.deciding()).value();
  CHECK(file.sha256 == sha256(file.bytes()));  // another file, and no contradiction
}

// Values of JSON: numbers, texts, lists, members, and bytes in base64.
TEST_CASE("mutations of JSON", "[engine]") {
  const Request request = RpcRequest{"getThings", Json::array()};
  const Json head = {
      {"result",
       {{"slot", 5U}, {"ok", true}, {"list", {"11", "22"}}, {"data", {"AQI=", "base64"}}, {"none", nullptr}}}};
  const FactStore facts{{key_of(request), answered({head, nullptr, nullptr})}};
  const Mutations mutations = mutations_of({{request}}, facts);
  for (const char* words :
       {"/result/slot is 6 and not 5", "/result/slot is 0", "/result/ok is false", "/result/list is empty",
        "/result/list lacks its first entry", "/result/list has its last entry twice", "/result/list/0 is \"12\"",
        "/result/none is \"changed\"", "/result lacks slot", "byte 1 is 0x01 and not 0x02 of /result/data/0"}) {
    CHECK_NOTHROW(named(mutations, words));
  }
  const FactStore changed = named(mutations, "/result/list lacks its first entry").answers();
  CHECK(changed.begin()->second.deciding().outcome->head["result"]["list"] == Json::array({"22"}));
}

// An endpoint chooses how wide its answer is. No mutation holds a copy of it, and those that are kept are of all of it.
TEST_CASE("mutations of a wide answer", "[engine]") {
  const Request request = RpcRequest{"getThings", Json::array()};
  constexpr std::size_t members = 20'000;
  Json wide = Json::object();
  for (std::size_t i = 0; i < members; ++i) wide["m" + std::to_string(members + i)] = true;
  wide["a name that is too long for a field" + std::string(300, 'x')] = 1U;
  const Json head = {{"result", wide}, {"data", {to_base64(Bytes(1'000'000, 1)), "base64"}}};
  const FactStore facts{{key_of(request), answered({head, nullptr, nullptr})}};
  const Mutations mutations = mutations_of({{request}}, facts);
  CHECK(mutations.list.size() <= 3000);
  CHECK(mutations.list.size() + mutations.left_out >= 2 * members + 4 * 1'000'000);
  for (const char* words : {"/result lacks m20", "/result lacks m30", "/result lacks m39", " of /data/0"}) {
    CHECK_NOTHROW(named(mutations, words));
  }
  const FactStore changed = named(mutations, "/result lacks m30").answers();
  CHECK(changed.begin()->second.deciding().outcome->head["result"].size() == members);
}

// Whole characters change: a mutant of a record is one that could have been recorded.
TEST_CASE("mutations of a text are texts", "[engine]") {
  const Request request = RpcRequest{"getVersion"};
  const FactStore facts{{key_of(request), answered({Json{{"result", "\u00e9t\u00e9"}}, nullptr, nullptr})}};
  std::vector<Json> texts;
  for (const Mutation& mutation : mutations_of({{request}}, facts).list) {
    if (mutation.sort != "value") continue;
    const FactStore answers = mutation.answers();
    texts.push_back(answers.begin()->second.deciding().outcome->head["result"]);
  }
  CHECK(texts == std::vector<Json>{"", "\u00e9ta", "at\u00e9"});
}

// A clock is set, and no text is made that is no time.
TEST_CASE("mutations of a time", "[engine]") {
  const Request request = ClockRequest{};
  const FactStore facts{{key_of(request), answered(clock_payload(Time{1'790'000'000'000}))}};
  const Mutations mutations = mutations_of({{request}}, facts);
  CHECK(words_of(mutations, "value").size() == 4);
  for (const Mutation& mutation : mutations.list) {
    if (mutation.sort != "value") continue;
    CHECK(facts::now().read(mutation.answers().begin()->second.deciding()).has_value());
  }
}

// A search that finds nothing is answered with an account that it would find.
TEST_CASE("an account appears in an empty search", "[engine]") {
  const ProgramQuery query{one, {{4, Bytes{9, 9}}}, Slice{0, 8}};
  const Fact<std::vector<FoundAccount>> fact = facts::program_accounts(query);
  const Json head = {{"result", {{"context", {{"slot", 5U}}}, {"value", Json::array()}}}};
  const FactStore facts{{key_of(fact.request), answered({head, nullptr, nullptr})}};
  const Mutations mutations = mutations_of({{fact.request}}, facts);
  const FactStore changed = named(mutations, "one more account is found").answers();
  const auto found = fact.read(changed.at(key_of(fact.request)).deciding()).value();
  REQUIRE(found.size() == 1);
  CHECK(found[0].data == Bytes{0, 0, 0, 0, 9, 9, 0, 0});
  CHECK(changed.contains(key_of(AccountRequest{found[0].address})));
}

// Thousands of records have few mutations each, and all together no more than a gate may have.
TEST_CASE("long lists are thinned out", "[engine]") {
  FactStore facts;
  Trace trace(1);
  for (unsigned i = 0; i < 5000; ++i) {
    Pubkey address;
    address.bytes[0] = static_cast<std::uint8_t>(i);
    address.bytes[1] = static_cast<std::uint8_t>(i >> 8);
    address.bytes[2] = 1;
    trace[0].push_back(AccountRequest{address});
    facts.emplace(key_of(trace[0].back()), answered(account(address, Bytes(100, 3))));
  }
  const Mutations mutations = mutations_of(trace, facts);
  CHECK(mutations.list.size() >= 64);
  CHECK(mutations.list.size() <= 128);
  CHECK(mutations.left_out > 0);
  CHECK(words_of(mutations, "absent").size() > 0);
}
