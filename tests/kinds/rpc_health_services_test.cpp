// What rpc-health makes of what clients need beside fresh blocks: history, accounts as JSON, answers in time.
#include "facts/endpoint_services.hpp"
#include "kinds/rpc_health_world.hpp"

using namespace readyctl;
using namespace readyctl::test;
using Catch::Contains;

namespace {

const std::string signature =
    "31RMWYUY89wmcrGNzzvCcU6mZHH5PP4cRyNErF6bjNDgpufJPGXxLQizVoPXajooXcgf6szskqvy5LvhJBGb6VeA";
const ProbeRequest oldest_of_main{"main", "getFirstAvailableBlock"};
const ProbeRequest oldest_of_backup{"backup", "getFirstAvailableBlock"};

ProbeRequest statuses_of(const std::string& endpoint) { return transactions_question(endpoint, {signature}); }
ProbeRequest parsed_of(const std::string& endpoint) { return parsed_account_question(endpoint, treasury); }

Json parsed_account() {
  return {{"lamports", 5},
          {"owner", to_string(known::token)},
          {"data",
           {{"program", "spl-token"},
            {"space", 165},
            {"parsed",
             {{"type", "account"},
              {"info",
               {{"mint", to_string(known::token)},
                {"owner", to_string(treasury)},
                {"tokenAmount", {{"amount", "7"}, {"decimals", 0}}}}}}}}}};
}

ProbeRequest try_of(const std::string& endpoint, std::uint32_t number) {
  ProbeRequest request = finalized(endpoint, "getLatestBlockhash");
  request.sample = number;
  return request;
}

// Endpoints that answer the tries of a latency after so many milliseconds: main after 10, backup as said.
World with_tries(const std::vector<int>& milliseconds) {
  World world;
  for (std::uint32_t i = 0; i < milliseconds.size(); ++i) {
    for (const std::string name : {"main", "backup"}) {
      world.source.answers(try_of(name, i + 1), result(in_context(1000, nullptr)));
      world.source.takes(try_of(name, i + 1), std::chrono::milliseconds(name == "main" ? 10 : milliseconds[i]));
    }
  }
  return world;
}

}  // namespace

// --- history ---

// How far back the blocks reach is counted from the endpoint's own newest slot, or held against a slot.
TEST_CASE("rpc-health fails an endpoint whose history begins too late", "[kinds]") {
  World world;
  world.source.answers(oldest_of_main, result(0U));
  const Json by_slots = both({{"history", {{"slots", 900}}}});
  const Json by_slot = both({{"history", {{"from", "102"}}}});
  SECTION("just deep enough") {
    world.source.answers(oldest_of_backup, result(102U));
    const Finding finding = world.decided(by_slots);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: history").observed == "900 slots, back to slot 102");
    CHECK(world.decided(by_slot).outcome == Outcome::pass);
  }
  SECTION("one slot short") {
    world.source.answers(oldest_of_backup, result(103U));
    check_backup(world.decided(by_slots),
                 "its history goes back 899 slots, back to slot 103, expected at least 900 slots");
    check_backup(world.decided(by_slot), "its oldest block is of slot 103, expected slot 102 or before");
  }
  SECTION("from the future") {
    world.source.answers(oldest_of_backup, result(2000U));
    check_backup(world.decided(by_slots),
                 "its history goes back 0 slots, back to slot 2000, expected at least 900 slots");
  }
  SECTION("malformed") {
    world.source.answers(oldest_of_backup, result(nullptr));
    check_backup(world.decided(by_slots),
                 "getFirstAvailableBlock: malformed answer: expected a whole number, found null");
  }
  SECTION("not served") {
    world.source.answers(oldest_of_backup, error(-32601, "Method not found"));
    check_backup(world.decided(by_slots), "getFirstAvailableBlock: error -32601: Method not found");
  }
  SECTION("not recorded") {
    world.source.refuses(oldest_of_backup, {"not-recorded", "not there", Retry::never});
    CHECK(world.decided(by_slots).outcome == Outcome::inconclusive);
  }
}

