#include "kinds/endpoint_health.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/invariant.hpp"
#include "base/text.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// Places of the first answers; what the bounds ask for follows.
enum Question : std::size_t { genesis, health, slot_at, blockhash_at, clock_at, questions };

const Json& finalized() {
  static const Json params = Json::array({Json{{"commitment", "finalized"}}});
  return params;
}

ProbeRequest health_question(const std::string& endpoint, const HealthBounds& bounds) {
  ProbeRequest question{endpoint, "getHealth"};
  question.with_certificate = bounds.min_certificate_days.has_value();
  return question;
}

ProbeRequest height_question(const std::string& endpoint) { return {endpoint, "getBlockHeight", finalized()}; }

ProbeRequest read_question(const std::string& endpoint, const Pubkey& address) {
  const Json how = {{"commitment", "finalized"}, {"encoding", "base64"}};
  return {endpoint, "getAccountInfo", Json::array({to_string(address), how})};
}

// An error that only a server that serves the method gives: it wants parameters, or it is one of Solana's own. Not
// among them is -32011: the node keeps no history, so for this node the method is not there.
bool shows_that_it_is_served(std::int64_t code) {
  constexpr std::int64_t invalid_params = -32602;
  constexpr std::int64_t no_history = -32011;
  return code == invalid_params || (code <= -32001 && code >= -32021 && code != no_history);
}

}  // namespace

std::string cluster_in_words(const Pubkey& genesis_hash) {
  const std::string hash = to_string(genesis_hash);
  const auto cluster = cluster_of(hash);
  return hash + (cluster ? " (" + std::string(*cluster) + ")" : "");
}

std::vector<Fact<Probe>> health_questions(const std::string& endpoint, const HealthBounds& bounds) {
  std::vector<Fact<Probe>> asked;
  const auto add = [&asked](const std::vector<Fact<Probe>>& more) {
    asked.insert(asked.end(), more.begin(), more.end());
  };
  asked.push_back(facts::probe({endpoint, "getGenesisHash"}));
  asked.push_back(facts::probe(health_question(endpoint, bounds)));
  asked.push_back(facts::probe({endpoint, "getSlot", finalized()}));
  asked.push_back(facts::probe({endpoint, "getLatestBlockhash", finalized()}));
  asked.push_back(facts::probe(read_question(endpoint, known::clock)));
  if (bounds.max_block_height_lag) asked.push_back(facts::probe(height_question(endpoint)));
  for (const Pubkey& address : bounds.reads) asked.push_back(facts::probe(read_question(endpoint, address)));
  for (const std::string& method : bounds.methods) asked.push_back(facts::probe({endpoint, method}));
  add(service_questions(endpoint, bounds.services));
  add(latency_questions(endpoint, bounds.latency));
  return asked;
}

ProbeRequest blockhash_question(const std::string& judge, const std::string& hash) {
  return {judge, "isBlockhashValid", Json::array({hash, Json{{"commitment", "processed"}}})};
}

EndpointHealth::EndpointHealth(EndpointInfo endpoint, const HealthBounds& bounds, const std::vector<Probe>& probes,
                               Time now)
    : endpoint_(std::move(endpoint)),
      judgement_(endpoint_.name),
      bounds_(bounds),
      slot_question_(probes[slot_at].request) {
  judge_cluster(probes[genesis]);
  if (genesis_hash_ && !is_on_right_cluster_) return;  // nothing else it says is about the chain that matters

  judge_health(probes[health]);
  judge_certificate(probes[health], now);
  slot_ = judgement_.take(slot_in(probes[slot_at]), probes[slot_at]);
  blockhash_ = judgement_.take(latest_blockhash_in(probes[blockhash_at]), probes[blockhash_at]);
  judge_block_age(probes[clock_at], now);

  auto next = probes.begin() + questions;
  if (bounds_.max_block_height_lag) {
    block_height_ = judgement_.take(number_in(*next), *next);
    ++next;
  }
  for (const Pubkey& address : bounds_.reads) {
    auto seen = judgement_.take(account_in(*next, address), *next);
    if (seen) reads_.push_back({address, std::move(*seen), next->request});
    ++next;
  }
  for (std::size_t i = 0; i < bounds_.methods.size(); ++i) judge_method(*next++);
  const auto tries = probes.end() - static_cast<std::ptrdiff_t>(bounds_.latency.tries);
  judge_services(bounds_.services, {next, tries}, slot_, judgement_);
  judge_latency(bounds_.latency, {tries, probes.end()}, judgement_);
  judge_slowest(probes);
}

