// obtain: one task over a source, outside of a plan. For commands that ask and decide nothing.
#pragma once

#include "engine/engine.hpp"

namespace readyctl {

namespace detail {

template <class T>
Task<Finding> keep_result(std::function<Task<T>()> begin, std::optional<T>* result) {
  T value = co_await begin();
  result->emplace(std::move(value));
  co_return pass("");
}

inline Error error_for(const Finding& finding) {
  if (!finding.cause) return {ErrorKind::unreadable, "", finding.summary, ""};
  const Unobtainable& why = *finding.cause;
  std::string hint;
  if (why.retry == Retry::now) hint = "try again";
  if (why.retry == Retry::other_endpoint) hint = "ask another endpoint";
  return {why.cause == "no-endpoint" ? ErrorKind::usage : ErrorKind::unreadable, "", why.what, hint};
}

}  // namespace detail

/// What the task that `begin` makes comes to. Errors: a fact that is absent, or could not be had, as its sentence (kind
/// `unreadable`); a fact of the chain where no endpoint was given (kind `usage`); that it was interrupted.
template <class T>
Result<T> obtain(Source& source, std::function<Task<T>()> begin, Observer* observer = nullptr,
                 const Interrupted& interrupted = {}) {
  std::optional<T> result;
  const std::vector<GateRun> only{{"obtain", [&] { return detail::keep_result<T>(begin, &result); }, false}};
  const Decisions decisions = decide(only, source, interrupted, observer);
  if (result) return std::move(*result);
  return failure(detail::error_for(decisions.findings.front()));
}

}  // namespace readyctl
