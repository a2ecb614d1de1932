#include "engine/plan.hpp"

#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/release.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Json balance_gate(const std::string& id = "g") {
  return {{"id", id}, {"kind", "balance"}, {"params", {{"address", "${payer}"}, {"minLamports", "${least}"}}}};
}

std::string refusal(const PlanInputs& made) {
  const auto plan = make_plan(made, catalogue());
  return plan ? "" : to_string(plan.error());
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Json substituted(const Json& value) {
  Values names;
  names["text"] = "abc";
  names["number"] = 7;
  names["list"] = {1, 2};
  Values used;
  const auto document = Document::parse("{}", "p.json");
  if (const auto sound = check_placeholders(value, Place(*document)); !sound) return "error: " + sound.error().what;
  const auto result = substitute(value, Place(*document), names, used);
  return result ? *result : Json("error: " + result.error().what);
}

}  // namespace

// A string that is exactly a name takes the value with its type; within a text it becomes text.
TEST_CASE("names are replaced with their type", "[engine]") {
  CHECK(substituted("${number}") == 7);
  CHECK(substituted("${list}") == Json({1, 2}));
  CHECK(substituted("no ${number}, ${text}") == "no 7, abc");
  CHECK(substituted("$${text}") == "${text}");
  CHECK(substituted({{"a", {"${text}"}}}) == Json({{"a", {"abc"}}}));
  CHECK(substituted("x ${list}").get<std::string>().find("cannot stand inside a text") != std::string::npos);
  CHECK(substituted("${text").get<std::string>().find("not closed") != std::string::npos);
}

