// Which endpoints are one voice.
#include <libpsl.h>

#include <algorithm>
#include <map>

#include "sources/endpoints.hpp"
#include "sources/lower_case.hpp"

namespace readyctl {
namespace {

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// What is registered by somebody: of mainnet.rpc.example.co.uk example.co.uk. What cannot be is itself.
std::string registrable_domain(const Endpoint& endpoint) {
  std::string host = lower_case(endpoint.url.secret_host());
  if (host.ends_with('.')) host.pop_back();
  if (is_address(host)) return host;
  const char* domain = psl_registrable_domain(psl_builtin(), host.c_str());
  return domain != nullptr ? domain : host;
}

}  // namespace

std::vector<std::vector<std::size_t>> voters_among(const std::vector<Endpoint>& endpoints) {
  std::map<std::string, std::size_t> by_provider;  // the voter
  std::map<std::string, std::size_t> by_domain;    // the first voter that has it
  std::vector<std::vector<std::size_t>> voters;
  const auto join = [&](std::map<std::string, std::size_t>& known, const std::string& name, std::size_t endpoint) {
    const auto [voter, is_new] = known.try_emplace(name, voters.size());
    if (is_new) voters.emplace_back();
    voters[voter->second].push_back(endpoint);
    by_domain.try_emplace(registrable_domain(endpoints[endpoint]), voter->second);
  };
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].provider) join(by_provider, lower_case(*endpoints[i].provider), i);
  }
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (!endpoints[i].provider) join(by_domain, registrable_domain(endpoints[i]), i);
  }
  for (auto& voter : voters) std::sort(voter.begin(), voter.end());
  std::sort(voters.begin(), voters.end());
  return voters;
}

std::size_t usual_quorum(std::size_t voters) { return voters < 3 ? 1 : voters / 2 + 1; }

Quorum quorum_among(const std::vector<Endpoint>& endpoints, std::size_t needed) {
  Quorum quorum{needed, {}};
  for (const auto& voter : voters_among(endpoints)) {
    auto& names = quorum.voters.emplace_back();
    for (const std::size_t endpoint : voter) names.push_back(endpoints[endpoint].name);
  }
  return quorum;
}

}  // namespace readyctl
