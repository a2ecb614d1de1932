#include "sources/rpc_loop.hpp"

#include <random>
#include <utility>

#include "base/invariant.hpp"
#include "base/sizes.hpp"
#include "base/text.hpp"
#include "sources/subscription.hpp"

namespace readyctl {
namespace {

using std::chrono::milliseconds;

// How long the loop sleeps at most before it asks whether it was interrupted.
constexpr milliseconds nap{100};

// An attempt that brings as much within its deadline gets another one. Less is a drip that would hold up the run.
constexpr std::uint64_t progress_bytes = 16384;

std::function<double()> random_chance() {
  return [engine = std::minstd_rand(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

Unobtainable over_budget(const std::string& what, const char* option) {
  return {"over-budget", what + " (" + option + ")", Retry::never};
}

milliseconds round_up(std::chrono::steady_clock::duration span) { return std::chrono::ceil<milliseconds>(span); }

Json names_of(const std::vector<Endpoint>& endpoints) {
  const auto or_null = [](const std::optional<std::string>& text) { return text ? Json(*text) : Json(); };
  Json names = Json::array();
  for (const Endpoint& endpoint : endpoints) {
    names.push_back(
        {{"name", endpoint.name}, {"provider", or_null(endpoint.provider)}, {"role", or_null(endpoint.role)}});
  }
  return names;
}

}  // namespace

RpcLoop::RpcLoop(RpcOptions options)
    : options_(std::move(options)),
      secrets_(options_.endpoints),
      pool_(options_.endpoints),
      voters_(voters_among(options_.endpoints)),
      quorum_(quorum_among(options_.endpoints, options_.quorum)) {
  invariant(options_.quorum >= 1 && options_.quorum <= std::max<std::size_t>(voters_.size(), 1),
            "no more must agree than there are");
  if (!options_.seams.chance) options_.seams.chance = random_chance();
  retries_left_ = options_.retry.retries_max;
}

Transport& RpcLoop::transport() {
  if (!transport_) transport_ = options_.seams.transport ? options_.seams.transport() : curl_transport(options_.http);
  return *transport_;
}

bool RpcLoop::is_anything_waited_for() const {
  return std::any_of(calls_.begin(), calls_.end(), [](const auto& item) { return !item.second.requests.empty(); });
}

void RpcLoop::ask(std::vector<Request> requests) {
  if (!end_) end_ = now() + options_.total_deadline;
  const auto names_end = std::stable_partition(requests.begin(), requests.end(), [](const Request& request) {
    return std::holds_alternative<EndpointsRequest>(request);
  });
  for (auto request = requests.begin(); request != names_end; ++request) answer_names(*request);
  requests.erase(requests.begin(), names_end);
  const auto ballots_end = std::stable_partition(requests.begin(), requests.end(),
                                                 [this](const Request& request) { return is_voted_on(request); });
  open_ballots({std::make_move_iterator(requests.begin()), std::make_move_iterator(ballots_end)});
  requests.erase(requests.begin(), ballots_end);
  for (Call& call : calls_for(std::move(requests))) {
    if (call.kind == Call::Kind::probe) {
      place_probe(std::move(call));
    } else {
      place(std::move(call));
    }
  }
  count_votes_cast();
  start_due();
}

std::vector<Answered> RpcLoop::next() {
  while (answered_.empty()) {
    if (!is_anything_waited_for() || (options_.interrupted && options_.interrupted())) return {};
    if (const auto why = used_up()) {
      end_all(*why);
      break;
    }
    start_due();
    end_unsent();
    if (!answered_.empty()) break;
    for (HttpFinished& finished : transport().wait(time_to_wait())) {
      // Long answers take time to read, and those that are left are cancelled like what is still under way.
      if (now() > *end_) break;
      receive(std::move(finished));
    }
    put_off_giving_up();
    end_overdue();
    count_votes_cast();
  }
  spent_.elapsed = round_up(now() - (*end_ - options_.total_deadline));
  return std::exchange(answered_, {});
}

std::optional<Spent> RpcLoop::spent() const { return spent_.requests > 0 ? std::optional(spent_) : std::nullopt; }

void RpcLoop::answer_names(const Request& request) {
  const Json genesis_hash = options_.genesis_hash ? Json(*options_.genesis_hash) : Json();
  const Json head = {
      {"endpoints", names_of(options_.endpoints)}, {"genesisHash", genesis_hash}, {"quorum", json_of(quorum_)}};
  answer(request, {}, {"local", std::nullopt, wall(), milliseconds(0), Payload{head, nullptr, nullptr}});
}

void RpcLoop::place_probe(Call call) {
  const std::string& name = std::get<ProbeRequest>(call.requests.front()).endpoint;
  const std::optional<std::size_t> index = pool_.find(name);
  if (!index) {
    const Unobtainable why{"no-endpoint", "no endpoint of this run is named \"" + printable(name) + "\"", Retry::never};
    call.failed.push_back({name, std::nullopt, wall(), milliseconds(0), tl::unexpected<Unobtainable>(why)});
    return refuse(std::move(call));
  }
  call.endpoint = *index;
  const bool has_no_channel = is_over_websocket(call) && !pool_[*index].endpoint.ws;
  if (has_no_channel) {
    const Payload nothing{Json{{"result", nullptr}}, nullptr, nullptr};
    return answer(call.requests.front(), {}, {name, std::nullopt, wall(), milliseconds(0), nothing});
  }
  add(std::move(call));
}

std::optional<std::size_t> RpcLoop::choose(const std::set<std::size_t>& given_up) {
  const std::optional<std::size_t> chosen = pool_.choose(given_up);
  for (std::size_t i = 0; i < chosen.value_or(pool_.size()); ++i) {
    if (!given_up.contains(i)) try_rested(i);
  }
  return chosen;
}

// Nobody waits for what it answers: an endpoint that is still silent costs the run no time.
void RpcLoop::try_rested(std::size_t index) {
  PooledEndpoint& endpoint = pool_[index];
  const bool is_gone = endpoint.excluded && !endpoint.may_return;
  if (is_gone || !endpoint.rest.is_to_be_tried(now())) return;
  endpoint.rest.tried();
  Call trial;
  trial.kind = endpoint.excluded ? Call::Kind::genesis : Call::Kind::health;
  trial.endpoint = index;
  add(std::move(trial));
}

void RpcLoop::leave_resting() {
  const auto unsent = keys_where([this](const Call& call) {
    const bool is_unsent = call.state == Call::State::waiting && call.attempts == 0;
    return is_unsent && call.wants_data() && pool_[call.endpoint].rest.is_resting();
  });
  for (const CallKey key : unsent) {
    const std::optional<std::size_t> other = pool_.choose(calls_.at(key).given_up);
    if (other && !pool_[*other].rest.is_resting()) place(take(key));
  }
}

void RpcLoop::place(Call call) {
  const std::optional<std::size_t> index = choose(call.given_up);
  if (!index) {
    note_exclusions(call);
    return refuse(std::move(call));
  }
  call.endpoint = *index;
  call.attempts = 0;
  call.behind_since.reset();
  call.state = Call::State::waiting;
  call.not_before = pool_[*index].rest.until();
  if (options_.genesis_hash && pool_[*index].cluster == ClusterKnown::not_asked) {
    pool_[*index].cluster = ClusterKnown::asked;
    Call genesis;
    genesis.kind = Call::Kind::genesis;
    genesis.endpoint = *index;
    add(std::move(genesis));
  }
  add(std::move(call));
}

Call RpcLoop::take(CallKey key) {
  auto node = calls_.extract(key);
  invariant(!node.empty(), "a call is taken by a key that it has");
  return std::move(node.mapped());
}

bool RpcLoop::has_room(const Call& call) const {
  const PooledEndpoint& endpoint = pool_[call.endpoint];
  return !endpoint.is_full() && !(endpoint.is_sampled && call.is_sample());
}

void RpcLoop::start_due() {
  if (used_up()) return;
  leave_resting();
  for (auto item = calls_.begin(); item != calls_.end(); ++item) {  // a split appends to the map; it is visited too
    Call& call = item->second;
    if (call.state != Call::State::waiting || due(call) > now() || !has_room(call)) continue;
    if (spent_.requests >= options_.budget.requests_max) return;
    if (std::optional<Call> rest = split(call, pool_[call.endpoint].accounts_max)) add(std::move(*rest));
    start(item->first, call);
  }
}

// One that is silent must leave the time to ask others, and each enough of it. A probe can be asked of nobody else, and
// holds up what is asked once all of them are known.
milliseconds RpcLoop::patience_with(const Call& call) const {
  constexpr int attempts_within_deadline = 3;
  constexpr milliseconds attempt_min{3000};
  const milliseconds share = std::max(options_.total_deadline / attempts_within_deadline, attempt_min);
  if (share >= options_.attempt_deadline) return options_.attempt_deadline;
  const bool is_probe = call.kind == Call::Kind::probe;
  const bool has_others = is_probe ? pool_.size() > 1 : !who_else_could_answer(call).empty();
  return has_others ? share : options_.attempt_deadline;
}

void RpcLoop::start(CallKey key, Call& call) {
  PooledEndpoint& endpoint = pool_[call.endpoint];
  call.id = next_id_++;
  call.started = now();
  call.received = 0;
  call.patience = patience_with(call);
  call.give_up_at = std::min(call.started + call.patience, *end_);
  call.state = Call::State::running;
  ++call.attempts;
  ++endpoint.running;
  endpoint.rest.sent(call.started);
  ++spent_.requests;
  if (call.attempts > 1 || !call.failed.empty()) ++spent_.retries;
  endpoint.is_sampled = endpoint.is_sampled || call.is_sample();
  running_.emplace(call.id, key);
  const bool large = call.kind == Call::Kind::code;
  const std::optional<Slot> min_slot = call.polled ? std::max(slot_seen_, call.polled->min_slot) : slot_seen_;
  const std::size_t bytes_max = std::min(options_.body_bytes_max, answer_bytes_max(call));
  HttpRequest request{&endpoint.endpoint, body_of(call, !endpoint.refuses_zstd, min_slot), bytes_max, large};
  if (is_over_websocket(call)) request.talk = subscription_talk(std::exchange(request.body, {}), call.id);
  transport().start(call.id, std::move(request));
}

milliseconds RpcLoop::time_to_wait() const {
  Instant soonest = *end_;
  for (const auto& [key, call] : calls_) {
    if (call.state == Call::State::running) soonest = std::min(soonest, call.give_up_at);
    if (call.state == Call::State::waiting && has_room(call)) soonest = std::min(soonest, due(call));
  }
  return std::clamp(round_up(soonest - now()), milliseconds(0), nap);
}

void RpcLoop::receive(HttpFinished finished) {
  const auto found = running_.find(finished.id);
  if (found == running_.end()) return;  // cancelled on account of another one that ended at the same moment
  Call call = take(found->second);
  stop(call);
  call.elapsed = finished.elapsed;
  spent_.bytes += std::max<std::uint64_t>(finished.received, finished.outcome ? finished.outcome->body.size() : 0);
  CallOutcome outcome = finished.outcome ? read_response(call, std::move(*finished.outcome), secrets_, wall())
                                         : tl::unexpected<Trouble>(trouble_of_transfer(finished.outcome.error()));
  note_health(call, outcome);
  settle(std::move(call), std::move(outcome));
}

void RpcLoop::stop(Call& call) {
  running_.erase(call.id);
  --pool_[call.endpoint].running;
  if (call.is_sample()) pool_[call.endpoint].is_sampled = false;
  call.at = wall();
}

void RpcLoop::cancel(Call& call) {
  spent_.bytes += transport().received(call.id);
  transport().cancel(call.id);
  stop(call);
  call.elapsed = round_up(now() - call.started);
}

void RpcLoop::put_off_giving_up() {
  for (const auto& [id, key] : running_) {
    const std::uint64_t received = transport().received(id);
    Call& call = calls_.at(key);
    if (received < call.received + progress_bytes) continue;
    call.received = received;
    call.give_up_at = std::min(now() + call.patience, *end_);
  }
}

void RpcLoop::end_overdue() {
  const Instant moment = now();
  if (moment >= *end_) return;  // used_up says it better
  const auto overdue =
      keys_where([&](const Call& call) { return call.state == Call::State::running && call.give_up_at <= moment; });
  for (const CallKey key : overdue) {
    if (!calls_.contains(key)) continue;  // one before it excluded the endpoint, and this one is asked elsewhere now
    Call call = take(key);
    cancel(call);
    const std::string what =
        call.received == 0 ? "it gave no whole answer within " : "its answer stopped arriving for ";
    CallOutcome outcome =
        tl::unexpected<Trouble>(trouble_of_transfer({"timeout", what + duration_text(call.patience), Retry::now}));
    note_health(call, outcome);
    settle(std::move(call), std::move(outcome));
  }
}

std::optional<Unobtainable> RpcLoop::used_up() const {
  if (now() >= *end_) {
    return Unobtainable{"timeout",
                        "no answer within the " + duration_text(options_.total_deadline) +
                            " that the run has for all its requests (--timeout)",
                        Retry::now};
  }
  std::uint64_t bytes = spent_.bytes;
  for (const auto& [id, key] : running_) bytes += transport_->received(id);
  if (bytes < options_.budget.bytes_max) return std::nullopt;
  return over_budget("all that the run may receive, " + size_text(options_.budget.bytes_max) + ", was received",
                     "--max-bytes");
}

void RpcLoop::end_all(const Unobtainable& why) {
  for (const CallKey key : keys_where([](const Call&) { return true; })) {
    Call call = take(key);
    if (call.state == Call::State::running) cancel(call);
    if (call.requests.empty()) continue;
    note_failure(call, why);
    refuse(std::move(call));
  }
  conclude_all();
}

void RpcLoop::end_unsent(Call call, const Unobtainable& why) {
  if (call.kind == Call::Kind::health) return;
  // Of an endpoint that was not asked for its cluster nothing counts, and another one cannot be asked either.
  if (call.kind == Call::Kind::genesis) return exclude(call.endpoint, why);
  note_failure(call, why);
  refuse(std::move(call));
}

void RpcLoop::end_unsent() {
  if (spent_.requests < options_.budget.requests_max) return;
  const Unobtainable why =
      over_budget("all requests that the run may make, " + std::to_string(options_.budget.requests_max) + ", were made",
                  "--max-requests");
  const auto is_unsent = [](const Call& call) { return call.state == Call::State::waiting; };
  // Ending one may end others of the list, and place them anew at another endpoint.
  for (auto unsent = keys_where(is_unsent); !unsent.empty(); unsent = keys_where(is_unsent)) {
    for (const CallKey key : unsent) {
      if (calls_.contains(key)) end_unsent(take(key), why);
    }
  }
  conclude_all();
}

}  // namespace readyctl
