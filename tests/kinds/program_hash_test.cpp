#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "solana/executable.hpp"
#include "solana/well_known.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey program = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
const Bytes code{0x7f, 'E', 'L', 'F', 1, 2, 3};
const Bytes other_code{0x7f, 'E', 'L', 'F', 1, 9, 3};

Json expecting(const Bytes& expected) {
  return {{"program", to_string(program)}, {"executableHash", to_string(executable_hash(expected))}};
}

Json expecting_file() { return {{"program", to_string(program)}, {"path", "program.so"}}; }

}  // namespace

// Padding in the account is not code: the hash is that of the file without trailing zeros.
TEST_CASE("program-hash passes on the frozen code", "[kinds]") {
  FakeSource source;
  deploy(source, program, padded(code, 1000));
  const Finding finding = decide_gate(program_hash(), expecting(code), source);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "code").observed == "raw length 1000 bytes, 7 without trailing zeros");
}

// Program and programdata travel in one round, and the finding names the record it rests on.
TEST_CASE("program-hash takes one round", "[kinds]") {
  FakeSource source;
  deploy(source, program, code);
  const Finding finding = decide_gate(program_hash(), expecting(code), source);
  CHECK(source.rounds().size() == 1);
  const Pubkey programdata = programdata_address(program).address;
  CHECK(observed(finding, "executable hash").fact == key_of(AccountRequest{programdata}));
}

// Other code fails with both hashes.
TEST_CASE("program-hash fails on other code", "[kinds]") {
  FakeSource source;
  deploy(source, program, other_code);
  const Finding finding = decide_gate(program_hash(), expecting(code), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary.find(to_string(executable_hash(other_code))) != std::string::npos);
  CHECK(finding.summary.find(to_string(executable_hash(code))) != std::string::npos);
}

// With the file at hand the finding says where the two part.
TEST_CASE("program-hash names the first byte that differs", "[kinds]") {
  FakeSource source;
  deploy(source, program, other_code);
  source.holds_file("program.so", padded(code, 20));
  const Finding finding = decide_gate(program_hash(), expecting_file(), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(observed(finding, "first difference").observed == "byte 5");
  CHECK(observed(finding, "code").observed == "raw length 7 bytes, 7 without trailing zeros");
  CHECK(observed(finding, "file program.so").observed == "raw length 20 bytes, 7 without trailing zeros");
}

// The file alone says what is expected.
TEST_CASE("program-hash passes against a file", "[kinds]") {
  FakeSource source;
  deploy(source, program, code);
  source.holds_file("program.so", padded(code, 20));
  CHECK(decide_gate(program_hash(), expecting_file(), source).outcome == Outcome::pass);
}

// Each way in which there is no deployed code fails by name.
TEST_CASE("program-hash fails where nothing is deployed", "[kinds]") {
  FakeSource source;
  SECTION("no account") {
    CHECK(decide_gate(program_hash(), expecting(code), source).summary ==
          "program account " + to_string(program) + " does not exist");
  }
  SECTION("no program") {
    source.holds(program, {.owner = known::system_program, .data = {}});
    CHECK(decide_gate(program_hash(), expecting(code), source).summary.find("is no program") != std::string::npos);
  }
  SECTION("closed") {
    source.holds(program, program_account(programdata_address(program).address));
    CHECK(decide_gate(program_hash(), expecting(code), source).summary.find("is closed") != std::string::npos);
  }
  CHECK(decide_gate(program_hash(), expecting(code), source).outcome == Outcome::fail);
}

// A file that is not there is a definite failure, not a missing answer.
TEST_CASE("program-hash fails without its file", "[kinds]") {
  FakeSource source;
  deploy(source, program, code);
  source.answers(FileRequest{"program.so"}, no_file_payload());
  const Finding finding = decide_gate(program_hash(), expecting_file(), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "file program.so does not exist below the folder of release.json");
}

// No answer is no verdict on the code.
TEST_CASE("program-hash is inconclusive without an answer", "[kinds]") {
  FakeSource source;
  deploy(source, program, code);
  source.refuses(AccountRequest{programdata_address(program).address});
  const Finding finding = decide_gate(program_hash(), expecting(code), source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "timeout");
}

// Immutable programs of loader v2 keep their code in the program account itself.
TEST_CASE("program-hash reads loader v2", "[kinds]") {
  FakeSource source;
  source.holds(program, {.owner = known::loader_v2, .data = code, .executable = true});
  CHECK(decide_gate(program_hash(), expecting(code), source).outcome == Outcome::pass);
}

// A definition that expects nothing is refused before anything is asked.
TEST_CASE("program-hash must expect something", "[kinds]") {
  const std::string refusal = refusal_of(program_hash(), {{"program", to_string(program)}});
  CHECK(refusal.find("names neither \"executableHash\" nor \"path\"") != std::string::npos);
}
