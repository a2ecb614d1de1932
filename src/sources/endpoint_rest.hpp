// EndpointRest: how an endpoint that fails is spared, and found to be well again. It tells nothing but times, and knows
// no clock of its own.
#pragma once

#include <chrono>
#include <optional>

#include "sources/retry_policy.hpp"

namespace readyctl {

/// A request to an endpoint that failed in a way that others would too (see is_fault_of_endpoint).
struct FailedAttempt {
  std::chrono::steady_clock::time_point began;
  std::chrono::steady_clock::time_point ended;
  bool is_rate_limit = false;                                 ///< it was one too many
  std::optional<std::chrono::milliseconds> retry_after = {};  ///< how long the endpoint asks to be left alone
};

class EndpointRest {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// The endpoint rests, longer with each failure in a row. What began before a failure was known fails with it, and is
  /// not another one. After a rate limit nothing is sent while it rests, and from then on half as much as before; the
  /// same silence is kept where it asks for that. `chance`: as RetryPolicy::delay has it.
  void failed(const FailedAttempt& attempt, const RetryPolicy& policy, double chance);

  /// An answer came to what began then: the endpoint is well, unless that was before it failed. With each answer a
  /// little more may be sent again.
  void answered(Instant began);

  /// A request is sent now.
  void sent(Instant now) { last_sent_ = now; }
  /// The one that is to show whether it is well again is on its way.
  void tried() { is_tried_ = true; }

  /// Whether it failed and has answered nothing since: nothing new is asked of it while another one can be asked.
  bool is_resting() const { return failures_ > 0; }
  /// Until when it rests; in the past when it has rested.
  Instant until() const { return until_; }
  /// Whether it has rested, and nobody looks yet whether it is well.
  bool is_to_be_tried(Instant now) const { return is_resting() && !is_tried_ && now >= until_; }
  /// Before when nothing at all may be sent to it.
  Instant silent_until() const;

 private:
  unsigned failures_ = 0;  // in a row
  bool is_tried_ = false;
  std::optional<Instant> failed_at_;
  Instant until_{};
  Instant wished_{};  // the end of the silence that a rate limit or the endpoint itself asks for
  Instant last_sent_{};
  std::chrono::microseconds spacing_{0};  // between two requests
};

}  // namespace readyctl
