// What rpc-health makes of endpoints that do not agree: on each other's blockhashes, on finalized blocks.
#include <set>

#include "facts/endpoint_services.hpp"
#include "kinds/rpc_health_world.hpp"

using namespace readyctl;
using namespace readyctl::test;
using Catch::Contains;

namespace {

const Node third_node{"third", std::nullopt, 1001, third_hash};
const Json compared = both({{"compareBlocks", true}});

Json block_json(const std::string& hash, std::int64_t age_seconds = 12) {
  return {{"blockhash", hash}, {"blockTime", now.milliseconds / 1000 - age_seconds}, {"blockHeight", 900U}};
}

// The block of slot 1000, which is the lowest finalized slot of main, backup and third.
ProbeRequest block_of(const std::string& endpoint) { return block_question(endpoint, Slot{1000}); }

// Main and backup with the same block.
World with_blocks() {
  World world;
  world.source.answers(block_of("main"), result(block_json(main_hash)));
  world.source.answers(block_of("backup"), result(block_json(main_hash)));
  return world;
}

}  // namespace

// A slot that no cluster reaches could not stand in the question for its block.
TEST_CASE("rpc-health asks for no block of a slot beyond reason", "[kinds]") {
  constexpr std::uint64_t beyond = (std::uint64_t{1} << 53) + 1;
  World world({{"main", "acme", beyond, main_hash}, {"backup", "other", beyond, backup_hash}});
  const Finding finding = world.decided(compared);
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains("getSlot: malformed answer: it is a number beyond 2^53, where no cluster gets"));
}

// --- blockhashes ---

// Each blockhash is shown to every other endpoint that is fresh enough to judge; one that is too far behind judges
// nobody.
TEST_CASE("rpc-health asks every other endpoint", "[kinds]") {
  World world({main_node, backup_node, {"late", std::nullopt, 900, third_hash}});
  world.decided(both());
  const std::set<std::string> asked(world.source.rounds().back().begin(), world.source.rounds().back().end());
  CHECK(asked == std::set<std::string>{key_of(validity("backup", main_hash)), key_of(validity("backup", third_hash)),
                                       key_of(validity("main", backup_hash)), key_of(validity("main", third_hash))});
}

// One of three on a fork knows nobody's blockhash, and nobody knows its own: it is named, and the others are healthy.
TEST_CASE("rpc-health tells the one on a fork from the two that are not", "[kinds]") {
  World world({main_node, backup_node, third_node});
  for (const std::string& hash : {main_hash, third_hash}) {
    world.source.answers(validity("backup", hash), result(in_context(1034, false)));
  }
  for (const std::string name : {"main", "third"}) {
    world.source.answers(validity(name, backup_hash), result(in_context(1034, false)));
  }
  const Finding finding = world.decided(both());
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains("2 of 3 endpoints healthy: main, third"));
  const std::string blockhash = "its blockhash " + backup_hash + " of slot 1002 is not valid at endpoint ";
  CHECK_THAT(finding.summary, Contains("unhealthy endpoint backup: " + blockhash + "main; " + blockhash + "third"));
  CHECK(observed(finding, "main: blockhash at backup").observed == "not valid: " + main_hash + " of slot 1000");
}

// Two endpoints of one provider that know a blockhash have one voice; another that does not has one too.
TEST_CASE("rpc-health counts one voice a provider", "[kinds]") {
  Node same = third_node;
  same.provider = "acme";
  World world({main_node, backup_node, same});
  world.source.answers(validity("backup", main_hash), result(in_context(1034, false)));
  CHECK_THAT(world.decided(both()).summary, Contains("unhealthy endpoint main: its blockhash " + main_hash +
                                                     " of slot 1000 is not valid at endpoint backup"));
}

// --- finalized blocks ---

// All have the same block at a slot that all have reached, and it is as fresh as the newest one must be.
TEST_CASE("rpc-health compares a finalized block", "[kinds]") {
  World world = with_blocks();
  const Finding finding = world.decided(compared);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "finalized block of slot 1000").observed == "main, backup " + main_hash);
  CHECK(observed(finding, "finalized block of slot 1000").fact == key_of(block_of("main")));
  CHECK(observed(finding, "backup: block of slot 1000").observed == main_hash);
  CHECK(world.source.rounds().size() == 3);
}

