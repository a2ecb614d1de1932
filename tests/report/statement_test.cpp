#include "report/statement.hpp"

#include <catch2/catch.hpp>

#include "facts/quorum.hpp"
#include "facts/run_record.hpp"
#include "kinds/catalogue.hpp"
#include "report/render_text.hpp"
#include "report/replay.hpp"
#include "report/verification.hpp"
#include "solana/well_known.hpp"
#include "support/fake_source.hpp"
#include "support/release.hpp"
#include "support/sysvars.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey payer = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const Time noon = parse_time("2026-11-21T12:00:00Z").value();

Json gate(const std::string& id, const std::string& least) {
  return {{"id", id}, {"kind", "balance"}, {"params", {{"address", "${payer}"}, {"minLamports", least}}}};
}

// One gate that wants 1000 lamports, and an advisory one that wants a million.
PlanInputs two_gates() {
  Json advisory = gate("wish", "1000000");
  advisory["severity"] = "advisory";
  return inputs({pack("p", Json::array({gate("need", "${least}"), advisory}))});
}

FakeSource source_with(std::uint64_t lamports) {
  FakeSource source;
  source.holds(payer, {.owner = known::system_program, .data = {}, .lamports = {lamports}});
  source.is_now(noon);
  source.holds(known::clock, {.owner = known::sysvar_owner, .data = clock_bytes_of(1000, 7)});
  return source;
}

std::string statement_over(Source& source, const PlanInputs& made = two_gates()) {
  const auto plan = make_plan(made, catalogue());
  const Run run = decide_plan(*plan, source);
  return make_statement(made, *plan, run, {}, {});
}

Statement statement_with(std::uint64_t lamports) {
  FakeSource source = source_with(lamports);
  return parse_statement(statement_over(source), "r").value();
}

// A replay over what `source` answers.
Result<void> replayed(const Statement& statement, FakeSource source) {
  FakeSource recorder = source;
  const auto plan = make_plan(two_gates(), catalogue());
  return replay(statement, catalogue(), source, decide_plan(*plan, recorder).facts);
}

