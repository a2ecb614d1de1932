#include "facts/quorum.hpp"

#include <catch2/catch.hpp>

#include "facts/accounts.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;

namespace {

const Pubkey address = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const std::string key = key_of(AccountRequest{address});
const std::string history = key_of(RpcRequest{"getSignaturesForAddress", Json::array({to_string(address)})});
using Names = std::vector<std::string>;

// Providers a, b, … of one endpoint each.
Quorum quorum_of(std::size_t needed, std::size_t providers) {
  Quorum quorum{needed, {}};
  for (std::size_t i = 0; i < providers; ++i) quorum.voters.push_back({std::string(1, static_cast<char>('a' + i))});
  return quorum;
}

Payload account_of(const Bytes& data, const std::string& encoding = "raw") {
  const auto bytes = std::make_shared<const Bytes>(data);
  const Account account{address, known::system_program, Lamports{5}, false, data.size(), bytes, {}};
  return account_payload(account, encoding, bytes, std::nullopt);
}

Observation says(const std::string& from, const Bytes& data, std::uint64_t slot = 100) {
  return {from, Slot{slot}, Time{1000}, std::chrono::milliseconds(3), account_of(data)};
}

Observation fails(const std::string& from, const std::string& cause = "unreachable") {
  const Unobtainable why{cause, "no connection", Retry::now};
  return {from, std::nullopt, Time{1000}, std::chrono::milliseconds(3), tl::unexpected(why)};
}

Observation clock_from(const std::string& from, std::uint64_t slot, std::uint8_t minute) {
  Bytes data(40, 0);
  data[0] = static_cast<std::uint8_t>(slot);
  const unsigned seconds = minute * 60U;
  data[32] = static_cast<std::uint8_t>(seconds);
  data[33] = static_cast<std::uint8_t>(seconds >> 8);
  Observation seen = says(from, data, slot);
  seen.outcome->head["owner"] = to_string(known::sysvar_owner);
  return seen;
}

const Bytes truth{1, 2, 3};
const Bytes lie{1, 2, 4};

struct Expected {
  std::string cause;  // of what was not decided; empty: the truth was
  Names otherwise;
};

// Counts the votes, and holds the answer against what it is made of.
void expect(const std::vector<Observation>& seen, const Quorum& quorum, const Expected& expected) {
  const Answer answer = concluded(key, seen, quorum, Time{2000});
  CHECK(answer.observations.size() + answer.agreeing.size() == seen.size() + (expected.cause.empty() ? 0 : 1));
  CHECK(is_borne_out(key, answer, quorum));
  CHECK(contradicted_by(key, answer, quorum) == expected.otherwise);
  if (expected.cause.empty()) {
    REQUIRE(answer.deciding().outcome);
    CHECK(*answer.deciding().outcome->data == truth);
  } else {
    REQUIRE_FALSE(answer.deciding().outcome);
    INFO(answer.deciding().outcome.error().what);
    CHECK(answer.deciding().outcome.error().cause == expected.cause);
    CHECK(answer.deciding().from == "local");
  }
}

}  // namespace

// Two of three decide, and whoever says otherwise is named, in whatever order they come.
TEST_CASE("a majority decides and the liar is named", "[quorum]") {
  const Quorum two_of_three = quorum_of(2, 3);
  expect({says("a", lie), says("b", truth), says("c", truth)}, two_of_three, {"", {"a"}});
  expect({says("a", truth), says("b", lie), says("c", truth)}, two_of_three, {"", {"b"}});
  expect({says("a", truth), says("b", truth), says("c", lie)}, two_of_three, {"", {"c"}});
  expect({says("a", truth), says("b", truth)}, two_of_three, {"", {}});
}

// Liars who agree win where they are as many as must agree, and nowhere else.
TEST_CASE("a minority of liars never decides", "[quorum]") {
  expect({says("a", lie), says("b", lie), says("c", truth), says("d", truth), says("e", truth)}, quorum_of(3, 5),
         {"", {"a", "b"}});
  expect({says("a", lie), says("b", lie), says("c", truth)}, quorum_of(3, 3), {"contradiction", {}});
  // As many on each side as must agree: neither side has it.
  expect({says("a", lie), says("b", lie), says("c", truth), says("d", truth)}, quorum_of(2, 4), {"contradiction", {}});
  const Answer won = concluded(key, {says("a", lie), says("b", lie), says("c", truth)}, quorum_of(2, 3), Time{});
  CHECK(*won.deciding().outcome->data == lie);
  CHECK(contradicted_by(key, won, quorum_of(2, 3)) == Names{"c"});
}

