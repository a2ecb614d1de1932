// Rehearsal: a run up to the point at which only an endpoint could answer. Requests are batched, placed and written as
// a run does it, by the same code, and nothing leaves this process. Files, checkouts and the clock of this machine are
// read, so that gates come to what they would ask of the chain.
#pragma once

#include <memory>
#include <vector>

#include "facts/first_call.hpp"
#include "sources/live.hpp"

namespace readyctl {

class Rehearsal final : public Source {
 public:
  /// Errors: as of LiveSource.
  static Result<std::unique_ptr<Rehearsal>> open(LiveOptions options);

  void ask(std::vector<Request> requests) override { live_->ask(std::move(requests)); }

  /// Returns nothing once only an endpoint could answer; `is_over` says so from then on.
  std::vector<Answered> next() override;
  bool is_over() const { return is_over_; }

  /// What would have been sent by now, in order.
  const std::vector<FirstCall>& calls() const { return *calls_; }

 private:
  Rehearsal() = default;

  std::shared_ptr<std::vector<FirstCall>> calls_ = std::make_shared<std::vector<FirstCall>>();
  std::unique_ptr<LiveSource> live_;
  bool is_over_ = false;
};

}  // namespace readyctl
