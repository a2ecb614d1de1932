// Reading a statement again: strictly, and with everything checked that it says of itself.
#include <algorithm>
#include <initializer_list>

#include "base/text.hpp"
#include "facts/json_member.hpp"
#include "report/statement.hpp"

namespace readyctl {
namespace {

const std::vector<std::string> predicate_keys{
    "schema",      "verdict",   "decision", "partial",   "phase",      "release",  "releaseId",
    "program",     "gitCommit", "cluster",  "decidedAt", "validUntil", "findings", "counts",
    "notExamined", "manifest",  "packs",    "set",       "select",     "values",   "waivers",
    "evidence",    "snapshot",  "cost",     "weakened",  "trust",      "previous", "tool"};

// Of the findings on 256 packs of 1000 gates, a few each.
constexpr std::size_t payload_values_max = 4'000'000;

// The statement as fields. A statement of ours always has them all; one that lacks any is malformed.
class StatementReader {
 public:
  StatementReader(const Json& json, const std::string& name) : json_(json), name_(name) {}

  Result<Statement> read() {
    Statement statement;
    statement.json = json_;
    const Json& predicate = at(json_, "predicate");
    refuse_unknown(json_, {"_type", "subject", "predicateType", "predicate"});
    refuse_unknown(predicate, predicate_keys);
    for (const std::string& key : predicate_keys) at(predicate, key.c_str());
    statement.decision = decision(text(predicate, "decision"));
    text(predicate, "verdict");
    statement.release = text(predicate, "release");
    statement.release_id = digest(predicate, "releaseId");
    statement.cluster = text(at(predicate, "cluster"), "name");
    statement.genesis_hash = text(at(predicate, "cluster"), "genesisHash");
    statement.program = text(predicate, "program");
    if (!at(predicate, "phase").is_null()) statement.phase = text(predicate, "phase");
    if (!at(predicate, "partial").is_boolean()) complain("partial");
    statement.partial = at(predicate, "partial") == true;
    statement.decided_at = time(predicate, "decidedAt");
    if (!at(predicate, "validUntil").is_null()) statement.valid_until = time(predicate, "validUntil");
    statement.tool_version = text(at(predicate, "tool"), "version");
    statement.manifest_text = text(at(predicate, "manifest"), "text");
    statement.manifest = digest(at(predicate, "manifest"), "sha256");
    for (const Json& pack : list(predicate, "packs")) {
      statement.packs.push_back({text(pack, "path"), text(pack, "text"), digest(pack, "sha256"), {}});
    }
    const Json& set = at(predicate, "set");
    if (!set.is_object()) complain("set");
    for (const auto& item : set.items()) statement.set.emplace(item.key(), item.value());
    statement.select = texts(predicate, "select");
    statement.evidence.file = digest(at(predicate, "evidence"), "sha256");
    for (const Json& record : list(at(predicate, "evidence"), "records")) {
      statement.evidence.records.push_back({text(record, "key"), digest(record, "sha256")});
    }
    statement.artifact = subject_digest();
    for (const Json& finding : list(predicate, "findings")) check_finding(finding);
    check_circumstances(predicate);
    if (!complaint_.empty()) return malformed(name_, complaint_, "it was not written by readyctl");
    return statement;
  }

