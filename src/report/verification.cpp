#include "report/verification.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace readyctl {
namespace {

bool was_decided(const Json& finding) {
  const std::string outcome = finding["outcome"];
  return outcome != "skipped" && outcome != "not-run";
}

std::size_t gates_decided(const Statement& statement, const std::string& pack) {
  const Json& findings = statement.findings();
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [&](const Json& finding) {
    return finding["pack"] == pack && was_decided(finding);
  }));
}

std::string words_for_packs(const Statement& statement) {
  std::vector<std::string> words;
  for (const Statement::PackText& pack : statement.packs)
    words.push_back(printable(pack.name) + " " + to_string(pack.sha256));
  return join(words, ", ");
}

// How many gates of the pinned packs were decided. A pack of which none was did not have a say.
std::size_t check_packs(const Statement& statement, const std::vector<Sha256>& packs,
                        std::vector<std::string>& complaints) {
  if (packs.empty()) complaints.push_back("the trust file pins no pack, so any gates at all would count");
  std::size_t decided = 0;
  for (const Sha256& pinned : packs) {
    const auto asked = std::find_if(statement.packs.begin(), statement.packs.end(),
                                    [&](const Statement::PackText& pack) { return pack.sha256 == pinned; });
    if (asked == statement.packs.end()) {
      complaints.push_back("pack " + to_string(pinned) + " of the trust file was not asked, but " +
                           words_for_packs(statement));
      continue;
    }
    const std::size_t gates = gates_decided(statement, asked->name);
    const std::string phase = statement.phase ? " in phase " + printable(*statement.phase) : "";
    if (gates == 0) complaints.push_back("no gate of pinned pack " + printable(asked->name) + " was decided" + phase);
    decided += gates;
  }
  return decided;
}

void check_equal(const std::string& what, const std::string& expected, const std::string& stated,
                 std::vector<std::string>& complaints) {
  if (expected == stated) return;
  complaints.push_back("it speaks of " + what + " " + printable(stated) + ", expected " + expected);
}

}  // namespace

VerifyAnswer is_bound(const Statement& statement, const Expected& expected) {
  std::vector<std::string> complaints;
  const std::size_t decided = check_packs(statement, expected.packs, complaints);
  if (expected.cluster && *expected.cluster != statement.genesis_hash) {
    check_equal("cluster", *expected.cluster, statement.cluster, complaints);
  }
  if (expected.program) check_equal("program", to_string(*expected.program), statement.program, complaints);
  if (expected.release_id) {
    check_equal("release", to_string(*expected.release_id), to_string(statement.release_id), complaints);
  }
  if (expected.artifact) {
    check_equal("artifact", to_string(*expected.artifact), to_string(statement.artifact), complaints);
  }
  if (expected.phase) check_equal("phase", *expected.phase, statement.phase.value_or("none"), complaints);
  if (statement.partial) complaints.push_back("its phase is partial, which never decides for the release");
  if (!complaints.empty()) return {false, join(complaints, "; ")};
  return {true, counted(expected.packs.size(), "pinned pack") + " with " + counted(decided, "gate") +
                    " decided, release " + to_string(statement.release_id) + ", cluster " +
                    printable(statement.cluster) + ", program " + printable(statement.program) +
                    (statement.phase ? ", phase " + printable(*statement.phase) : "")};
}

VerifyAnswer is_in_time(const Statement& statement, Time at) {
  if (at < statement.decided_at) {
    return {false, "decided at " + to_string(statement.decided_at) + ", after " + to_string(at) + ": a clock is wrong"};
  }
  if (!statement.valid_until) return {true, "nothing in it expires"};
  if (at >= *statement.valid_until) {
    return {false, "expired at " + to_string(*statement.valid_until) + ", " +
                       duration_text(at - *statement.valid_until) + " ago; decide again"};
  }
  return {true,
          "good until " + to_string(*statement.valid_until) + ", for " + duration_text(*statement.valid_until - at)};
}

}  // namespace readyctl
