#include "kinds/endpoint_health.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/invariant.hpp"
#include "base/text.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// Places of the answers; reads and methods follow.
enum Question : std::size_t { genesis, health, slot_at, blockhash_at, clock_at, questions };

const Json& finalized() {
  static const Json params = Json::array({Json{{"commitment", "finalized"}}});
  return params;
}

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
  asked.push_back(facts::probe({endpoint, "getGenesisHash"}));
  asked.push_back(facts::probe({endpoint, "getHealth"}));
  asked.push_back(facts::probe({endpoint, "getSlot", finalized()}));
  asked.push_back(facts::probe({endpoint, "getLatestBlockhash", finalized()}));
  asked.push_back(facts::probe(read_question(endpoint, known::clock)));
  for (const Pubkey& address : bounds.reads) asked.push_back(facts::probe(read_question(endpoint, address)));
  for (const std::string& method : bounds.methods) asked.push_back(facts::probe({endpoint, method}));
  return asked;
}

ProbeRequest blockhash_question(const std::string& judge, const std::string& hash) {
  return {judge, "isBlockhashValid", Json::array({hash, Json{{"commitment", "processed"}}})};
}

EndpointHealth::EndpointHealth(EndpointInfo endpoint, const HealthBounds& bounds, const std::vector<Probe>& probes,
                               Time now)
    : endpoint_(std::move(endpoint)), bounds_(bounds), slot_question_(probes[slot_at].request) {
  invariant(probes.size() == questions + bounds.reads.size() + bounds.methods.size(), "each question has an answer");
  judge_cluster(probes[genesis]);
  if (genesis_hash_ && !is_on_right_cluster_) return;  // nothing else it says is about the chain that matters

  judge_health(probes[health]);
  slot_ = take(slot_in(probes[slot_at]), probes[slot_at]);
  blockhash_ = take(latest_blockhash_in(probes[blockhash_at]), probes[blockhash_at]);
  judge_block_age(probes[clock_at], now);
  for (std::size_t i = 0; i < bounds_.reads.size(); ++i) {
    const Probe& probe = probes[questions + i];
    auto seen = take(account_in(probe, bounds_.reads[i]), probe);
    if (seen) reads_.push_back({bounds_.reads[i], std::move(*seen), probe.request});
  }
  const auto first_method = probes.begin() + static_cast<std::ptrdiff_t>(questions + bounds_.reads.size());
  std::for_each(first_method, probes.end(), [this](const Probe& probe) { judge_method(probe); });
  judge_latency(probes);
}

void EndpointHealth::expect(bool holds, Judgement::Seen seen, const ProbeRequest& fact, const std::string& otherwise) {
  observations_.push_back(
      {endpoint_.name + ": " + seen.what, std::move(seen.expected), std::move(seen.observed), key_of(fact), holds});
  if (!holds) reasons_.push_back(otherwise);
}

// The value, or its absence as a reason. An endpoint that is down says the same of everything: that is said once.
template <class T>
std::optional<T> EndpointHealth::take(Said<T> said, const Probe& probe) {
  if (said) return std::move(*said);
  did_not_say(said.error(), probe.request);
  return std::nullopt;
}

void EndpointHealth::did_not_say(const Unsaid& unsaid, const ProbeRequest& asked) {
  observations_.push_back({endpoint_.name + ": " + unsaid.asked, "an answer", unsaid.what, key_of(asked), false});
  const auto same = std::find_if(unsaid_.begin(), unsaid_.end(),
                                 [&](const SameTrouble& trouble) { return trouble.what == unsaid.what; });
  if (same == unsaid_.end()) return unsaid_.push_back({unsaid.what, {unsaid.asked}});
  same->asked.push_back(unsaid.asked);
}

void EndpointHealth::judge_cluster(const Probe& probe) {
  genesis_hash_ = take(genesis_hash_in(probe), probe);
  if (!genesis_hash_) return;
  is_on_right_cluster_ = genesis_hash_ == bounds_.genesis_hash;
  const std::string found = cluster_in_words(*genesis_hash_);
  const std::string expected = cluster_in_words(bounds_.genesis_hash);
  expect(is_on_right_cluster_, {"genesis hash", expected, found}, probe.request,
         "it is on another cluster: its genesis hash is " + found + ", expected " + expected);
}

