#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/otter_verify.hpp"
#include "solana/vectors.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// The record is assembled from the program's source: otter-verify does not run here.
const Vectors& recorded() { return vectors("otter_verify").at("build_params_account"); }
const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey signer = "FLHRfEpRV7QFgzPMz5garMyZ4kmbUho7L4fDaMBT1XSn"_pubkey;
const Pubkey stranger = "3UcjAwY7mSK52tUDBTzfpo5CoUKzP1W1EEM9inQ8mi9n"_pubkey;
const std::string commit = "0123456789abcdef0123456789abcdef01234567";

FakeSource world(std::optional<Pubkey> authority = signer, std::uint64_t slot = 123'456'789) {
  FakeSource source;
  deploy(source, program, {1, 2, 3}, authority, Slot{slot});
  source.holds(build_params_address(signer, program),
               {.owner = known::otter_verify, .data = unhex(recorded().at("hex"))});
  return source;
}

Finding decide_on(Json more = Json::object(), FakeSource source = world()) {
  more.emplace("program", to_string(program));
  more.emplace("repository", "https://example.invalid/repo.git");
  more.emplace("commit", commit);
  return decide_gate(verified_build(), more, source);
}

}  // namespace

TEST_CASE("verified-build passes on the record of the authority", "[kinds]") {
  const Finding finding = decide_on({{"arguments", {"--library-name", "ready"}}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, "names commit " + commit));
  CHECK(says(finding.summary, "proves nothing until that source is built"));
  const Finding stale = decide_on(Json::object(), world(signer, 5));
  CHECK(stale.outcome == Outcome::pass);
  CHECK(says(stale.summary, "the program was last written in slot 5"));
}

TEST_CASE("verified-build compares what the record names", "[kinds]") {
  fails(decide_on({{"repository", "https://example.invalid/other"}}), "it names repository");
  fails(decide_on({{"commit", std::string(40, 'a')}}), "it names commit " + commit);
  fails(decide_on({{"arguments", {"--library-name"}}}), "it names arguments \"--library-name ready\"");
}

// Only whoever could replace the code speaks for it.
TEST_CASE("verified-build takes nobody else's record", "[kinds]") {
  fails(decide_on(Json::object(), world(stranger)), "it does not exist");
  fails(decide_on({{"signer", to_string(signer)}}, world(stranger)), "it does not exist");
  fails(decide_on(Json::object(), world(std::nullopt)), "nobody holds the upgrade authority");
  CHECK(decide_on({{"signer", to_string(signer)}}, world(std::nullopt)).outcome == Outcome::pass);
  FakeSource imitated = world();
  imitated.holds(build_params_address(signer, program),
                 {.owner = known::system_program, .data = unhex(recorded().at("hex"))});
  fails(decide_on(Json::object(), imitated), "it does not exist");
  FakeSource damaged = world();
  damaged.holds(build_params_address(signer, program), {.owner = known::otter_verify, .data = Bytes(20)});
  fails(decide_on(Json::object(), damaged), "it cannot be read");
}

TEST_CASE("verified-build is inconclusive without an answer", "[kinds]") {
  FakeSource silent = world();
  silent.refuses(AccountRequest{build_params_address(signer, program)});
  CHECK(decide_on(Json::object(), silent).outcome == Outcome::inconclusive);
  fails(decide_on(Json::object(), FakeSource()), "does not exist");
}
