// What RpcLoop asks of several providers: whom next, and when enough of them agree.
#include <algorithm>
#include <utility>

#include "sources/rpc_loop.hpp"

namespace readyctl {
namespace {

// The bytes of an answer that says what an earlier one says need no memory of their own. What else it holds, such as
// its own slot, stays.
void keep_once(Ballot& ballot) {
  const std::size_t last = ballot.seen.size() - 1;
  Payload& answered = *ballot.seen[last].outcome;
  if (!answered.data) return;
  for (std::size_t i = 0; i < last; ++i) {
    if (ballot.opinions[i].value != ballot.opinions[last].value) continue;
    const bool is_plain = answered.body == answered.data;
    answered.data = ballot.seen[i].outcome->data;
    if (is_plain) answered.body = answered.data;
    return;
  }
}

// What was asked before the ballot was opened is for an earlier one about the same.
bool is_for(const Call& call, const Ballot& ballot) { return call.polled->turn >= ballot.turn; }

// Whoever did not answer in time may do so later.
bool is_late(const Observation& failed) {
  const Unobtainable& why = failed.outcome.error();
  return why.retry == Retry::now && (why.cause == "rate-limited" || why.cause == "timeout");
}

}  // namespace

bool RpcLoop::is_voted_on(const Request& request) const {
  return quorum_.needed > 1 && compared_as(key_of(request)) != ComparedAs::nothing;
}

void RpcLoop::open_ballots(std::vector<Request> requests) {
  ++turn_;
  for (Request& request : requests) {
    std::string key = key_of(request);
    ballots_.emplace(key, Ballot{std::move(request), turn_});
    to_be_counted_.insert(std::move(key));
  }
}

void RpcLoop::cast(const Call& call, const Request& request, std::optional<Observation> answer) {
  std::string key = key_of(request);
  const auto found = ballots_.find(key);
  if (found == ballots_.end() || !is_for(call, found->second)) return;  // decided without it
  Ballot& ballot = found->second;
  const ComparedAs how = compared_as(key);
  const auto note = [&](Observation seen) {
    ballot.opinions.push_back(opinion_of(how, seen));
    ballot.seen.push_back(std::move(seen));
  };
  for (const Observation& failed : call.failed) note(failed);
  if (answer) {
    note(std::move(*answer));
    keep_once(ballot);
  }
  const bool may_answer = !answer && std::any_of(call.failed.begin(), call.failed.end(), is_late);
  if (may_answer) ballot.late.emplace(call.polled->voter, true);
  ballot.under_way.erase(call.polled->voter);
  to_be_counted_.insert(std::move(key));
}

void RpcLoop::count_votes_cast() {
  while (!to_be_counted_.empty()) {
    Asks asks;
    for (const std::string& key : std::exchange(to_be_counted_, {})) count_votes_on(key, asks);
    for (auto& [to, requests] : asks) {
      for (Call& call : calls_for(std::move(requests))) {
        call.polled = Polled{to.first, to.second, turn_};
        call.given_up = endpoints_of_others(to.first);
        place(std::move(call));
      }
    }
  }
}

void RpcLoop::count_votes_on(const std::string& key, Asks& asks) {
  Ballot& ballot = ballots_.at(key);
  const Tally tally = tally_of(ballot.opinions, quorum_);
  if (tally.deciding) return conclude(key);
  const auto ask = [&](std::size_t voter, std::optional<Slot> min_slot) {
    ballot.asked.insert(voter);
    ballot.under_way.insert(voter);
    asks[{voter, min_slot}].push_back(ballot.request);
  };
  for (const auto& [vote, slot] : tally.older) {
    const std::size_t voter = *quorum_.voter_of(ballot.opinions[vote].from);
    if (!ballot.under_way.contains(voter) && ballot.reread[voter]++ < rereads_max) ask(voter, slot);
  }
  for (std::size_t votes = tally.agreeing + ballot.under_way.size(); votes < quorum_.needed; ++votes) {
    const auto voter = next_voter(ballot);
    if (!voter) break;
    ask(*voter, std::nullopt);
  }
  if (ballot.under_way.empty()) conclude(key);
}

void RpcLoop::conclude(const std::string& key) {
  auto node = ballots_.extract(key);
  Ballot& ballot = node.mapped();
  Answer answer = concluded(key, std::move(ballot.seen), quorum_, wall());
  const Observation& deciding = answer.deciding();
  const bool of_account = std::holds_alternative<AccountRequest>(ballot.request);
  if (of_account && deciding.outcome && deciding.slot > slot_seen_) {
    slot_seen_ = deciding.slot;
    slot_seen_at_ = deciding.from;
  }
  answered_.push_back({std::move(ballot.request), std::move(answer)});
}

void RpcLoop::conclude_all() {
  for (const std::string& key : std::exchange(to_be_counted_, {})) conclude(key);
}

std::optional<std::size_t> RpcLoop::next_voter(Ballot& ballot) {
  if (const auto endpoint = choose(endpoints_of(ballot.asked))) {
    return quorum_.voter_of(pool_[*endpoint].endpoint.name);
  }
  for (auto& [voter, may_be_asked] : ballot.late) {
    if (!std::exchange(may_be_asked, false)) continue;
    const auto endpoint = pool_.choose(endpoints_of_others(voter));
    if (endpoint && pool_[*endpoint].rest.until() < *end_) return voter;
  }
  // Nobody usable is left. Of the others it is said why.
  for (std::size_t voter = 0; voter < voters_.size(); ++voter) {
    if (!ballot.asked.contains(voter)) return voter;
  }
  return std::nullopt;
}

std::vector<std::size_t> RpcLoop::who_else_could_answer(const Call& call) const {
  // An endpoint that does not say which cluster it is on takes along what it was asked besides.
  const auto is_lost_with_it = [&](const auto& item) {
    const Call& other = item.second;
    return other.endpoint == call.endpoint && other.wants_data() && who_else_could_answer(other).empty();
  };
  if (call.kind == Call::Kind::genesis && std::any_of(calls_.begin(), calls_.end(), is_lost_with_it)) return {};
  std::set<std::size_t> tried = call.given_up;
  tried.insert(call.endpoint);
  std::vector<std::size_t> others;
  if (const auto endpoint = pool_.choose(tried)) others.push_back(*endpoint);
  const Ballot* ballot = ballot_of(call);
  if (ballot == nullptr) return others;
  if (const auto endpoint = pool_.choose(endpoints_of(ballot->asked))) others.push_back(*endpoint);
  return others;
}

bool RpcLoop::is_last_try(const Call& call) const {
  const Ballot* ballot = ballot_of(call);
  if (ballot == nullptr) return false;
  const auto late = ballot->late.find(call.polled->voter);
  return late != ballot->late.end() && !late->second;
}

const Ballot* RpcLoop::ballot_of(const Call& call) const {
  if (!call.polled) return nullptr;
  for (const Request& request : call.requests) {
    const auto ballot = ballots_.find(key_of(request));
    if (ballot != ballots_.end() && is_for(call, ballot->second)) return &ballot->second;
  }
  return nullptr;
}

std::set<std::size_t> RpcLoop::endpoints_of(const std::set<std::size_t>& voters) const {
  std::set<std::size_t> endpoints;
  for (const std::size_t voter : voters) endpoints.insert(voters_[voter].begin(), voters_[voter].end());
  return endpoints;
}

std::set<std::size_t> RpcLoop::endpoints_of_others(std::size_t voter) const {
  std::set<std::size_t> others;
  for (std::size_t i = 0; i < voters_.size(); ++i) {
    if (i != voter) others.insert(voters_[i].begin(), voters_[i].end());
  }
  return others;
}

}  // namespace readyctl
