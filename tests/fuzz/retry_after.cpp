// The Retry-After header.
#include "fuzz/property.hpp"
#include "sources/retry_policy.hpp"

using namespace readyctl;

FUZZ_TARGET(retry_after) {
  const auto wait = parse_retry_after(fuzz::text_in(data, size), Time{1'795'250'174'000});
  if (!wait) return 0;
  fuzz::require(wait->count() >= 0 && *wait <= std::chrono::hours(24 * 365), "a wait is a year at most");
  const RetryPolicy policy;
  fuzz::require(policy.delay(1, 1, wait) <= std::max(policy.delay_max, policy.retry_after_max), "a delay is bounded");
  return 0;
}
