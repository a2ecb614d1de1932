// A value that a gate cannot take is traced to where it was given: of the wrong shape, of the wrong text, or one that
// does not go with another.
#include "engine/resolve.hpp"

#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/release.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const std::string address = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr";

Json gate_of(const std::string& kind, const Json& params) { return {{"id", "g"}, {"kind", kind}, {"params", params}}; }

/// A release with these values, printed as people have it: a line each.
Manifest release_with(const Json& values) {
  Json json = release_json();
  json["values"] = values;
  return parse_manifest(json.dump(1), "release.json").value();
}

/// What a run of this gate over this release is refused with.
Error refusal(const Json& gate, const Json& values, const Values& set = {}) {
  const PlanInputs made{{pack("p", Json::array({gate}))}, release_with(values), set, std::nullopt, {}};
  const auto plan = make_plan(made, catalogue());
  return plan ? Error{} : plan.error();
}

std::string line_of(const Json& values, const std::string& text) {
  const std::string all = release_with(values).text;
  const auto before = all.substr(0, all.find(text));
  return "release.json:" + std::to_string(1 + std::count(before.begin(), before.end(), '\n'));
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

// The wrong shape: the message leads to the value, and says which gate wanted what, and where in the pack.
TEST_CASE("a value of the wrong shape is traced to release.json", "[engine]") {
  const Json gate =
      gate_of("treasury-pda", {{"address", "${treasury}"}, {"program", "${program}"}, {"seeds", "${treasurySeeds}"}});
  const Json values = {{"a", 1}, {"treasury", address}, {"treasurySeeds", "treasury"}};
  const Error error = refusal(gate, values);
  CHECK(error.kind == ErrorKind::malformed);
  CHECK(error.where == line_of(values, "\"treasury\"\n"));
  CHECK(error.what ==
        "/values/treasurySeeds: gate p/g cannot take the value of ${treasurySeeds}: p.json:1: "
        "/gates/0/params/seeds: expected a list, found a string");
  const Error deep = refusal(gate, {{"treasury", address}, {"treasurySeeds", {{{"utf8", "a"}}, {{"utf9", "b"}}}}});
  CHECK(holds(deep.what, "/values/treasurySeeds: gate p/g"));
  CHECK(holds(deep.what, "/gates/0/params/seeds/1/utf9: unknown key \"utf9\""));
  CHECK(holds(deep.hint, "did you mean \"utf8\"?"));
}

// What the pack writes itself is the pack's to correct, also where other parameters of the gate wait for a value.
TEST_CASE("a literal beside a value is placed in the pack", "[engine]") {
  const Json gate = gate_of("balance", {{"address", "${payer}"}, {"minLamports", "10"}, {"maxLamports", "5"}});
  const Error error = refusal(gate, {{"payer", address}});
  CHECK(error.where == "p.json:1");
  CHECK(holds(error.what, "/gates/0/params/"));
  CHECK(holds(error.hint, "it stands in the pack, beside ${payer}"));
}

// The wrong text, of a value or of --set.
TEST_CASE("a refused value is traced to where it was given", "[engine]") {
  const Json gate = gate_of("balance", {{"address", "${payer}"}, {"minLamports", "${least}"}});
  const Error frozen = refusal(gate, {{"payer", "no-address"}, {"least", "1"}});
  CHECK(holds(frozen.what, "/values/payer: gate p/g cannot take the value of ${payer}: p.json:1: /gates/0/params"));
  const Error later = refusal(gate, {{"payer", address}}, Values{{{"least", Json(7)}}});
  CHECK(later.where == "--set least");
  CHECK(holds(later.what, "gate p/g cannot take the value of ${least}"));
}

// A list cannot stand within a text; the text is the pack's, and the list is not.
TEST_CASE("a list within a text is traced to where it was given", "[engine]") {
  const Json gate = gate_of("artifact-hash", {{"path", "out/${name-of-file}"}, {"sha256", "${artifact.sha256}"}});
  const Error error = refusal(gate, {{"name-of-file", Json::array({"a"})}});
  CHECK(holds(error.what, "/values/name-of-file: gate p/g"));
  CHECK(holds(error.what, "is an array and cannot stand inside a text"));
}

// A field of the release is at fault as well as its values can be.
TEST_CASE("a field that a gate cannot take is traced", "[engine]") {
  const Error error =
      refusal(gate_of("balance", {{"address", "${artifact.path}"}, {"minLamports", "1"}}), Json::object());
  CHECK(holds(error.what, "/artifact/path: gate p/g cannot take the value of ${artifact.path}"));
}

// Two values of which each is sound alone are both named, with their places.
TEST_CASE("values that do not go together are all named", "[engine]") {
  const Json gate = gate_of("balance", {{"address", address}, {"minLamports", "${least}"}, {"maxLamports", "${most}"}});
  const Error error = refusal(gate, {{"least", "9"}}, Values{{{"most", Json("3")}}});
  INFO(to_string(error));
  CHECK(error.where == "p.json:1");
  CHECK(holds(error.hint, "/values/least: ${least}"));
  CHECK(holds(error.hint, "--set most: ${most}"));
}

// A key that is missing is missing whatever the values are: the pack is refused before there are any, and no value is
// named as the cause.
TEST_CASE("a missing key is nobody's value", "[engine]") {
  const std::vector<std::pair<Json, std::string>> cases{
      {gate_of("elf-identity", {{"path", "${file}"}}), "expects nothing of the file"},
      {gate_of("upgrade-proposal", {{"program", "${program}"}, {"multisig", "${payer}"}}), "names no transaction"},
      {gate_of("upgrade-proposal",
               {{"program", "${program}"}, {"multisig", "${payer}"}, {"message", "${file}"}, {"minApprovals", 2}}),
       "asks for votes on what is not imported yet"},
      {gate_of("balance", {{"address", "${payer}"}}), "expects nothing of the account"},
      {gate_of("program-hash", {{"program", "${program}"}}), "names neither"},
      {gate_of("elf-compatibility", {{"executionEpoch", "${epoch}"}}), "expected one of \"path\" and \"buffer\""}};
  for (const auto& [gate, words] : cases) {
    const std::vector<PackFile> packs{pack("p", Json::array({gate}))};
    const auto sound = check_definitions(packs, catalogue());
    CAPTURE(gate.dump());
    REQUIRE_FALSE(sound.has_value());
    CHECK(holds(sound.error().what, "/gates/0/params: " + words));
    const Error error = refusal(gate, {{"payer", address}, {"file", "a.so"}, {"epoch", 3}});
    CHECK(error.where == "p.json:1");
    CHECK_FALSE(holds(error.what, "cannot take the value"));
  }
}

// What the pack itself says wrong, or leaves undefined, is nobody's value.
TEST_CASE("the pack's own mistakes stay the pack's", "[engine]") {
  CHECK(refusal(gate_of("balance", {{"address", "${payer}"}, {"minLamports", 7}}), {{"payer", address}}).where ==
        "p.json:1");
  const Error error = refusal(gate_of("balance", {{"address", "${payer}"}, {"minLamports", "${lest}"}}),
                              {{"payer", address}, {"least", "1"}});
  CHECK(error.where == "p.json:1");
  CHECK(holds(error.what, "${lest} is not defined"));
  CHECK(holds(error.hint, "readyctl lint PACK… --values"));
}

// Before all names have values, those that have one are checked, in every phase, and the others are passed over.
TEST_CASE("values are checked while others are missing", "[engine]") {
  Json gate = gate_of("balance", {{"address", "${payer}"}, {"minLamports", "${least}"}});
  gate["phase"] = {"post-deploy"};
  const std::vector<PackFile> packs{pack("p", Json::array({gate}), {"post-deploy"})};
  const auto check = [&](const Json& values, const Origins& origins = {}) {
    return check_values(packs, catalogue(), release_with(values), origins);
  };
  CHECK(check(Json::object()).has_value());
  CHECK(check({{"payer", address}}).has_value());
  CHECK(check({{"payer", address}, {"least", "1"}}).has_value());
  const auto refused = check({{"payer", Json::array()}}, {{"payer", "--value payer"}});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().where == "--value payer");
  CHECK(holds(refused.error().what, "gate p/g cannot take the value of ${payer}"));
  CHECK_FALSE(check({{"least", -1}}).has_value());
}