// A transaction that the release rests on must be known, wherever the history begins.
TEST_CASE("rpc-health fails an endpoint that does not know a transaction", "[kinds]") {
  World world;
  const Json params = both({{"history", {{"transactions", {signature}}}}});
  const Json known_at_7 = Json::array({Json{{"slot", 7U}, {"err", nullptr}}});
  const auto backup_says = [&](const Json& statuses) {
    world.source.answers(statuses_of("backup"), result(in_context(1002, statuses)));
  };
  world.source.answers(statuses_of("main"), result(in_context(1000, known_at_7)));
  const std::string malformed = "getSignatureStatuses: malformed answer: ";
  SECTION("known") {
    backup_says(known_at_7);
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: transaction " + signature).observed == "of slot 7");
  }
  SECTION("not known") {
    backup_says(Json::array({nullptr}));
    check_backup(world.decided(params), "it does not know the transaction " + signature);
  }
  SECTION("too few statuses") {
    backup_says(Json::array());
    check_backup(world.decided(params), malformed + "it is no list of 1");
  }
  SECTION("a status without slot") {
    backup_says(Json::array({Json::object()}));
    check_backup(world.decided(params), malformed + "it has a status without slot");
  }
  SECTION("no history at all") {
    world.source.answers(statuses_of("backup"), error(-32011, "Transaction history is not available from this node"));
    check_backup(world.decided(params),
                 "getSignatureStatuses: error -32011: Transaction history is not available from this node");
  }
  SECTION("not recorded") {
    world.source.refuses(statuses_of("backup"), {"not-recorded", "not there", Retry::never});
    CHECK(world.decided(params).outcome == Outcome::inconclusive);
  }
}

// --- accounts as JSON ---

// Nodes without a parser give the bytes and no error: only looking tells.
TEST_CASE("rpc-health fails an endpoint that serves no token accounts as JSON", "[kinds]") {
  World world;
  const Json params = both({{"parsedTokenAccounts", {to_string(treasury)}}});
  const std::string question = "getAccountInfo as JSON of " + to_string(treasury) + ": ";
  world.source.answers(parsed_of("main"), result(in_context(1000, parsed_account())));
  const auto backup_says = [&](const Json& account, const std::string& reason) {
    world.source.answers(parsed_of("backup"), result(in_context(1002, account)));
    check_backup(world.decided(params), question + reason);
  };
  SECTION("served") {
    world.source.answers(parsed_of("backup"), result(in_context(1002, parsed_account())));
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: token account " + to_string(treasury) + " as JSON").observed ==
          "7 of mint " + to_string(known::token) + ", owner " + to_string(treasury));
  }
  SECTION("bytes") {
    backup_says(account_json(known::token, {1, 2, 3}),
                "it gave the bytes and not JSON: this endpoint, or the account's owner, has none");
  }
  SECTION("no account") { backup_says(nullptr, "there is no such account"); }
  SECTION("a mint") {
    Json mint = parsed_account();
    mint["data"]["parsed"]["type"] = "mint";
    backup_says(mint, "it is no token account but: mint");
  }
  SECTION("another program") {
    Json stake = parsed_account();
    stake["data"]["program"] = "stake";
    backup_says(stake, "it is no token account but: account");
  }
  SECTION("no type") {
    Json odd = parsed_account();
    odd["data"]["parsed"] = 7;
    backup_says(odd, "malformed answer: it is no account as JSON");
  }
  SECTION("an amount that is a number") {
    Json odd = parsed_account();
    odd["data"]["parsed"]["info"]["tokenAmount"]["amount"] = 7;
    backup_says(odd, "malformed answer: it names no mint, owner or amount");
  }
  SECTION("no mint") {
    Json odd = parsed_account();
    odd["data"]["parsed"]["info"].erase("mint");
    backup_says(odd, "malformed answer: it names no mint, owner or amount");
  }
  SECTION("not served") {
    world.source.answers(parsed_of("backup"), error(-32065, "Firedancer Error: jsonParsed is unsupported"));
    check_backup(world.decided(params), question + "error -32065: Firedancer Error: jsonParsed is unsupported");
  }
  SECTION("not recorded") {
    world.source.refuses(parsed_of("backup"), {"not-recorded", "not there", Retry::never});
    CHECK(world.decided(params).outcome == Outcome::inconclusive);
  }
}

// --- WebSocket ---

// It tells of a slot whose root is near what the endpoint answers, in both directions: one that stands still, and one
// of another cluster, do not.
TEST_CASE("rpc-health fails an endpoint whose WebSocket does not tell its slot", "[kinds]") {
  World world;
  const Json params = both({{"webSocket", true}});
  const ProbeRequest notice = slot_notice_question("backup");
  const auto backup_tells = [&](const Json& told) { world.source.answers(notice, result(told)); };
  world.source.answers(slot_notice_question("main"), result({{"slot", 1032U}, {"root", 1000U}, {"parent", 1031U}}));
  const std::string malformed = "slotSubscribe: malformed answer: ";
  SECTION("near") {
    backup_tells({{"slot", 990U}, {"root", 952U}});
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: WebSocket").observed == "slot 990, root 952, 50 slots from slot 1002");
    CHECK(observed(finding, "backup: WebSocket").fact == key_of(notice));
  }
  SECTION("behind") {
    backup_tells({{"slot", 990U}, {"root", 951U}});
    check_backup(
        world.decided(params),
        "its WebSocket tells of slot 990, root 951, 51 slots from slot 1002, which it answers; at most 50 slots "
        "is allowed");
  }
  SECTION("ahead") {
    backup_tells({{"slot", 1053U}, {"root", 1053U}});
    CHECK_THAT(world.decided(params).summary, Contains("root 1053, 51 slots from slot 1002"));
  }
  SECTION("not declared") {
    backup_tells(nullptr);
    check_backup(world.decided(params), "slotSubscribe: no WebSocket is declared for it (\"ws\" of the endpoint)");
  }
  SECTION("no root") {
    backup_tells({{"slot", 990U}});
    check_backup(world.decided(params), malformed + "the notification has no slot and root");
  }
  SECTION("a root after the slot") {
    backup_tells({{"slot", 990U}, {"root", 991U}});
    check_backup(world.decided(params), malformed + "the root is after the slot");
  }
  SECTION("refused") {
    world.source.answers(notice, error(-32601, "Method not found"));
    check_backup(world.decided(params), "slotSubscribe: error -32601: Method not found");
  }
  SECTION("silent") {
    world.source.refuses(notice);
    check_backup(world.decided(params), "slotSubscribe: no answer within 10 s");
  }
  SECTION("not recorded") {
    world.source.refuses(notice, {"not-recorded", "not there", Retry::never});
    CHECK(world.decided(params).outcome == Outcome::inconclusive);
  }
}

