// EndpointHealth: what is asked of one endpoint, and everything that is wrong with what it answered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "facts/endpoint_services.hpp"
#include "kinds/endpoint_judgement.hpp"
#include "kinds/endpoint_latency.hpp"
#include "kinds/endpoint_services.hpp"

namespace readyctl {

/// "EtWT… (devnet)": the cluster of a genesis hash, by its name where it has one.
std::string cluster_in_words(const Pubkey& genesis_hash);

/// What an endpoint must be to count as healthy.
struct HealthBounds {
  Pubkey genesis_hash;  ///< of the cluster that the release is for
  std::uint32_t max_slot_lag = 0;
  std::uint32_t max_block_age_seconds = 0;
  std::optional<std::uint32_t> max_latency_ms;
  std::optional<std::uint32_t> max_block_height_lag;
  std::optional<std::uint32_t> min_certificate_days;
  std::vector<Pubkey> reads;
  std::vector<std::string> methods;
  ServiceBounds services;
  LatencyBounds latency;
};

/// Everything that one endpoint is asked at once: its cluster, health, slot, blockhash and clock; its block height
/// where that is bounded; the reads; the methods without parameters: one that needs some refuses them, and that shows
/// that it is served; the services; the same several times, for how long it takes.
std::vector<Fact<Probe>> health_questions(const std::string& endpoint, const HealthBounds& bounds);

/// Whether `judge` knows a blockhash. It is asked at processed commitment: about 32 slots fresher than the finalized
/// blocks that the hash comes from, so that being a few slots behind does not make it a stranger.
ProbeRequest blockhash_question(const std::string& judge, const std::string& hash);

/// One endpoint under examination. The first look is made on construction; judge_lag and judge_blockhash follow when
/// the other endpoints are known.
class EndpointHealth {
 public:
  /// `probes`: the answers to health_questions, in its order. `now`: the run's clock; a block's age counts from when
  /// the answer arrived, if that is later.
  EndpointHealth(EndpointInfo endpoint, const HealthBounds& bounds, const std::vector<Probe>& probes, Time now);

  const std::string& name() const { return endpoint_.name; }
  const std::optional<std::string>& provider() const { return endpoint_.provider; }
  bool is_healthy() const { return judgement_.is_clean(); }

  /// What it says of the chain is compared with others only when it is known to be on the right cluster.
  bool is_on_right_cluster() const { return is_on_right_cluster_; }
  const std::optional<Slot>& slot() const { return slot_; }
  const std::optional<LatestBlockhash>& blockhash() const { return blockhash_; }
  const std::optional<std::uint64_t>& block_height() const { return block_height_; }

  /// What it answered to a read of `address`; none when it did not.
  struct Read {
    Pubkey address;
    AccountSeen seen;
    ProbeRequest request;
  };
  const std::vector<Read>& reads() const { return reads_; }

  /// Fresh enough that others may be measured against it: right cluster, and within the lag that is allowed.
  bool is_near() const { return is_near_; }

  void judge_lag(Slot highest);
  void judge_height_lag(std::uint64_t highest);
  /// Whether this one's blockhash is valid at `judge`. `counts`: as many say that it is not valid as say that it is.
  void judge_blockhash(const std::string& judge, bool valid, bool counts, const ProbeRequest& asked);
  /// The block that is compared with those of the others: its age is held to the same bound as the newest one's.
  void judge_compared_block(const BlockSeen& block, Slot slot, const Probe& probe, Time now);
  /// It was asked something on behalf of another endpoint, and gave no usable answer.
  void did_not_say(const Unsaid& unsaid, const ProbeRequest& asked) { judgement_.did_not_say(unsaid, asked); }

  /// "endpoint fallback: it is at slot …; getHealth: error -32005 …": everything that is wrong with it.
  std::string words() const { return judgement_.words(); }
  /// What was seen, each with the name of the endpoint before it.
  const std::vector<Observed>& observations() const { return judgement_.observations(); }

 private:
  void judge_cluster(const Probe& probe);
  void judge_health(const Probe& probe);
  void judge_certificate(const Probe& probe, Time now);
  void judge_block_age(const Probe& probe, Time now);
  void judge_age(const std::string& what, Time block_time, const Probe& probe, Time now);
  void judge_slowest(const std::vector<Probe>& probes);
  void judge_method(const Probe& probe);

  EndpointInfo endpoint_;
  EndpointJudgement judgement_;
  HealthBounds bounds_;
  bool is_on_right_cluster_ = false;
  bool is_near_ = false;
  std::optional<Pubkey> genesis_hash_;
  std::optional<Slot> slot_;
  std::optional<LatestBlockhash> blockhash_;
  std::optional<std::uint64_t> block_height_;
  ProbeRequest slot_question_;
  std::vector<Read> reads_;
};

}  // namespace readyctl