// Another finalized block at one slot is a fork or a lie, whoever is right; who has which is named.
TEST_CASE("rpc-health fails endpoints with different finalized blocks", "[kinds]") {
  World world = with_blocks();
  world.source.answers(block_of("backup"), result(block_json(backup_hash)));
  const Finding finding = world.decided(compared);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "endpoints disagree on the finalized block of slot 1000: backup " + backup_hash + "; main " +
                               main_hash + ". One side is on a fork, or does not tell the truth");
}

// An endpoint without the block, or with one that is old, is unhealthy. Of one that is malformed it is said how.
TEST_CASE("rpc-health fails an endpoint without the finalized block", "[kinds]") {
  World world = with_blocks();
  const std::string malformed = "getBlock of slot 1000: malformed answer: ";
  const auto says = [&](const Payload& payload, const std::string& reasons) {
    world.source.answers(block_of("backup"), payload);
    check_backup(world.decided(compared), reasons);
  };
  SECTION("not there") {
    says(error(-32004, "Block not available for slot 1000"),
         "getBlock of slot 1000: error -32004: Block not available for slot 1000");
  }
  SECTION("old") {
    says(result(block_json(main_hash, 61)),
         "its block of slot 1000 is 61 s old (made at 2026-11-21T08:58:59Z), at most 60 s is allowed");
  }
  SECTION("null") { says(result(nullptr), malformed + "it has no blockhash in base58"); }
  SECTION("no hash") { says(result({{"blockTime", 1}}), malformed + "it has no blockhash in base58"); }
  SECTION("no time") {
    says(result({{"blockhash", main_hash}, {"blockTime", nullptr}}), malformed + "it has no block time");
  }
  SECTION("a time before all blocks") {
    says(result({{"blockhash", main_hash}, {"blockTime", -1}}), malformed + "it has no block time");
  }
  SECTION("a time beyond 63 bits") {
    says(result({{"blockhash", main_hash}, {"blockTime", UINT64_MAX}}), malformed + "it has no block time");
  }
}

// What was not recorded decides nothing.
TEST_CASE("rpc-health is inconclusive without the record of a block", "[kinds]") {
  World world = with_blocks();
  world.source.refuses(block_of("backup"), {"not-recorded", "not in the evidence", Retry::never});
  CHECK(world.decided(compared).outcome == Outcome::inconclusive);
}

// One endpoint has nobody to be compared with: that is said, and nothing is asked.
TEST_CASE("rpc-health compares no block of one endpoint", "[kinds]") {
  World world({main_node});
  const Finding finding = world.decided(both({{"minHealthy", 1}, {"compareBlocks", true}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains("this rests on the word of one endpoint"));
  CHECK(world.source.rounds().size() == 2);
}

// --- block heights ---

// Slots may be skipped, blocks may not: the lag in blocks has a bound of its own.
TEST_CASE("rpc-health fails an endpoint that lacks blocks", "[kinds]") {
  World world;
  const Json params = both({{"maxBlockHeightLag", 10}});
  world.source.answers(finalized("main", "getBlockHeight"), result(800U));
  const auto height = [&](const Json& value) {
    world.source.answers(finalized("backup", "getBlockHeight"), result(value));
  };
  SECTION("just not too far below") {
    height(790U);
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: block height lag").observed == "10 (height 790)");
  }
  SECTION("too far below") {
    height(789U);
    check_backup(world.decided(params),
                 "its block height is 789, 11 blocks below the highest seen, at most 10 allowed");
  }
  SECTION("malformed") {
    height("789");
    check_backup(world.decided(params), "getBlockHeight: malformed answer: expected a whole number, found a string");
  }
  SECTION("not answered") {
    world.source.refuses(finalized("backup", "getBlockHeight"));
    check_backup(world.decided(params), "getBlockHeight: no answer within 10 s");
  }
  SECTION("not recorded") {
    world.source.refuses(finalized("backup", "getBlockHeight"), {"not-recorded", "not there", Retry::never});
    CHECK(world.decided(params).outcome == Outcome::inconclusive);
  }
}