// The statement with one field of the predicate replaced, in canonical form.
std::string replaced(const std::string& text, const std::string& pointer, const Json& value) {
  Json json = Json::parse(text);
  json[Json::json_pointer(pointer)] = value;
  return canonical_json(json).value();
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

// The fields that pipelines and auditors rely on are there.
TEST_CASE("a statement says what was decided", "[report]") {
  const Statement statement = statement_with(2000);
  CHECK(statement.decision == Decision::go);
  CHECK(statement.predicate()["verdict"] == "go");
  CHECK(statement.decided_at == noon);
  CHECK(statement.valid_until == noon + std::chrono::hours(1));
  CHECK(statement.release_id == manifest().id);
  REQUIRE(statement.findings().size() == 2);
  const Json& need = statement.findings()[0];
  for (const char* field : {"release", "pack", "gate", "kind", "severity", "outcome", "summary", "observations"}) {
    CHECK(need.contains(field));
  }
  CHECK(need["gate"] == "p/need");
  CHECK(need["params"]["minLamports"] == "1000");
  CHECK(statement.findings()[1]["outcome"] == "fail");
  CHECK(statement.findings()[1].contains("remedy"));
  CHECK(statement.json["subject"].size() == 4);
  CHECK(statement.predicate()["snapshot"]["restsOn"] ==
        "the word of one endpoint, fake; no other was asked to confirm it");
}

// What a pack advises against a bad chain does harm where a name is wrong: the remedy says what to correct, and where
// it was given.
TEST_CASE("a failure of a wrong name is remedied where the name was given", "[report]") {
  const std::string wrong = to_string(payer);
  const auto remedy_of = [&](const Json& params, Values set = {}, const std::string& kind = "pending-proposals") {
    const Json gate = {{"id", "g"}, {"kind", kind}, {"params", params}, {"remedy", "Move everything."}};
    PlanInputs made = inputs({pack("p", Json::array({gate}))});
    made.set = std::move(set);
    FakeSource source;
    source.is_now(noon);
    source.answers_locally(FileRequest{"idl.json"}, no_file_payload());
    const Statement statement = parse_statement(statement_over(source, made), "r").value();
    return statement.findings()[0]["remedy"].get<std::string>();
  };
  CHECK(remedy_of({{"multisig", "${payer}"}}) ==
        "Correct `values.payer` of release.json (freeze it again), which names " + wrong + ", and decide again.");
  CHECK(remedy_of({{"multisig", "${late}"}}, Values{{{"late", Json(wrong)}}}) ==
        "Correct --set late=…, which names " + wrong + ", and decide again.");
  CHECK(remedy_of({{"multisig", wrong}}) ==
        "Correct `multisig` of gate p/g in its pack, which names " + wrong + ", and decide again.");
  CHECK(remedy_of({{"path", "${file}"}, {"sha256", std::string(64, '0')}}, Values{{{"file", Json("idl.json")}}},
                  "artifact-hash") ==
        "Put the file there, or correct --set file=…, which names idl.json, and decide again.");
  // A list of the release is named as a whole; what is right otherwise keeps the pack's own remedy.
  CHECK(holds(remedy_of({{"programs", "${callees}"}},
                        Values{{{"callees", Json::array({{{"program", wrong}, {"upgradeAuthority", nullptr}}})}}},
                        "dependency"),
              "Correct --set callees=…, which names " + wrong));
}

// A name stands beside an address once, and never within a command.
TEST_CASE("an address is labelled once", "[report]") {
  FakeSource source = source_with(10);
  const std::string text = statement_over(source);
  const auto shown_with = [&](const std::string& summary) {
    const auto statement = parse_statement(replaced(text, "/predicate/findings/0/summary", summary), "r");
    return render_text(*statement, {.now = noon});
  };
  const std::string address = to_string(payer);
  CHECK(holds(shown_with("account " + address + " is"), "account " + address + " (payer) is"));
  CHECK(holds(shown_with("payer " + address + " is"), "payer " + address + " is"));
  CHECK(holds(shown_with("the vault (" + address + ") is"), "the vault (" + address + ", payer) is"));
  CHECK(holds(shown_with("say `readyctl inspect " + address + "` and " + address),
              "say `readyctl inspect " + address + "` and " + address + " (payer)"));
}

TEST_CASE("a blocking failure is a no-go", "[report]") {
  const Statement statement = statement_with(10);
  CHECK(statement.decision == Decision::no_go);
  CHECK(statement.predicate()["verdict"] == "no-go");
}

// The same inputs and facts give the same bytes.
TEST_CASE("a statement is deterministic", "[report]") {
  FakeSource once = source_with(2000);
  FakeSource again = source_with(2000);
  CHECK(statement_over(once) == statement_over(again));
}

// A statement that contradicts itself is not to be relied on, whoever signed it.
TEST_CASE("a statement that contradicts itself is refused", "[report]") {
  FakeSource source = source_with(10);
  const std::string text = statement_over(source);
  const auto refusal = [&](const std::string& pointer, const Json& value) {
    const auto statement = parse_statement(replaced(text, pointer, value), "r");
    return statement ? std::string() : to_string(statement.error());
  };
  CHECK(holds(refusal("/predicate/verdict", "go"), "not what the findings add up to"));
  CHECK(holds(refusal("/predicate/findings/0/outcome", "pass"), "not what the findings add up to"));
  CHECK(holds(refusal("/predicate/findings/0/outcome", "splendid"), "\"splendid\""));
  CHECK(holds(refusal("/predicate/findings/0/severity", "low"), "\"low\""));
  CHECK(holds(refusal("/predicate/findings/0/kind", "rpc-health"), "gate p/need is not what its pack defines"));
  CHECK(holds(refusal("/predicate/partial", true), "\"partial\""));
  CHECK(holds(refusal("/predicate/manifest/text", "{}"), "not the one stated"));
  CHECK(holds(refusal("/predicate/packs/0/text", "{}"), "not the one stated"));
  CHECK(holds(refusal("/predicate/releaseId", std::string(64, '0')), "\"releaseId\""));
  for (const char* subject : {"0", "1", "2", "3"}) {
    CHECK(holds(refusal("/subject/" + std::string(subject) + "/digest/sha256", std::string(64, '1')), "subjects"));
  }
  CHECK(holds(refusal("/subject/-", {{"name", "other"}}), "subjects"));
  CHECK(holds(refusal("/predicate/program", to_string(payer)), "\"program\""));
  CHECK(holds(refusal("/predicate/cluster/name", "mainnet-beta"), "\"cluster\""));
  CHECK(holds(refusal("/predicate/gitCommit", std::string(40, 'b')), "\"gitCommit\""));
  CHECK(holds(refusal("/predicate/release", "other"), "\"release\""));
  CHECK(holds(refusal("/predicate/packs/0/name", "other"), "\"packs\""));
  CHECK(holds(refusal("/predicate/verdict", "maybe"), "not what the findings add up to"));
  CHECK(holds(refusal("/predicate/partial", "yes"), "no valid \"partial\""));
  CHECK(holds(refusal("/predicate/trust", "0"), "no valid \"trust\""));
  CHECK(holds(refusal("/predicate/previous", "0"), "no valid \"previous\""));
  CHECK(holds(refusal("/predicate/select", Json::array({1})), "no valid \"select\""));
  CHECK(holds(refusal("/predicate/verdicts", "go"), "unknown key \"verdicts\""));
  CHECK(holds(refusal("/verdict", "go"), "verdict"));
  CHECK(holds(refusal("/predicate/schema", "readyctl.report/v9"), "a newer readyctl"));
  for (const char* field : {"snapshot", "cost", "weakened", "tool"}) {
    CHECK(holds(refusal("/predicate/" + std::string(field), 3), "has no valid"));
  }
  CHECK(holds(refusal("/predicate/decidedAt", "noon"), "decidedAt"));
  CHECK(holds(refusal("/predicate/notExamined", 5), "no valid \"notExamined\""));
  CHECK(holds(refusal("/predicate/notExamined/0", "p/wish"), "no valid \"gate\""));
  CHECK(holds(refusal("/predicateType", "https://example.org/other"), "not a"));
  CHECK(holds(to_string(parse_statement(text + " ", "r").error()), "canonical form"));
}

// Verify decides nothing again, so a failed gate must not be made to say nothing: left out, said to be advisory, waived
// by nobody, or not of this phase.
TEST_CASE("a statement whose findings are not its packs' gates is refused", "[report]") {
  FakeSource source = source_with(10);
  const std::string text = statement_over(source);
  const auto refusal = [&](const std::vector<std::pair<std::string, Json>>& changes) {
    std::string changed = text;
    for (const auto& [pointer, value] : changes) changed = replaced(changed, "/predicate" + pointer, value);
    const auto statement = parse_statement(changed, "r");
    return statement ? std::string() : to_string(statement.error());
  };
  const std::vector<std::pair<std::string, Json>> go{{"/verdict", "go"}, {"/decision", "go"}};
  const auto turned_into_a_go = [&](std::vector<std::pair<std::string, Json>> changes) {
    changes.insert(changes.end(), go.begin(), go.end());
    return refusal(changes);
  };
  Json passed = Json::parse(text)["predicate"]["findings"][0];
  passed["outcome"] = "pass";
  CHECK(refusal({}).empty());
  CHECK(holds(turned_into_a_go({{"/findings", Json::array({passed})}}),
              "it has 1 finding, and its packs define 2 gates"));
  CHECK(holds(turned_into_a_go({{"/findings/0/severity", "advisory"},
                                {"/findings/1/severity", "blocking"},
                                {"/findings/1/outcome", "pass"}}),
              "gate p/need is not what its pack defines: \"severity\""));
  CHECK(holds(turned_into_a_go({{"/findings/0/outcome", "waived"}}),
              "gate p/need is waived, and the report holds no waiver"));
  CHECK(holds(turned_into_a_go({{"/findings/0", passed}, {"/findings/1/gate", "p/need"}}),
              "gate p/wish is not what its pack defines: \"gate\""));
  CHECK(holds(refusal({{"/findings/1/outcome", "skipped"}}), "gate p/wish is not what its pack defines: \"outcome\""));
}

// Whatever a stranger's report lacks or says instead, it is refused or shown, and nothing is thrown.
TEST_CASE("a statement without one of its fields is no accident", "[report]") {
  FakeSource source = source_with(10);
  const Json whole = Json::parse(statement_over(source));
  const auto survives = [](const Json& json) {
    const auto statement = parse_statement(canonical_json(json).value(), "r");
    if (statement) render_text(*statement, {.now = noon, .explain = true});
    return true;
  };
  for (const std::string pointer : {"", "/predicate", "/predicate/findings/0", "/predicate/cost", "/predicate/snapshot",
                                    "/predicate/findings/0/observations/0"}) {
    const Json::json_pointer object(pointer);
    for (const auto& item : whole[object].items()) {
      CAPTURE(pointer, item.key());
      Json without = whole;
      without[object].erase(item.key());
      CHECK(survives(without));
      for (const Json& other : {Json(), Json(1), Json("x"), Json::array({1}), Json{{"x", 1}}}) {
        Json instead = whole;
        instead[object][item.key()] = other;
        CHECK(survives(instead));
      }
    }
  }
}

// From the report and its facts the same findings come out; from other facts they do not.
TEST_CASE("a replay reproduces every finding", "[report]") {
  const Statement statement = statement_with(2000);
  CHECK(replayed(statement, source_with(2000)).has_value());

  const auto differs = replayed(statement, source_with(2001));
  REQUIRE_FALSE(differs.has_value());
  CHECK(differs.error().kind == ErrorKind::not_relied);
  CHECK(holds(differs.error().what, "gate p/need"));
  CHECK(holds(differs.error().what, "2000"));
  CHECK(holds(differs.error().what, "2001"));

  FakeSource later = source_with(2000);
  later.is_now(noon + std::chrono::hours(1));
  CHECK(holds(replayed(statement, later).error().what, "decidedAt"));
}

// Whoever may write a report may write anything into it, and keep it consistent. What the evidence does not bear out is
// refused before somebody signs it.
TEST_CASE("a replay refuses what was rewritten", "[report]") {
  FakeSource source = source_with(10);
  const std::string text = statement_over(source);
  const auto refusal = [&](const std::vector<std::pair<std::string, Json>>& changes) {
    std::string changed = text;
    for (const auto& [pointer, value] : changes) changed = replaced(changed, "/predicate" + pointer, value);
    const auto statement = parse_statement(changed, "r");
    REQUIRE(statement.has_value());
    const auto same = replayed(*statement, source_with(10));
    return same ? std::string() : same.error().what;
  };
  CHECK(refusal({}).empty());
  for (const char* version : {"0.1.0", "0.0.9"}) {
    CHECK(holds(
        refusal({{"/tool/version", version}, {"/findings/0/outcome", "pass"}, {"/verdict", "go"}, {"/decision", "go"}}),
        "the report says"));
    CHECK(holds(refusal({{"/tool/version", version}, {"/findings/0/params/minLamports", "1"}}), "gate p/need"));
    CHECK(holds(refusal({{"/tool/version", version}, {"/snapshot/endpoints/0", "nine"}}), "/snapshot/endpoints/0"));
    CHECK(holds(refusal({{"/tool/version", version}, {"/values/least", "1"}}), "/values/least"));
    CHECK(holds(refusal({{"/tool/version", version}, {"/notExamined", Json::array()}}), "/notExamined"));
    CHECK(holds(refusal({{"/tool/version", version}, {"/counts/fail/blocking", 0}}), "/counts"));
    CHECK(holds(refusal({{"/tool/version", version}, {"/cost/facts", 1}}), "/cost/facts"));
    CHECK(holds(refusal({{"/tool/version", version}, {"/validUntil", nullptr}}), "/validUntil"));
  }
  CHECK(holds(refusal({{"/findings/0/summary", "all is well"}}), "gate p/need"));
  const std::string dropped = refusal({{"/findings/0/observations", Json::array()}});
  CHECK(holds(dropped, "the report says nothing, its evidence gives {"));
}

// Another version may find better words, and nothing else.
TEST_CASE("another version's wording is no difference", "[report]") {
  FakeSource source = source_with(2000);
  std::string text = replaced(statement_over(source), "/predicate/tool/version", "0.0.9");
  text = replaced(text, "/predicate/findings/0/summary", "said otherwise");
  CHECK(replayed(parse_statement(text, "r").value(), source_with(2000)).has_value());
}

// A value inside a text is the same text when it is read again from the report.
TEST_CASE("a number inside a text replays", "[report]") {
  PlanInputs made = inputs({pack("p", Json::array({gate("need", "${n}0")}))});
  made.set.emplace("n", 100.0);
  FakeSource source = source_with(2000);
  const Statement statement = parse_statement(statement_over(source, made), "r").value();
  FakeSource recorder = source_with(2000);
  const FactStore facts = decide_plan(*make_plan(made, catalogue()), recorder).facts;
  FakeSource again = source_with(2000);
  CHECK(replay(statement, catalogue(), again, facts).has_value());
}

// Whoever was asked and gave nothing is named: "not read" would hide a failure.
TEST_CASE("a silent endpoint is named", "[report]") {
  FakeSource source = source_with(2000);
  source.refuses(AccountRequest{payer, Slice{0, 0}});
  source.refuses(AccountRequest{payer});
  source.refuses(AccountRequest{known::clock});
  const Statement statement = parse_statement(statement_over(source), "r").value();
  CHECK(holds(statement.predicate()["snapshot"]["restsOn"], "nothing usable came from fake"));
}

// What a verifier expects must be what the report speaks of.
TEST_CASE("a report is bound to its packs, release and phase", "[report]") {
  const Statement statement = statement_with(2000);
  Expected expected;
  expected.packs = {statement.packs[0].sha256};
  CHECK(is_bound(statement, expected).holds);
  const auto unbound = [&](auto change) {
    Expected other = expected;
    change(other);
    const VerifyAnswer answer = is_bound(statement, other);
    CHECK_FALSE(answer.holds);
    return answer.words;
  };
  CHECK(holds(unbound([](Expected& e) { e.packs.clear(); }), "pins no pack"));
  CHECK(holds(unbound([](Expected& e) { e.packs.push_back(sha256("x")); }), "was not asked"));
  CHECK(holds(unbound([](Expected& e) { e.cluster = "other"; }), "cluster"));
  CHECK(holds(unbound([](Expected& e) { e.program = payer; }), "program"));
  CHECK(holds(unbound([](Expected& e) { e.release_id = sha256("x"); }), "release"));
  CHECK(holds(unbound([](Expected& e) { e.artifact = sha256("x"); }), "artifact"));
  CHECK(holds(unbound([](Expected& e) { e.phase = "post-deploy"; }), "phase"));
}

// A pinned pack of which no gate was decided had no say: a phase of another pack's own leaves them all out.
TEST_CASE("a report is not bound to packs whose gates were left out", "[report]") {
  PlanInputs made = inputs({pack("pinned", Json::array({gate("need", "1")}), Json::array({"now"})),
                            pack("mine", Json::array({gate("need", "1")}), Json::array({"now", "smoke"}))});
  const auto bound_in = [&](const std::string& phase) {
    made.phase = phase;
    FakeSource source = source_with(2000);
    const Statement statement = parse_statement(statement_over(source, made), "r").value();
    Expected expected;
    expected.packs = {statement.packs[0].sha256};
    return is_bound(statement, expected);
  };
  CHECK(holds(bound_in("now").words, "1 pinned pack with 1 gate decided"));
  CHECK_FALSE(bound_in("smoke").holds);
  CHECK(holds(bound_in("smoke").words, "no gate of pinned pack pinned was decided in phase smoke"));
}

// A partial phase never decides for the release.
TEST_CASE("a partial phase is never bound", "[report]") {
  PlanInputs made = inputs(
      {pack("p", Json::array({gate("need", "1")}), Json::array({{{"name", "pull-request"}, {"partial", true}}}))});
  made.phase = "pull-request";
  FakeSource source = source_with(2000);
  const Statement statement = parse_statement(statement_over(source, made), "r").value();
  Expected expected;
  expected.packs = {statement.packs[0].sha256};
  expected.phase = "pull-request";
  CHECK(statement.partial);
  CHECK(holds(is_bound(statement, expected).words, "partial"));
}

// A report is good from its decision until it expires, and not a moment longer.
TEST_CASE("a report expires", "[report]") {
  const Statement statement = statement_with(2000);
  CHECK(is_in_time(statement, noon).holds);
  CHECK(is_in_time(statement, noon + std::chrono::milliseconds(3'599'999)).holds);
  CHECK(holds(is_in_time(statement, noon + std::chrono::hours(1)).words, "expired"));
  CHECK(holds(is_in_time(statement, noon + std::chrono::milliseconds(-1)).words, "a clock is wrong"));
}

// The verdict comes first, what blocks next, and text from outside cannot steer the terminal.
TEST_CASE("the text leads with the verdict", "[report]") {
  const std::string text = render_text(statement_with(10), {.colour = false, .now = noon});
  CHECK(text.starts_with("NO-GO  vault 1.0.0 on devnet\n"));
  CHECK(text.find("FAIL  p/need") < text.find("FAIL  p/wish"));
  CHECK(holds(text, "Blocking gates: 1 failed, 0 undecided, 0 passed, 0 waived. Advisory: 1 failed"));
  CHECK(holds(text, to_string(payer) + " (payer)"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(holds(render_text(statement_with(10), {.colour = true, .now = noon}), "\x1b["));
}

// A name stands beside its address, the whole address, wherever that stands.
TEST_CASE("addresses are labelled whole", "[report]") {
  Json json = release_json();
  json["values"]["nobody"] = std::string(32, '1');
  json["values"]["wrapped"] = "So11111111111111111111111111111111111111112";
  const Json missing = {
      {"id", "g"}, {"kind", "balance"}, {"params", {{"address", "${wrapped}"}, {"minLamports", "1"}}}};
  PlanInputs made = inputs({pack("p", Json::array({missing}))});
  made.manifest = manifest(json);
  FakeSource source = source_with(1);
  const Statement statement = parse_statement(statement_over(source, made), "r").value();
  const std::string text = render_text(statement, {.colour = false, .now = noon});
  CHECK(holds(text, "So11111111111111111111111111111111111111112 (wrapped)"));
  CHECK_FALSE(holds(text, "(nobody)"));
}

// What could not be had is named, with whoever was asked for it, and what may help.
TEST_CASE("an undecided gate says who was asked for what", "[report]") {
  FakeSource source = source_with(2000);
  source.refuses(AccountRequest{payer, Slice{0, 0}});
  source.refuses(AccountRequest{payer});
  const Statement statement = parse_statement(statement_over(source), "r").value();
  const std::string summary = statement.findings()[0]["summary"];
  CHECK(holds(summary, to_string(payer)));
  CHECK(holds(summary, "fake: no answer within 10 s"));
  const std::string text = render_text(statement, {.colour = false, .now = noon});
  CHECK(holds(text, "what to do  run again"));

  source.refuses(AccountRequest{payer, Slice{0, 0}}, {"no-endpoint", "no endpoint was given", Retry::never});
  source.refuses(AccountRequest{payer}, {"no-endpoint", "no endpoint was given", Retry::never});
  const Statement alone = parse_statement(statement_over(source), "r").value();
  CHECK(holds(render_text(alone, {.colour = false, .now = noon}), "what to do  say whom to ask: --endpoints FILE"));
}

namespace {

// A chain whose clock stands at this slot and epoch.
FakeSource clocked(std::uint64_t slot, std::uint64_t epoch) {
  FakeSource source = source_with(2000);
  source.holds(known::clock, {.owner = known::sysvar_owner, .data = clock_bytes_of(slot, epoch)});
  return source;
}

Statement statement_of(const Run& run) {
  const PlanInputs made = two_gates();
  const auto plan = make_plan(made, catalogue());
  return parse_statement(make_statement(made, *plan, run, {}, {}), "r").value();
}

}  // namespace

// From which slot and time to which a run read the chain, by the chain's own clock.
TEST_CASE("a report says when the chain was read", "[report]") {
  FakeSource source = clocked(1000, 7);
  Run run = decide_plan(*make_plan(two_gates(), catalogue()), source);
  run.last_clock->slot = Slot{1004};
  const Statement statement = statement_of(run);
  const Json& clock = statement.predicate()["snapshot"]["clock"];
  CHECK(clock["first"] == Json{{"slot", "1000"}, {"epoch", "7"}, {"time", "2026-09-21T14:30:00Z"}});
  CHECK(clock["last"]["slot"] == "1004");
  CHECK(
      holds(render_text(statement, {.now = noon}),
            "The chain was read from slot 1000 (2026-09-21T14:30:00Z) to slot 1004 (2026-09-21T14:30:00Z), epoch 7\n"));
  run.last_clock->epoch = 8;
  CHECK(holds(render_text(statement_of(run), {.now = noon}), ", epochs 7 and 8\n"));
  run.last_clock.reset();
  CHECK(holds(render_text(statement_of(run), {.now = noon}), "could not be read once more at the end"));
}

// A hundred accounts come in one answer, of one slot. More of them are no single moment, and the report says so.
TEST_CASE("a report says that accounts of several answers are not one slot", "[report]") {
  FakeSource source = clocked(1000, 7);
  const auto plan = make_plan(two_gates(), catalogue());
  const Statement once = statement_of(decide_plan(*plan, source));
  CHECK(once.predicate()["snapshot"]["accounts"] == Json{{"count", 2}, {"least", "100"}, {"most", "100"}});
  CHECK(holds(render_text(once, {.now = noon}), "2 accounts read at slot 100\n"));
  source.at_slot(AccountRequest{known::clock}, Slot{103});
  const Statement twice = statement_of(decide_plan(*plan, source));
  CHECK(holds(render_text(twice, {.now = noon}), "2 accounts read at slots 100 to 103, which is no one moment"));
}

// That the snapshot is a second one, and why there had to be one.
TEST_CASE("a report says that the snapshot was taken twice", "[report]") {
  FakeSource source = clocked(1000, 7);
  Run run = decide_plan(*make_plan(two_gates(), catalogue()), source);
  CHECK_FALSE(statement_of(run).predicate()["snapshot"].contains("retaken"));
  note(run.facts, Retake{noon, {"account X changed"}}, noon);
  const Statement statement = statement_of(run);
  CHECK(statement.predicate()["snapshot"]["retaken"] ==
        Json{{"firstDecidedAt", "2026-11-21T12:00:00Z"}, {"because", {"account X changed"}}});
  const std::string text = render_text(statement, {.now = noon});
  CHECK(holds(text, "The snapshot was taken twice"));
  CHECK(holds(text, "\n    account X changed\n"));
}

// What reading the chain cost is in the report, and in the words for a person.
TEST_CASE("a report says what reading the chain cost", "[report]") {
  FakeSource source = clocked(1000, 7);
  Run run = decide_plan(*make_plan(two_gates(), catalogue()), source);
  CHECK_FALSE(statement_of(run).predicate()["cost"].contains("spent"));
  note(run.facts, Spent{14, 1572864, 2, std::chrono::milliseconds(3200)}, noon);
  const Statement statement = statement_of(run);
  CHECK(statement.predicate()["cost"]["spent"] ==
        Json{{"requests", 14}, {"bytes", 1572864}, {"retries", 2}, {"elapsedMs", 3200}});
  CHECK(holds(render_text(statement, {.now = noon}),
              "Reading the chain cost 14 requests, 2 of them for another try, 1.5 MiB and 3 s\n"));
  for (const char* field : {"requests", "bytes", "retries", "elapsedMs"}) {
    Json other = statement.json;
    other["predicate"]["cost"]["spent"][field] = "many";
    CHECK_FALSE(parse_statement(canonical_json(other).value(), "r").has_value());
  }
  FakeSource again = clocked(1000, 7);
  CHECK(replay(statement, catalogue(), again, run.facts).has_value());
  note(run.facts, Spent{15, 1572864, 2, std::chrono::milliseconds(3200)}, noon);
  FakeSource otherwise = clocked(1000, 7);
  CHECK(holds(replay(statement, catalogue(), otherwise, run.facts).error().what, "/cost/spent/requests"));
}

// What a stranger writes of the snapshot is refused or shown, and never thrown over.
TEST_CASE("a snapshot that is none is refused", "[report]") {
  FakeSource source = clocked(1000, 7);
  Run run = decide_plan(*make_plan(two_gates(), catalogue()), source);
  note(run.facts, Retake{noon, {"account X changed"}}, noon);
  const Json whole = statement_of(run).json;
  for (const std::string field :
       {"clock", "clock/first", "clock/first/slot", "clock/last", "clock/last/epoch", "accounts", "accounts/count",
        "accounts/least", "retaken", "retaken/because", "retaken/because/0"}) {
    for (const Json& other : {Json(), Json(1), Json("x"), Json::array({1}), Json{{"x", 1}}}) {
      CAPTURE(field, other);
      Json instead = whole;
      instead[Json::json_pointer("/predicate/snapshot/" + field)] = other;
      const auto statement = parse_statement(canonical_json(instead).value(), "r");
      if (statement) CHECK_FALSE(render_text(*statement, {.now = noon}).empty());
    }
  }
}

namespace {

// What "a" and "b" say, and "c", which is asked because "b" contradicts. The truth is that the payer has 2000 lamports.
FakeSource source_with_quorum(std::uint64_t needed, std::uint64_t lamports_by_b = 1) {
  FakeSource source = source_with(2000);
  const Quorum quorum{needed, {{"a"}, {"b"}, {"c", "d"}}};
  source.answers_locally(EndpointsRequest{}, {Json{{"endpoints", {{{"name", "a"}}, {{"name", "b"}}, {{"name", "c"}}}},
                                                   {"genesisHash", to_string(payer)},
                                                   {"quorum", json_of(quorum)}},
                                              nullptr, nullptr});
  const auto says = [](const std::string& from, const Account& account, std::optional<Slice> slice) {
    return Observation{from, Slot{100}, noon, std::chrono::milliseconds(1),
                       account_payload(account, "raw", account.data, slice)};
  };
  const auto nothing = std::make_shared<const Bytes>();
  const auto payer_with = [&](std::uint64_t amount) {
    return Account{payer, known::system_program, Lamports{amount}, false, 0, nothing, {}};
  };
  const Slice no_data{0, 0};
  const Request asked = AccountRequest{payer, no_data};
  source.answers_with(asked,
                      concluded(key_of(asked),
                                {says("a", payer_with(2000), no_data), says("b", payer_with(lamports_by_b), no_data),
                                 says("c", payer_with(2000), no_data)},
                                quorum, noon));

  const auto bytes = std::make_shared<const Bytes>(clock_bytes_of(100, 7));
  const Account clock{known::clock, known::sysvar_owner, Lamports{1}, false, bytes->size(), bytes, {}};
  for (const AccountRequest& read :
       {AccountRequest{known::clock}, AccountRequest{known::clock, facts::read_once_more, false, true}}) {
    std::vector<Observation> said{says("a", clock, read.slice), says("c", clock, read.slice)};
    if (needed == 3) said.push_back(says("b", clock, read.slice));
    source.answers_with(read, concluded(key_of(read), std::move(said), quorum, noon));
  }
  return source;
}

}  // namespace

// Whoever contradicts what enough providers say is named: in the snapshot, in the finding, on the terminal.
TEST_CASE("a report names who contradicts", "[report]") {
  FakeSource source = source_with_quorum(2);
  const Statement statement = parse_statement(statement_over(source), "r").value();
  CHECK(statement.decision == Decision::go);
  const Json& snapshot = statement.predicate()["snapshot"];
  CHECK(snapshot["quorum"] == 2);
  CHECK(snapshot["endpoints"] == Json::array({"a", "c"}));
  CHECK(snapshot["restsOn"] == "the word of 2 of 3 providers that agree, for each fact: a, c");
  const std::string key = key_of(AccountRequest{payer, Slice{0, 0}});
  CHECK(snapshot["contradicted"] == Json::array({{{"by", "b"}, {"facts", {key}}}}));
  CHECK(holds(statement.findings()[0]["summary"], "(contradicted by b about account " + to_string(payer) + ")"));
  CHECK(holds(render_text(statement, {.now = noon}), "Contradicted by endpoint b, which says otherwise about account"));
}

// Where nobody contradicts nothing is said of it.
TEST_CASE("a report of one mind names nobody", "[report]") {
  FakeSource source = source_with_quorum(2, 2000);
  const Statement statement = parse_statement(statement_over(source), "r").value();
  CHECK(statement.predicate()["snapshot"]["endpoints"] == Json::array({"a", "b", "c"}));
  CHECK_FALSE(statement.predicate()["snapshot"].contains("contradicted"));
  CHECK_FALSE(holds(statement.findings()[0]["summary"], "contradicted"));
}

// Providers that do not agree decide nothing, and the gate says what each says.
TEST_CASE("a contradiction is inconclusive", "[report]") {
  FakeSource source = source_with_quorum(3);
  const Statement statement = parse_statement(statement_over(source), "r").value();
  CHECK(statement.decision == Decision::inconclusive);
  CHECK(statement.findings()[0]["cause"] == Json{{"class", "contradiction"}, {"retry", "other-endpoint"}});
  for (const char* name : {"a: ", "b: ", "c: ", "3 of 3 providers must agree"}) {
    CHECK(holds(statement.findings()[0]["summary"], name));
  }
  CHECK(replayed(statement, source_with_quorum(3)));
}

// Where providers had to agree and did about nothing, nothing rests on any of them, and those that were asked are
// named.
TEST_CASE("a report on which no provider agrees rests on none", "[report]") {
  FakeSource source = source_with_quorum(3);
  source.refuses(AccountRequest{known::clock});
  source.refuses(AccountRequest{known::clock, facts::read_once_more, false, true});
  const Statement statement = parse_statement(statement_over(source), "r").value();
  CHECK(statement.decision == Decision::inconclusive);
  const Json& snapshot = statement.predicate()["snapshot"];
  CHECK(snapshot["endpoints"].empty());
  CHECK(snapshot["restsOn"] ==
        "local facts only: 3 of 3 providers must agree, and they did about nothing of the chain; asked were a, b, c, "
        "fake");
}

// A replay counts the votes: a fact that fewer say than must agree is refused, whatever the statement says.
TEST_CASE("a replay counts the votes again", "[report]") {
  FakeSource source = source_with_quorum(2);
  const Statement statement = parse_statement(statement_over(source), "r").value();
  CHECK(replayed(statement, source_with_quorum(2)));

  FakeSource recorder = source_with_quorum(2);
  const auto plan = make_plan(two_gates(), catalogue());
  FactStore facts = decide_plan(*plan, recorder).facts;
  Answer& answer = facts.at(key_of(AccountRequest{payer, Slice{0, 0}}));
  std::string says = "2 of 3 providers";
  SECTION("nobody agrees any more") { answer.agreeing.clear(); }
  SECTION("the liar agrees when it is asked again, and so contradicts nobody") {
    answer.agreeing[0].from = "b";
    says = "contradicted";
  }
  SECTION("its own other endpoint agrees") {
    answer.observations.back().from = "d";
    answer.agreeing[0].from = "c";
  }
  SECTION("the liar decides") { std::swap(answer.observations.front(), answer.observations.back()); }
  FakeSource again = source_with_quorum(2);
  const auto refused = replay(statement, catalogue(), again, facts);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::not_relied);
  INFO(refused.error().what);
  CHECK(holds(refused.error().what, says));
}
