#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
const Pubkey authority = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const Pubkey programdata = programdata_address(program).address;

Json params(Json more = Json::object()) {
  more["program"] = to_string(program);
  return more;
}

/// A program whose account has room for so many bytes.
FakeSource room_for(std::size_t bytes, std::optional<Pubkey> held_by = authority) {
  FakeSource source;
  deploy(source, program, Bytes(bytes, 1), held_by);
  return source;
}

std::string verdict_on(FakeSource source, const Json& more) {
  return decide_gate(program_state(), params(more), source).summary;
}

}  // namespace

// A deployed program passes; slot and capacity are told where nothing was expected of them.
TEST_CASE("program-state passes on a deployed program", "[kinds]") {
  FakeSource source = room_for(1000);
  const Finding finding = decide_gate(program_state(), params(), source);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "loader").observed == "loader v3");
  CHECK(observed(finding, "deployed slot").observed == "50");
  CHECK(observed(finding, "capacity").observed == "1000 bytes");
  CHECK(finding.summary ==
        "program " + to_string(program) + " is deployed under loader v3 since slot 50, room for 1000 bytes");
}

// Both accounts travel in one round, and of the programdata only its header.
TEST_CASE("program-state reads headers in one round", "[kinds]") {
  FakeSource source = room_for(1000);
  const Finding finding = decide_gate(program_state(), params(), source);
  REQUIRE(source.rounds().size() == 1);
  const std::string header = key_of(AccountRequest{programdata, Slice{0, programdata_header_bytes}});
  const auto& asked = source.rounds().front();
  CHECK(std::count(asked.begin(), asked.end(), header) == 1);
  CHECK(asked.size() == 2);
  CHECK(observed(finding, "deployed slot").fact == header);
}

// Each way in which a program cannot run has its own sentence.
TEST_CASE("program-state tells what is wrong with a program", "[kinds]") {
  FakeSource source;
  const auto summary = [&source] {
    const Finding finding = decide_gate(program_state(), params(), source);
    CHECK(finding.outcome == Outcome::fail);
    return finding.summary;
  };
  SECTION("missing") { CHECK(summary() == "program account " + to_string(program) + " does not exist"); }
  SECTION("no program") {
    source.holds(program, {.owner = known::system_program, .data = {}});
    CHECK(says(summary(), "is no program: it is owned by 11111111111111111111111111111111 (System program)"));
  }
  SECTION("not executable") {
    Holding holding = program_account(programdata);
    holding.executable = false;
    source.holds(program, holding);
    CHECK(says(summary(), "is not marked executable"));
  }
  SECTION("closed") {
    source.holds(program, program_account(programdata));
    CHECK(says(summary(), "is closed: its programdata " + to_string(programdata) + " no longer exists"));
  }
  SECTION("programdata elsewhere") {
    source.holds(program, program_account(authority));
    CHECK(says(summary(), "points at programdata " + to_string(authority)));
  }
  SECTION("malformed") {
    Holding holding = program_account(programdata);
    holding.data.resize(20);
    source.holds(program, holding);
    CHECK(says(summary(), "program " + to_string(program) + ": "));
  }
  SECTION("loader v4") {
    source.holds(program, {.owner = known::loader_v4, .data = Bytes(48), .executable = true});
    CHECK(says(summary(), "runs under the loader v4"));
  }
}

// A program that runs under another loader than expected fails with both.
TEST_CASE("program-state fails under another loader", "[kinds]") {
  FakeSource source;
  source.holds(program, {.owner = known::loader_v2, .data = Bytes(10, 1), .executable = true});
  CHECK(decide_gate(program_state(), params({{"loader", "loader-v2"}}), source).outcome == Outcome::pass);
  const Finding finding = decide_gate(program_state(), params(), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "program " + to_string(program) + ": it runs under loader v2, expected loader v3");
}

// The slot tells whether somebody deployed since it was written down.
TEST_CASE("program-state compares the deployed slot", "[kinds]") {
  FakeSource source = room_for(10);
  CHECK(decide_gate(program_state(), params({{"deployedSlot", "50"}}), source).outcome == Outcome::pass);
  const Finding finding = decide_gate(program_state(), params({{"deployedSlot", "40"}}), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "it was last deployed, upgraded or extended in slot 50, expected slot 40"));
}

