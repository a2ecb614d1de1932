#include "report/replay.hpp"

#include "base/text.hpp"
#include "facts/quorum.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

tl::unexpected<Error> differs(const std::string& what) {
  return failure(
      {ErrorKind::not_relied, "replay", what, "the report is not what its evidence supports; do not rely on it"});
}

// The predicate without what another version may say in better words.
Json without_wording(Json part) {
  for (Json& finding : part["findings"]) {
    for (const char* wording : {"summary", "remedy"}) finding.erase(wording);
  }
  part["snapshot"].erase("restsOn");
  for (Json& gate : part["notExamined"]) gate.erase("why");
  return part;
}

std::string shown(const Json& part, const Json::json_pointer& pointer) {
  constexpr std::size_t characters_max = 200;
  if (!part.contains(pointer)) return "nothing";
  const Json& value = part[pointer];
  std::string text = printable(value.is_string() ? value.get<std::string>() : value.dump());
  if (text.size() > characters_max) text = text.substr(0, characters_max) + "...";
  return text;
}

// A difference between what was stated and what came out again, in words.
std::string words_for_difference(const Json& stated, const Json& again) {
  const Json difference = Json::diff(stated, again);
  const Json& step = difference.at(0);
  const Json::json_pointer place(step.at("path").get<std::string>());
  std::string where = printable(place.to_string());
  const Json::json_pointer findings("/findings");
  if (where.starts_with("/findings/") && stated["findings"].size() == again["findings"].size()) {
    const std::size_t gate = std::stoul(where.substr(10));
    where = "gate " + printable(again["findings"].at(gate)["gate"].get<std::string>()) + ", " + where;
  }
  // What a list lacks has no place in it yet.
  const bool is_added = step.at("op") == "add";
  const std::string given = is_added ? shown(step, Json::json_pointer("/value")) : shown(again, place);
  return where + ": the report says " + shown(stated, place) + ", its evidence gives " + given;
}

// Each fact is what enough providers said.
Result<void> check_votes(const FactStore& facts) {
  const Quorum quorum = quorum_in(facts);
  for (const auto& [key, answer] : facts) {
    if (is_borne_out(key, answer, quorum)) continue;
    return differs("record " + printable(key) + ": it is not what " + std::to_string(quorum.needed) + " of " +
                   counted(quorum.voters.size(), "provider") + " say by its observations");
  }
  return {};
}

}  // namespace

Result<void> replay(const Statement& statement, const std::vector<GateKind>& kinds, Source& recorded,
                    const FactStore& facts) {
  const auto inputs = inputs_of(statement);
  if (!inputs) return failure(inputs.error());
  const auto plan = make_plan(*inputs, kinds);
  if (!plan) return differs("what it says it asked cannot be planned: " + to_string(plan.error()));
  if (const auto borne_out = check_votes(facts); !borne_out) return borne_out;
  Run run = decide_plan(*plan, recorded);
  run.facts = facts;  // all of them: while the run was live, some were asked for that a replay gets from others

  Json again = decided_part(*inputs, *plan, run);
  Json stated = Json::object();
  for (const auto& item : again.items()) stated[item.key()] = statement.predicate()[item.key()];
  if (statement.tool_version != version) {
    again = without_wording(std::move(again));
    stated = without_wording(std::move(stated));
  }
  if (stated != again) return differs(words_for_difference(stated, again));
  return {};
}

}  // namespace readyctl
