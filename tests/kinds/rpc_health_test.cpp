#include "kinds/rpc_health_world.hpp"

using namespace readyctl;
using namespace readyctl::test;
using Catch::Contains;

// The usual case, and what a person can read of each endpoint.
TEST_CASE("rpc-health passes on healthy endpoints", "[kinds]") {
  const Finding finding = World().decided(both({{"maxLatencyMs", 1}, {"minProviders", 2}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "2 of 2 endpoints healthy: main, backup");
  CHECK(observed(finding, "main: genesis hash").observed == mainnet + " (mainnet-beta)");
  CHECK(observed(finding, "main: getHealth").observed == "ok");
  CHECK(observed(finding, "main: slot lag").observed == "2 (slot 1000)");
  CHECK(observed(finding, "main: newest block").observed == "12 s old, made at 2026-11-21T08:59:48Z");
  CHECK(observed(finding, "main: slowest answer").observed == "1 ms (getGenesisHash)");
  CHECK(observed(finding, "main: blockhash").observed == "valid: " + main_hash + " of slot 1000");
  CHECK(observed(finding, "backup: blockhash").expected == "valid at main");
  CHECK(observed(finding, "providers of healthy endpoints").observed == "2 providers: acme, other");
  CHECK(observed(finding, "main: slot lag").fact == key_of(finalized("main", "getSlot")));
}

// The list and the clock cost no network; everything else is asked at once, but for the blockhashes of others.
TEST_CASE("rpc-health takes three rounds", "[kinds]") {
  World world;
  world.decided(both());
  const auto& rounds = world.source.rounds();
  REQUIRE(rounds.size() == 3);
  CHECK(rounds[0] == std::vector<std::string>{key_of(ClockRequest{}), key_of(EndpointsRequest{})});
  CHECK(rounds[1].size() == 10);
  CHECK(rounds[2] ==
        std::vector<std::string>{key_of(validity("backup", main_hash)), key_of(validity("main", backup_hash))});
}

// With one endpoint there is nobody to ask, and the pass says what it rests on.
TEST_CASE("rpc-health says when it rests on one endpoint", "[kinds]") {
  World world({main_node});
  const Finding finding = world.decided(both({{"minHealthy", 1}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary ==
        "1 of 1 endpoint healthy: main (this rests on the word of one endpoint: there is no other to "
        "compare it with)");
  CHECK(world.source.rounds().size() == 2);
}

// --- each way to be unhealthy ---

// An endpoint of another cluster is named with both clusters, and nothing else it says matters.
TEST_CASE("rpc-health fails an endpoint on another cluster", "[kinds]") {
  Node elsewhere = backup_node;
  elsewhere.genesis = devnet;
  elsewhere.age_seconds = 9999;
  World world({main_node, elsewhere});
  check_backup(world.decided(both()), "it is on another cluster: its genesis hash is " + devnet +
                                          " (devnet), expected " + mainnet + " (mainnet-beta)");
}

// The slots of another cluster are no measure.
TEST_CASE("rpc-health measures no lag against another cluster", "[kinds]") {
  Node elsewhere = backup_node;
  elsewhere.genesis = devnet;
  elsewhere.slot = 999'999;
  const Finding finding = World({main_node, elsewhere}).decided(both({{"minHealthy", 1}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "main: slot lag").observed == "0 (slot 1000)");
}

// When none is on the cluster, each is named.
TEST_CASE("rpc-health fails when all endpoints are on another cluster", "[kinds]") {
  Node one = main_node;
  Node other = backup_node;
  one.genesis = other.genesis = devnet;
  const Finding finding = World({one, other}).decided(both({{"minHealthy", 1}}));
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains("0 of 2 endpoints healthy") &&
                                  Contains("endpoint main: it is on another cluster") &&
                                  Contains("endpoint backup: it is on another cluster"));
}

// What the node says of itself is repeated.
TEST_CASE("rpc-health fails an endpoint that says it is unhealthy", "[kinds]") {
  World world;
  world.source.answers(health_of_backup, error(-32005, "Node is behind by 42 slots"));
  check_backup(world.decided(both()), "getHealth: error -32005: Node is behind by 42 slots");
}

// The lag is against the highest slot seen, and exactly the allowed one is allowed.
TEST_CASE("rpc-health fails an endpoint that is behind", "[kinds]") {
  Node behind = backup_node;
  SECTION("too far") {
    behind.slot = 949;
    check_backup(World({main_node, behind}).decided(both()),
                 "it is at slot 949, 51 slots behind the highest seen, at most 50 allowed");
  }
  SECTION("just not too far") {
    behind.slot = 950;
    CHECK(World({main_node, behind}).decided(both()).outcome == Outcome::pass);
  }
}

// Freshness is that of the block, against the clock of the machine that decides, in both directions.
TEST_CASE("rpc-health fails an endpoint whose newest block is old", "[kinds]") {
  Node odd = backup_node;
  SECTION("old") {
    odd.age_seconds = 61;
    check_backup(World({main_node, odd}).decided(both()),
                 "its newest block is 61 s old (made at 2026-11-21T08:58:59Z), at most 60 s is allowed");
  }
  SECTION("just not too old") {
    odd.age_seconds = 60;
    CHECK(World({main_node, odd}).decided(both()).outcome == Outcome::pass);
  }
  SECTION("from the future") {
    odd.age_seconds = -61;
    check_backup(
        World({main_node, odd}).decided(both()),
        "its newest block is 61 s ahead of this machine's clock (made at 2026-11-21T09:01:01Z), at most 60 s is "
        "allowed: one of the two clocks is wrong");
  }
}

// A blockhash that another endpoint does not know is one of a fork.
TEST_CASE("rpc-health fails an endpoint whose blockhash another does not know", "[kinds]") {
  World world;
  world.source.answers(validity("main", backup_hash), result(in_context(1032, false)));
  check_backup(world.decided(both()), "its blockhash " + backup_hash + " of slot 1002 is not valid at endpoint main");
}

// A judge that has not reached the slot of the hash cannot know it. The pass says that nobody could tell.
TEST_CASE("rpc-health holds nothing against a blockhash that the judge cannot know yet", "[kinds]") {
  World world;
  world.source.answers(validity("main", backup_hash), result(in_context(1001, false)));
  const Finding finding = world.decided(both());
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains("no other endpoint could say whether the blockhash of backup is valid"));
}

// The slowest of the small questions counts, with its name.
TEST_CASE("rpc-health fails an endpoint that is slow", "[kinds]") {
  const Finding finding = World({main_node}).decided(both({{"minHealthy", 1}, {"maxLatencyMs", 0}}));
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains("its slowest answer took 1 ms (getGenesisHash), at most 0 ms is allowed"));
}

// A method is served when it answers, or refuses because it wants parameters.
TEST_CASE("rpc-health fails an endpoint that does not serve a method", "[kinds]") {
  World world;
  const Json params = both({{"methods", {"getBlockTime"}}});
  const ProbeRequest of_main{"main", "getBlockTime"};
  const ProbeRequest of_backup{"backup", "getBlockTime"};
  world.source.answers(of_main, result(1'790'000'000));
  SECTION("served") {
    world.source.answers(of_backup, error(-32602, "Invalid params"));
    CHECK(world.decided(params).outcome == Outcome::pass);
  }
  SECTION("unknown") {
    world.source.answers(of_backup, error(-32601, "Method not found"));
    check_backup(world.decided(params), "it does not serve getBlockTime: error -32601: Method not found");
  }
  SECTION("a node without history") {
    world.source.answers(of_backup, error(-32011, "Transaction history is not available from this node"));
    check_backup(world.decided(params),
                 "it may not serve getBlockTime: error -32011: Transaction history is not "
                 "available from this node");
  }
  SECTION("a gateway that says no") {
    world.source.answers(of_backup, error(-32052, "API key is not allowed to access this"));
    CHECK_THAT(world.decided(params).summary, Contains("it may not serve getBlockTime: error -32052"));
  }
  SECTION("no answer") {
    world.source.refuses(of_backup);
    check_backup(world.decided(params), "getBlockTime: no answer within 10 s");
  }
}

// Silence is an answer to the question of health, and it is said once, not once a question.
TEST_CASE("rpc-health fails an endpoint that does not answer", "[kinds]") {
  World world;
  world.silences(backup_node);
  check_backup(world.decided(both()),
               "getGenesisHash, getHealth, getSlot, getLatestBlockhash, getAccountInfo of "
               "SysvarC1ock11111111111111111111111111111111: no answer within 10 s");
}

// An endpoint too few that is not needed does not fail the gate, and the pass names it.
TEST_CASE("rpc-health passes with an unhealthy endpoint to spare", "[kinds]") {
  World world;
  world.silences(backup_node);
  const Finding finding = world.decided(both({{"minHealthy", 1}}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK_THAT(finding.summary, Contains("1 of 2 endpoints healthy: main") && Contains("unhealthy endpoint backup: ") &&
                                  Contains("this rests on the word of one endpoint"));
}

// Everything that is wrong with an endpoint is said at once.
TEST_CASE("rpc-health names all that is wrong with an endpoint", "[kinds]") {
  Node odd = backup_node;
  odd.slot = 900;
  odd.age_seconds = 100;
  World world({main_node, odd});
  world.source.answers(health_of_backup, error(-32005, "Node is unhealthy"));
  const Finding finding = world.decided(both());
  CHECK_THAT(finding.summary, Contains("100 s old") && Contains("100 slots behind") && Contains("Node is unhealthy"));
  CHECK_FALSE(observed(finding, "backup: slot lag").holds);
}

// Fewer endpoints than must be healthy can never be enough.
TEST_CASE("rpc-health fails when there are too few endpoints", "[kinds]") {
  const Finding finding = World().decided(both({{"minHealthy", 3}}));
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "2 of 2 endpoints healthy, expected at least 3");
}

// --- malformed answers ---

// Every result is read strictly; one that is not as it must be is the endpoint's fault, and named.
TEST_CASE("rpc-health fails an endpoint that answers malformed", "[kinds]") {
  World world;
  const auto says = [&](const ProbeRequest& request, const Json& answer, const std::string& reason) {
    world.source.answers(request, result(answer));
    check_backup(world.decided(both()), reason);
  };
  const ProbeRequest slot = finalized("backup", "getSlot");
  const ProbeRequest blockhash = finalized("backup", "getLatestBlockhash");
  const ProbeRequest clock = read_of("backup", known::clock);
  const std::string of_clock = "getAccountInfo of " + to_string(known::clock) + ": malformed answer: ";
  SECTION("genesis hash") { says(genesis_of_backup, 7, "getGenesisHash: malformed answer: it is no hash in base58"); }
  SECTION("health") {
    says(health_of_backup, "behind", "getHealth: malformed answer: expected \"ok\", found \"behind\"");
  }
  SECTION("slot in quotes") {
    says(slot, "1002", "getSlot: malformed answer: expected a whole number, found a string");
  }
  SECTION("slot below zero") { says(slot, -1, "getSlot: malformed answer: expected a whole number, found a number"); }
  SECTION("blockhash without context") {
    says(blockhash, {{"value", {{"blockhash", backup_hash}}}},
         "getLatestBlockhash: malformed answer: it has no context slot");
  }
  SECTION("blockhash without hash") {
    says(blockhash, in_context(1002, {{"blockhash", nullptr}}),
         "getLatestBlockhash: malformed answer: it has no blockhash in base58");
  }
  SECTION("blockhash without height") {
    says(blockhash, in_context(1002, {{"blockhash", backup_hash}}),
         "getLatestBlockhash: malformed answer: it has no last valid block height");
  }
  SECTION("no value") {
    says(blockhash, {{"context", {{"slot", 1U}}}}, "getLatestBlockhash: malformed answer: it has no value");
  }
  SECTION("no clock") { says(clock, in_context(1002, nullptr), of_clock + "there is no Clock sysvar"); }
  SECTION("another's clock") {
    says(clock, in_context(1002, account_json(treasury, Bytes(40))), of_clock + "there is no Clock sysvar");
  }
  SECTION("short clock") {
    world.source.answers(clock, result(in_context(1002, account_json(known::sysvar_owner, Bytes(39)))));
    CHECK_THAT(world.decided(both()).summary, Contains(of_clock));
  }
  SECTION("clock beyond all time") {
    says(clock, in_context(1002, clock_json(INT64_MAX)),
         of_clock + "the block time is 9223372036854775807 s since 1970");
  }
  SECTION("data in base58") {
    Json account = clock_json(0);
    account["data"][1] = "base58";
    says(clock, in_context(1002, account), of_clock + "it is no account in base64");
  }
  SECTION("data that is none") {
    Json account = clock_json(0);
    account["data"][0] = "!!!";
    says(clock, in_context(1002, account), of_clock + "it is no account in base64");
  }
  SECTION("another size than claimed") {
    Json account = clock_json(0);
    account["space"] = 41;
    says(clock, in_context(1002, account), of_clock + "it holds 40 bytes and claims another size");
  }
}

// A judge that answers nonsense is itself unhealthy; the one it was asked about is not.
TEST_CASE("rpc-health fails the judge that answers malformed", "[kinds]") {
  World world;
  world.source.answers(validity("backup", main_hash), result(in_context(1034, "yes")));
  check_backup(world.decided(both()), "isBlockhashValid: malformed answer: it says neither true nor false");
}

// Text from the network cannot steer a terminal, nor fill one.
TEST_CASE("rpc-health makes messages from the network harmless", "[kinds]") {
  World world;
  world.source.answers(health_of_backup, error(-32005, "\x1b[2J" + std::string(5000, 'x')));
  const Finding finding = world.decided(both());
  CHECK(finding.summary.find('\x1b') == std::string::npos);
  CHECK(finding.summary.size() < 500);
}

// --- agreement ---

// The same account must be the same from both.
TEST_CASE("rpc-health compares reads between endpoints", "[kinds]") {
  World world;
  const Json params = both({{"reads", {to_string(treasury)}}});
  const Json account = account_json(known::token, {1, 2, 3});
  world.reads("main", 1000, account);
  SECTION("the same") {
    world.reads("backup", 1002, account);
    CHECK(world.decided(params).outcome == Outcome::pass);
  }
  SECTION("other data") {
    world.reads("backup", 1002, account_json(known::token, {1, 2, 4}));
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::fail);
    CHECK_THAT(finding.summary, Contains("endpoints disagree on account " + to_string(treasury) +
                                         ": main at slot 1000: 5 "
                                         "lamports, owner " +
                                         to_string(known::token)) &&
                                    Contains("; backup at slot 1002: 5 lamports"));
  }
  SECTION("other lamports") {
    world.reads("backup", 1002, account_json(known::token, {1, 2, 3}, 6));
    CHECK_THAT(world.decided(params).summary, Contains("backup at slot 1002: 6 lamports"));
  }
  SECTION("no account") {
    world.reads("backup", 1002, nullptr);
    CHECK_THAT(world.decided(params).summary, Contains("backup at slot 1002: no account"));
  }
  SECTION("other lamports from one that does not say its slot") {
    world.source.answers(finalized("backup", "getSlot"), error(-32603, "Internal error"));
    world.reads("backup", 1002, account_json(known::token, {1, 2, 3}, 6));
    const Finding finding = world.decided(both({{"reads", {to_string(treasury)}}, {"minHealthy", 1}}));
    CHECK(finding.outcome == Outcome::fail);
    CHECK_THAT(finding.summary, Contains("endpoints disagree") && Contains("backup at slot 1002: 6 lamports"));
  }
  SECTION("slots too far apart to compare") {
    world.reads("backup", 1051, account_json(known::token, {9}));
    CHECK(world.decided(params).outcome == Outcome::pass);
  }
  SECTION("not answered") {
    world.source.answers(read_of("backup", treasury), error(-32603, "Internal error"));
    check_backup(world.decided(params), "getAccountInfo of " + to_string(treasury) + ": error -32603: Internal error");
  }
}

// Two endpoints of one provider are one opinion; an endpoint that names none may be of any.
TEST_CASE("rpc-health counts providers of healthy endpoints", "[kinds]") {
  Node other = backup_node;
  const Json params = both({{"minProviders", 2}});
  SECTION("the same provider") {
    other.provider = "acme";
    CHECK(World({main_node, other}).decided(params).summary ==
          "the healthy endpoints have 1 provider: acme; expected at least 2");
  }
  SECTION("one without a name") {
    other.provider = std::nullopt;
    CHECK(World({main_node, other}).decided(params).summary ==
          "the healthy endpoints have 1 provider: acme; expected at least 2");
  }
  SECTION("none with a name") {
    Node one = main_node;
    one.provider = other.provider = std::nullopt;
    CHECK(World({one, other}).decided(params).summary ==
          "the healthy endpoints have 1 provider, not named; expected at least 2");
  }
  SECTION("one of them unhealthy") {
    World world;
    world.silences(backup_node);
    CHECK_THAT(world.decided(both({{"minHealthy", 1}, {"minProviders", 2}})).summary,
               Contains("the healthy endpoints have 1 provider: acme"));
  }
}

// Two that lie alike, of four. Without a quorum nobody has to agree with them.
TEST_CASE("rpc-health is not passed by fewer providers than must agree", "[kinds]") {
  Node old = {"third", "third", 1001, third_hash};
  old.age_seconds = 3600;
  Node older = {"fourth", "fourth", 1001, "4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM"};
  older.age_seconds = 3600;
  World world({main_node, backup_node, old, older});
  CHECK(world.decided(both()).outcome == Outcome::pass);
  Json head = world.endpoints;
  head["quorum"] = {{"needed", 3U}, {"voters", {{"main"}, {"backup"}, {"third"}, {"fourth"}}}};
  world.source.answers(EndpointsRequest{}, {head, nullptr, nullptr});
  const Finding finding = world.decided(both());
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "the healthy endpoints are of 2 providers, and 3 of 4 must agree in this run");
  head["quorum"]["needed"] = 2U;
  world.source.answers(EndpointsRequest{}, {head, nullptr, nullptr});
  CHECK(world.decided(both()).outcome == Outcome::pass);
}

// The cluster is the release's, whether the gate repeats it or not: none of these endpoints is on it.
TEST_CASE("rpc-health needs no genesis hash to know the cluster", "[kinds]") {
  Json params = both();
  params.erase("genesisHash");
  SECTION("the release's") { CHECK(World().decided(params).outcome == Outcome::pass); }
  SECTION("another one, of all endpoints") {
    Node one = main_node;
    Node other = backup_node;
    one.genesis = other.genesis = devnet;
    const Finding finding = World({one, other}).decided(params);
    CHECK(finding.outcome == Outcome::fail);
    CHECK_THAT(finding.summary, Contains("endpoint main: it is on another cluster: its genesis hash is " + devnet) &&
                                    Contains("expected " + mainnet) && Contains("endpoint backup: it is on another"));
  }
}

// A gate that names another cluster than the release's cannot hold, whichever of the two the endpoints are on.
TEST_CASE("rpc-health cannot be turned to another cluster", "[kinds]") {
  Node one = main_node;
  Node other = backup_node;
  const std::string cluster = GENERATE(mainnet, devnet);
  one.genesis = other.genesis = cluster;
  const Finding finding = World({one, other}).decided(both({{"genesisHash", devnet}}));
  CHECK(finding.outcome == Outcome::fail);
  CHECK_THAT(finding.summary, Contains("the gate is for the cluster " + devnet + " (devnet), the release for " +
                                       mainnet + " (mainnet-beta)"));
}

// --- no verdict ---

// What this run does not know is no fault of an endpoint.
TEST_CASE("rpc-health is inconclusive where the run itself does not know", "[kinds]") {
  World world;
  std::string cause;
  SECTION("no endpoint") {
    const Json head = {{"endpoints", Json::array()}, {"genesisHash", mainnet}};
    world.source.answers(EndpointsRequest{}, {head, nullptr, nullptr});
    cause = "no-endpoint";
  }
  SECTION("endpoints unknown") {
    world.source.refuses(EndpointsRequest{}, {"not-recorded", "the evidence has no list of endpoints", Retry::never});
    cause = "not-recorded";
  }
  SECTION("a probe that was withheld") {
    world.source.refuses(health_of_backup, {"withheld", "this record was withheld", Retry::never});
    cause = "withheld";
  }
  SECTION("a blockhash that nobody recorded") {
    world.source.refuses(validity("main", backup_hash), {"not-recorded", "not in the evidence", Retry::never});
    cause = "not-recorded";
  }
  SECTION("no clock") {
    world.source.refuses(ClockRequest{}, {"missing", "no clock", Retry::never});
    cause = "missing";
  }
  const Finding finding = world.decided(both());
  REQUIRE(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == cause);
}

// Records that no source of ours writes decide nothing.
TEST_CASE("rpc-health is inconclusive on malformed records", "[kinds]") {
  World world;
  const auto lists = [&](const Json& endpoints, const Json& genesis_hash = mainnet) {
    const Json head = {{"endpoints", endpoints}, {"genesisHash", genesis_hash}};
    world.source.answers(EndpointsRequest{}, {head, nullptr, nullptr});
  };
  const auto answers = [&](const Json& head) { world.source.answers(health_of_backup, {head, nullptr, nullptr}); };
  SECTION("no list") { lists("main"); }
  SECTION("an endpoint without name") { lists(Json::array({Json{{"provider", "acme"}}})); }
  SECTION("a provider that is a number") { lists(Json::array({Json{{"name", "main"}, {"provider", 7}}})); }
  SECTION("a name twice") { lists(Json::array({Json{{"name", "main"}}, Json{{"name", "main"}}})); }
  SECTION("no cluster") { lists(Json::array({Json{{"name", "main"}}}), nullptr); }
  SECTION("a cluster that is none") { lists(Json::array({Json{{"name", "main"}}}), "mainnet"); }
  SECTION("both result and error") { answers({{"result", "ok"}, {"error", {{"code", 1}, {"message", "no"}}}}); }
  SECTION("an error without code") { answers({{"error", {{"message", "no"}}}}); }
  SECTION("an error that is not wrapped") { answers({{"code", 1}, {"message", "no"}}); }
  SECTION("nothing") { answers(Json::object()); }
  const Finding finding = world.decided(both());
  REQUIRE(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "malformed");
}

// --- definitions ---

// What would pass without asking anything, or cannot be asked, is refused.
TEST_CASE("rpc-health refuses definitions that cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& changes) { return refusal_of(rpc_health(), both(changes)); };
  CHECK(refusal(Json::object()).empty());
  CHECK_THAT(refusal({{"minHealthy", 0}}), Contains("expects no endpoint to be healthy"));
  CHECK_THAT(refusal({{"methods", {"get slot"}}}), Contains("\"get slot\" is no name of a method"));
  CHECK_THAT(refusal({{"genesisHash", "mainnet"}}), Contains("no genesis hash"));
  CHECK_THAT(refusal({{"reads", {"nobody!"}}}), Contains("reads/0"));
  CHECK_THAT(refusal({{"maxSlotLagg", 1}}), Contains("did you mean \"maxSlotLag\"?"));
  CHECK_THAT(refusal({{"maxLatencyMs", -1}}), Contains("whole number"));
  Json missing = both();
  missing.erase("maxBlockAgeSeconds");
  CHECK_THAT(refusal_of(rpc_health(), missing), Contains("has no \"maxBlockAgeSeconds\""));
}
