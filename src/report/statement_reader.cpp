// Reading a statement again: strictly, and with everything checked that it says of itself.
#include <algorithm>

#include "report/statement.hpp"

namespace readyctl {
namespace {

// The statement as fields. A statement of ours always has them all; one that lacks any is malformed.
class Reader {
 public:
  Reader(const Json& json, const std::string& name) : json_(json), name_(name) {}

  Result<Statement> read() {
    Statement statement;
    statement.json = json_;
    const Json& predicate = at(json_, "predicate");
    statement.decision = decision(text(predicate, "decision"));
    statement.release = text(predicate, "release");
    statement.release_id = digest(predicate, "releaseId");
    statement.cluster = text(at(predicate, "cluster"), "name");
    statement.genesis_hash = text(at(predicate, "cluster"), "genesisHash");
    statement.program = text(predicate, "program");
    if (!at(predicate, "phase").is_null()) statement.phase = text(predicate, "phase");
    statement.partial = at(predicate, "partial") == true;
    statement.decided_at = time(predicate, "decidedAt");
    if (!at(predicate, "validUntil").is_null()) statement.valid_until = time(predicate, "validUntil");
    statement.tool_version = text(at(predicate, "tool"), "version");
    statement.manifest_text = text(at(predicate, "manifest"), "text");
    statement.manifest = digest(at(predicate, "manifest"), "sha256");
    for (const Json& pack : list(predicate, "packs")) {
      statement.packs.push_back({text(pack, "path"), text(pack, "text"), digest(pack, "sha256")});
    }
    const Json& set = at(predicate, "set");
    if (!set.is_object()) complain("set");
    for (const auto& item : set.items()) statement.set.emplace(item.key(), item.value());
    for (const Json& one : list(predicate, "select"))
      statement.select.push_back(one.is_string() ? one.get<std::string>() : "");
    statement.evidence.file = digest(at(predicate, "evidence"), "sha256");
    for (const Json& record : list(at(predicate, "evidence"), "records")) {
      statement.evidence.records.push_back({text(record, "key"), digest(record, "sha256")});
    }
    statement.artifact = subject_digest();
    for (const Json& finding : list(predicate, "findings")) check_finding(finding);
    if (!complaint_.empty()) {
      return malformed(name_, "the statement has no valid \"" + complaint_ + "\"", "it was not written by readyctl");
    }
    return statement;
  }

 private:
  void complain(const std::string& field) {
    if (complaint_.empty()) complaint_ = field;
  }

  const Json& at(const Json& object, const char* field) {
    static const Json nothing;
    const auto found = object.is_object() ? object.find(field) : object.end();
    if (object.is_object() && found != object.end()) return *found;
    complain(field);
    return nothing;
  }
  std::string text(const Json& object, const char* field) {
    const Json& value = at(object, field);
    if (!value.is_string()) complain(field);
    return value.is_string() ? value.get<std::string>() : "";
  }
  const Json& list(const Json& object, const char* field) {
    static const Json empty = Json::array();
    const Json& value = at(object, field);
    if (value.is_array()) return value;
    complain(field);
    return empty;
  }
  Sha256 digest(const Json& object, const char* field) {
    const auto parsed = parse_sha256(text(object, field));
    if (!parsed) complain(field);
    return parsed.value_or(Sha256{});
  }
  Time time(const Json& object, const char* field) {
    const auto parsed = parse_time(text(object, field));
    if (!parsed) complain(field);
    return parsed.value_or(Time{});
  }
  Decision decision(const std::string& word) {
    for (const Decision one : {Decision::go, Decision::no_go, Decision::inconclusive}) {
      if (to_string(one) == word) return one;
    }
    complain("decision");
    return Decision::inconclusive;
  }
  Sha256 subject_digest() {
    const Json& subjects = list(json_, "subject");
    if (subjects.empty()) complain("subject");
    return subjects.empty() ? Sha256{} : digest(at(subjects[0], "digest"), "sha256");
  }
  void check_finding(const Json& finding) {
    for (const char* field : {"release", "pack", "gate", "kind", "severity", "outcome", "summary"})
      text(finding, field);
    for (const Json& seen : list(finding, "observations")) {
      text(seen, "what");
      text(seen, "observed");
    }
  }

  const Json& json_;
  const std::string& name_;
  std::string complaint_;
};

// What the findings of a statement add up to, by the rule of decision_of. An unknown outcome is never a GO.
Decision decision_of_findings(const Json& findings) {
  bool decided = false;
  bool open = false;
  for (const Json& finding : findings) {
    if (finding["severity"] == "advisory") continue;
    const std::string outcome = finding["outcome"];
    if (outcome == "fail") return Decision::no_go;
    const bool counts = outcome == "pass" || outcome == "waived";
    decided |= counts;
    open |= !counts && outcome != "skipped";
  }
  return decided && !open ? Decision::go : Decision::inconclusive;
}

Result<void> check_against_itself(const Statement& statement, const std::string& name) {
  const auto contradicts = [&](std::string what) {
    return failure({ErrorKind::not_relied, name, std::move(what), "do not rely on this report"});
  };
  const Decision added_up = decision_of_findings(statement.findings());
  const bool says_go = statement.predicate()["verdict"] == "go";
  if (added_up != statement.decision || says_go != (statement.decision == Decision::go)) {
    return contradicts("the verdict is not what the findings add up to: " + std::string(to_string(added_up)));
  }
  if (sha256(statement.manifest_text) != statement.manifest)
    return contradicts("the release manifest is not the one stated");
  for (const auto& pack : statement.packs) {
    if (sha256(pack.text) != pack.sha256) return contradicts("pack " + printable(pack.name) + " is not the one stated");
  }
  const auto manifest = parse_manifest(statement.manifest_text, name + " (release manifest)");
  if (!manifest) return failure(manifest.error());
  if (manifest->id != statement.release_id) return contradicts("the release id is not that of the manifest");
  if (manifest->release.artifact.sha256 != statement.artifact) return contradicts("the artifact is not the manifest's");
  return {};
}

}  // namespace

Result<Statement> parse_statement(std::string_view payload, const std::string& name) {
  const auto json = parse_json(payload, name + " (payload)");
  if (!json) return failure(json.error());
  const auto type = [&](const char* field) {
    const Json value = json->is_object() ? json->value(field, Json()) : Json();
    return value.is_string() ? value.get<std::string>() : "";
  };
  if (type("_type") != statement_type) return malformed(name, "the payload is no in-toto Statement v1");
  if (type("predicateType") != predicate_type) {
    return malformed(
        name, "the statement is a " + printable(type("predicateType")) + ", not a " + std::string(predicate_type),
        "a newer readyctl may have written it");
  }
  const auto canonical = canonical_json(*json);
  if (!canonical || *canonical != payload) {
    return failure(
        {ErrorKind::not_relied, name, "the payload is not in canonical form", "it was changed after it was written"});
  }
  auto statement = Reader(*json, name).read();
  if (!statement) return statement;
  if (const auto sound = check_against_itself(*statement, name); !sound) return failure(sound.error());
  return statement;
}

Result<PlanInputs> inputs_of(const Statement& statement) {
  auto manifest = parse_manifest(statement.manifest_text, "release.json of the report");
  if (!manifest) return failure(manifest.error());
  PlanInputs inputs{{}, std::move(*manifest), statement.set, statement.phase, statement.select};
  for (const auto& pack : statement.packs) {
    auto file = parse_pack(pack.text, pack.name);
    if (!file) return failure(file.error());
    inputs.packs.push_back(std::move(*file));
  }
  return inputs;
}

}  // namespace readyctl
