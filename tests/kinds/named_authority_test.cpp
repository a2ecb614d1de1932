// durable-nonces and stray-buffers: what they look for differs, what they make of it does not.
#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/gate.hpp"
#include "support/history.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey stranger = "3UcjAwY7mSK52tUDBTzfpo5CoUKzP1W1EEM9inQ8mi9n"_pubkey;
const Pubkey account = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc"_pubkey;

Bytes nonce_of(const Pubkey& authority, std::uint32_t state = 1) {
  Bytes data;
  put_u32(data, 1);
  put_u32(data, state);
  put(data, authority.bytes);
  return padded(data, 80);
}

Bytes buffer_of(const Pubkey& authority) {
  Bytes data{1, 0, 0, 0, 1};
  put(data, authority.bytes);
  return data;
}

struct Sort {
  GateKind kind;
  Pubkey program;
  Bytes (*data)(const Pubkey&);
  ProgramQuery (*query)(const Pubkey&);
  std::string name;
  Bytes make;  ///< the instruction that makes one
};

std::vector<Sort> sorts() {
  return {
      {durable_nonces(), known::system_program, [](const Pubkey& key) { return nonce_of(key); },
       [](const Pubkey& key) -> ProgramQuery { return {known::system_program, {{8, key_bytes(key)}}, Slice{0, 80}}; },
       "durable nonce", Bytes{6, 0, 0, 0, 1, 2}},
      {stray_buffers(), known::loader_v3, [](const Pubkey& key) { return buffer_of(key); },
       [](const Pubkey& key) -> ProgramQuery { return {known::loader_v3, {{0, buffer_of(key)}}, Slice{0, 37}}; },
       "buffer", Bytes{0, 0, 0, 0}}};
}

Payload found_at(const Sort& sort, const Pubkey& address, const Bytes& data) {
  const Json held = {{"owner", to_string(sort.program)}, {"data", {to_base64(data), "base64"}}};
  const Json list = Json::array({{{"pubkey", to_string(address)}, {"account", held}}});
  return rpc_result({{"context", {{"slot", 100U}}}, {"value", list}});
}

/// A transaction that makes the account, paid and signed by this key.
Json making(const Sort& sort, std::uint8_t number, const Pubkey& maker) {
  return transaction_of(number, {maker, account, sort.program}, {}, {{2, {1, 0}, sort.make}});
}

void put_history(FakeSource& source, const std::vector<std::uint8_t>& newest_first, const Json& error_of_last = {}) {
  Json list = Json::array();
  for (const std::uint8_t number : newest_first) {
    list.push_back({{"signature", signature(number)}, {"slot", 90U}, {"err", nullptr}});
  }
  list.back()["err"] = error_of_last;
  source.answers(facts::signatures_of(account, 1000).request, rpc_result(list));
}

/// Alice is the authority of one account that `maker` made; bob is that of none.
FakeSource world(const Sort& sort, const Pubkey& maker) {
  FakeSource source;
  source.answers(facts::program_accounts(sort.query(alice)).request, found_at(sort, account, sort.data(alice)));
  source.answers(facts::program_accounts(sort.query(bob)).request, no_accounts());
  put_history(source, {1, 0});
  has_transaction(source, 0, making(sort, 0, maker));  // the older of the two
  has_transaction(source, 1, transaction_of(1, {stranger, account}));
  return source;
}

Finding decide_on(const Sort& sort, FakeSource source, const Json& explained = Json::array()) {
  return decide_gate(sort.kind, {{"keys", {to_string(alice), to_string(bob)}}, {"explained", explained}}, source);
}

}  // namespace

// Who made it decides: one of us, whose it is to explain, or somebody who only named us.
TEST_CASE("accounts that name our keys are judged by who made them", "[kinds]") {
  for (const Sort& sort : sorts()) {
    const std::string name = sort.name + " " + to_string(account) + " of authority " + to_string(alice);
    const Finding ours = decide_on(sort, world(sort, bob));
    CHECK(ours.outcome == Outcome::fail);
    CHECK(says(ours.summary, name + " was made by " + to_string(bob) + " and is not explained"));
    const Finding planted = decide_on(sort, world(sort, stranger));
    CHECK(planted.outcome == Outcome::pass);
    CHECK(says(planted.summary, name + " was made by " + to_string(stranger) + ", who is none of the keys"));
    CHECK(decide_on(sort, world(sort, bob), Json::array({to_string(account)})).outcome == Outcome::pass);
  }
}

// Another's nonce serves as well as one's own to have a key sign what does not expire.
TEST_CASE("durable-nonces can refuse whatever is not explained", "[kinds]") {
  const Sort nonces = sorts().front();
  FakeSource source = world(nonces, stranger);
  source.refuses(facts::signatures_of(account, 1000).request);  // who made it is not asked
  const auto strictly = [&](const Json& explained) {
    const Json params = {
        {"keys", {to_string(alice), to_string(bob)}}, {"explained", explained}, {"onlyExplained", true}};
    return decide_gate(nonces.kind, params, source);
  };
  fails(strictly(Json::array()), "durable nonce " + to_string(account) + " of authority " + to_string(alice) +
                                     " is not explained: a transaction signed over it does not expire");
  passes(strictly(Json::array({to_string(account)})), "no unexplained durable nonce of the 2 keys exists");
}

TEST_CASE("no account that names our keys passes", "[kinds]") {
  for (const Sort& sort : sorts()) {
    FakeSource source = world(sort, bob);
    source.answers(facts::program_accounts(sort.query(alice)).request, no_accounts());
    const Finding finding = decide_on(sort, source);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(says(finding.summary, "of the 2 keys was made by one of them"));
  }
}

