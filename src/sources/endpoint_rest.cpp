#include "sources/endpoint_rest.hpp"

#include <algorithm>

namespace readyctl {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Solana's public endpoints take ten requests a second of one address, and four of one method.
constexpr microseconds first_spacing = milliseconds(100);
constexpr microseconds spacing_max = milliseconds(1600);
constexpr microseconds spacing_min = milliseconds(10);  // below that nothing is spaced

// Some 35 answers double the rate again: slower than it was halved, so that a limit is not hit at once.
constexpr int recovery = 50;

}  // namespace

void EndpointRest::failed(const FailedAttempt& attempt, const RetryPolicy& policy, double chance) {
  const bool is_another = !failed_at_ || attempt.began > *failed_at_;
  if (is_another) {
    ++failures_;
    is_tried_ = false;
    failed_at_ = attempt.ended;
    until_ = attempt.ended + policy.delay(failures_, chance, attempt.retry_after);
    if (attempt.is_rate_limit) spacing_ = std::clamp(spacing_ * 2, first_spacing, spacing_max);
  }
  if (!attempt.is_rate_limit && !attempt.retry_after) return;
  wished_ = std::max(wished_, attempt.ended + policy.delay(failures_, chance, attempt.retry_after));
  until_ = std::max(until_, wished_);
}

void EndpointRest::answered(Instant began) {
  if (failed_at_ && began <= *failed_at_) return;
  failures_ = 0;
  is_tried_ = false;
  until_ = {};
  spacing_ -= spacing_ / recovery;
  if (spacing_ < spacing_min) spacing_ = microseconds(0);
}

EndpointRest::Instant EndpointRest::silent_until() const {
  return spacing_.count() > 0 ? std::max(wished_, last_sent_ + spacing_) : wished_;
}

}  // namespace readyctl
