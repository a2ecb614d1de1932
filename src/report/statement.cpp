#include "report/statement.hpp"

#include <algorithm>
#include <set>

#include "base/invariant.hpp"
#include "base/text.hpp"
#include "engine/contradicted.hpp"
#include "engine/remedy.hpp"
#include "facts/quorum.hpp"
#include "facts/run_record.hpp"
#include "facts/unix_time.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

Json digest_json(const Sha256& digest) { return {{"sha256", to_string(digest)}}; }

Json packs_json(const std::vector<PackFile>& packs) {
  Json json = Json::array();
  for (const PackFile& file : packs) {
    json.push_back({{"name", file.pack.name},
                    {"path", file.document->name()},
                    {"sha256", to_string(file.sha256)},
                    {"text", file.document->text()}});
  }
  return json;
}

Json evidence_json(const EvidenceIndex& evidence) {
  Json records = Json::array();
  for (const RecordDigest& record : evidence.records) {
    records.push_back({{"key", record.key}, {"sha256", to_string(record.sha256)}});
  }
  return {{"format", "readyctl.evidence/v1"}, {"sha256", to_string(evidence.file)}, {"records", records}};
}

// What an observation of this machine says of its origin, in place of an endpoint.
constexpr std::string_view local_origin = "local";

// Whether a record is an endpoint's word about the chain, and not about itself.
bool is_about_the_chain(const std::string& key) {
  return key.starts_with("{\"account\":") || (key.starts_with("{\"params\":") && key.ends_with("\"}"));
}

// A fact of its own beside the first reading of the same account, which tells how that one has changed since.
bool is_read_once_more(const std::string& key) { return key.find("\"again\":true") != std::string::npos; }

// By endpoint, the records of facts about which it contradicts the others.
std::map<std::string, std::vector<std::string>> facts_contradicted(const FactStore& facts) {
  std::map<std::string, std::vector<std::string>> by_endpoint;
  for (const auto& [key, names] : contradicted_among(facts)) {
    for (const std::string& name : names) by_endpoint[name].push_back(key);
  }
  return by_endpoint;
}

std::string what_it_rests_on(const Quorum& quorum, const std::set<std::string>& answered,
                             const std::set<std::string>& silent) {
  if (quorum.needed > 1 && !answered.empty()) {
    return "the word of " + std::to_string(quorum.needed) + " of " + counted(quorum.voters.size(), "provider") +
           " that agree, for each fact: " + join(std::vector<std::string>(answered.begin(), answered.end()), ", ");
  }
  if (answered.size() == 1) {
    return "the word of one endpoint, " + *answered.begin() + "; no other was asked to confirm it";
  }
  if (!answered.empty()) {
    return "the word of " + std::to_string(answered.size()) +
           " endpoints, each for a part of the facts; none was asked to confirm another";
  }
  if (silent.empty()) return "local facts only; the chain was not read";
  if (quorum.needed > 1) {
    return "local facts only: " + std::to_string(quorum.needed) + " of " + counted(quorum.voters.size(), "provider") +
           " must agree, and they did about nothing of the chain; asked were " +
           join(std::vector<std::string>(silent.begin(), silent.end()), ", ");
  }
  return "local facts only: the chain could not be read, and nothing usable came from " +
         join(std::vector<std::string>(silent.begin(), silent.end()), ", ");
}

Json between(const std::set<Slot>& slots) {
  return {{"least", to_string(*slots.begin())}, {"most", to_string(*slots.rbegin())}};
}

Json clock_json(const std::optional<Clock>& clock) {
  if (!clock) return nullptr;
  return {{"slot", to_string(clock->slot)},
          {"epoch", std::to_string(clock->epoch)},
          {"time", moment_text(clock->unix_timestamp)}};
}

// How many accounts were read, and from which slot to which: a hundred travel in one answer, and one answer is one
// slot.
Json accounts_json(const FactStore& facts) {
  std::set<std::string> addresses;
  std::set<Slot> slots;
  for (const auto& [key, answer] : facts) {
    const Observation& seen = answer.deciding();
    if (!seen.outcome || !seen.slot || !key.starts_with("{\"account\":") || is_read_once_more(key)) continue;
    addresses.insert(Json::parse(key).value("account", ""));
    slots.insert(*seen.slot);
  }
  if (slots.empty()) return nullptr;
  Json json = between(slots);
  json["count"] = addresses.size();
  return json;
}

