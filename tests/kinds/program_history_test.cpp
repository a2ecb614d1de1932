// deployment-transaction and freeze-held: what the loader was told of a program, and when.
#include <catch2/catch.hpp>

#include "facts/history_pages.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/program_history.hpp"
#include "solana/executable.hpp"
#include "support/gate.hpp"
#include "support/history.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey programdata = programdata_address(program).address;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey bob = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Bytes code = {0x7f, 'E', 'L', 'F', 1, 2, 3};

const Bytes upgrade = {3, 0, 0, 0};
const Bytes deploy_it = {2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
const Bytes set_authority = {4, 0, 0, 0};
const Bytes close_it = {5, 0, 0, 0};
const Bytes extend = {6, 0, 0, 0, 0, 0x28, 0, 0};
const Bytes to_come = {10, 0, 0, 0};  // a tag that no loader has yet

/// What happened, oldest first: number, slot, and what the loader was told of the programdata; nothing for a mention.
struct Event {
  std::uint8_t number;
  std::uint64_t slot;
  Bytes data;
  bool inner = false;
  bool failed = false;
};

/// A program that was last written in `slot`, with this history.
FakeSource world(std::uint64_t slot, const std::vector<Event>& events, std::optional<Pubkey> authority = alice) {
  FakeSource source;
  deploy(source, program, code, authority, Slot{slot});
  Json list = Json::array();
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    const Json error = event->failed ? Json("failed") : Json();
    list.push_back({{"signature", signature(event->number)}, {"slot", event->slot}, {"err", error}});
    const std::vector<Pubkey> keys{bob, programdata, program, known::loader_v3};
    const bool deploys = event->data == deploy_it;
    const Told loader{3, deploys ? Bytes{0, 1, 2} : Bytes{1, 2}, event->data};
    const Told mention{3, {0}, set_authority};
    std::vector<Told> told{event->data.empty() || event->inner ? mention : loader};
    Json transaction =
        transaction_of(event->number, keys, {}, told, event->inner ? std::vector<Told>{loader} : std::vector<Told>{});
    transaction["slot"] = event->slot;
    transaction["meta"]["err"] = error;
    has_transaction(source, event->number, transaction);
  }
  source.answers(facts::signatures_of(programdata, 1000).request, rpc_result(list));
  return source;
}

Finding by_transaction(std::uint8_t number, FakeSource source, Json more = Json::object()) {
  more["program"] = to_string(program);
  more["signature"] = signature(number);
  return decide_gate(deployment_transaction(), more, source);
}

Finding held_since(std::uint64_t slot, FakeSource source, const std::string& authority = to_string(alice),
                   const Bytes& frozen = code) {
  const Json params = {{"program", to_string(program)},
                       {"executableHash", to_string(executable_hash(frozen))},
                       {"upgradeAuthority", authority.empty() ? Json() : Json(authority)},
                       {"sinceSlot", std::to_string(slot)}};
  return decide_gate(freeze_held(), params, source);
}

}  // namespace

// An upgrade or a first deployment, by the transaction itself or by a program that it called.
TEST_CASE("deployment-transaction passes on the one that deployed", "[kinds]") {
  for (const Event& event : {Event{1, 50, upgrade}, Event{1, 50, deploy_it}, Event{1, 50, upgrade, true}}) {
    const Finding finding = by_transaction(1, world(50, {event}), {{"signers", {to_string(bob)}}});
    CHECK(finding.outcome == Outcome::pass);
    CHECK(says(finding.summary, "deployed program " + to_string(program) + " in slot 50"));
  }
}