void EndpointHealth::judge_health(const Probe& probe) {
  const auto said = take(health_in(probe), probe);
  if (said) expect(true, {"getHealth", "ok", *said}, probe.request, "");
}

void EndpointHealth::judge_block_age(const Probe& probe, Time now) {
  const auto clock = take(clock_in(probe), probe);
  if (!clock) return;
  const Time block_time{clock->unix_timestamp * 1000};
  const std::int64_t age_ms = (std::max(now, probe.at) - block_time).count();
  const std::string most = std::to_string(bounds_.max_block_age_seconds) + " s";
  const std::string made = "made at " + to_string(block_time);
  const std::int64_t limit_ms = std::int64_t{bounds_.max_block_age_seconds} * 1000;
  const bool is_ahead = age_ms < 0;
  const std::string found =
      std::to_string(std::abs(age_ms) / 1000) + (is_ahead ? " s ahead of this machine's clock" : " s old");
  const std::string otherwise = "its newest block is " + found + " (" + made + "), at most " + most + " is allowed";
  expect(std::abs(age_ms) <= limit_ms, {"newest block", "at most " + most + " old", found + ", " + made}, probe.request,
         is_ahead ? otherwise + ": one of the two clocks is wrong" : otherwise);
}

// The slowest of the small questions that came back: what an operator waits for, connection included.
void EndpointHealth::judge_latency(const std::vector<Probe>& probes) {
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
  expect(holds, {"slowest answer", expected, found}, slowest->request,
         "its slowest answer took " + found + ", " + expected + " is allowed");
}

void EndpointHealth::judge_method(const Probe& probe) {
  constexpr std::int64_t method_not_found = -32601;
  if (probe.result) return expect(true, {probe.request.method, "answered", "answered"}, probe.request, "");
  const NoResult& refusal = probe.result.error();
  const bool is_served = refusal.code && shows_that_it_is_served(*refusal.code);
  if (refusal.code && !is_served) {
    const std::string not_found = *refusal.code == method_not_found ? "it does not serve " : "it may not serve ";
    return expect(false, {probe.request.method, "answered", refusal.what}, probe.request,
                  not_found + probe.request.method + ": " + refusal.what);
  }
  if (!refusal.code) return did_not_say({probe.request.method, refusal.what}, probe.request);
  expect(true, {probe.request.method, "answered", "served: " + refusal.what}, probe.request, "");
}

void EndpointHealth::judge_lag(Slot highest) {
  if (!slot_) return;
  const std::uint64_t lag = highest > *slot_ ? highest.value - slot_->value : 0;
  const std::string most = std::to_string(bounds_.max_slot_lag);
  const bool holds = lag <= bounds_.max_slot_lag;
  is_near_ = is_on_right_cluster_ && holds;
  expect(holds, {"slot lag", "at most " + most, std::to_string(lag) + " (slot " + to_string(*slot_) + ")"},
         slot_question_,
         "it is at slot " + to_string(*slot_) + ", " + counted(lag, "slot") + " behind the highest seen, at most " +
             most + " allowed");
}

void EndpointHealth::judge_blockhash(const std::string& judge, bool valid, const ProbeRequest& asked) {
  const std::string blockhash = blockhash_->hash + " of slot " + to_string(blockhash_->slot);
  expect(valid, {"blockhash", "valid at " + judge, (valid ? "valid: " : "not valid: ") + blockhash}, asked,
         "its blockhash " + blockhash + " is not valid at endpoint " + judge);
}

std::string EndpointHealth::words() const {
  std::vector<std::string> all = reasons_;
  for (const SameTrouble& trouble : unsaid_) all.push_back(join(trouble.asked, ", ") + ": " + trouble.what);
  return "endpoint " + endpoint_.name + ": " + join(all, "; ");
}

}  // namespace readyctl
