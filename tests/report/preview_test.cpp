// What a run would do first is counted and told.
#include "report/preview.hpp"

#include <catch2/catch.hpp>

#include "facts/local.hpp"
#include "support/release.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string payer = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr";
const std::string stranger = "FSoDjsyEmoe7JgMR69SJ3pR4sntNjXXyYhzGfUxWMMpc";

PlannedGate gate(const std::string& id, Disposition disposition = Disposition::decide) {
  PlannedGate planned;
  planned.id = id;
  planned.definition.kind = "balance";
  planned.disposition = disposition;
  return planned;
}

Finding waiting() { return {Outcome::not_run, "the run ended before this gate was decided", {}, std::nullopt}; }

/// A plan of a gate that waits for an account, one that reads a file, and two that do not run.
Preview preview() {
  Preview made;
  made.manifest = manifest();
  made.plan.phase = "cutover";
  made.plan.gates = {gate("p/waits"), gate("p/local"), gate("p/later", Disposition::skip),
                     gate("p/unselected", Disposition::leave_out)};
  made.endpoints = {{"main", "acme", std::nullopt}, {"backup", std::nullopt, "spare"}};
  made.first.findings = {waiting(),
                         pass("fine"),
                         {Outcome::skipped, "not in phase cutover", {}, std::nullopt},
                         {Outcome::not_run, "not selected", {}, std::nullopt}};
  const GitRequest checkout{"src", std::nullopt, {}};
  made.first.traces = {{{AccountRequest{parse_pubkey(payer).value()}}},
                       {{FileRequest{"vault.so"}, ClockRequest{}, checkout}, {FileRequest{"none.so"}}},
                       {},
                       {}};
  const auto local = [](Payload payload) {
    return Answer{{{"local", std::nullopt, Time{}, std::chrono::milliseconds(0), std::move(payload)}}};
  };
  made.first.facts.emplace(key_of(FileRequest{"vault.so"}),
                           local(file_payload(std::make_shared<const Bytes>(Bytes{1}))));
  made.first.facts.emplace(key_of(FileRequest{"none.so"}), local(no_file_payload()));
  made.first.facts.emplace(
      key_of(checkout), Answer{{{"local", std::nullopt, Time{}, std::chrono::milliseconds(0),
                                 tl::unexpected(Unobtainable{"git-none", "src is no git checkout", Retry::never})}}});
  made.calls = {{"main", "getGenesisHash", 50, {}, {}},
                {"backup", "getHealth", 40, {}, {}},
                {"main", "getMultipleAccounts", 100, {payer, stranger}, {}},
                {"main", "getMultipleAccounts", 90, {payer}, {}},
                {"main", "getMultipleAccounts", 110, {payer, stranger}, 90},
                {"main", "getMultipleAccounts", 80, {stranger}, 8}};
  return made;
}

}  // namespace

// A gate waits, or it does not; without an endpoint what asks the chain can never be decided.
TEST_CASE("a preview says what becomes of each gate", "[preview]") {
  Preview made = preview();
  CHECK(outlooks_of(made) ==
        std::vector{Outlook::waits, Outlook::asks_no_endpoint, Outlook::skipped, Outlook::not_selected});
  made.endpoints.clear();
  made.first.findings[0] = inconclusive({"no-endpoint", "account is on the chain", Retry::never});
  CHECK(outlooks_of(made)[0] == Outlook::has_no_endpoint);
  CHECK(outlooks_of(made)[1] == Outlook::asks_no_endpoint);
}

// By endpoint and method, in the order of the endpoints; parts of accounts apart from whole ones.
TEST_CASE("a preview counts calls by endpoint and method", "[preview]") {
  std::vector<std::string> lines;
  for (const CallCount& count : counts_of(preview())) {
    lines.push_back(count.endpoint + " " + count.method + " " + std::to_string(count.calls) + " " +
                    std::to_string(count.sent_bytes) + " " + std::to_string(count.accounts) + " " +
                    (count.data_bytes_max ? std::to_string(*count.data_bytes_max) : "-"));
  }
  CHECK(lines == std::vector<std::string>{"main getGenesisHash 1 50 0 -", "main getMultipleAccounts 2 190 3 -",
                                          "main getMultipleAccounts 2 190 3 98", "backup getHealth 1 40 0 -"});
  CHECK(distinct_accounts(preview().calls) == 2);
}

