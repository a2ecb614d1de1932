#include "kinds/endpoint_latency.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"

namespace readyctl {
namespace {

// nullopt: not answered.
using Elapsed = std::optional<std::chrono::milliseconds>;

bool is_faster(const Elapsed& a, const Elapsed& b) { return a && (!b || *a < *b); }

std::vector<Elapsed> in_order(const std::vector<Probe>& probes) {
  std::vector<Elapsed> times;
  for (const Probe& probe : probes) times.push_back(probe.result ? Elapsed(probe.elapsed) : std::nullopt);
  std::sort(times.begin(), times.end(), is_faster);
  return times;
}

Elapsed percentile(const std::vector<Elapsed>& times, std::size_t percent) {
  return times[(times.size() * percent + 99) / 100 - 1];
}

std::string in_words(const Elapsed& elapsed) {
  return elapsed ? std::to_string(elapsed->count()) + " ms" : "without answer";
}

// What was not answered, and why the first of it was not.
std::string silence_in(const std::vector<Probe>& probes) {
  const auto is_silent = [](const Probe& probe) { return !probe.result; };
  const auto count = std::count_if(probes.begin(), probes.end(), is_silent);
  if (count == 0) return "";
  const auto first = std::find_if(probes.begin(), probes.end(), is_silent);
  return ", " + std::to_string(count) + " not answered (" + first->result.error().what + ")";
}

}  // namespace

Result<void> LatencyBounds::validate(const Place& place) const {
  constexpr std::uint32_t tries_max = 100;
  if (tries > 0 && tries <= tries_max) return {};
  return (place / "tries").malformed("expected 1 to 100, found " + std::to_string(tries));
}

std::vector<Fact<Probe>> latency_questions(const std::string& endpoint, const LatencyBounds& bounds) {
  std::vector<Fact<Probe>> questions;
  for (std::uint32_t i = 1; i <= bounds.tries; ++i) {
    questions.push_back(
        facts::probe({endpoint, "getLatestBlockhash", Json::array({Json{{"commitment", "finalized"}}}), i}));
  }
  return questions;
}

void judge_latency(const LatencyBounds& bounds, const std::vector<Probe>& probes, EndpointJudgement& judgement) {
  if (probes.empty()) return;
  const std::vector<Elapsed> times = in_order(probes);
  const std::string silence = silence_in(probes);
  const auto judge = [&](std::size_t percent, const std::optional<std::uint32_t>& most) {
    const Elapsed found = percentile(times, percent);
    const std::string what = "p" + std::to_string(percent) + " of " + std::to_string(probes.size()) + " answers";
    const std::string seen = in_words(found) + silence;
    if (!most) return judgement.note(what, seen, probes.front().request);
    const std::string expected = "at most " + std::to_string(*most) + " ms";
    judgement.expect(found && found->count() <= *most, {what, expected, seen}, probes.front().request,
                     "the " + what + " is " + seen + ", " + expected + " is allowed");
  };
  judge(50, bounds.max_p50_ms);
  judge(95, bounds.max_p95_ms);
}

}  // namespace readyctl
