// EndpointJudgement: what was seen of one endpoint, and everything that is wrong with it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/finding.hpp"
#include "facts/endpoints.hpp"

namespace readyctl {

class EndpointJudgement {
 public:
  explicit EndpointJudgement(std::string endpoint) : endpoint_(std::move(endpoint)) {}

  /// Notes what was seen; where it does not hold, `otherwise` is wrong with the endpoint.
  void expect(bool holds, Judgement::Seen seen, const ProbeRequest& fact, const std::string& otherwise);

  /// Notes what was seen where nothing was expected.
  void note(std::string what, std::string observed, const ProbeRequest& fact);

  /// The value, or its absence as something that is wrong.
  template <class T>
  std::optional<T> take(Said<T> said, const Probe& probe) {
    if (said) return std::move(*said);
    did_not_say(said.error(), probe.request);
    return std::nullopt;
  }

  /// An endpoint that is down says the same of everything: that is said once.
  void did_not_say(const Unsaid& unsaid, const ProbeRequest& asked);

  bool is_clean() const { return reasons_.empty() && unsaid_.empty(); }

  /// "endpoint fallback: it is at slot …; getHealth: error -32005 …": everything that is wrong with it.
  std::string words() const;

  /// What was seen, each with the name of the endpoint before it.
  const std::vector<Observed>& observations() const { return observations_; }

 private:
  struct SameTrouble {
    std::string what;
    std::vector<std::string> asked;
  };

  std::string endpoint_;
  std::vector<std::string> reasons_;
  std::vector<SameTrouble> unsaid_;
  std::vector<Observed> observations_;
};

}  // namespace readyctl
