// Agreement: what endpoints say of each other: whether one knows the blockhash of another, and whether they serve the
// same accounts.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "engine/finding.hpp"
#include "kinds/endpoint_health.hpp"

namespace readyctl {

/// One endpoint's blockhash, and the endpoint that is asked about it. Indexes into the endpoints.
struct Confirmation {
  std::size_t of;
  std::size_t judge;
};

/// Each endpoint with a blockhash, with each other one that can judge it: those on the right cluster and within the
/// lag, in their order.
std::vector<Confirmation> confirmations_among(const std::vector<EndpointHealth>& endpoints);

std::vector<Fact<Probe>> questions_for(const std::vector<Confirmation>& confirmations,
                                       const std::vector<EndpointHealth>& endpoints);

/// Judges the endpoints by the answers to questions_for, and gives the names of those whose blockhash was judged. A
/// judge that is itself not yet at the slot of the hash cannot know it, and so says nothing against it. An endpoint is
/// unhealthy when as many of the others say that its blockhash is not valid as say that it is, itself included: where
/// one of three is on a fork, it is that one. Those of one provider have one voice each way.
std::set<std::string> judge_blockhashes(const std::vector<Confirmation>& confirmations,
                                        const std::vector<Probe>& answers, std::vector<EndpointHealth>& endpoints);

/// Says of each account read whether it differs from what an endpoint before it served within `max_slot_lag` slots.
/// Finalized state does change between slots, so `reads` should name accounts that do not change by the minute.
void judge_reads(const std::vector<EndpointHealth>& endpoints, std::uint32_t max_slot_lag, Judgement& judgement);

}  // namespace readyctl
