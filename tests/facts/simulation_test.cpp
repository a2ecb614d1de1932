#include "facts/simulation.hpp"

#include <catch2/catch.hpp>

#include "support/history.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Reading<Simulation> read(const Json& value) {
  const Json result = {{"context", {{"slot", 100U}}}, {"value", value}};
  return facts::simulation(Bytes{1, 2, 3})
      .read({"fake", Slot{100}, Time{}, std::chrono::milliseconds(1), rpc_result(result)});
}

std::string cause(const Json& value) {
  const auto reading = read(value);
  const auto* why = reading ? nullptr : std::get_if<Unobtainable>(&reading.error());
  return why == nullptr ? "" : why->cause;
}

const std::string loader = "Program BPFLoaderUpgradeab1e11111111111111111111111 ";

}  // namespace

// The same transaction is the same question, whoever asks it and when.
TEST_CASE("a simulation has one key", "[facts]") {
  CHECK(key_of(facts::simulation(Bytes{1, 2, 3}).request) ==
        R"({"params":["AQID",{"commitment":"finalized","encoding":"base64","replaceRecentBlockhash":true,)"
        R"("sigVerify":false}],"rpc":"simulateTransaction"})");
}

TEST_CASE("a simulation that succeeds is read", "[facts]") {
  const auto simulation = read({{"err", nullptr}, {"logs", {loader + "success"}}, {"unitsConsumed", 2370U}});
  REQUIRE(simulation);
  CHECK_FALSE(simulation->error);
  CHECK_FALSE(simulation->reason);
  CHECK(simulation->units == 2370U);
  CHECK(simulation->slot == Slot{100});
  CHECK(read({{"err", nullptr}, {"logs", nullptr}})->units == std::nullopt);
}

// The reason is what a program said last; the runtime's own lines around it say nothing new.
TEST_CASE("a simulation that fails says why", "[facts]") {
  const auto failed = read({{"err", {{"InstructionError", {0U, "AccountDataTooSmall"}}}},
                            {"logs",
                             {loader + "invoke [1]", "ProgramData account not large enough",
                              loader + "failed: account data too small for instruction"}},
                            {"unitsConsumed", 2370U}});
  REQUIRE(failed);
  CHECK(failed->error == R"({"InstructionError":[0,"AccountDataTooSmall"]})");
  CHECK(failed->reason == "ProgramData account not large enough");
  CHECK(read({{"err", "AccountNotFound"}, {"logs", Json::array()}})->error == "AccountNotFound");
  CHECK_FALSE(read({{"err", "AccountNotFound"}, {"logs", nullptr}})->reason);
  CHECK(read({{"err", "x"}, {"logs", {"Program log: no"}}})->reason == "Program log: no");
}

// What an endpoint writes reaches no terminal as it is, and no finding at any length.
TEST_CASE("the text of a simulation is made harmless", "[facts]") {
  const auto hostile = read({{"err", "\x1b[31mred"}, {"logs", {"\x1b]0;title\x07" + std::string(100'000, 'x')}}});
  REQUIRE(hostile);
  CHECK(hostile->error == "\\x1b[31mred");
  CHECK(hostile->reason->find('\x1b') == std::string::npos);
  CHECK(hostile->reason->size() < 300);
}

TEST_CASE("an answer that is no simulation is not one", "[facts]") {
  CHECK(cause(nullptr) == "malformed");
  CHECK(cause({{"logs", Json::array()}}) == "malformed");
  CHECK(cause({{"err", 5}}) == "malformed");
  CHECK(cause({{"err", nullptr}, {"logs", {1}}}) == "malformed");
  CHECK(cause({{"err", nullptr}, {"logs", "all well"}}) == "malformed");
  CHECK(cause({{"err", nullptr}, {"unitsConsumed", "2370"}}) == "malformed");
  const auto no_slot = facts::simulation(Bytes{}).read(
      {"fake", Slot{1}, Time{}, std::chrono::milliseconds(1), rpc_result({{"value", {{"err", nullptr}}}})});
  CHECK_FALSE(no_slot);
}