// Whose word the facts of the chain rest on, and when they were read.
Json snapshot_json(const Run& run) {
  std::set<std::string> answered;
  std::set<std::string> silent;
  std::set<Slot> slots;
  const Quorum quorum = quorum_in(run.facts);
  for (const auto& [key, answer] : run.facts) {
    const Observation& seen = answer.deciding();
    if (!is_about_the_chain(key)) continue;
    if (!seen.outcome) {
      for (const Observation& one : answer.observations) {
        if (one.from != local_origin) silent.insert(one.from);
      }
    } else if (seen.slot) {
      slots.insert(*seen.slot);
      // With a quorum a fact rests on votes, and what is not voted on is no fact that a gate rests on.
      if (quorum.needed > 1 && compared_as(key) == ComparedAs::nothing) continue;
      answered.insert(seen.from);
      for (const Agreement& one : answer.agreeing) answered.insert(one.from);
    }
  }
  Json json = {
      {"endpoints", answered}, {"quorum", quorum.needed}, {"restsOn", what_it_rests_on(quorum, answered, silent)}};
  for (const auto& [endpoint, facts] : facts_contradicted(run.facts)) {
    json["contradicted"].push_back({{"by", endpoint}, {"facts", facts}});
  }
  if (!slots.empty()) json["slots"] = between(slots);
  if (run.first_clock || run.last_clock || !slots.empty()) {
    json["clock"] = {{"first", clock_json(run.first_clock)}, {"last", clock_json(run.last_clock)}};
    if (const Json accounts = accounts_json(run.facts); !accounts.is_null()) json["accounts"] = accounts;
  }
  if (const auto retake = retake_in(run.facts)) {
    json["retaken"] = {{"firstDecidedAt", to_string(retake->first_decided_at)}, {"because", retake->because}};
  }
  if (run.blockhash) json["blockhash"] = {{"hash", run.blockhash->hash}, {"slot", to_string(run.blockhash->slot)}};
  return json;
}

Json cost_json(const Run& run) {
  Json json = {{"depth", run.depth}, {"facts", run.facts.size()}};
  if (const auto spent = spent_in(run.facts)) {
    json["spent"] = {{"requests", spent->requests},
                     {"bytes", spent->bytes},
                     {"retries", spent->retries},
                     {"elapsedMs", spent->elapsed.count()}};
  }
  return json;
}

std::string why_not_examined(const PlannedGate& gate, const Finding& finding) {
  if (finding.outcome == Outcome::skipped || finding.outcome == Outcome::not_run) {
    return std::string(to_string(finding.outcome)) + ": " + finding.summary;
  }
  return gate.definition.severity == Severity::advisory ? "advisory: its outcome does not decide" : "";
}

Json not_examined_json(const Plan& plan, const Run& run) {
  Json json = Json::array();
  for (std::size_t i = 0; i < plan.gates.size(); ++i) {
    const std::string why = why_not_examined(plan.gates[i], run.findings[i]);
    if (!why.empty()) json.push_back({{"gate", plan.gates[i].id}, {"why", why}});
  }
  return json;
}

Json observations_json(const std::vector<Observed>& observations) {
  Json json = Json::array();
  for (const Observed& seen : observations) {
    Json one = {{"what", seen.what}, {"observed", seen.observed}, {"holds", seen.holds}};
    if (!seen.expected.empty()) one["expected"] = seen.expected;
    if (!seen.fact.empty()) one["fact"] = seen.fact;
    json.push_back(std::move(one));
  }
  return json;
}

Json facts_read(const Trace& trace) {
  std::set<std::string> keys;
  for (const auto& wait : trace) {
    for (const Request& request : wait) keys.insert(key_of(request));
  }
  return keys;
}

Json finding_json(const PlanInputs& inputs, const PlannedGate& gate, const Finding& finding, const Trace& trace) {
  const GateDefinition& definition = gate.definition;
  Json json = {{"release", inputs.manifest.release.name},
               {"pack", gate.pack},
               {"gate", gate.id},
               {"kind", definition.kind},
               {"severity", to_string(definition.severity)},
               {"outcome", to_string(finding.outcome)},
               {"summary", finding.summary},
               {"observations", observations_json(finding.observations)},
               {"params", gate.params},
               {"facts", facts_read(trace)}};
  if (finding.outcome == Outcome::fail) json["remedy"] = remedy_for(gate, finding, inputs);
  if (finding.cause) json["cause"] = {{"class", finding.cause->cause}, {"retry", to_string(finding.cause->retry)}};
  if (definition.because) json["because"] = *definition.because;
  if (definition.owner) json["owner"] = *definition.owner;
  if (definition.refs) json["refs"] = *definition.refs;
  if (gate.valid_for && gate.disposition == Disposition::decide) json["validForSeconds"] = gate.valid_for->count();
  return json;
}