TEST_CASE("deployment-transaction fails on another one", "[kinds]") {
  fails(by_transaction(1, world(50, {{1, 50, {}}})), "did not deploy or upgrade this program, but nothing");
  fails(by_transaction(1, world(50, {{1, 50, extend}})), "but ExtendProgram");
  fails(by_transaction(1, world(50, {{1, 50, upgrade, false, true}})), "the transaction failed");
  fails(by_transaction(1, world(40, {{1, 50, upgrade}})), "before the transaction in slot 50");
  fails(by_transaction(1, world(50, {{1, 50, upgrade}}), {{"signers", {to_string(alice)}}}),
        to_string(alice) + " did not sign it");
  FakeSource unknown = world(50, {});
  has_transaction(unknown, 1, nullptr);
  fails(by_transaction(1, unknown), "is not known to the endpoint");
  fails(by_transaction(1, world(60, {{1, 50, upgrade}, {2, 60, upgrade}})),
        "the code was changed again: Upgrade in slot 60");
  fails(by_transaction(1, world(60, {{1, 50, upgrade}, {2, 60, to_come}})),
        "the code may have been changed again: an instruction of the loader that is not known in slot 60");
  fails(by_transaction(1, world(50, {{1, 50, to_come}})), "but an instruction of the loader that is not known");
  fails(by_transaction(1, world(60, {{1, 50, upgrade}, {2, 55, {}}})), "nothing in the history explains");
  FakeSource closed = world(50, {{1, 50, upgrade}});
  closed.answers(AccountRequest{programdata, Slice{0, 45}}, no_account_payload());
  fails(by_transaction(1, closed), "closed");
}

// Anyone may extend a program, which moves its slot and nothing else.
TEST_CASE("deployment-transaction follows extensions", "[kinds]") {
  const Finding finding = by_transaction(1, world(60, {{1, 50, upgrade}, {2, 60, extend}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, "later ExtendProgram in slot 60"));
}

TEST_CASE("deployment-transaction is inconclusive without history", "[kinds]") {
  const Finding pruned = by_transaction(2, [] {
    FakeSource source = world(60, {{1, 50, upgrade}, {2, 55, upgrade}});
    source.answers(facts::signatures_of(programdata, 1000).request, rpc_result(Json::array()));
    return source;
  }());
  CHECK(pruned.outcome == Outcome::inconclusive);
  CHECK(pruned.cause->cause == "pruned");
  CHECK(says(refusal_of(deployment_transaction(), {{"program", to_string(program)}, {"signature", "abc"}}),
             "no signature"));
}

// Nothing, extensions and mentions apart.
TEST_CASE("freeze-held passes while nobody touches the program", "[kinds]") {
  CHECK(held_since(50, world(50, {{1, 50, upgrade}})).outcome == Outcome::pass);
  CHECK(held_since(50, world(50, {{1, 50, upgrade}, {2, 70, {}}})).outcome == Outcome::pass);
  CHECK(held_since(50, world(50, {{1, 50, upgrade}, {2, 70, upgrade, false, true}})).outcome == Outcome::pass);
  const Finding extended = held_since(50, world(70, {{1, 50, upgrade}, {2, 70, extend}}));
  CHECK(extended.outcome == Outcome::pass);
  CHECK(says(extended.summary, "ExtendProgram in slot 70"));
  CHECK(held_since(50, world(50, {}, std::nullopt), "").outcome == Outcome::pass);  // nobody can change it
}

TEST_CASE("freeze-held names every change", "[kinds]") {
  fails(held_since(50, world(70, {{1, 50, upgrade}, {2, 70, upgrade}})),
        "it was changed since it was frozen: Upgrade in slot 70");
  fails(held_since(50, world(70, {{1, 50, upgrade}, {2, 70, upgrade, true}})), "Upgrade in slot 70");
  fails(held_since(50, world(50, {{1, 50, upgrade}, {2, 70, to_come}})),
        "it may have been changed since it was frozen: an instruction of the loader that is not known in slot 70");
  fails(held_since(50, world(50, {{1, 50, upgrade}, {2, 70, to_come, true}})), "it may have been changed");
  const Bytes with_a_strange_byte = {3, 0, 0, 0, 2};  // which the loader does not look at
  fails(held_since(50, world(70, {{1, 50, upgrade}, {2, 70, with_a_strange_byte}})), "Upgrade in slot 70");
  fails(held_since(50, world(50, {{1, 50, upgrade}, {2, 70, set_authority}})), "SetAuthority in slot 70");
  fails(held_since(50, world(50, {{1, 50, upgrade}, {2, 70, close_it}})), "Close in slot 70");
  fails(held_since(50, world(50, {{1, 50, upgrade}}), to_string(bob)), "upgrade authority is " + to_string(alice));
  fails(held_since(50, world(50, {{1, 50, upgrade}}), to_string(alice), {1, 2}), "its code has executable hash");
}

// The slot of the programdata says that there was something.
TEST_CASE("freeze-held misses a change that the history does not hold", "[kinds]") {
  const Finding finding = held_since(50, world(70, {{1, 50, upgrade}}));
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(says(finding.cause->what, "does not hold its last change"));
}

// An authority that was given up after the freeze could have been used before.
TEST_CASE("freeze-held asks for the history of a final program whose holder was not declared", "[kinds]") {
  CHECK(held_since(50, world(50, {}, std::nullopt), "any").outcome == Outcome::inconclusive);
  fails(held_since(
            50, world(70, {{1, 50, upgrade}, {2, 60, upgrade}, {3, 70, upgrade}, {4, 80, set_authority}}, std::nullopt),
            "any"),
        "Upgrade in slot 60");
}

TEST_CASE("freeze-held is inconclusive without history", "[kinds]") {
  const Finding finding = held_since(40, world(50, {{1, 50, upgrade}}));
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "pruned");
  FakeSource silent = world(50, {{1, 50, upgrade}});
  silent.refuses(facts::signatures_of(programdata, 1000).request);
  CHECK(held_since(50, silent).outcome == Outcome::inconclusive);
  // One node listed it, another one was asked what it was.
  FakeSource forgotten = world(50, {{1, 50, upgrade}, {2, 70, {}}});
  has_transaction(forgotten, 2, nullptr);
  CHECK(held_since(50, forgotten).outcome == Outcome::inconclusive);
  CHECK(held_since(50, forgotten).cause->cause == "pruned");
}