// A name that stands for much, written many times, ends before it fills memory.
TEST_CASE("values have a limit", "[engine]") {
  const auto document = Document::parse("{}", "p.json");
  Values names;
  names["long"] = std::string(1000, 'x');
  names["list"] = {1, 2, 3};
  const auto outcome = [&](const std::string& name, std::size_t times) {
    Json params = Json::array();
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
      params.push_back("${" + name + "}");
      text += "${" + name + "}";
    }
    if (name == "long") params.push_back(text);
    Values used;
    const auto result = substitute(params, Place(*document), names, used);
    return result ? std::string("resolved") : result.error().what;
  };
  CHECK(outcome("long", 100) == "resolved");
  CHECK(outcome("long", 1000).find("more than 262144 bytes") != std::string::npos);
  CHECK(outcome("list", 100'000).find("more than 262144 bytes") != std::string::npos);
}

// Nor do many gates together fill it.
TEST_CASE("the parameters of all gates have a limit", "[engine]") {
  const auto outcome = [](std::size_t count) {
    Json gates = Json::array();
    for (std::size_t i = 0; i < count; ++i) {
      const Json params = {{"path", "${long}"}, {"sha256", std::string(64, '0')}};
      gates.push_back({{"id", "g" + std::to_string(i)}, {"kind", "artifact-hash"}, {"params", params}});
    }
    PlanInputs made = inputs({pack("p", gates)});
    made.set["long"] = std::string(250'000, 'x');
    return refusal(made);
  };
  CHECK(outcome(params_bytes_max / 251'000).empty());
  CHECK(holds(outcome(params_bytes_max / 250'000 + 1), "the parameters of all gates come to more than 64 MiB"));
}

// What release.json may leave out may be asked for with a question mark: its parameter is then left out too. A name
// that is misspelt, or stands where nothing can be left out, is an error and never silence.
TEST_CASE("what a release leaves out leaves its parameter out", "[engine]") {
  CHECK(substituted({{"tag", "${source.tag?}"}, {"n", "${number}"}}) == Json({{"n", 7}}));
  const auto said = [](const Json& value) { return substituted(value).dump(); };
  CHECK(holds(said({{"tag", "${sorce.tag?}"}}), "release.json cannot leave that out"));
  CHECK(holds(said({{"tag", "${number?}"}}), "release.json cannot leave that out"));
  CHECK(holds(said({{"tag", "v${source.tag?}"}}), "where nothing can be left out"));
  CHECK(holds(said(Json::array({"${source.paths?}"})), "where nothing can be left out"));
  CHECK(optional_names() ==
        std::vector<std::string>{"previous.executableHash", "previous.path", "source.tag", "source.paths"});
}

// An optional name that the release has is a name like any other.
TEST_CASE("an optional name that is there is used", "[engine]") {
  Json json = release_json();
  json["source"]["tag"] = "v1.0.0";
  Values used;
  const auto document = Document::parse("{}", "p.json");
  const auto result = substitute({{"tag", "${source.tag?}"}}, Place(*document), names_of(manifest(json)), used);
  REQUIRE(result.has_value());
  CHECK((*result)["tag"] == "v1.0.0");
  CHECK(used.contains("source.tag"));
}

// What a plan used is recorded, and nothing else.
TEST_CASE("a plan records the values it used", "[engine]") {
  const auto plan = make_plan(inputs({pack("p", Json::array({balance_gate()}))}), catalogue());
  REQUIRE(plan.has_value());
  CHECK(plan->gates[0].id == "p/g");
  CHECK(plan->gates[0].params["minLamports"] == "1000");
  CHECK(plan->used.size() == 2);
}

// What a report cannot repeat is refused before anything is asked, also where no kind reads it.
TEST_CASE("a number that no report can hold is an error", "[engine]") {
  for (const Json& large : {Json(9007199254740993), Json(1e17)}) {
    PlanInputs set = inputs({pack("p", Json::array({balance_gate()}))});
    set.set["extra"] = large;
    CHECK(holds(refusal(set), "--set extra"));
    CHECK(holds(refusal(set), "beyond 2^53"));

    Json skipped = balance_gate("later");
    skipped["phase"] = {"later"};
    skipped["params"]["odd"] = large;
    PlanInputs made = inputs({pack("p", Json::array({balance_gate(), skipped}), Json::array({"now", "later"}))});
    made.phase = "now";
    CHECK(holds(refusal(made), "/gates/1/params"));
  }
}

// An unresolved name lists what exists, before anything is asked.
TEST_CASE("an unresolved name is an error", "[engine]") {
  Json gate = balance_gate();
  gate["params"]["address"] = "${payr}";
  const std::string said = refusal(inputs({pack("p", Json::array({gate}))}));
  CHECK(holds(said, "${payr} is not defined"));
  CHECK(holds(said, "did you mean ${payer} in place of ${payr}?; asked for by p/g"));
  CHECK_FALSE(holds(said, "artifact.sha256"));
}

// Whoever adds one missing name would rather add all of them. Gates of other phases need none of theirs.
TEST_CASE("all names that are missing are said at once", "[engine]") {
  Json first = balance_gate("first");
  first["params"] = {{"address", "${one}"}, {"minLamports", "${least}"}};
  Json second = balance_gate("second");
  second["params"] = {{"address", "${payer}"}, {"minLamports", "${two}"}};
  Json later = balance_gate("later");
  later["phase"] = {"later"};
  later["params"]["address"] = "${three}";
  PlanInputs made = inputs({pack("p", Json::array({first, second, later}), Json::array({"now", "later"}))});
  made.phase = "now";
  const std::string said = refusal(made);
  CHECK(holds(said, "/gates/0/params/address"));
  CHECK(holds(said, "give --set one=… --set two=…, or freeze the release with these values"));
  CHECK(holds(said, "asked for by p/first, p/second"));
  CHECK(holds(said, "artifact.sha256"));
  CHECK_FALSE(holds(said, "three"));
}

// A pack is at fault for these, whatever the release is.
TEST_CASE("a placeholder that no release can fill is an error of the pack", "[engine]") {
  const auto said = [](const std::string& address) {
    Json gate = balance_gate();
    gate["params"]["address"] = address;
    const std::vector<PackFile> packs = {pack("p", Json::array({gate}))};
    const auto sound = check_definitions(packs, catalogue());
    return sound ? "" : to_string(sound.error());
  };
  CHECK(said("${anything}").empty());
  CHECK(holds(said("${program?}"), "/gates/0/params/address"));
  CHECK(holds(said("${program?}"), "release.json cannot leave that out"));
  CHECK(holds(said("${program"), "is not closed"));
  for (const char* name : {"${}", "${program }", "${a b}", "${.a}", "x${?}"}) {
    CHECK(holds(said(name), name == std::string("x${?}") ? "cannot leave that out" : "no name that a value can have"));
  }
  CHECK(holds(said("${source.comit}"), "release.json has no such field"));
  CHECK(holds(said("${source.comit}"), "did you mean \"source.commit\"?"));
  for (const char* name :
       {"${source.commit}", "${cluster.name}", "${previous.executableHash}", "${artifact.sha256}", "${name}"}) {
    CHECK_FALSE(holds(said(name), "no such field"));
  }
}

// Editors find the schema by it; it is no name, and changes nothing but the release id.
TEST_CASE("a release may name its schema", "[engine]") {
  Json json = release_json();
  json["$schema"] = "release.schema.json";
  CHECK_FALSE(names_of(manifest(json)).contains("$schema"));
  CHECK(names_of(manifest(json)) == names_of(manifest(release_json())));
}

// What the release has frozen cannot be replaced from the command line.
TEST_CASE("a frozen name is never replaced by --set", "[engine]") {
  PlanInputs made = inputs({pack("p", Json::array({balance_gate()}))});
  made.set["least"] = "1";
  CHECK(holds(refusal(made), "the release has frozen this name"));
  made.set.clear();
  made.set["later"] = "1";
  CHECK(refusal(made).empty());
}

// Nor is what the release could have said, and did not.
TEST_CASE("a field of the release is never filled by --set", "[engine]") {
  for (const std::string name : {"previous.executableHash", "previous", "program.x", "values", "apiVersion"}) {
    PlanInputs made = inputs({pack("p", Json::array({balance_gate()}))});
    made.set[name] = "1";
    CHECK(holds(refusal(made), "--set " + name));
  }
}

// Kinds and phases that do not exist are errors with the nearest name.
TEST_CASE("misspelt kinds and phases are named", "[engine]") {
  Json gate = balance_gate();
  gate["kind"] = "ballance";
  CHECK(holds(refusal(inputs({pack("p", Json::array({gate}))})), "did you mean \"balance\"?"));

  PlanInputs phased = inputs({pack("p", Json::array({balance_gate()}), {"pre-execute"})});
  CHECK(holds(refusal(phased), "none was chosen"));
  phased.phase = "pre-exekute";
  CHECK(holds(refusal(phased), "did you mean \"pre-execute\"?"));
  phased.phase = "pre-execute";
  CHECK(refusal(phased).empty());
}

// A run that nothing could stop is refused.
TEST_CASE("nothing but advisory gates is an error", "[engine]") {
  Json gate = balance_gate();
  gate["severity"] = "advisory";
  CHECK(holds(refusal(inputs({pack("p", Json::array({gate}))})), "none could stop the release"));
}

// What a run over packs alone would refuse is known without a release: in every phase, or in some.
TEST_CASE("packs that could stop nothing are told", "[engine]") {
  Json advisory = balance_gate("told");
  advisory["severity"] = "advisory";
  const std::vector<std::string> phases{"pre-execute", "post-deploy"};
  const auto nothing = phases_that_nothing_stops({pack("p", Json::array({advisory}), phases)});
  REQUIRE_FALSE(nothing.has_value());
  CHECK(nothing.error().kind == ErrorKind::malformed);
  CHECK(holds(nothing.error().what, "every gate of these packs is advisory"));

  Json late = balance_gate("late");
  late["phase"] = {"post-deploy"};
  const auto some = phases_that_nothing_stops({pack("p", Json::array({advisory, late}), phases)});
  CHECK(some.value() == std::vector<std::string>{"pre-execute"});
  const auto helped = phases_that_nothing_stops(
      {pack("p", Json::array({advisory, late}), phases), pack("q", Json::array({balance_gate()}))});
  CHECK(helped.value().empty());
  CHECK(phases_that_nothing_stops({pack("p", Json::array({late}), phases)}).value().empty());
}

// A selection that matches nothing is an error; what it leaves out is not decided.
TEST_CASE("selections must match", "[engine]") {
  PlanInputs made = inputs({pack("p", Json::array({balance_gate("a"), balance_gate("b")}))});
  made.select = {"p/c"};
  CHECK(holds(refusal(made), "matches no gate and no pack"));
  made.select = {"p/a"};
  const auto plan = make_plan(made, catalogue());
  REQUIRE(plan.has_value());
  CHECK(plan->gates[0].disposition == Disposition::decide);
  CHECK(plan->gates[1].disposition == Disposition::leave_out);
}

// Packs of one run need not know the same phases: a gate that names none runs in those of its pack.
TEST_CASE("a gate runs in the phases of its pack", "[engine]") {
  PlanInputs made = inputs({pack("early", Json::array({balance_gate()}), {"pull-request"}),
                            pack("late", Json::array({balance_gate()}), {"post-deploy"}),
                            pack("always", Json::array({balance_gate()}))});
  made.phase = "pull-request";
  const auto plan = make_plan(made, catalogue());
  REQUIRE(plan.has_value());
  CHECK(plan->gates[0].disposition == Disposition::decide);
  CHECK(plan->gates[1].disposition == Disposition::skip);
  CHECK(plan->gates[2].disposition == Disposition::decide);
}

// A gate that is skipped today must not turn out to be nonsense on the day it runs.
TEST_CASE("gates of other phases are checked all the same", "[engine]") {
  Json later = balance_gate("later");
  later["phase"] = Json::array({"post-deploy"});
  later["params"]["minLamports"] = -1;
  PlanInputs made = inputs({pack("p", Json::array({balance_gate(), later}), {"pre-execute", "post-deploy"})});
  made.phase = "pre-execute";
  CHECK(holds(refusal(made), "/gates/1/params/minLamports"));
}

// Only the gates of the phase are resolved; the others are skipped and still in the plan.
TEST_CASE("gates of other phases are skipped unresolved", "[engine]") {
  Json later = balance_gate("later");
  later["phase"] = {"post-deploy"};
  later["params"]["address"] = "${unknown}";
  PlanInputs made = inputs({pack("p", Json::array({balance_gate(), later}), {"pre-execute", "post-deploy"})});
  made.phase = "pre-execute";
  const auto plan = make_plan(made, catalogue());
  REQUIRE(plan.has_value());
  CHECK(plan->gates[1].disposition == Disposition::skip);
}

// The release id does not depend on layout or key order, and does on every value.
TEST_CASE("the release id is of the canonical form", "[engine]") {
  const Json json = release_json();
  const auto pretty = parse_manifest(json.dump(4), "release.json");
  CHECK(pretty->id == manifest().id);
  Json other = json;
  other["operator"] = "someone else";
  CHECK(manifest(other).id != manifest().id);
}

// release.json is read as strictly as packs.
TEST_CASE("a malformed release is refused", "[engine]") {
  const auto refused = [](const char* field, const Json& value) {
    Json json = release_json();
    json[field] = value;
    const auto made = parse_manifest(json.dump(), "release.json");
    return made ? std::string() : to_string(made.error());
  };
  CHECK(holds(refused("cluster", "main-net"), "unknown cluster"));
  CHECK(holds(refused("program", "0OIl"), "/program"));
  CHECK(holds(refused("builtAt", "yesterday"), "RFC 3339"));
  CHECK(holds(refused("apiVersion", "readyctl.release/v2"), "this readyctl reads"));
  CHECK(holds(refused("extra", 1), "unknown key \"extra\""));
  CHECK(holds(refused("values", {{"program", "x"}}), "would hide a field of the release"));
}