// No two alike, or not enough: nothing is decided, all answers are kept, and the words say what each said.
TEST_CASE("a contradiction decides nothing", "[quorum]") {
  expect({says("a", truth), says("b", lie), says("c", {9})}, quorum_of(2, 3), {"contradiction", {}});
  expect({says("a", truth), fails("b"), says("c", lie)}, quorum_of(2, 3), {"contradiction", {}});
  const Answer answer = concluded(key, {says("a", truth), fails("b"), says("c", lie)}, quorum_of(2, 3), Time{});
  const std::string& what = answer.deciding().outcome.error().what;
  for (const char* part : {"contradict each other about account 9mFyb", "a: 3 bytes", "c: 3 bytes", "2 of 3"}) {
    CHECK(what.find(part) != std::string::npos);
  }
}

// One that fails is made up for by another; when too few are left, the cause is that of the last failure.
TEST_CASE("a provider that fails has no vote", "[quorum]") {
  expect({fails("a"), says("b", truth), says("c", truth)}, quorum_of(2, 3), {"", {}});
  expect({fails("a"), says("b", truth), fails("c", "timeout")}, quorum_of(2, 3), {"timeout", {}});
}

// All endpoints of a provider are one voice.
TEST_CASE("a provider counts once", "[quorum]") {
  const Quorum quorum{2, {{"a", "b"}, {"c"}}};
  expect({says("a", truth), says("b", truth)}, quorum, {"behind", {}});
  expect({says("a", truth), says("b", truth), says("c", truth)}, quorum, {"", {}});
  // Who is no endpoint of the run has no voice at all.
  expect({says("a", truth), says("z", truth)}, quorum, {"behind", {}});
}

// The last thing that a voter says is its vote.
TEST_CASE("an answer read again replaces the one before", "[quorum]") {
  expect({says("a", lie, 100), says("b", truth, 105), says("a", truth, 106)}, quorum_of(2, 3), {"", {}});
  expect({says("a", truth, 100), says("b", {9}, 105), says("a", lie, 106)}, quorum_of(2, 3), {"contradiction", {}});
  expect({says("a", truth), says("a", lie), says("b", truth), says("c", truth)}, quorum_of(2, 3), {"", {"a"}});
}

// What an endpoint said of an earlier slot is no contradiction, when it could not be heard again.
TEST_CASE("who could not be asked again is not called a liar", "[quorum]") {
  expect({says("a", lie, 90), says("b", truth, 100), fails("a"), says("c", truth, 100)}, quorum_of(2, 3), {"", {}});
  expect({says("a", lie, 90), says("b", truth, 100), says("a", lie, 99), says("c", truth, 100)}, quorum_of(2, 3),
         {"", {"a"}});
  expect({says("a", lie, 1), says("b", truth, 900), says("c", truth, 900)}, quorum_of(2, 3), {"", {}});
}

// A slot that nobody else has reached is no vote among those of the others, and decides no slot.
TEST_CASE("answers from slots that are far apart are not compared", "[quorum]") {
  const Answer answer = concluded(key, {says("a", truth, 9'000'000), says("b", truth, 101), says("c", truth, 100)},
                                  quorum_of(2, 3), Time{});
  CHECK(answer.deciding().slot == Slot{100});
  expect({says("a", truth, 1), says("b", truth, 900)}, quorum_of(2, 2), {"behind", {}});
}

// Of the answers that agree the one with the lowest slot decides: all of them have reached it.
TEST_CASE("the lowest slot decides", "[quorum]") {
  const Answer answer = concluded(key, {says("a", truth, 120), says("b", truth, 110)}, quorum_of(2, 3), Time{});
  CHECK(answer.deciding().from == "b");
  REQUIRE(answer.agreeing.size() == 1);
  CHECK(answer.agreeing[0].from == "a");
  CHECK(answer.agreeing[0].slot == Slot{120});
}

