#include "sources/rpc_pool.hpp"

namespace readyctl {

RpcPool::RpcPool(std::vector<Endpoint> endpoints) {
  for (Endpoint& endpoint : endpoints) {
    PooledEndpoint pooled{std::move(endpoint)};
    pooled.accounts_max = pooled.endpoint.limits.accounts_per_request;
    endpoints_.push_back(std::move(pooled));
  }
}

std::optional<std::size_t> RpcPool::find(const std::string& name) const {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (endpoints_[i].endpoint.name == name) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> RpcPool::choose(const std::set<std::size_t>& given_up) const {
  std::optional<std::size_t> troubled;
  std::optional<std::size_t> resting;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    const PooledEndpoint& endpoint = endpoints_[i];
    if (endpoint.excluded || given_up.contains(i)) continue;
    if (endpoint.rest.is_resting()) {
      if (!resting || endpoint.rest.until() < endpoints_[*resting].rest.until()) resting = i;
    } else if (!endpoint.is_troubled) {
      return i;
    } else if (!troubled) {
      troubled = i;
    }
  }
  return troubled ? troubled : resting;
}

}  // namespace readyctl
