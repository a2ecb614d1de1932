#include "engine/contradicted.hpp"

#include <set>

#include "base/text.hpp"
#include "facts/quorum.hpp"

namespace readyctl {

Contradicted contradicted_among(const FactStore& facts) {
  const Quorum quorum = quorum_in(facts);
  Contradicted contradicted;
  for (const auto& [key, answer] : facts) {
    std::vector<std::string> names = contradicted_by(key, answer, quorum);
    if (!names.empty()) contradicted.emplace(key, std::move(names));
  }
  return contradicted;
}

void name_contradiction(Finding& finding, const std::vector<std::string>& keys, const Contradicted& contradicted) {
  if (contradicted.empty() || finding.outcome == Outcome::not_run) return;
  std::vector<std::string> words;
  for (const std::string& key : std::set<std::string>(keys.begin(), keys.end())) {
    const auto found = contradicted.find(key);
    if (found == contradicted.end()) continue;
    const std::string names = join(found->second, ", ");
    words.push_back(names + " about " + words_for_key(key));
    finding.observations.push_back(
        {"endpoint that contradicts the others about " + words_for_key(key), "", names, key});
  }
  if (!words.empty()) finding.summary += " (contradicted by " + join(words, "; ") + ")";
}

}  // namespace readyctl
