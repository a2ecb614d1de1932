// What packs ask for is told by name, gate, parameter and type, at any depth of the parameters.
#include "engine/asked_names.hpp"

#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "support/release.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

AskedNames asked_by(const Json& gates) { return asked_names({pack("p", gates)}, catalogue()); }

/// The type of the only parameter that asks for this name.
std::string type_of(const AskedNames& asked, const std::string& name) {
  REQUIRE(asked.contains(name));
  REQUIRE(asked.at(name).size() == 1);
  return asked.at(name).front().type;
}

}  // namespace

// Nested records, lists, items of lists, and names within a text.
TEST_CASE("what is asked for has a type", "[engine]") {
  const AskedNames asked = asked_by(
      {{{"id", "held"},
        {"kind", "upgrade-authority"},
        {"params",
         {{"program", "${program}"},
          {"custody",
           {{"squads-v4",
             {{"multisig", "${multisig}"}, {"minMembers", "${minMembers}"}, {"members", "${members}"}}}}}}}},
       {{"id", "derives"},
        {"kind", "treasury-pda"},
        {"params", {{"address", "${treasury}"}, {"program", "${program}"}, {"seeds", "${treasurySeeds}"}}}},
       {{"id", "seeded"},
        {"kind", "treasury-pda"},
        {"params",
         {{"address", "${treasury}"}, {"program", "${program}"}, {"seeds", {{{"utf8", "${word}"}}, "${seed}"}}}}},
       {{"id", "file"},
        {"kind", "artifact-hash"},
        {"params", {{"path", "out/${file}"}, {"sha256", "${artifact.sha256}"}}}},
       {{"id", "frozen"},
        {"kind", "release-freeze"},
        {"params", {{"commit", "${source.commit}"}, {"tag", "${source.tag?}"}}}}});
  CHECK(type_of(asked, "multisig") == "address, base58");
  CHECK(asked.at("multisig").front().gate == "p/held");
  CHECK(asked.at("multisig").front().name == "custody.squads-v4.multisig");
  CHECK(type_of(asked, "minMembers").starts_with("whole number"));
  CHECK(type_of(asked, "members") == "list of address, base58");
  CHECK(type_of(asked, "treasurySeeds") == "list of object of utf8, hex, pubkey, u8, u16le, u32le, u64le");
  CHECK(type_of(asked, "seed") == "object of utf8, hex, pubkey, u8, u16le, u32le, u64le");
  CHECK(type_of(asked, "word") == "string");
  CHECK(type_of(asked, "file") == "text");
  CHECK(asked.at("treasury").size() == 2);
  CHECK(asked.contains("artifact.sha256"));
  CHECK_FALSE(asked.contains("source.tag"));
}

// The names of roles are the pack's own, and what stands under each is known all the same.
TEST_CASE("what is asked for under a name of one's own has a type", "[engine]") {
  const AskedNames asked = asked_by(
      {{{"id", "apart"},
        {"kind", "role-separation"},
        {"params",
         {{"roles", {{"deployer", "${deployers}"}, {"signer", {"${alice}"}}, {"strange", {{"deep", "${deep}"}}}}}}}}});
  CHECK(type_of(asked, "deployers") == "list of address, base58");
  CHECK(type_of(asked, "alice") == "address, base58");
  CHECK(type_of(asked, "deep").starts_with("part of "));
  CHECK(values_skeleton(asked)["deployers"].is_array());
}

// A name that must be a list here and no list there is shown with both, and is no list of that text.
TEST_CASE("a name of two types is shown as a text", "[engine]") {
  const AskedNames asked =
      asked_by({{{"id", "a"}, {"kind", "role-separation"}, {"params", {{"roles", {{"x", "${who}"}}}}}},
                {{"id", "b"}, {"kind", "balance"}, {"params", {{"address", "${who}"}}}}});
  CHECK(values_skeleton(asked)["who"] == "<list of address, base58, and address, base58; p/a roles.x, and 1 other>");
}

// The skeleton has each name once; lists are lists, and what is left unfilled is no value that a gate takes.
TEST_CASE("a skeleton is filled in, not taken", "[engine]") {
  const Json gates = {
      {{"id", "a"}, {"kind", "balance"}, {"params", {{"address", "${payer}"}, {"minLamports", "${least}"}}}},
      {{"id", "b"}, {"kind", "balance"}, {"params", {{"address", "${payer}"}, {"minLamports", "1"}}}},
      {{"id", "c"},
       {"kind", "treasury-pda"},
       {"params", {{"address", "${payer}"}, {"program", "${payer}"}, {"seeds", "${seeds}"}}}}};
  const Json skeleton = values_skeleton(asked_by(gates));
  CHECK(skeleton.size() == 3);
  CHECK(skeleton["payer"] == "<address, base58; p/a address, and 3 others>");
  CHECK(skeleton["least"] == "<lamports, a string of digits; p/a minLamports>");
  CHECK(skeleton["seeds"].is_array());
  for (const auto& item : skeleton.items()) CHECK(is_unfilled(item.value()));
  CHECK_FALSE(is_unfilled("<b>bold; and more"));
  CHECK_FALSE(is_unfilled(Json{{"a", 1}, {"b", "text"}}));
  for (const Json& gate : gates) {
    Json json = release_json();
    json["values"] = skeleton;
    PlanInputs made = inputs({pack("p", Json::array({gate}))});
    made.manifest = manifest(json);
    CHECK_FALSE(make_plan(made, catalogue()).has_value());
  }
}

// A buffer, a transaction and a signature are not there yet when a release is frozen.
TEST_CASE("what is known only later is told apart", "[engine]") {
  const AskedNames asked = asked_by(
      {{{"id", "a"},
        {"kind", "upgrade-buffer"},
        {"params", {{"buffer", "${b}"}, {"multisig", "${m}"}, {"path", "${file}"}}}},
       {{"id", "b"}, {"kind", "pending-proposals"}, {"params", {{"multisig", "${m}"}, {"except", {"${t}"}}}}}});
  CHECK(is_known_later(asked.at("b")));
  CHECK(is_known_later(asked.at("t")));
  CHECK_FALSE(is_known_later(asked.at("m")));
  // A kind says so of its parameter; its name alone says nothing.
  const AskedNames roles =
      asked_by({{{"id", "a"}, {"kind", "role-separation"}, {"params", {{"roles", {{"signature", "${s}"}}}}}}});
  CHECK_FALSE(is_known_later(roles.at("s")));
  CHECK(is_path(asked.at("file")));
  CHECK_FALSE(is_path(asked.at("m")));
}