void EndpointHealth::judge_cluster(const Probe& probe) {
  genesis_hash_ = judgement_.take(genesis_hash_in(probe), probe);
  if (!genesis_hash_) return;
  is_on_right_cluster_ = genesis_hash_ == bounds_.genesis_hash;
  const std::string found = cluster_in_words(*genesis_hash_);
  const std::string expected = cluster_in_words(bounds_.genesis_hash);
  judgement_.expect(is_on_right_cluster_, {"genesis hash", expected, found}, probe.request,
                    "it is on another cluster: its genesis hash is " + found + ", expected " + expected);
}

void EndpointHealth::judge_health(const Probe& probe) {
  const auto said = judgement_.take(health_in(probe), probe);
  if (said) judgement_.expect(true, {"getHealth", "ok", *said}, probe.request, "");
}

// By the clock of the run, as everything that it decides to be in time.
void EndpointHealth::judge_certificate(const Probe& probe, Time now) {
  if (!probe.connection) return;  // not asked for; or no answer came, which is said already
  constexpr std::int64_t day = 86'400'000;
  const std::string least = "valid for at least " + counted(*bounds_.min_certificate_days, "day");
  if (probe.connection->kind != ConnectionSeen::Kind::tls) {
    const bool stays = probe.connection->kind == ConnectionSeen::Kind::plain_on_machine;
    const std::string found = stays ? "none: plain HTTP, on this machine" : "none: plain HTTP, over a network";
    return judgement_.expect(stays, {"TLS certificate", least, found}, probe.request,
                             "it has no TLS certificate, because it is asked in plain HTTP, over a network");
  }
  const Time until = probe.connection->certificate_until;
  const std::int64_t left_ms = (until - now).count();
  const std::string found = left_ms < 0 ? "not valid since " + to_string(until)
                                        : "valid until " + to_string(until) + ", " +
                                              counted(static_cast<std::uint64_t>(left_ms / day), "day");
  judgement_.expect(left_ms >= std::int64_t{*bounds_.min_certificate_days} * day, {"TLS certificate", least, found},
                    probe.request, "its TLS certificate is " + found + "; expected " + least);
}

void EndpointHealth::judge_block_age(const Probe& probe, Time now) {
  const auto clock = judgement_.take(clock_in(probe), probe);
  if (clock) judge_age("newest block", Time{clock->unix_timestamp * 1000}, probe, now);
}

void EndpointHealth::judge_compared_block(const BlockSeen& block, Slot slot, const Probe& probe, Time now) {
  const std::string what = "block of slot " + to_string(slot);
  judgement_.note(what, block.hash, probe.request);
  judge_age(what, block.made, probe, now);
}

void EndpointHealth::judge_age(const std::string& what, Time block_time, const Probe& probe, Time now) {
  const std::int64_t age_ms = (std::max(now, probe.at) - block_time).count();
  const std::string most = std::to_string(bounds_.max_block_age_seconds) + " s";
  const std::string made = "made at " + to_string(block_time);
  const std::int64_t limit_ms = std::int64_t{bounds_.max_block_age_seconds} * 1000;
  const bool is_ahead = age_ms < 0;
  const std::string found =
      std::to_string(std::abs(age_ms) / 1000) + (is_ahead ? " s ahead of this machine's clock" : " s old");
  const std::string otherwise = "its " + what + " is " + found + " (" + made + "), at most " + most + " is allowed";
  judgement_.expect(std::abs(age_ms) <= limit_ms, {what, "at most " + most + " old", found + ", " + made},
                    probe.request, is_ahead ? otherwise + ": one of the two clocks is wrong" : otherwise);
}

