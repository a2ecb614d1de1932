// RecordedSource: the evidence of an earlier run in place of the world.
#pragma once

#include <set>

#include "facts/source.hpp"
#include "sources/evidence.hpp"

namespace readyctl {

/// Answers from records, at once. What was not recorded, or was withheld, cannot be had. `evidence` must outlive it.
class RecordedSource final : public Source {
 public:
  explicit RecordedSource(const Evidence& evidence);

  void ask(std::vector<Request> requests) override;
  std::vector<Answered> next() override;

 private:
  Answer answer_for(const Request& request) const;

  const Evidence& evidence_;
  std::set<std::string> withheld_;
  std::vector<Request> asked_;
};

}  // namespace readyctl
