// Trust files. Faults 60 and 61 are in faults_test.cpp.
#include "attest/trust.hpp"

#include "attest/support.hpp"

using namespace readyctl;

namespace {

Json small_file() {
  return trust_file({trust_entry("alice", signer_number('1')->public_key()),
                     trust_entry("bob", signer_number('2')->public_key(), {"release", "security"})});
}

Json with(const std::string& pointer, const Json& value) {
  Json file = small_file();
  file[Json::json_pointer(pointer)] = value;
  return file;
}

}  // namespace

// Everything that a trust file can say is read.
TEST_CASE("a full trust file is read", "[attest]") {
  Json file = small_file();
  file["$schema"] = "trust.schema.json";
  file["keys"][0]["notBefore"] = "2026-01-01T00:00:00Z";
  file["keys"][0]["notAfter"] = "2027-01-01T00:00:00Z";
  file["keys"][0]["revokedAt"] = "2026-06-01T00:00:00Z";
  file["packs"] = {std::string(64, 'a')};
  file["cluster"] = "mainnet-beta";
  file["program"] = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf";
  const auto trust = trust_in(file);
  REQUIRE(trust);
  CHECK(trust->keys.size() == 2);
  CHECK(trust->keys[0].name == "alice");
  CHECK(trust->keys[0].key == signer_number('1')->public_key());
  CHECK(trust->keys[0].not_before == at("2026-01-01T00:00:00Z"));
  CHECK(trust->keys[0].not_after == at("2027-01-01T00:00:00Z"));
  CHECK(trust->keys[0].revoked_at == at("2026-06-01T00:00:00Z"));
  CHECK(trust->keys[1].roles == std::vector<std::string>{"release", "security"});
  CHECK(trust->threshold == 1);
  CHECK(trust->report_roles == std::vector<std::string>{"release"});
  CHECK(trust->packs == std::vector{parse_sha256(std::string(64, 'a')).value()});
  CHECK(trust->cluster == "mainnet-beta");
  CHECK(to_string(trust->program.value()) == "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf");
  CHECK(trust->digest == sha256(file.dump(2)));
}

// A local cluster has no known name for its genesis hash, so the hash itself may stand there.
TEST_CASE("a genesis hash names a cluster", "[attest]") {
  CHECK(trust_in(with("/cluster", "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d")).value().cluster ==
        "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d");
}

// What a release calls a cluster is the release's own word.
TEST_CASE("no other name is a cluster's", "[attest]") {
  for (const std::string name : {"localnet", "staging", "5eykt4UsFv8P8NJdTREpY1"}) {
    CHECK(refused(ErrorKind::malformed, "/cluster", "genesis hash")(trust_in(with("/cluster", name))));
  }
}

// A misspelt key says file, line, pointer and what was meant.
TEST_CASE("unknown keys of a trust file are placed and corrected", "[attest]") {
  const auto trust = trust_in(with("/keys/1/role", Json::array({"release"})));
  CHECK(refused(ErrorKind::malformed, "trust.json:", "/keys/1/role", "unknown key \"role\"", "roles")(trust));
  CHECK(refused(ErrorKind::malformed, "unknown key \"pack\"", "packs")(trust_in(with("/pack", Json::array()))));
  CHECK(refused(ErrorKind::malformed, "/report/treshold", "threshold")(trust_in(with("/report/treshold", 1))));
}

// Each thing a trust file must not say is refused at its place.
TEST_CASE("trust files are read strictly", "[attest]") {
  CHECK(
      refused(ErrorKind::malformed, "/keys/1/name", "\"alice\" stands twice")(trust_in(with("/keys/1/name", "alice"))));
  CHECK(refused(ErrorKind::malformed, "/keys/0/roles", "empty")(trust_in(with("/keys/0/roles", Json::array()))));
  CHECK(refused(ErrorKind::malformed, "/keys/0/roles/1",
                "twice")(trust_in(with("/keys/0/roles", Json::array({"release", "release"})))));
  CHECK(refused(ErrorKind::malformed, "/report/roles/0", "no key holds the role \"relase\"",
                "release")(trust_in(with("/report/roles", Json::array({"relase"})))));
  CHECK(refused(ErrorKind::malformed, "/report/roles", "empty")(trust_in(with("/report/roles", Json::array()))));
  CHECK(refused(ErrorKind::malformed, "/keys", "expected 1 to 64")(trust_in(with("/keys", Json::array()))));
  CHECK(refused(ErrorKind::malformed, "/apiVersion", "readyctl.trust/v2",
                "or a newer one")(trust_in(with("/apiVersion", "readyctl.trust/v2"))));
  CHECK(refused(ErrorKind::malformed, "/cluster", "mainnet-beta")(trust_in(with("/cluster", "mainnet-bta"))));
  CHECK(refused(ErrorKind::malformed, "/program")(trust_in(with("/program", "not an address"))));
  CHECK(refused(ErrorKind::malformed, "/packs/0")(trust_in(with("/packs", Json::array({std::string(64, 'A')})))));
  CHECK(refused(ErrorKind::malformed, "/packs/1",
                "twice")(trust_in(with("/packs", Json::array({std::string(64, 'a'), std::string(64, 'a')})))));
  CHECK(refused(ErrorKind::malformed, "/keys/0/key", "neither PEM nor base58")(trust_in(with("/keys/0/key", "0"))));
  CHECK(refused(ErrorKind::malformed, "/keys/0/key", "expected a string")(trust_in(with("/keys/0/key", 1))));
  CHECK(refused(ErrorKind::malformed, "/keys/0/notAfter")(trust_in(with("/keys/0/notAfter", "tomorrow"))));
}

// A window that ends before it begins is a mistake of the writer's, not a key that never counts.
TEST_CASE("an empty window of validity is refused", "[attest]") {
  Json file = with("/keys/0/notBefore", "2027-01-01T00:00:00Z");
  file["keys"][0]["notAfter"] = "2026-01-01T00:00:00Z";
  CHECK(refused(ErrorKind::malformed, "/keys/0/notAfter", "never count")(trust_in(file)));
}

// Every required key of the file is required.
TEST_CASE("a trust file misses nothing", "[attest]") {
  for (const std::string pointer :
       {"/apiVersion", "/keys", "/report", "/report/roles", "/keys/0/name", "/keys/0/key", "/keys/0/roles"}) {
    Json file = small_file();
    const Json::json_pointer place(pointer);
    file[place.parent_pointer()].erase(place.back());
    CHECK(refused(ErrorKind::malformed, "has no \"" + place.back() + "\"")(trust_in(file)));
  }
}

// Files: missing is another trouble than malformed.
TEST_CASE("trust files are read from disk", "[attest]") {
  const ScratchFolder folder;
  CHECK(read_trust(folder.with("trust.json", small_file().dump())).value().keys.size() == 2);
  CHECK(refused(ErrorKind::unreadable, "does not exist")(read_trust(folder / "none")));
  CHECK(refused(ErrorKind::malformed, "cut.json")(read_trust(folder.with("cut.json", "{"))));
}

// The schema has the table's keys and lets nothing else in.
TEST_CASE("the schema of trust files is published", "[attest]") {
  const Json schema = trust_schema();
  CHECK(schema.at("additionalProperties") == false);
  CHECK(schema.at("required") == Json::array({"apiVersion", "keys", "report"}));
  CHECK(schema.at("properties").at("keys").at("items").at("required") == Json::array({"name", "key", "roles"}));
}
