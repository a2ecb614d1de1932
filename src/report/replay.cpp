#include "report/replay.hpp"

#include "base/text.hpp"
#include "readyctl/version.hpp"

namespace readyctl {
namespace {

tl::unexpected<Error> differs(const std::string& what) {
  return failure(
      {ErrorKind::not_relied, "replay", what, "the report is not what its evidence supports; do not rely on it"});
}

std::string said(const Json& finding) {
  return finding["outcome"].get<std::string>() + ", \"" + printable(finding["summary"].get<std::string>()) + "\"";
}

bool same_substance(const Json& a, const Json& b) {
  return a["gate"] == b["gate"] && a["outcome"] == b["outcome"] && a["observations"] == b["observations"];
}

}  // namespace

Result<void> replay(const Statement& statement, const std::vector<GateKind>& kinds, Source& recorded) {
  const auto inputs = inputs_of(statement);
  if (!inputs) return failure(inputs.error());
  const auto plan = make_plan(*inputs, kinds);
  if (!plan) return failure(plan.error());
  const Run run = decide_plan(*plan, recorded);

  const Json again = findings_json(inputs->manifest, *plan, run);
  const Json& before = statement.findings();
  if (again.size() != before.size()) {
    return differs("the packs define " + counted(again.size(), "gate") + ", the report holds " +
                   counted(before.size(), "finding"));
  }
  const bool same_version = statement.tool_version == version;
  for (std::size_t i = 0; i < again.size(); ++i) {
    const bool same = same_version ? again[i] == before[i] : same_substance(again[i], before[i]);
    if (same) continue;
    const std::string gate = printable(again[i]["gate"].get<std::string>());
    return differs("gate " + gate + " was " + said(before[i]) + ", and is now " + said(again[i]));
  }
  if (run.decided_at != statement.decided_at) {
    return differs("the report was decided at " + to_string(statement.decided_at) + ", and its evidence says " +
                   to_string(run.decided_at));
  }
  if (valid_until(*plan, run.decided_at) != statement.valid_until) {
    return differs("the report states another time until which it is good than its gates allow");
  }
  if (plan->partial != statement.partial) return differs("the report hides that its phase is partial");
  return {};
}

}  // namespace readyctl
