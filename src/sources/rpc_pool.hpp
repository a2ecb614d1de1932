// Pool: the endpoints of a run, and what has been learnt about each.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "facts/answer.hpp"
#include "sources/endpoint_rest.hpp"
#include "sources/endpoints.hpp"

namespace readyctl {

/// What is known of the cluster that an endpoint is on.
enum class ClusterKnown { not_asked, asked, right };

struct PooledEndpoint {
  Endpoint endpoint;
  ClusterKnown cluster = ClusterKnown::not_asked;
  std::optional<Unobtainable> excluded = {};  ///< why it is asked for no data any more
  bool may_return = false;   ///< excluded: because it failed in passing when it was asked for its cluster
  bool is_troubled = false;  ///< it used up the attempts of a call: asked last
  EndpointRest rest = {};
  bool refuses_zstd = false;
  std::uint32_t accounts_max = 100;  ///< in one request
  unsigned running = 0;              ///< requests under way
  bool is_sampled = false;           ///< a sample is among them

  bool is_full() const { return running >= endpoint.limits.requests_at_once; }
};

class RpcPool {
 public:
  explicit RpcPool(std::vector<Endpoint> endpoints);

  std::size_t size() const { return endpoints_.size(); }
  PooledEndpoint& operator[](std::size_t index) { return endpoints_[index]; }
  const PooledEndpoint& operator[](std::size_t index) const { return endpoints_[index]; }

  /// The endpoint of that name.
  std::optional<std::size_t> find(const std::string& name) const;

  /// Whom to ask for data next: the first in order that is neither excluded nor given up, untroubled ones before
  /// troubled ones. Of those that rest, when all others are gone, the one that has rested first. Nobody when none is
  /// left.
  std::optional<std::size_t> choose(const std::set<std::size_t>& given_up) const;

 private:
  std::vector<PooledEndpoint> endpoints_;
};

}  // namespace readyctl
