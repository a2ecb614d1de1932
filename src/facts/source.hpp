// Source: the seam between gates and the world. A source is live or recorded; a gate cannot tell which.
#pragma once

#include <vector>

#include "facts/answer.hpp"
#include "facts/request.hpp"

namespace readyctl {

/// A request with its answer.
struct Answered {
  Request request;
  Answer answer;
};

class Source {
 public:
  virtual ~Source() = default;

  /// Takes on a set of requests, none of which was asked before. Returns at once; the source may merge them as it
  /// likes. Every one is answered by a later `next`.
  virtual void ask(std::vector<Request> requests) = 0;

  /// Waits until at least one request that was taken on is answered, and returns all that are. A request that nobody
  /// answers is answered with why not: a source never waits forever and never drops one. Nothing is returned only when
  /// the run was interrupted.
  virtual std::vector<Answered> next() = 0;
};

}  // namespace readyctl
