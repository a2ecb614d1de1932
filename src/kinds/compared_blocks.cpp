#include "kinds/compared_blocks.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "facts/endpoint_services.hpp"

namespace readyctl {

ComparedBlocks::ComparedBlocks(bool wanted, const std::vector<EndpointHealth>& endpoints) {
  if (!wanted) return;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (!endpoints[i].is_near()) continue;
    slot_ = compared_.empty() ? *endpoints[i].slot() : std::min(slot_, *endpoints[i].slot());
    compared_.push_back(i);
  }
  if (compared_.size() < 2) compared_.clear();
}

void ComparedBlocks::add_questions(const std::vector<EndpointHealth>& endpoints,
                                   std::vector<Fact<Probe>>& questions) const {
  for (const std::size_t i : compared_) questions.push_back(facts::probe(block_question(endpoints[i].name(), slot_)));
}

void ComparedBlocks::take(const std::vector<Probe>& answers, Time now, std::vector<EndpointHealth>& endpoints) {
  for (std::size_t i = 0; i < compared_.size(); ++i) {
    EndpointHealth& endpoint = endpoints[compared_[i]];
    const auto block = block_in(answers[i]);
    if (!block) {
      endpoint.did_not_say(block.error(), answers[i].request);
      continue;
    }
    endpoint.judge_compared_block(*block, slot_, answers[i], now);
    blocks_.push_back({endpoint.name(), block->hash, answers[i].request});
  }
}

void ComparedBlocks::judge(Judgement& judgement) const {
  if (blocks_.empty()) return;
  std::map<std::string, std::vector<std::string>> holders;
  for (const Block& block : blocks_) holders[block.hash].push_back(block.endpoint);
  std::vector<std::string> sides;
  for (const auto& [hash, names] : holders) sides.push_back(join(names, ", ") + " " + hash);
  judgement.rests_on(blocks_.front().question);
  judgement.expect(holders.size() == 1,
                   {"finalized block of slot " + to_string(slot_), "the same at each endpoint", join(sides, "; ")},
                   "endpoints disagree on the finalized block of slot " + to_string(slot_) + ": " + join(sides, "; ") +
                       ". One side is on a fork, or does not tell the truth");
}

}  // namespace readyctl