// Which answers are worth another look: those that one from a later slot contradicts.
TEST_CASE("an older answer that is contradicted is to be read again", "[quorum]") {
  const auto older = [](const std::vector<Observation>& seen) {
    std::vector<Opinion> opinions;
    for (const Observation& one : seen) opinions.push_back(opinion_of(ComparedAs::bytes, one));
    return tally_of(opinions, quorum_of(2, 3)).older;
  };
  using Older = std::map<std::size_t, std::optional<Slot>>;
  CHECK(older({says("a", truth, 100), says("b", lie, 105)}) == Older{{0, Slot{105}}});
  CHECK(older({says("a", truth, 105), says("b", lie, 100)}) == Older{{1, Slot{105}}});
  CHECK(older({says("a", truth, 100), says("b", lie, 105), fails("a")}).empty());
  CHECK(older({says("a", truth, 100), says("b", lie, 100)}).empty());
  CHECK(older({says("a", truth, 100), says("b", lie, 9'000'000)}).empty());
  Observation first = says("a", truth);
  Observation second = says("b", lie);
  first.slot = second.slot = std::nullopt;
  CHECK(older({first, second}) == Older{{0, std::nullopt}});
}

// The compression of an account and the context of a result are not compared; everything else is.
TEST_CASE("what is compared", "[quorum]") {
  CHECK(digest_of_value(account_of(truth)) == digest_of_value(account_of(truth, "zstd")));
  CHECK(digest_of_value(account_of(truth)) != digest_of_value(account_of(lie)));
  Payload richer = account_of(truth);
  richer.head["lamports"] = "6";
  CHECK(digest_of_value(account_of(truth)) != digest_of_value(richer));
  CHECK(digest_of_value(account_of({})) != digest_of_value(no_account_payload()));
  const auto result = [](std::uint64_t slot, const Json& value) {
    return digest_of_value({Json{{"result", {{"context", {{"slot", slot}}}, {"value", value}}}}, nullptr, nullptr});
  };
  CHECK(result(1, 7) == result(2, 7));
  CHECK(result(1, 7) != result(1, 8));
  CHECK(result(1, {{"err", nullptr}, {"replacementBlockhash", "a"}}) ==
        result(1, {{"err", nullptr}, {"replacementBlockhash", "b"}}));
}

// What is asked of one endpoint alone, or differs by nature, is put to no vote.
TEST_CASE("what is put to the vote", "[quorum]") {
  CHECK(compared_as(key) == ComparedAs::bytes);
  CHECK(compared_as(history) == ComparedAs::bytes);
  CHECK(compared_as(key_of(AccountRequest{known::clock})) == ComparedAs::clock);
  CHECK(compared_as(key_of(RpcRequest{"getLatestBlockhash"})) == ComparedAs::nothing);
  CHECK(compared_as(key_of(RpcRequest{"getGenesisHash"})) == ComparedAs::nothing);
  CHECK(compared_as(key_of(ProbeRequest{"a", "getSlot"})) == ComparedAs::nothing);
  for (const Request& local : {Request(FileRequest{"a"}), Request(ClockRequest{}), Request(EndpointsRequest{})}) {
    CHECK(compared_as(key_of(local)) == ComparedAs::nothing);
  }
}

// Clocks go on: those of slots that can be compared agree when they show about the same time.
TEST_CASE("clocks agree when they show about the same time", "[quorum]") {
  const std::string clock = key_of(AccountRequest{known::clock});
  const auto decided = [&](const Observation& one, const Observation& other) {
    const Answer answer = concluded(clock, {one, other}, quorum_of(2, 3), Time{});
    CHECK(is_borne_out(clock, answer, quorum_of(2, 3)));
    return answer.deciding().outcome.has_value();
  };
  CHECK(decided(clock_from("a", 100, 10), clock_from("b", 104, 11)));
  CHECK_FALSE(decided(clock_from("a", 100, 10), clock_from("b", 104, 20)));
  Observation fake = clock_from("b", 104, 11);
  fake.outcome->head["owner"] = to_string(known::system_program);
  CHECK_FALSE(decided(clock_from("a", 100, 10), fake));
  // Slot, beginning of the epoch, epoch: a clock that lies about one of them, and shows the right time.
  for (const std::size_t at : {1U, 8U, 16U}) {
    Observation lying = clock_from("b", 104, 11);
    Bytes data = *lying.outcome->data;
    data[at] = 1;
    lying.outcome->data = std::make_shared<const Bytes>(data);
    CHECK_FALSE(decided(clock_from("a", 100, 10), lying));
  }
}

