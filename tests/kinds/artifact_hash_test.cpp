#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/executable.hpp"
#include "solana/vectors.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const RelativePath path{"target/deploy/vault.so"};

/// The header of a real program, as long as its tables need, and four zeros that are not code.
Bytes program_file() {
  Bytes code = unhex(case_named(vectors("elf_headers").at("cases"), "memo").at("first64_hex"));
  code.resize(199'999);
  code.push_back(7);
  code.resize(200'004);
  return code;
}

/// The same with one byte of code changed.
Bytes other_file() {
  Bytes code = program_file();
  code.at(150'000) = 1;
  return code;
}

Json expecting(const Bytes& file) {
  return {
      {"path", path.text}, {"sha256", to_string(sha256(file))}, {"executableHash", to_string(executable_hash(file))}};
}

}  // namespace

// The frozen file passes, and the finding says what it is: version, length, and what of it is no code.
TEST_CASE("artifact-hash passes on the frozen file", "[kinds]") {
  FakeSource source;
  source.holds_file(path.text, program_file());
  const Finding finding = decide_gate(artifact_hash(), expecting(program_file()), source);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "format").observed == "SBF program of SBPF version 0");
  CHECK(observed(finding, "length").observed == "200004 bytes");
  CHECK(observed(finding, "trailing zeros").observed == "4 bytes");
}

// One round, and every observation names the record of the file.
TEST_CASE("artifact-hash takes one round", "[kinds]") {
  FakeSource source;
  source.holds_file(path.text, program_file());
  const Finding finding = decide_gate(artifact_hash(), expecting(program_file()), source);
  CHECK(source.rounds().size() == 1);
  CHECK(observed(finding, "sha256").fact == key_of(FileRequest{path.text}));
}

// Another file fails with both hashes of both, in one sentence.
TEST_CASE("artifact-hash fails on another file", "[kinds]") {
  FakeSource source;
  source.holds_file(path.text, other_file());
  const Finding finding = decide_gate(artifact_hash(), expecting(program_file()), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "file target/deploy/vault.so: its SHA-256 is " + to_string(sha256(other_file())) +
                               ", expected " + to_string(sha256(program_file())) + "; its executable hash is " +
                               to_string(executable_hash(other_file())) + ", expected " +
                               to_string(executable_hash(program_file())));
}

// Zeros added at the end change the file and not the program: only the file's hash fails.
TEST_CASE("artifact-hash tells the file from the code in it", "[kinds]") {
  FakeSource source;
  source.holds_file(path.text, padded(program_file(), 200'100));
  const Finding finding = decide_gate(artifact_hash(), expecting(program_file()), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK_FALSE(observed(finding, "sha256").holds);
  CHECK(observed(finding, "executable hash").holds);
}

// Without an expected executable hash the finding still tells it.
TEST_CASE("artifact-hash notes an executable hash that nobody expected", "[kinds]") {
  FakeSource source;
  source.holds_file(path.text, program_file());
  Json params = expecting(program_file());
  params.erase("executableHash");
  const Finding finding = decide_gate(artifact_hash(), params, source);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "executable hash").observed == to_string(executable_hash(program_file())));
}

// The two hashes put in each other's place are said to be so.
TEST_CASE("artifact-hash notices hashes that were swapped", "[kinds]") {
  FakeSource source;
  source.holds_file(path.text, program_file());
  Json params = expecting(program_file());
  std::swap(params["sha256"], params["executableHash"]);
  const std::string summary = decide_gate(artifact_hash(), params, source).summary;
  CHECK(summary.find(", which is its executable hash") != std::string::npos);
  CHECK(summary.find(", which is the SHA-256 of the whole file") != std::string::npos);
}

// A file with the frozen hash that is no SBF program was frozen wrongly.
TEST_CASE("artifact-hash fails on a file that is no program", "[kinds]") {
  const Bytes script{'#', '!', '/', 'b', 'i', 'n'};
  FakeSource source;
  source.holds_file(path.text, script);
  const Finding finding = decide_gate(artifact_hash(), expecting(script), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary.find("it cannot run on Solana: SBF program: expected ELF magic") != std::string::npos);
}

// A file that is not there is a definite failure.
TEST_CASE("artifact-hash fails without its file", "[kinds]") {
  FakeSource source;
  source.answers(FileRequest{path.text}, no_file_payload());
  const Finding finding = decide_gate(artifact_hash(), expecting(program_file()), source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "file target/deploy/vault.so does not exist below the folder of release.json");
}

// A file that may not be read says nothing about the artifact.
TEST_CASE("artifact-hash is inconclusive without an answer", "[kinds]") {
  FakeSource source;
  source.refuses(FileRequest{path.text}, {"not-permitted", "permission denied", Retry::never});
  const Finding finding = decide_gate(artifact_hash(), expecting(program_file()), source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "not-permitted");
}

// Definitions that cannot be meant are refused.
TEST_CASE("artifact-hash refuses what is no hash", "[kinds]") {
  Json params = expecting(program_file());
  params["sha256"] = "abc";
  CHECK(refusal_of(artifact_hash(), params).find("/sha256") != std::string::npos);
  params.erase("sha256");
  CHECK(refusal_of(artifact_hash(), params).find("has no \"sha256\"") != std::string::npos);
}
