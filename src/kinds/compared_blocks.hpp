// The finalized blocks of all endpoints at one slot: two that differ there are not on the same chain.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/finding.hpp"
#include "kinds/endpoint_health.hpp"

namespace readyctl {

class ComparedBlocks {
 public:
  /// The slot is the lowest of the finalized slots of those that are near: there it has a block, and each of the others
  /// should have the same. Nothing is compared unless `wanted`, and where fewer than two are near.
  ComparedBlocks(bool wanted, const std::vector<EndpointHealth>& endpoints);

  /// Appends the questions for the block, one for each endpoint that is near.
  void add_questions(const std::vector<EndpointHealth>& endpoints, std::vector<Fact<Probe>>& questions) const;

  /// The answers to these questions. An endpoint that has no such block, or an old one, is unhealthy.
  void take(const std::vector<Probe>& answers, Time now, std::vector<EndpointHealth>& endpoints);

  /// That all have the same block. Where they do not, each says which it has: which of them is on a fork, or does not
  /// tell the truth, is for a person to find out.
  void judge(Judgement& judgement) const;

 private:
  struct Block {
    std::string endpoint;
    std::string hash;
    ProbeRequest question;
  };

  std::vector<std::size_t> compared_;  ///< indexes of the endpoints
  Slot slot_;
  std::vector<Block> blocks_;
};

}  // namespace readyctl