Json counts_json(const Json& findings) {
  Json counts = Json::object();
  for (const auto& outcome : {"pass", "fail", "inconclusive", "waived", "skipped", "not-run"}) {
    Json by_severity = {{"blocking", 0}, {"advisory", 0}};
    for (const Json& finding : findings) {
      if (finding["outcome"] != outcome) continue;
      Json& count = by_severity[finding["severity"].get<std::string>()];
      count = count.get<int>() + 1;
    }
    counts[outcome] = by_severity;
  }
  return counts;
}

Json findings_json(const PlanInputs& inputs, const Plan& plan, const Run& run) {
  Json findings = Json::array();
  for (std::size_t i = 0; i < plan.gates.size(); ++i) {
    findings.push_back(finding_json(inputs, plan.gates[i], run.findings[i], run.traces[i]));
  }
  return findings;
}

Json circumstances_part(const Circumstances& circumstances) {
  return {{"weakened", circumstances.weakened},
          {"trust", circumstances.trust ? Json(to_string(*circumstances.trust)) : Json()},
          {"previous", circumstances.previous ? to_string(*circumstances.previous) : "none"},
          {"tool", {{"name", "readyctl"}, {"version", version}, {"sha256", to_string(circumstances.tool_binary)}}}};
}

}  // namespace

Json subjects_of(const PlanInputs& inputs, const EvidenceIndex& evidence) {
  const Release& release = inputs.manifest.release;
  Json subjects = Json::array({{{"name", release.artifact.path}, {"digest", digest_json(release.artifact.sha256)}},
                               {{"name", "release.json"}, {"digest", digest_json(sha256(inputs.manifest.text))}},
                               {{"name", "evidence"}, {"digest", digest_json(evidence.file)}}});
  for (const PackFile& file : inputs.packs) {
    subjects.push_back({{"name", "pack:" + file.pack.name}, {"digest", digest_json(file.sha256)}});
  }
  return subjects;
}

Json asked_part(const PlanInputs& inputs) {
  const Manifest& manifest = inputs.manifest;
  const Release& release = manifest.release;
  return {{"release", release.name},
          {"releaseId", to_string(manifest.id)},
          {"program", to_string(release.program)},
          {"gitCommit", release.source.commit},
          {"cluster", {{"name", release.cluster.name}, {"genesisHash", release.cluster.genesis_hash}}},
          {"manifest", {{"sha256", to_string(sha256(manifest.text))}, {"text", manifest.text}}},
          {"packs", packs_json(inputs.packs)},
          {"phase", inputs.phase ? Json(*inputs.phase) : Json()},
          {"set", static_cast<const std::map<std::string, Json>&>(inputs.set)},
          {"select", inputs.select}};
}

Json decided_part(const PlanInputs& inputs, const Plan& plan, const Run& run) {
  const Decision decision = decision_of(votes_of(plan.gates, run.findings));
  const auto until = valid_until(plan, run.decided_at);
  const Json findings = findings_json(inputs, plan, run);
  return {{"verdict", decision == Decision::go ? "go" : "no-go"},
          {"decision", to_string(decision)},
          {"partial", plan.partial},
          {"decidedAt", to_string(run.decided_at)},
          {"validUntil", until ? Json(to_string(*until)) : Json()},
          {"findings", findings},
          {"counts", counts_json(findings)},
          {"notExamined", not_examined_json(plan, run)},
          {"values", static_cast<const std::map<std::string, Json>&>(plan.used)},
          {"waivers", Json::array()},
          {"snapshot", snapshot_json(run)},
          {"cost", cost_json(run)}};
}

std::string make_statement(const PlanInputs& inputs, const Plan& plan, const Run& run, const EvidenceIndex& evidence,
                           const Circumstances& circumstances) {
  Json predicate = {{"schema", report_schema}, {"evidence", evidence_json(evidence)}};
  predicate.update(asked_part(inputs));
  predicate.update(decided_part(inputs, plan, run));
  predicate.update(circumstances_part(circumstances));
  const auto text = canonical_json({{"_type", statement_type},
                                    {"subject", subjects_of(inputs, evidence)},
                                    {"predicateType", predicate_type},
                                    {"predicate", std::move(predicate)}});
  invariant(text.has_value(), "a statement holds no integer beyond 2^53 outside of strings");
  return *text;
}

std::string_view to_string(Decision decision) {
  switch (decision) {
    case Decision::go:
      return "go";
    case Decision::no_go:
      return "no-go";
    case Decision::inconclusive:
      break;
  }
  return "inconclusive";
}

}  // namespace readyctl
