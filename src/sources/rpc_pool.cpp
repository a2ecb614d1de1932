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
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (endpoints_[i].excluded || given_up.contains(i)) continue;
    if (!endpoints_[i].is_troubled) return i;
    if (!troubled) troubled = i;
  }
  return troubled;
}

}  // namespace readyctl