// --- certificate ---

// For how long the certificate is valid counts from the run's own time. Plain HTTP has none, and passes only where it
// does not leave the machine.
TEST_CASE("rpc-health fails an endpoint whose certificate runs out", "[kinds]") {
  World world;
  const Json params = both({{"minCertificateDays", 14}});
  const auto says = [&](const std::string& endpoint, const Json& connection, Payload payload = result("ok")) {
    ProbeRequest question{endpoint, "getHealth"};
    question.with_certificate = true;
    if (!connection.is_null()) payload.head["connection"] = connection;
    world.source.answers(question, payload);
  };
  const auto until = [](const std::string& time) { return Json{{"tls", {{"notAfter", time}}}}; };
  says("main", until("2027-11-21T09:00:00Z"));
  SECTION("long enough") {
    says("backup", until("2026-12-05T09:00:00Z"));
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: TLS certificate").expected == "valid for at least 14 days");
    CHECK(observed(finding, "backup: TLS certificate").observed == "valid until 2026-12-05T09:00:00Z, 14 days");
    CHECK(observed(finding, "main: TLS certificate").observed == "valid until 2027-11-21T09:00:00Z, 365 days");
  }
  SECTION("a second too short") {
    says("backup", until("2026-12-05T08:59:59Z"));
    check_backup(world.decided(params),
                 "its TLS certificate is valid until 2026-12-05T08:59:59Z, 13 days; expected valid for at least 14 "
                 "days");
  }
  SECTION("over") {
    says("backup", until("2026-11-21T08:59:59Z"));
    check_backup(world.decided(params),
                 "its TLS certificate is not valid since 2026-11-21T08:59:59Z; expected valid for at least 14 days");
  }
  SECTION("plain HTTP on this machine") {
    says("backup", {{"plain", "on this machine"}});
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: TLS certificate").observed == "none: plain HTTP, on this machine");
  }
  SECTION("plain HTTP over a network") {
    says("backup", {{"plain", "over a network"}});
    check_backup(world.decided(params), "it has no TLS certificate, because it is asked in plain HTTP, over a network");
  }
  SECTION("of an endpoint that is not healthy") {
    says("backup", until("2026-11-22T09:00:00Z"), error(-32005, "Node is behind by 42 slots"));
    check_backup(world.decided(params),
                 "its TLS certificate is valid until 2026-11-22T09:00:00Z, 1 day; expected valid for at least 14 days; "
                 "getHealth: error -32005: Node is behind by 42 slots");
  }
  SECTION("no answer") {
    ProbeRequest question{"backup", "getHealth"};
    question.with_certificate = true;
    world.source.refuses(question);
    check_backup(world.decided(params), "getHealth: no answer within 10 s");
  }
  SECTION("not seen") {
    says("backup", nullptr);
    const Finding finding = world.decided(params);
    CHECK(finding.outcome == Outcome::inconclusive);
    CHECK_THAT(finding.summary, Contains("the certificate of endpoint backup was not seen"));
  }
  SECTION("a record that tells nothing") {
    const Json connection =
        GENERATE(Json("tls"), Json{{"tls", nullptr}}, Json{{"tls", {{"notAfter", 7}}}},
                 Json{{"tls", {{"notAfter", "soon"}}}}, Json{{"plain", "somewhere"}},
                 Json{{"tls", {{"notAfter", "2027-11-21T09:00:00Z"}}}, {"plain", "on this machine"}});
    says("backup", connection);
    CHECK(world.decided(params).outcome == Outcome::inconclusive);
  }
  SECTION("not recorded") {
    ProbeRequest question{"backup", "getHealth"};
    question.with_certificate = true;
    world.source.refuses(question, {"not-recorded", "not there", Retry::never});
    CHECK(world.decided(params).outcome == Outcome::inconclusive);
  }
}