// A Unix time, or a digit too many, in place of a slot: nothing can have come after it, and that is no evidence.
TEST_CASE("freeze-held is inconclusive about a slot that is still to come", "[kinds]") {
  const FakeSource source = world(50, {{1, 50, upgrade}});
  CHECK(held_since(100, source).outcome == Outcome::pass);
  const Finding finding = held_since(101, source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(says(finding.summary, "was read at slot 100, and sinceSlot is later, slot 101"));
  fails(held_since(101, source, to_string(bob)), "upgrade authority");
}

// Anybody can name the programdata a thousand times.
TEST_CASE("freeze-held reads on behind a thousand mentions", "[kinds]") {
  const auto page_of = [](std::size_t count, std::uint64_t slot, const Json& last) {
    const Json mention = {{"signature", signature(9)}, {"slot", slot}, {"err", "failed"}};
    Json list = Json::array();
    for (std::size_t i = 0; i + 1 < count; ++i) list.push_back(mention);
    list.push_back(last);
    return rpc_result(list);
  };
  const Json failed = {{"signature", signature(8)}, {"slot", 80U}, {"err", "failed"}};
  const Json frozen_then = {{"signature", signature(1)}, {"slot", 40U}, {"err", nullptr}};
  FakeSource source = world(50, {{2, 70, set_authority}});
  source.answers(facts::signatures_page(programdata, std::nullopt).request, page_of(1000, 90, failed));
  const Request next = facts::signatures_page(programdata, signature(8)).request;
  source.answers(next, page_of(10, 75, frozen_then));
  CHECK(held_since(50, source).outcome == Outcome::pass);
  const Json change = {{"signature", signature(2)}, {"slot", 70U}, {"err", nullptr}};
  source.answers(next, rpc_result(Json::array({change, frozen_then})));
  fails(held_since(50, source), "SetAuthority in slot 70");
  source.refuses(next);
  CHECK(held_since(50, source).outcome == Outcome::inconclusive);
}

// More than is ever read is said with the bound.
TEST_CASE("a history may be too long", "[kinds]") {
  const SignatureSeen mention{"x", Slot{60}, false};
  std::vector<SignatureSeen> history(history_transactions_max, mention);
  CHECK_FALSE(too_long(history, Slot{50}));
  history.push_back(mention);
  CHECK(
      says(too_long(history, Slot{50}).value(), "10001 succeeded since slot 50, and at most 10000 of 100000 are read"));
  CHECK_FALSE(too_long(history, Slot{61}));
  history.assign(history_signatures_max, {"x", Slot{60}, true});
  CHECK(too_long(history, Slot{60}));
  CHECK_FALSE(too_long(history, Slot{61}));
}

// Of a history that is not read whole, nothing is said but what fails anyway.
TEST_CASE("freeze-held is inconclusive about a history that is too long", "[kinds]") {
  FakeSource source = world(50, {{1, 50, {}}});
  const Json mention = {{"signature", signature(1)}, {"slot", 60U}, {"err", nullptr}};
  std::optional<std::string> before;
  for (std::uint8_t page = 0; page < 11; ++page) {
    Json list(page == 10 ? 2 : 1000, mention);
    const auto number = static_cast<std::uint8_t>(100 + page);
    has_transaction(source, number, transaction_of(number, {bob, programdata}));
    list.back() = {{"signature", signature(number)}, {"slot", page == 10 ? 40U : 60U}, {"err", nullptr}};
    source.answers(facts::signatures_page(programdata, before).request, rpc_result(list));
    before = signature(number);
  }
  const Finding finding = held_since(50, source);
  REQUIRE(finding.outcome == Outcome::inconclusive);
  CHECK(says(finding.cause->what, "is too long to be read: of its latest 10002 transactions 10001 succeeded"));
  fails(held_since(50, source, to_string(bob)), "upgrade authority is " + to_string(alice));
}

// --- dependency and rollback read the same program without its history

TEST_CASE("dependency compares programs with what was audited", "[kinds]") {
  const auto decided = [](Json declared, FakeSource source = world(50, {})) {
    declared.emplace("program", to_string(program));
    declared.emplace("upgradeAuthority", to_string(alice));
    return decide_gate(dependency(), {{"programs", Json::array({declared})}}, source);
  };
  const Json exact = {{"executableHash", to_string(executable_hash(code))}, {"deployedSlot", "50"}};
  CHECK(decided(exact).outcome == Outcome::pass);
  CHECK(decided(Json::object()).outcome == Outcome::pass);
  fails(decided({{"executableHash", to_string(sha256("x"))}}), "audited was " + to_string(sha256("x")));
  fails(decided({{"deployedSlot", "49"}}), "was last written in slot 50, audited was slot 49");
  fails(decided({{"upgradeAuthority", nullptr}}),
        "upgrade authority of program " + to_string(program) + " is " + to_string(alice));
  fails(decided(exact, FakeSource()), "does not exist");
  FakeSource silent = world(50, {});
  silent.refuses(AccountRequest{program});
  CHECK(decided(exact, silent).outcome == Outcome::inconclusive);
  CHECK(says(refusal_of(dependency(), {{"programs", Json::array()}}), "is empty"));
}

TEST_CASE("rollback wants the file that runs now", "[kinds]") {
  const auto decided = [](const Bytes& retained, FakeSource source = world(50, {})) {
    source.holds_file("previous.so", retained);
    return decide_gate(rollback(), {{"program", to_string(program)}, {"path", "previous.so"}}, source);
  };
  CHECK(decided(code).outcome == Outcome::pass);
  CHECK(decided(padded(code, 20)).outcome == Outcome::pass);
  fails(decided({1, 2}), "it is not what is deployed now");
  fails(decided(Bytes(100, 7)), "there is room for 7 bytes, it needs 100");
  fails(decided(code, FakeSource()), "does not exist");
  FakeSource silent = world(50, {});
  silent.refuses(AccountRequest{programdata});
  CHECK(decided(code, silent).outcome == Outcome::inconclusive);
}
