// RpcLoop: the event loop behind RpcSource. Private to this room.
//
// A call is placed at an endpoint, waits until it is due, runs, and is settled: its requests are answered, or it is
// placed again. It is in `calls_` all the while, except when a function holds it by value.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sources/live_rpc.hpp"
#include "sources/rpc_ballot.hpp"
#include "sources/rpc_call.hpp"
#include "sources/rpc_pool.hpp"

namespace readyctl {

class RpcLoop {
 public:
  explicit RpcLoop(RpcOptions options);

  void ask(std::vector<Request> requests);
  std::vector<Answered> next();
  std::optional<Spent> spent() const;

 private:
  using Instant = std::chrono::steady_clock::time_point;
  using CallKey = std::uint64_t;

  // rpc_loop.cpp: where a call goes, and the turning of the loop
  void answer_names(const Request& request);
  void place_probe(Call call);
  /// Gives the call to the next endpoint, which is asked for its cluster with the first of them.
  void place(Call call);
  void add(Call call) { calls_.emplace(next_key_++, std::move(call)); }
  Call take(CallKey key);
  Instant due(const Call& call) const { return std::max(call.not_before, pool_[call.endpoint].rest.silent_until()); }
  /// Whom to ask for data next. Endpoints before it that have rested are looked at, whether they are well again.
  std::optional<std::size_t> choose(const std::set<std::size_t>& given_up);
  void try_rested(std::size_t endpoint);
  /// What was not sent yet to an endpoint that rests goes to one that does not.
  void leave_resting();
  bool is_anything_waited_for() const;
  /// Whether its endpoint takes one more; samples travel alone.
  bool has_room(const Call& call) const;
  void start_due();
  void start(CallKey key, Call& call);
  std::chrono::milliseconds patience_with(const Call& call) const;
  std::chrono::milliseconds time_to_wait() const;
  void receive(HttpFinished finished);
  /// An answer that keeps arriving is waited for.
  void put_off_giving_up();
  /// The call's transfer is over.
  void stop(Call& call);
  void cancel(Call& call);
  void end_overdue();
  /// What the run has no more of: time, or bytes.
  std::optional<Unobtainable> used_up() const;
  /// Every request is answered with that.
  void end_all(const Unobtainable& why);
  /// Once the run has made all the requests that it may, those that were not sent are answered with that.
  void end_unsent();
  void end_unsent(Call call, const Unobtainable& why);

  // rpc_outcomes.cpp: what came of an attempt
  /// What it tells of the endpoint.
  void note_health(const Call& call, const CallOutcome& outcome);
  void settle(Call call, CallOutcome outcome);
  void accept(Call call, CallReply reply);
  void retry(Call call, const Trouble& trouble);
  /// Asks the same endpoint for fewer accounts at once, or without compression, if that is what it refused.
  bool try_plainer(Call& call, const Trouble& trouble);
  bool try_again(Call& call, const Trouble& trouble);
  /// Asks a node that lacks the run's slot again, until it has been waited for long enough.
  bool wait_for_slot(Call& call);
  /// An endpoint that is silent once is not asked the same again, which could take as long as the whole run.
  void end_samples(std::size_t endpoint, const Unobtainable& why);
  void settle_genesis(Call call, CallOutcome outcome);
  void trust(std::size_t endpoint);
  /// Nothing this endpoint says of the chain counts: what it was asked goes elsewhere. If it may return, it is asked
  /// for its cluster again when it has rested.
  void exclude(std::size_t endpoint, const Unobtainable& why, bool may_return = false);
  /// What the endpoint was asked of the chain, and is like that, goes elsewhere.
  void give_up(std::size_t endpoint, const Unobtainable& why, const std::function<bool(const Call&)>& which);
  /// What is wrong with a slot that no cluster can have reached by now.
  std::optional<Trouble> objection_to(Slot slot) const;
  Unobtainable safe(Unobtainable why) const;
  void note_failure(Call& call, const Unobtainable& why) const;
  /// Before the attempts of a call for which nobody is left: why the endpoints that it was not asked of are not asked.
  void note_exclusions(Call& call) const;
  /// Nobody can answer: the last failure decides. Of several voters this one has no vote.
  void refuse(Call call);
  void answer(const Request& request, std::vector<Observation> before, Observation deciding);

  // rpc_votes.cpp: what is asked of several providers
  using Asks = std::map<std::pair<std::size_t, std::optional<Slot>>, std::vector<Request>>;  // by voter and least slot
  bool is_voted_on(const Request& request) const;
  void open_ballots(std::vector<Request> requests);
  /// What came of a call for one of its requests: the attempts that failed, and the answer if there was one.
  void cast(const Call& call, const Request& request, std::optional<Observation> answer);
  /// Asks whoever is to be asked next about the ballots to which something came, and answers what is decided.
  void count_votes_cast();
  void count_votes_on(const std::string& key, Asks& asks);
  void conclude(const std::string& key);
  /// Once nobody can be asked any more: every ballot that is left waited for a call that is over now.
  void conclude_all();
  std::optional<std::size_t> next_voter(Ballot& ballot);
  /// To whom the call could be put instead: another endpoint, of the same voter where it is voted on, and one of a
  /// voter who was not asked yet. Nobody for the question of the cluster, where something that waits for its answer has
  /// nobody.
  std::vector<std::size_t> who_else_could_answer(const Call& call) const;
  /// The first ballot not over yet that an answer to the call is a vote in; nullptr when there is none.
  const Ballot* ballot_of(const Call& call) const;
  /// Whether the call asks a voter that did not answer in time once more: not a third time.
  bool is_last_try(const Call& call) const;
  std::set<std::size_t> endpoints_of(const std::set<std::size_t>& voters) const;
  std::set<std::size_t> endpoints_of_others(std::size_t voter) const;

  Instant now() const { return options_.seams.now(); }
  Time wall() const { return options_.seams.wall_clock(); }
  const std::string& name_of(const Call& call) const { return pool_[call.endpoint].endpoint.name; }
  Transport& transport();

  template <class Condition>
  std::vector<CallKey> keys_where(Condition condition) const {
    std::vector<CallKey> keys;
    for (const auto& [key, call] : calls_) {
      if (condition(call)) keys.push_back(key);
    }
    return keys;
  }

  RpcOptions options_;
  Secrets secrets_;
  RpcPool pool_;
  std::vector<std::vector<std::size_t>> voters_;  // endpoints by index, those of one provider together
  Quorum quorum_;                                 // the same by name, and how many must agree
  std::optional<Instant> end_;                    // of the run; known from the first ask on
  std::map<CallKey, Call> calls_;                 // in the order in which they were placed
  std::map<std::uint64_t, CallKey> running_;      // by the id of their transfer
  CallKey next_key_ = 0;
  std::uint64_t next_id_ = 1;
  std::optional<Slot> slot_seen_;  // the latest; no older one is accepted
  std::string slot_seen_at_;       // the name of the endpoint that answered from it
  unsigned retries_left_ = 0;
  Spent spent_;
  std::map<std::string, Ballot> ballots_;  // open ones, by the key of the request
  std::set<std::string> to_be_counted_;    // of those, the ones to which something came
  std::uint64_t turn_ = 0;                 // of opening ballots
  std::vector<Answered> answered_;
  std::unique_ptr<Transport> transport_;  // last, so that its transfers end before the endpoints they point to
};

}  // namespace readyctl
