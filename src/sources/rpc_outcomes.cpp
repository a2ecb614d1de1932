#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "solana/amounts.hpp"
#include "sources/rpc_loop.hpp"

namespace readyctl {
namespace {

constexpr std::size_t words_characters_max = 400;  // of what an endpoint says, in a finding
constexpr std::size_t words_looked_through_max = std::size_t{64} << 10;

// No cluster is older. A slot that none can have reached is no lead that others could lag behind.
constexpr Time first_cluster{1'577'836'800'000};  // 2020-01-01T00:00:00Z

// Whether the next answer of the same endpoint would come late.
bool is_slow(const Trouble& trouble) { return trouble.why.cause == "rate-limited" || trouble.why.cause == "timeout"; }

}  // namespace

using std::chrono::milliseconds;

void RpcLoop::note_health(const Call& call, const CallOutcome& outcome) {
  if (is_over_websocket(call)) return;  // which is another server, if not another machine
  EndpointRest& rest = pool_[call.endpoint].rest;
  if (outcome || !is_fault_of_endpoint(outcome.error())) return rest.answered(call.started);
  const Trouble& trouble = outcome.error();
  rest.failed({call.started, now(), trouble.why.cause == "rate-limited", trouble.retry_after}, options_.retry,
              options_.seams.chance());
}

void RpcLoop::settle(Call call, CallOutcome outcome) {
  if (call.kind == Call::Kind::health) return;  // what it tells is noted
  if (call.kind == Call::Kind::genesis) return settle_genesis(std::move(call), std::move(outcome));
  const auto objection = outcome && outcome->slot ? objection_to(*outcome->slot) : std::nullopt;
  if (objection) outcome = tl::unexpected<Trouble>(*objection);
  // Of an endpoint whose cluster is not known yet nothing counts. What would be tried again anyway need not wait.
  const bool counts = outcome || outcome.error().remedy == Remedy::nothing;
  if (call.wants_data() && counts && pool_[call.endpoint].cluster == ClusterKnown::asked) {
    call.state = Call::State::held;
    call.held = std::move(outcome);
    return add(std::move(call));
  }
  if (!outcome && outcome.error().why.cause == "behind" && slot_seen_) {
    outcome.error().why.what += "; endpoint " + slot_seen_at_ + " answered from slot " + to_string(*slot_seen_);
  }
  if (!outcome) return retry(std::move(call), outcome.error());
  accept(std::move(call), std::move(*outcome));
}

void RpcLoop::accept(Call call, CallReply reply) {
  const bool of_accounts = call.kind == Call::Kind::accounts || call.kind == Call::Kind::code;
  if (of_accounts && !call.polled && reply.slot > slot_seen_) {
    slot_seen_ = reply.slot;
    slot_seen_at_ = name_of(call);
  }
  for (std::size_t i = 0; i < call.requests.size(); ++i) {
    auto& payload = reply.payloads[i];
    if (payload && payload->data != payload->body) spent_.bytes += payload->data->size();
    if (payload) {
      Observation seen{name_of(call), reply.slot, call.at, call.elapsed, std::move(*payload)};
      if (call.polled) {
        cast(call, call.requests[i], std::move(seen));
      } else {
        answer(call.requests[i], call.failed, std::move(seen));
      }
    } else {
      Call alone = call;  // the others are answered; this one is asked of somebody else
      alone.requests = {call.requests[i]};
      retry(std::move(alone), malformed_answer(payload.error()));
    }
  }
}

void RpcLoop::retry(Call call, const Trouble& trouble) {
  note_failure(call, trouble.why);
  if (call.kind == Call::Kind::probe) {  // a probe measures: one attempt
    const bool is_silent = trouble.why.cause == "timeout" || trouble.why.cause == "unreachable";
    if (call.is_sample() && is_silent) end_samples(call.endpoint, trouble.why);
    return refuse(std::move(call));
  }
  if (try_plainer(call, trouble)) return;
  if (try_again(call, trouble)) return;
  if (trouble.remedy == Remedy::nothing) return refuse(std::move(call));
  if (trouble.remedy == Remedy::again && !is_fault_of_endpoint(trouble)) pool_[call.endpoint].is_troubled = true;
  call.given_up.insert(call.endpoint);
  place(std::move(call));
}

bool RpcLoop::try_plainer(Call& call, const Trouble& trouble) {
  if (!trouble.error) return false;
  PooledEndpoint& endpoint = pool_[call.endpoint];
  const auto max = accounts_max_of(*trouble.error);
  if (call.kind == Call::Kind::accounts && max && *max < call.requests.size()) {
    endpoint.accounts_max = std::min(endpoint.accounts_max, *max);
  } else if (call.question.zstd && refuses_parameters(*trouble.error)) {
    endpoint.refuses_zstd = true;
  } else {
    return false;
  }
  --call.attempts;
  call.state = Call::State::waiting;
  add(std::move(call));
  return true;
}

bool RpcLoop::try_again(Call& call, const Trouble& trouble) {
  if (trouble.remedy != Remedy::again) return false;
  if (is_short_of_slot(trouble)) return wait_for_slot(call);
  const milliseconds wait = options_.retry.delay(call.attempts, options_.seams.chance(), trouble.retry_after);
  const Instant then = now() + wait;
  // Another one's answer comes at once, unless that must rest as well.
  const bool is_limited = trouble.why.cause == "rate-limited";
  const std::vector<std::size_t> others = who_else_could_answer(call);
  const bool may_other = std::any_of(others.begin(), others.end(),
                                     [&](std::size_t other) { return !is_limited || !pool_[other].rest.is_resting(); });
  const bool slow = is_slow(trouble) && may_other;
  const bool in_budget = call.attempts < options_.retry.attempts_per_endpoint && retries_left_ > 0;
  if (slow || !in_budget || then >= *end_ || is_last_try(call)) return false;
  --retries_left_;
  call.state = Call::State::waiting;
  call.not_before = then;
  add(std::move(call));
  return true;
}

bool RpcLoop::wait_for_slot(Call& call) {
  if (!call.behind_since) call.behind_since = now();
  const Instant until = std::min(*call.behind_since + options_.retry.behind_wait_max, *end_);
  if (now() >= until) return false;
  call.state = Call::State::waiting;
  call.not_before = std::min(now() + options_.retry.delay(call.attempts, options_.seams.chance(), {}), until);
  add(std::move(call));
  return true;
}

void RpcLoop::end_samples(std::size_t endpoint, const Unobtainable& why) {
  const auto left = keys_where([&](const Call& call) {
    return call.endpoint == endpoint && call.is_sample() && call.state == Call::State::waiting;
  });
  for (const CallKey key : left) {
    Call call = take(key);
    note_failure(call, {why.cause, "not asked again, because before: " + why.what, why.retry});
    refuse(std::move(call));
  }
}

void RpcLoop::settle_genesis(Call call, CallOutcome outcome) {
  const std::size_t endpoint = call.endpoint;
  if (!outcome) {
    Trouble& trouble = outcome.error();
    const bool is_trial = pool_[endpoint].excluded.has_value();
    const bool is_asked_again = !is_trial && try_again(call, trouble);
    trouble.why.what = "it did not say which cluster it is on: " + trouble.why.what;
    if (!is_asked_again) return exclude(endpoint, safe(trouble.why), is_fault_of_endpoint(trouble));
    // Which was for the sake of what nobody else can answer.
    if (!is_slow(trouble)) return;
    return give_up(endpoint, safe(trouble.why),
                   [this](const Call& other) { return !who_else_could_answer(other).empty(); });
  }
  const Json found = outcome->payloads.front()->head["result"];
  if (found == *options_.genesis_hash) return trust(endpoint);
  const std::string words = found.is_string() ? found.get<std::string>() : std::string(words_for_type(found));
  exclude(endpoint, safe({"wrong-cluster",
                          "it is on another cluster: its genesis hash is " + words + ", the release is for " +
                              *options_.genesis_hash,
                          Retry::other_endpoint}));
}

void RpcLoop::trust(std::size_t endpoint) {
  pool_[endpoint].cluster = ClusterKnown::right;
  pool_[endpoint].excluded.reset();
  const auto held =
      keys_where([&](const Call& call) { return call.endpoint == endpoint && call.state == Call::State::held; });
  for (const CallKey key : held) {
    Call call = take(key);
    CallOutcome outcome = *std::exchange(call.held, std::nullopt);
    settle(std::move(call), std::move(outcome));
  }
}

void RpcLoop::exclude(std::size_t endpoint, const Unobtainable& why, bool may_return) {
  pool_[endpoint].excluded = why;
  pool_[endpoint].may_return = may_return;
  give_up(endpoint, why, [](const Call&) { return true; });
}

void RpcLoop::give_up(std::size_t endpoint, const Unobtainable& why, const std::function<bool(const Call&)>& which) {
  const auto asked =
      keys_where([&](const Call& call) { return call.endpoint == endpoint && call.wants_data() && which(call); });
  for (const CallKey key : asked) {
    Call call = take(key);
    if (call.state == Call::State::running) cancel(call);
    call.held.reset();
    call.given_up.insert(endpoint);
    note_failure(call, why);
    place(std::move(call));
  }
}

std::optional<Trouble> RpcLoop::objection_to(Slot slot) const {
  const auto most = static_cast<std::uint64_t>(std::max(wall() - first_cluster, milliseconds(0)) / shortest_slot);
  if (slot.value <= most) return std::nullopt;
  return Trouble{{"malformed",
                  "it answered from slot " + to_string(slot) + ", which no cluster can have reached: at most " +
                      std::to_string(most) + " by the clock of this machine",
                  Retry::other_endpoint},
                 Remedy::elsewhere};
}

Unobtainable RpcLoop::safe(Unobtainable why) const {
  // A secret that is cut in two is no longer found, so far more is looked through than is said. Where that becomes
  // short it was made of secrets, and its end may be half of one.
  const bool is_long = why.what.size() > words_looked_through_max;
  std::string text = secrets_.redact(std::string_view(why.what).substr(0, words_looked_through_max));
  if (is_long && text.size() <= words_characters_max) text.clear();
  if (is_long || text.size() > words_characters_max) {
    text.resize(std::min(text.size(), words_characters_max));
    text += " ...";
  }
  why.what = printable(text);
  return why;
}

void RpcLoop::note_failure(Call& call, const Unobtainable& why) const {
  call.failed.push_back({name_of(call), std::nullopt, wall(), call.elapsed, tl::unexpected<Unobtainable>(safe(why))});
}

void RpcLoop::refuse(Call call) {
  if (call.polled) {
    for (const Request& request : call.requests) cast(call, request, std::nullopt);
    return;
  }
  Observation last = std::move(call.failed.back());
  call.failed.pop_back();
  for (const Request& request : call.requests) answer(request, call.failed, last);
}

void RpcLoop::note_exclusions(Call& call) const {
  std::vector<Observation> attempts = std::exchange(call.failed, {});
  call.elapsed = milliseconds(0);
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    if (!pool_[i].excluded || call.given_up.contains(i)) continue;
    call.endpoint = i;
    note_failure(call, *pool_[i].excluded);
  }
  // The last attempt decides, and stays the last.
  std::move(attempts.begin(), attempts.end(), std::back_inserter(call.failed));
  if (!call.failed.empty()) return;
  const Unobtainable why{"no-endpoint", "this run has no endpoint to ask", Retry::never};
  call.failed.push_back({"local", std::nullopt, wall(), milliseconds(0), tl::unexpected<Unobtainable>(why)});
}

void RpcLoop::answer(const Request& request, std::vector<Observation> before, Observation deciding) {
  before.push_back(std::move(deciding));
  answered_.push_back({request, {std::move(before)}});
}

}  // namespace readyctl