 private:
  void complain(const std::string& field) {
    if (complaint_.empty()) complaint_ = "the statement has no valid \"" + field + "\"";
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
      text_if_any(seen, "expected");
    }
    for (const char* field : {"because", "remedy", "owner"}) text_if_any(finding, field);
    if (finding.is_object() && finding.contains("cause")) {
      for (const char* field : {"class", "retry"}) text(at(finding, "cause"), field);
    }
    texts(finding, "facts");
  }
  void check_circumstances(const Json& predicate) {
    check_cost(at(predicate, "cost"));
    check_snapshot(at(predicate, "snapshot"));
    texts(predicate, "weakened");
    for (const Json& gate : list(predicate, "notExamined")) {
      for (const char* field : {"gate", "why"}) text(gate, field);
    }
    if (!at(predicate, "trust").is_null()) digest(predicate, "trust");
    if (text(predicate, "previous") != "none") digest(predicate, "previous");
    for (const char* field : {"name", "version"}) text(at(predicate, "tool"), field);
    digest(at(predicate, "tool"), "sha256");
  }
  void check_cost(const Json& cost) {
    numbers(cost, {"depth", "facts"});
    if (cost.is_object() && cost.contains("spent"))
      numbers(cost["spent"], {"requests", "bytes", "retries", "elapsedMs"});
  }
  void check_snapshot(const Json& snapshot) {
    text(snapshot, "restsOn");
    texts(snapshot, "endpoints");
    if (!at(snapshot, "quorum").is_number_unsigned()) complain("quorum");
    const auto has = [&](const char* field) { return snapshot.is_object() && snapshot.contains(field); };
    for (const char* range : {"slots", "accounts"}) {
      if (!has(range)) continue;
      for (const char* field : {"least", "most"}) text(at(snapshot, range), field);
    }
    if (has("contradicted")) {
      for (const Json& one : list(snapshot, "contradicted")) {
        text(one, "by");
        texts(one, "facts");
      }
    }
    if (has("accounts")) numbers(snapshot["accounts"], {"count"});
    if (has("clock")) {
      for (const char* moment : {"first", "last"}) check_clock(at(snapshot["clock"], moment));
    }
    if (has("retaken")) {
      time(snapshot["retaken"], "firstDecidedAt");
      texts(snapshot["retaken"], "because");
    }
  }
  // Null when it could not be read then.
  void check_clock(const Json& clock) {
    if (clock.is_null()) return;
    for (const char* field : {"slot", "epoch", "time"}) text(clock, field);
  }
  void numbers(const Json& object, std::initializer_list<const char*> fields) {
    for (const char* field : fields) {
      if (!at(object, field).is_number_unsigned()) complain(field);
    }
  }
  void text_if_any(const Json& object, const char* field) {
    if (object.is_object() && object.contains(field)) text(object, field);
  }
  std::vector<std::string> texts(const Json& object, const char* field) {
    std::vector<std::string> all;
    for (const Json& one : list(object, field)) {
      if (!one.is_string()) complain(field);
      all.push_back(one.is_string() ? one.get<std::string>() : "");
    }
    return all;
  }
  void refuse_unknown(const Json& object, const std::vector<std::string>& known) {
    if (!object.is_object()) return;
    for (const auto& item : object.items()) {
      if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
        complaint_ = "the statement has an unknown key \"" + printable(item.key()) + "\"";
      }
    }
  }

  const Json& json_;
  const std::string& name_;
  std::string complaint_;
};

template <class Word>
std::optional<Word> word_of(const std::string& text, std::initializer_list<Word> words) {
  for (const Word word : words) {
    if (to_string(word) == text) return word;
  }
  return std::nullopt;
}

// What the findings of a statement add up to. Errors: a severity or an outcome that nobody knows.
Result<Decision> decision_stated_by(const Json& findings, const std::string& name) {
  std::vector<Vote> votes;
  for (const Json& finding : findings) {
    const std::string severity = finding["severity"];
    const std::string outcome = finding["outcome"];
    const auto weight = word_of(severity, {Severity::blocking, Severity::advisory});
    const auto word = word_of(outcome, {Outcome::pass, Outcome::fail, Outcome::inconclusive, Outcome::waived,
                                        Outcome::skipped, Outcome::not_run});
    if (!weight || !word) {
      return malformed(name, "a finding is \"" + printable(severity) + "\", \"" + printable(outcome) + "\"",
                       "it was not written by readyctl");
    }
    votes.push_back({*weight, *word});
  }
  return decision_of(votes);
}

// What a finding says of its gate that is not what the pack defines; empty when there is nothing.
std::string contradiction(const Json& finding, const DefinedGate& gate) {
  const std::vector<std::pair<const char*, std::string>> defined{
      {"gate", gate.id},
      {"pack", gate.pack.name},
      {"kind", gate.definition.kind},
      {"severity", std::string(to_string(gate.definition.severity))}};
  for (const auto& [field, value] : defined) {
    if (finding[field] != value) return std::string("\"") + field + "\"";
  }
  const bool is_skipped = finding["outcome"] == to_string(Outcome::skipped);
  return is_skipped == gate.is_in_phase ? "\"outcome\", which says whether the gate runs in the phase" : "";
}