// The slowest of the small questions that came back: what an operator waits for, connection included.
void EndpointHealth::judge_slowest(const std::vector<Probe>& probes) {
  const Probe* slowest = nullptr;
  for (std::size_t i = 0; i < questions; ++i) {
    const bool came_back = probes[i].result || probes[i].result.error().code;
    if (came_back && (slowest == nullptr || probes[i].elapsed > slowest->elapsed)) slowest = &probes[i];
  }
  if (slowest == nullptr) return;
  const std::string found = std::to_string(slowest->elapsed.count()) + " ms (" + words_for(slowest->request) + ")";
  const std::string expected =
      bounds_.max_latency_ms ? "at most " + std::to_string(*bounds_.max_latency_ms) + " ms" : "";
  const bool holds = !bounds_.max_latency_ms || slowest->elapsed.count() <= *bounds_.max_latency_ms;
  judgement_.expect(holds, {"slowest answer", expected, found}, slowest->request,
                    "its slowest answer took " + found + ", " + expected + " is allowed");
}

void EndpointHealth::judge_method(const Probe& probe) {
  constexpr std::int64_t method_not_found = -32601;
  if (probe.result) return judgement_.expect(true, {probe.request.method, "answered", "answered"}, probe.request, "");
  const NoResult& refusal = probe.result.error();
  const bool is_served = refusal.code && shows_that_it_is_served(*refusal.code);
  if (refusal.code && !is_served) {
    const std::string not_found = *refusal.code == method_not_found ? "it does not serve " : "it may not serve ";
    return judgement_.expect(false, {probe.request.method, "answered", refusal.what}, probe.request,
                             not_found + probe.request.method + ": " + refusal.what);
  }
  if (!refusal.code) return judgement_.did_not_say({probe.request.method, refusal.what}, probe.request);
  judgement_.expect(true, {probe.request.method, "answered", "served: " + refusal.what}, probe.request, "");
}

void EndpointHealth::judge_lag(Slot highest) {
  if (!slot_) return;
  const std::uint64_t lag = highest > *slot_ ? highest.value - slot_->value : 0;
  const std::string most = std::to_string(bounds_.max_slot_lag);
  const bool holds = lag <= bounds_.max_slot_lag;
  is_near_ = is_on_right_cluster_ && holds;
  judgement_.expect(holds, {"slot lag", "at most " + most, std::to_string(lag) + " (slot " + to_string(*slot_) + ")"},
                    slot_question_,
                    "it is at slot " + to_string(*slot_) + ", " + counted(lag, "slot") +
                        " behind the highest seen, at most " + most + " allowed");
}

void EndpointHealth::judge_height_lag(std::uint64_t highest) {
  if (!block_height_) return;
  const std::uint64_t lag = highest > *block_height_ ? highest - *block_height_ : 0;
  const std::string height = std::to_string(*block_height_);
  const std::string most = std::to_string(*bounds_.max_block_height_lag);
  judgement_.expect(lag <= *bounds_.max_block_height_lag,
                    {"block height lag", "at most " + most, std::to_string(lag) + " (height " + height + ")"},
                    height_question(endpoint_.name),
                    "its block height is " + height + ", " + counted(lag, "block") +
                        " below the highest seen, at most " + most + " allowed");
}

void EndpointHealth::judge_blockhash(const std::string& judge, bool valid, bool counts, const ProbeRequest& asked) {
  const std::string blockhash = blockhash_->hash + " of slot " + to_string(blockhash_->slot);
  const std::string found = (valid ? "valid: " : "not valid: ") + blockhash;
  if (!valid && !counts) return judgement_.note("blockhash at " + judge, found, asked);
  judgement_.expect(valid, {"blockhash", "valid at " + judge, found}, asked,
                    "its blockhash " + blockhash + " is not valid at endpoint " + judge);
}

}  // namespace readyctl