// Data that an endpoint cut or made up is looked into and not passed over; an empty nonce account signs nothing.
TEST_CASE("what cannot be read is looked into", "[kinds]") {
  for (const Sort& sort : sorts()) {
    FakeSource source = world(sort, bob);
    source.answers(facts::program_accounts(sort.query(alice)).request, found_at(sort, account, Bytes(10)));
    CHECK(decide_on(sort, source).outcome == Outcome::fail);
  }
  const Sort nonces = sorts().front();
  FakeSource empty = world(nonces, bob);
  empty.answers(facts::program_accounts(nonces.query(alice)).request, found_at(nonces, account, nonce_of(alice, 0)));
  CHECK(decide_on(nonces, empty).outcome == Outcome::pass);
}

// Anybody can send lamports to an address, or fail to, before there is an account. That does not make it theirs.
TEST_CASE("who named an account first did not make it", "[kinds]") {
  for (const Sort& sort : sorts()) {
    FakeSource paid_before = world(sort, bob);
    put_history(paid_before, {1, 0, 2});
    has_transaction(paid_before, 2, transaction_of(2, {stranger, account}));
    fails(decide_on(sort, paid_before), "was made by " + to_string(bob));
    FakeSource failed_before = world(sort, bob);
    put_history(failed_before, {1, 0, 2}, "failed");
    has_transaction(failed_before, 2, making(sort, 2, stranger));
    fails(decide_on(sort, failed_before), "was made by " + to_string(bob));
  }
}

// An endpoint that forgot the making shows a stranger's mention as the oldest transaction there is.
TEST_CASE("an account whose making is not known is no stranger's", "[kinds]") {
  for (const Sort& sort : sorts()) {
    FakeSource cut = world(sort, bob);
    put_history(cut, {1});
    const Finding finding = decide_on(sort, cut);
    CHECK(finding.outcome == Outcome::inconclusive);
    CHECK(says(finding.cause->what, "its making is not among the first transactions"));
    CHECK(decide_on(sort, cut, Json::array({to_string(account)})).outcome == Outcome::pass);
  }
}

// Whoever pays for it need not be one of us: a key of ours that signed beside a stranger made it too.
TEST_CASE("one of our keys among several signers made the account", "[kinds]") {
  for (const Sort& sort : sorts()) {
    FakeSource source = world(sort, stranger);
    has_transaction(source, 0,
                    transaction_of(0, {stranger, bob, account, sort.program}, {}, {{3, {2, 0}, sort.make}}, {}, 2));
    fails(decide_on(sort, source), "was made by " + to_string(bob) + " and is not explained");
  }
}

// Whoever makes an account of his own can name ours beside it.
TEST_CASE("who made another account did not make the one that is named beside it", "[kinds]") {
  const Pubkey other = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;
  for (const Sort& sort : sorts()) {
    FakeSource source = world(sort, bob);
    put_history(source, {1, 0, 2});
    has_transaction(source, 2,
                    transaction_of(2, {stranger, other, account, sort.program}, {}, {{3, {1, 2}, sort.make}}));
    fails(decide_on(sort, source), "was made by " + to_string(bob));
  }
}

// A page that is full may go on: its last entry is not the beginning.
TEST_CASE("a history that fills its page is cut", "[kinds]") {
  const auto with_history_of = [](const Sort& sort, std::size_t count) {
    FakeSource source = world(sort, bob);
    Json list(count - 1, {{"signature", signature(9)}, {"slot", 90U}, {"err", "failed"}});
    list.push_back({{"signature", signature(0)}, {"slot", 90U}, {"err", nullptr}});
    source.answers(facts::signatures_of(account, 1000).request, rpc_result(list));
    return decide_on(sort, source);
  };
  for (const Sort& sort : sorts()) {
    fails(with_history_of(sort, 999), "was made by " + to_string(bob));
    const Finding cut = with_history_of(sort, 1000);
    REQUIRE(cut.outcome == Outcome::inconclusive);
    CHECK(says(cut.cause->what, "its history is empty or too long"));
  }
}

// Somebody may name an address as often as he pays for, before there is an account at it.
TEST_CASE("the first 20 transactions of an account are looked through", "[kinds]") {
  const auto after_mentions = [](const Sort& sort, std::uint8_t count) {
    FakeSource source = world(sort, bob);
    std::vector<std::uint8_t> newest_first{0};
    for (std::uint8_t number = 1; number <= count; ++number) {
      newest_first.push_back(number);
      has_transaction(source, number, transaction_of(number, {stranger, account}));
    }
    put_history(source, newest_first);
    return decide_on(sort, source);
  };
  for (const Sort& sort : sorts()) {
    fails(after_mentions(sort, 19), "was made by " + to_string(bob));
    const Finding behind = after_mentions(sort, 20);
    REQUIRE(behind.outcome == Outcome::inconclusive);
    CHECK(says(behind.cause->what, "its making is not among the first transactions"));
  }
}

// A refused search finds nothing out, and a history that is cut does not say who made the account.
TEST_CASE("a search that is refused is inconclusive", "[kinds]") {
  for (const Sort& sort : sorts()) {
    FakeSource refused = world(sort, bob);
    refused.refuses(facts::program_accounts(sort.query(bob)).request);
    CHECK(decide_on(sort, refused).outcome == Outcome::inconclusive);
    FakeSource pruned = world(sort, bob);
    pruned.answers(facts::signatures_of(account, 1000).request, rpc_result(Json::array()));
    CHECK(decide_on(sort, pruned).cause->cause == "pruned");
    FakeSource forgotten = world(sort, bob);
    has_transaction(forgotten, 0, nullptr);
    CHECK(decide_on(sort, forgotten).cause->cause == "pruned");
  }
}
