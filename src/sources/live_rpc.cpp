#include "sources/live_rpc.hpp"

#include "sources/rpc_loop.hpp"

namespace readyctl {

RpcSource::RpcSource(RpcOptions options) : loop_(std::make_unique<RpcLoop>(std::move(options))) {}

RpcSource::~RpcSource() = default;

bool RpcSource::accepts(const Request& request) {
  return std::holds_alternative<AccountRequest>(request) || std::holds_alternative<RpcRequest>(request) ||
         std::holds_alternative<ProbeRequest>(request) || std::holds_alternative<EndpointsRequest>(request);
}

void RpcSource::ask(std::vector<Request> requests) { loop_->ask(std::move(requests)); }

std::vector<Answered> RpcSource::next() { return loop_->next(); }

std::optional<Spent> RpcSource::spent() const { return loop_->spent(); }

}  // namespace readyctl