// --- latency ---

// Half the answers within one bound, 95 of 100 within another; each bound alone can fail, and without bounds the
// percentiles are only told.
TEST_CASE("rpc-health judges percentiles of the latency", "[kinds]") {
  World world = with_tries({40, 10, 20, 30});
  const auto params = [](const Json& bounds) {
    Json latency = {{"tries", 4}};
    latency.update(bounds);
    return both({{"latency", latency}});
  };
  SECTION("told") {
    const Finding finding = world.decided(params(Json::object()));
    CHECK(finding.outcome == Outcome::pass);
    CHECK(observed(finding, "backup: p50 of 4 answers").observed == "20 ms");
    CHECK(observed(finding, "backup: p95 of 4 answers").observed == "40 ms");
    CHECK(observed(finding, "backup: p95 of 4 answers").expected.empty());
  }
  SECTION("just within") {
    CHECK(world.decided(params({{"maxP50Ms", 20}, {"maxP95Ms", 40}})).outcome == Outcome::pass);
  }
  SECTION("the half too slow") {
    check_backup(world.decided(params({{"maxP50Ms", 19}})), "the p50 of 4 answers is 20 ms, at most 19 ms is allowed");
  }
  SECTION("the slow ones too slow") {
    check_backup(world.decided(params({{"maxP95Ms", 39}})), "the p95 of 4 answers is 40 ms, at most 39 ms is allowed");
  }
}

// What is not answered, or with an error, is slower than everything, and it is said how often and why.
TEST_CASE("rpc-health counts what was not answered as slow", "[kinds]") {
  World world = with_tries({10, 10, 10, 10});
  world.source.refuses(try_of("backup", 2), {"rate-limited", "it answered HTTP 429: too many requests", Retry::now});
  SECTION("one") {
    check_backup(world.decided(both({{"latency", {{"tries", 4}, {"maxP50Ms", 10}, {"maxP95Ms", 10}}}})),
                 "the p95 of 4 answers is without answer, 1 not answered (it answered HTTP 429: too many requests), at "
                 "most 10 ms is allowed");
  }
  SECTION("most") {
    world.source.answers(try_of("backup", 1), error(-32603, "Internal error"));
    world.source.answers(try_of("backup", 3), error(-32603, "Internal error"));
    CHECK_THAT(world.decided(both({{"latency", {{"tries", 4}, {"maxP50Ms", 10}}}})).summary,
               Contains("the p50 of 4 answers is without answer, 3 not answered (error -32603: Internal error)"));
  }
  SECTION("told") { CHECK(world.decided(both({{"latency", {{"tries", 4}}}})).outcome == Outcome::pass); }
  SECTION("not recorded") {
    world.source.refuses(try_of("backup", 2), {"not-recorded", "not there", Retry::never});
    CHECK(world.decided(both({{"latency", {{"tries", 4}}}})).outcome == Outcome::inconclusive);
  }
}

// The 95th of 20 is the second slowest: one slow answer in 20 is forgiven, two are not.
TEST_CASE("rpc-health forgives one slow answer in twenty", "[kinds]") {
  std::vector<int> times(20, 10);
  const Json params = both({{"latency", {{"tries", 20}, {"maxP95Ms", 10}}}});
  times[3] = 500;
  CHECK(with_tries(times).decided(params).outcome == Outcome::pass);
  times[7] = 500;
  CHECK(with_tries(times).decided(params).outcome == Outcome::fail);
}

// --- definitions ---

// What asks for nothing, or for what no method takes, is refused.
TEST_CASE("rpc-health refuses services that cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& changes) { return refusal_of(rpc_health(), both(changes)); };
  CHECK_THAT(refusal({{"history", Json::object()}}), Contains("expected at least one of slots, from, transactions"));
  CHECK_THAT(refusal({{"history", {{"from", 7}}}}), Contains("write it in quotes"));
  CHECK_THAT(refusal({{"history", {{"transactions", {"abc"}}}}}), Contains("is no signature of a transaction"));
  CHECK_THAT(refusal({{"history", {{"transactions", std::vector<std::string>(257, signature)}}}}),
             Contains("found 257, expected 256 at most"));
  CHECK_THAT(refusal({{"history", {{"transactions", Json::array()}}}}), Contains("nothing is asked for"));
  CHECK_THAT(refusal({{"latency", Json::object()}}), Contains("has no \"tries\""));
  CHECK_THAT(refusal({{"latency", {{"tries", 0}}}}), Contains("expected 1 to 100, found 0"));
  CHECK_THAT(refusal({{"latency", {{"tries", 101}}}}), Contains("expected 1 to 100, found 101"));
}
