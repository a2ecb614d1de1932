#include "kinds/endpoint_judgement.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace readyctl {

void EndpointJudgement::expect(bool holds, Judgement::Seen seen, const ProbeRequest& fact,
                               const std::string& otherwise) {
  observations_.push_back(
      {endpoint_ + ": " + seen.what, std::move(seen.expected), std::move(seen.observed), key_of(fact), holds});
  if (!holds) reasons_.push_back(otherwise);
}

void EndpointJudgement::note(std::string what, std::string observed, const ProbeRequest& fact) {
  expect(true, {std::move(what), "", std::move(observed)}, fact, "");
}

void EndpointJudgement::did_not_say(const Unsaid& unsaid, const ProbeRequest& asked) {
  observations_.push_back({endpoint_ + ": " + unsaid.asked, "an answer", unsaid.what, key_of(asked), false});
  const auto same = std::find_if(unsaid_.begin(), unsaid_.end(),
                                 [&](const SameTrouble& trouble) { return trouble.what == unsaid.what; });
  if (same == unsaid_.end()) return unsaid_.push_back({unsaid.what, {unsaid.asked}});
  same->asked.push_back(unsaid.asked);
}

std::string EndpointJudgement::words() const {
  std::vector<std::string> all = reasons_;
  for (const SameTrouble& trouble : unsaid_) all.push_back(join(trouble.asked, ", ") + ": " + trouble.what);
  return "endpoint " + endpoint_ + ": " + join(all, "; ");
}

}  // namespace readyctl