// Files before checkouts, each once, with what identifies it or why nothing does.
TEST_CASE("a preview says what is read on this machine", "[preview]") {
  std::vector<std::string> lines;
  for (const LocalRead& read : local_reads(preview())) {
    lines.push_back(read.path + ": " + (read.identity ? *read.identity : read.trouble));
  }
  CHECK(lines == std::vector<std::string>{"none.so: does not exist", "vault.so: " + to_string(sha256(Bytes{1})),
                                          "src: src is no git checkout"});
}

// The whole of it as a tool reads it.
TEST_CASE("a preview is one JSON object", "[preview]") {
  const Json json = parse_json(render_json(preview()), "preview").value();
  CHECK(json["apiVersion"] == "readyctl.plan/v1");
  CHECK(json["release"] == "vault 1.0.0");
  CHECK(json["phase"] == "cutover");
  CHECK(json["gates"][0] == Json{{"gate", "p/waits"},
                                 {"kind", "balance"},
                                 {"severity", "blocking"},
                                 {"runs", true},
                                 {"outlook", "waits"},
                                 {"asks", Json::array({"{\"account\":\"" + payer + "\"}"})}});
  CHECK(json["gates"][2]["runs"] == false);
  CHECK(json["gates"][2]["outlook"] == "skipped");
  CHECK(json["gates"][3]["outlook"] == "not-selected");
  CHECK(json["endpoints"][1] == Json{{"name", "backup"}, {"provider", nullptr}, {"role", "spare"}});
  CHECK(json["firstRound"]["count"] == 6);
  CHECK(json["firstRound"]["sentBytes"] == 470);
  CHECK(json["firstRound"]["distinctAccounts"] == 2);
  CHECK(json["firstRound"]["requests"][2]["dataBytesMax"] == 98);
  CHECK(json["local"]["files"][0] == Json{{"path", "none.so"}, {"sha256", nullptr}, {"trouble", "does not exist"}});
  CHECK(json["local"]["checkouts"][0]["trouble"] == "src is no git checkout");
  CHECK(json["toSign"] == Json::array());
}

// The same for a person; addresses with the names that the release gives them.
TEST_CASE("a preview is told", "[preview]") {
  Preview made = preview();
  Signing signing;
  signing.transaction.multisig = parse_pubkey(payer).value();
  signing.transaction.index = 5;
  made.signings = {signing};
  const std::string text = render_text(made);
  INFO(text);
  CHECK(
      text.starts_with("Plan of vault 1.0.0 on devnet, phase cutover\n"
                       "Nothing is decided, and nothing was asked of an endpoint.\n"));
  CHECK(says(text,
             "Gates that run: 2\n  p/waits  balance  blocking  waits for an endpoint\n"
             "  p/local  balance  blocking  asks no endpoint\n"));
  CHECK(says(text, "Gates that do not run: 2\n  p/later       balance  blocking  not in phase cutover\n"));
  CHECK(says(text, "Endpoints: 2\n  main    of acme\n"));
  CHECK(says(text, "6 requests, 470 bytes of bodies, for 2 distinct accounts\n"));
  CHECK(says(text, "  main    getMultipleAccounts  2 requests  190 bytes  3 accounts, at most 98 bytes of data\n"));
  CHECK(says(text, "What follows depends on the answers: 1 gate waits for an endpoint and may ask for more;\n"));
  CHECK(says(text, "Transaction 5 of Squads v4 multisig " + payer + " (payer)\n"));
  CHECK(text.find(", phase cutover\n") < text.find("\nProgram ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL\n"));
}

// Where nobody can be asked, that is said with what to do.
TEST_CASE("a preview without endpoints says what would be inconclusive", "[preview]") {
  Preview made = preview();
  made.endpoints.clear();
  made.calls.clear();
  made.first.findings[0] = inconclusive({"no-endpoint", "account is on the chain", Retry::never});
  const std::string text = render_text(made);
  INFO(text);
  CHECK(says(text, "p/waits  balance  blocking  needs an endpoint, and none was given\n"));
  CHECK(says(text, "Endpoints: 0\n"));
  CHECK(says(text, "0 requests, 0 bytes of bodies, for 0 distinct accounts\n"));
  CHECK(says(text, "Nothing follows: no gate waits for an endpoint.\n"));
  CHECK(says(text, "1 gate would be inconclusive: give --endpoints FILE or --rpc NAME=URL.\n"));
  CHECK(says(text, "To be signed: no gate of this run names a transaction of a multisig.\n"));
}