// Clocks may agree without being alike. Which of them decides does not depend on who came first, or a replay, which has
// them in another order, would find another one.
TEST_CASE("of clocks at one slot the same decides in every order", "[quorum]") {
  const std::string clock = key_of(AccountRequest{known::clock});
  const Observation one = clock_from("a", 100, 10);
  const Observation other = clock_from("b", 100, 11);
  const Answer forth = concluded(clock, {one, other}, quorum_of(2, 3), Time{});
  const Answer back = concluded(clock, {other, one}, quorum_of(2, 3), Time{});
  REQUIRE(forth.deciding().outcome);
  CHECK(forth.deciding().from == back.deciding().from);
  CHECK(is_borne_out(clock, forth, quorum_of(2, 3)));
  CHECK(is_borne_out(clock, back, quorum_of(2, 3)));
}

// Two clocks may each agree with a third one and not with each other. Whether anything is decided then does not depend
// on the order either.
TEST_CASE("clocks that agree in pairs only decide the same in every order", "[quorum]") {
  const std::string clock = key_of(AccountRequest{known::clock});
  const auto by_name = [](const Observation& a, const Observation& b) { return a.from < b.from; };
  const bool is_middle_first = GENERATE(true, false);
  const std::uint64_t middle = is_middle_first ? 100 : 103;
  std::vector<Observation> seen{clock_from("a", 101, 12), clock_from("b", middle, 10), clock_from("c", 102, 8)};
  do {
    const Answer answer = concluded(clock, seen, quorum_of(2, 3), Time{});
    CHECK(answer.deciding().outcome.has_value() == is_middle_first);
    CHECK(answer.deciding().from == (is_middle_first ? "b" : "local"));
    CHECK(is_borne_out(clock, answer, quorum_of(2, 3)));
  } while (std::next_permutation(seen.begin(), seen.end(), by_name));
}

// The quorum of a run is part of its record of the endpoints, and goes round.
TEST_CASE("the quorum is read from the record of the endpoints", "[quorum]") {
  const auto read = [](const Json& head) {
    FactStore facts;
    facts.emplace(key_of(EndpointsRequest{}),
                  Answer{{{"local", std::nullopt, Time{}, std::chrono::milliseconds(0), Payload{head, {}, {}}}}});
    return quorum_in(facts);
  };
  const Quorum quorum{2, {{"a", "b"}, {"c"}}};
  CHECK(read({{"quorum", json_of(quorum)}}).needed == 2);
  CHECK(read({{"quorum", json_of(quorum)}}).voters == quorum.voters);
  for (const Json& head : {Json{{"quorum", 2}}, Json{{"quorum", {{"needed", -1}, {"voters", Json::array()}}}},
                           Json{{"quorum", {{"needed", 2}, {"voters", {1}}}}}, Json()}) {
    CHECK(read(head).needed == 1);
  }
  CHECK(quorum_in(FactStore()).needed == 1);
}

// An answer that rests on fewer voices than it claims is not borne out, however it is dressed up.
TEST_CASE("an answer without its votes is not borne out", "[quorum]") {
  const Quorum quorum = quorum_of(2, 3);
  const std::vector<Observation> seen{says("a", lie), says("b", truth), says("c", truth)};
  const Answer sound = concluded(key, seen, quorum, Time{});
  REQUIRE(is_borne_out(key, sound, quorum));
  Answer changed = sound;
  SECTION("nobody agrees") { changed.agreeing.clear(); }
  SECTION("it agrees with itself") { changed.agreeing[0].from = changed.deciding().from; }
  SECTION("a stranger agrees") { changed.agreeing[0].from = "z"; }
  SECTION("it agrees with something else") { changed.agreeing[0].value = digest_of_value(account_of(lie)); }
  SECTION("it agrees from another time") { changed.agreeing[0].slot = Slot{1}; }
  SECTION("the liar decides") { std::swap(changed.observations.front(), changed.observations.back()); }
  SECTION("the slot is another one") { changed.observations.back().slot = Slot{101}; }
  SECTION("nothing was decided") { changed.observations.push_back(fails("local", "timeout")); }
  SECTION("one word is given for all") { changed = {{says("b", truth)}}; }
  CHECK_FALSE(is_borne_out(key, changed, quorum));
}

// What the run found to have moved was decided by comparing records, and is not for the votes to say.
TEST_CASE("a fact that moved is not counted again", "[quorum]") {
  Answer answer = concluded(key, {says("b", truth), says("c", truth)}, quorum_of(2, 3), Time{});
  answer.observations.back() = fails("b", "moved");
  CHECK(is_borne_out(key, answer, quorum_of(2, 3)));
}