// The room that is there is enough, to the byte.
TEST_CASE("program-state passes where the upgrade fits", "[kinds]") {
  FakeSource source = room_for(1000);
  CHECK(verdict_on(room_for(1000), {{"capacityFor", 1000}}).ends_with("room for 1000 bytes where 1000 are needed"));
  CHECK(decide_gate(program_state(), params({{"capacityFor", 1001}}), source).outcome == Outcome::fail);
}

// Too little room fails by how much, and says the least step that ExtendProgram takes.
TEST_CASE("program-state says how to extend", "[kinds]") {
  const std::uint64_t limit = 10 * 1024 * 1024 - 45;  // bytes of code in the largest account
  CHECK(verdict_on(room_for(1000), {{"capacityFor", 1500}}) ==
        "program " + to_string(program) +
            ": its capacity of 1000 bytes is too small by 500 for a program of 1500, ExtendProgram must add at least "
            "10240");
  CHECK(says(verdict_on(room_for(1000), {{"capacityFor", 20'000}}), "must add at least 19000"));
  CHECK(says(verdict_on(room_for(limit - 10'240), {{"capacityFor", limit - 10'239}}), "must add at least 10240"));
  CHECK(says(verdict_on(room_for(limit - 100), {{"capacityFor", limit - 50}}), "must add at least 100"));
}

// All of the file counts, trailing zeros too: that is what the upgrade writes.
TEST_CASE("program-state measures the file", "[kinds]") {
  FakeSource source = room_for(1000);
  source.holds_file("program.so", padded({1, 2, 3}, 1001));
  const Finding finding = decide_gate(program_state(), params({{"capacityFor", "program.so"}}), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "too small by 1 for a program of 1001"));
  CHECK(source.rounds().size() == 1);
}

// Where no extension can help, the failure does not send anybody to try.
TEST_CASE("program-state says when extending is no way out", "[kinds]") {
  CHECK(says(verdict_on(room_for(1000, std::nullopt), {{"capacityFor", 1500}}), "the program is final"));
  FakeSource source = room_for(1000);
  source.holds_file("program.so", Bytes(10 * 1024 * 1024, 1));
  const std::string summary = decide_gate(program_state(), params({{"capacityFor", "program.so"}}), source).summary;
  CHECK(says(summary, "and only 10484715 can be added: an account has at most 10485760"));
}

// A file that is not there is a definite failure.
TEST_CASE("program-state fails without its file", "[kinds]") {
  FakeSource source = room_for(1000);
  source.answers(FileRequest{"program.so"}, no_file_payload());
  const Finding finding = decide_gate(program_state(), params({{"capacityFor", "program.so"}}), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "file program.so does not exist below the folder of release.json");
}

// No answer is no verdict on the program, and never "closed".
TEST_CASE("program-state is inconclusive without an answer", "[kinds]") {
  FakeSource source = room_for(1000);
  source.refuses(AccountRequest{programdata, Slice{0, programdata_header_bytes}});
  const Finding finding = decide_gate(program_state(), params(), source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "timeout");
}

// Definitions that cannot be meant are refused, each with its place.
TEST_CASE("program-state refuses what cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& more) { return refusal_of(program_state(), params(more)); };
  CHECK(says(refusal({{"loader", "loader-v33"}}), "did you mean \"loader-v3\"?"));
  CHECK(says(refusal({{"loader", "loader-v2"}, {"deployedSlot", "5"}}), "under loader v2 no slot is kept"));
  CHECK(says(refusal({{"loader", "loader-v1"}, {"capacityFor", 5}}), "under loader v1 no program can be upgraded"));
  CHECK(says(refusal({{"capacityFor", 0}}), "/capacityFor"));
  CHECK(says(refusal({{"capacityFor", 10 * 1024 * 1024}}), "1 to 10485715, found 10485760"));
  CHECK(says(refusal({{"capacityFor", "/etc/passwd"}}), "is absolute"));
  CHECK(says(refusal({{"deployedSlot", 5}}), "write it in quotes"));
}
