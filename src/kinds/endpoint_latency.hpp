// How long an endpoint takes, over several tries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/fields.hpp"
#include "kinds/endpoint_judgement.hpp"

namespace readyctl {

/// Percentiles are of the tries in order of their time, by the nearest rank: the 95th of 20 is the second slowest. What
/// was not answered is slower than everything.
struct LatencyBounds {
  std::uint32_t tries = 0;
  std::optional<std::uint32_t> max_p50_ms;
  std::optional<std::uint32_t> max_p95_ms;

  static constexpr auto fields() {
    using Bounds = LatencyBounds;
    return std::tuple{
        required("tries", &Bounds::tries,
                 "how often each is asked for the newest blockhash, one after the other, 1 to 100"),
        optional("maxP50Ms", &Bounds::max_p50_ms, "how long half of the answers may take; without it that is reported"),
        optional("maxP95Ms", &Bounds::max_p95_ms, "how long 95 of 100 answers may take; without it that is reported"),
    };
  }
  Result<void> validate(const Place& place) const;
};

/// `tries` times the question that a client asks before every transaction: for the newest blockhash.
std::vector<Fact<Probe>> latency_questions(const std::string& endpoint, const LatencyBounds& bounds);

/// Judges the answers to latency_questions; without bounds it only notes them.
void judge_latency(const LatencyBounds& bounds, const std::vector<Probe>& probes, EndpointJudgement& judgement);

}  // namespace readyctl
