#include "engine/finding.hpp"

#include "base/text.hpp"

namespace readyctl {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::waived:
      return "waived";
    case Outcome::skipped:
      return "skipped";
    case Outcome::not_run:
      break;
  }
  return "not-run";
}

Finding pass(std::string summary) { return {Outcome::pass, std::move(summary), {}, std::nullopt}; }

Finding fail(std::string summary) { return {Outcome::fail, std::move(summary), {}, std::nullopt}; }

Finding inconclusive(Unobtainable cause) {
  std::string summary = cause.what;
  return {Outcome::inconclusive, std::move(summary), {}, std::move(cause)};
}

void Judgement::expect(bool holds, Seen seen, const std::string& otherwise) {
  observations_.push_back({std::move(seen.what), std::move(seen.expected), std::move(seen.observed), fact_, holds});
  if (!holds) complaints_.push_back(otherwise);
}

void Judgement::note(std::string what, std::string observed) {
  observations_.push_back({std::move(what), "", std::move(observed), fact_, true});
}

void Judgement::caveat(const std::string& words) { caveats_.push_back(words); }

void Judgement::misnames(std::optional<Misnamed> parameter) {
  if (!misnamed_) misnamed_ = std::move(parameter);
}

Finding Judgement::conclude(const std::string& summary) const {
  Finding finding = failed() ? fail(join(complaints_, "; ")) : pass(summary);
  if (!failed() && !caveats_.empty()) finding.summary += " (" + join(caveats_, "; ") + ")";
  finding.observations = observations_;
  if (failed()) finding.misnamed = misnamed_;
  return finding;
}

}  // namespace readyctl