// Every gate of the packs has one finding, in their order, as it is defined there. Nothing is waived yet.
Result<void> check_findings(const Statement& statement, const std::vector<PackFile>& packs, const std::string& name) {
  const auto contradicts = [&](std::string what) {
    return failure({ErrorKind::not_relied, name, std::move(what), "do not rely on this report"});
  };
  const Json& findings = statement.findings();
  const std::vector<DefinedGate> gates = defined_gates(packs, statement.phase);
  if (findings.size() != gates.size()) {
    return contradicts("it has " + counted(findings.size(), "finding") + ", and its packs define " +
                       counted(gates.size(), "gate"));
  }
  for (std::size_t i = 0; i < gates.size(); ++i) {
    const std::string what = contradiction(findings[i], gates[i]);
    if (!what.empty())
      return contradicts("its finding on gate " + gates[i].id + " is not what its pack defines: " + what);
    if (findings[i]["outcome"] == to_string(Outcome::waived)) {
      return contradicts("gate " + gates[i].id + " is waived, and the report holds no waiver");
    }
  }
  if (statement.partial != is_partial_phase(packs, statement.phase)) {
    return contradicts("its \"partial\" is not what its packs say of the phase");
  }
  return {};
}

Result<void> check_against_itself(Statement& statement, const std::string& name) {
  const auto contradicts = [&](std::string what) {
    return failure({ErrorKind::not_relied, name, std::move(what), "do not rely on this report"});
  };
  const auto added_up = decision_stated_by(statement.findings(), name);
  if (!added_up) return failure(added_up.error());
  const char* verdict = *added_up == Decision::go ? "go" : "no-go";
  if (*added_up != statement.decision || statement.predicate()["verdict"] != verdict) {
    return contradicts("the verdict is not what the findings add up to: " + std::string(to_string(*added_up)));
  }
  if (sha256(statement.manifest_text) != statement.manifest)
    return contradicts("the release manifest is not the one stated");
  for (const auto& pack : statement.packs) {
    if (sha256(pack.text) != pack.sha256) return contradicts("pack " + printable(pack.path) + " is not the one stated");
  }
  const auto inputs = inputs_of(statement);
  if (!inputs) return failure(inputs.error());
  for (std::size_t i = 0; i < statement.packs.size(); ++i) statement.packs[i].name = inputs->packs[i].pack.name;
  const Json asked = asked_part(*inputs);
  for (const auto& item : asked.items()) {
    if (statement.predicate()[item.key()] == item.value()) continue;
    return contradicts("its \"" + item.key() + "\" is not what its release manifest and packs say");
  }
  if (const auto sound = check_findings(statement, inputs->packs, name); !sound) return sound;
  if (statement.json["subject"] != subjects_of(*inputs, statement.evidence))
    return contradicts("its subjects are not its artifact, manifest, evidence and packs");
  return {};
}

}  // namespace

Result<Statement> parse_statement(std::string_view payload, const std::string& name) {
  if (values_at_most(payload) > payload_values_max) {
    return malformed(name, "the payload holds more than " + std::to_string(payload_values_max) + " values",
                     "it was not written by readyctl");
  }
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
  const Json& predicate = member(*json, "predicate");
  const Json& schema = member(predicate, "schema");
  if (schema != report_schema) {
    const std::string found = schema.is_string() ? printable(schema.get<std::string>()) : "none";
    return malformed(name, "the report's schema is " + found + ", expected " + std::string(report_schema),
                     "a newer readyctl may have written it");
  }
  const auto canonical = canonical_json(*json);
  if (!canonical || *canonical != payload) {
    return failure(
        {ErrorKind::not_relied, name, "the payload is not in canonical form", "it was changed after it was written"});
  }
  auto statement = StatementReader(*json, name).read();
  if (!statement) return statement;
  if (const auto sound = check_against_itself(*statement, name); !sound) return failure(sound.error());
  return statement;
}

Result<PlanInputs> inputs_of(const Statement& statement) {
  auto manifest = parse_manifest(statement.manifest_text, "release.json of the report");
  if (!manifest) return failure(manifest.error());
  PlanInputs inputs{{}, std::move(*manifest), statement.set, statement.phase, statement.select};
  for (const auto& pack : statement.packs) {
    auto file = parse_pack(pack.text, pack.path);
    if (!file) return failure(file.error());
    inputs.packs.push_back(std::move(*file));
  }
  return inputs;
}

}  // namespace readyctl
