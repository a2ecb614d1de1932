#include "engine/engine.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "base/invariant.hpp"
#include "facts/accounts.hpp"

namespace readyctl {
namespace {

// A gate under way: its coroutine, and what it waits for.
class Running final : public Waiter {
 public:
  explicit Running(Task<Finding> task) : task_(std::move(task)) {}

  void start() { task_->start(*this); }
  void wait_for(Wait& wait) override { wait_ = &wait; }

  bool waits() const { return wait_ != nullptr; }
  std::vector<Request> wanted() const { return wait_->requests(); }

  // Goes on with the answers, or ends the gate when one of them refuses what it needs.
  void go_on(const std::vector<const Answer*>& answers) {
    Wait& wait = *std::exchange(wait_, nullptr);
    if (const std::optional<Refusal> refusal = wait.settle(answers)) {
      ended_ = finding_for(*refusal);
      task_.reset();
      return;
    }
    wait.resume_here.resume();
  }

  Finding finding() {
    if (ended_) return std::move(*ended_);
    if (waits()) return not_run();
    return task_->take();
  }

  Trace trace;

 private:
  static Finding finding_for(const Refusal& refusal) {
    if (const auto* absence = std::get_if<Absent>(&refusal)) return fail(absence->what);
    return inconclusive(std::get<Unobtainable>(refusal));
  }
  static Finding not_run() {
    return {Outcome::not_run, "the run ended before this gate was decided", {}, std::nullopt};
  }

  std::optional<Task<Finding>> task_;
  Wait* wait_ = nullptr;
  std::optional<Finding> ended_;
};

class Run {
 public:
  Run(const std::vector<GateRun>& gates, Source& source) : source_(source) {
    for (const GateRun& gate : gates) gates_.emplace_back(gate.begin());
  }

  Decisions decide(const Interrupted& interrupted) {
    for (Running& gate : gates_) gate.start();
    note_new_waits();
    while (go_on_with_what_is_known() || ask_and_receive(interrupted)) {
    }
    return conclude();
  }

 private:
  // The answer for a request: its own, or that of the whole account of which it is a part.
  const Answer* find(const Request& request) const {
    const auto own = facts_.find(key_of(request));
    if (own != facts_.end()) return &own->second;
    const auto whole = facts_.find(key_of(covering(request)));
    return whole != facts_.end() ? &whole->second : nullptr;
  }

  // Writes into each gate's trace what it has begun to wait for.
  void note_new_waits() {
    for (Running& gate : gates_) {
      if (gate.waits()) note_wait(gate);
    }
  }

  static void note_wait(Running& gate) { gate.trace.push_back(gate.wanted()); }

  bool go_on_with_what_is_known() {
    bool moved = false;
    for (Running& gate : gates_) {
      while (gate.waits()) {
        std::vector<const Answer*> answers;
        for (const Request& request : gate.wanted()) answers.push_back(find(request));
        if (std::find(answers.begin(), answers.end(), nullptr) != answers.end()) break;
        gate.go_on(answers);
        moved = true;
        if (gate.waits()) note_wait(gate);
      }
    }
    return moved;
  }

  // Everything that is waited for and neither known nor under way, merged.
  std::vector<Request> newly_wanted() const {
    std::map<std::string, Request> wanted;
    for (const Running& gate : gates_) {
      if (!gate.waits()) continue;
      for (const Request& request : gate.wanted()) {
        if (!find(request) && !under_way_.contains(key_of(request)) &&
            !under_way_.contains(key_of(covering(request)))) {
          merge(request, wanted);
        }
      }
    }
    std::vector<Request> requests;
    for (auto& [key, request] : wanted) {
      const std::string whole = key_of(covering(request));
      if (whole == key || !wanted.contains(whole)) requests.push_back(request);
    }
    return requests;
  }

  static void merge(const Request& request, std::map<std::string, Request>& wanted) {
    const auto [slot, is_new] = wanted.try_emplace(key_of(request), request);
    auto* kept = std::get_if<AccountRequest>(&slot->second);
    if (!is_new && kept != nullptr) kept->expects_code |= std::get<AccountRequest>(request).expects_code;
  }

  bool ask_and_receive(const Interrupted& interrupted) {
    if (interrupted && interrupted()) return false;
    std::vector<Request> wanted = newly_wanted();
    for (const Request& request : wanted) under_way_.insert(key_of(request));
    if (!wanted.empty()) source_.ask(std::move(wanted));
    if (under_way_.empty()) return false;

    std::vector<Answered> arrived = source_.next();
    if (arrived.empty() && interrupted && interrupted()) return false;
    invariant(!arrived.empty(), "a source answers what it took on");
    for (Answered& answered : arrived) receive(std::move(answered));
    return true;
  }

  void receive(Answered answered) {
    const std::string key = key_of(answered.request);
    invariant(under_way_.erase(key) == 1, "a source answers only what it was asked, and once");
    invariant(!answered.answer.observations.empty(), "an answer holds an observation");
    Observation& deciding = answered.answer.observations.back();
    if (deciding.outcome && contradicts_a_slice(answered.request, *deciding.outcome)) {
      const std::string what = words_for(answered.request) + " changed while this run read it";
      deciding.outcome = tl::unexpected(Unobtainable{"moved", what, Retry::now});
    }
    facts_.emplace(key, std::move(answered.answer));
  }

  // Whether a part of the account that was read earlier in this run is not what the whole account holds.
  bool contradicts_a_slice(const Request& request, const Payload& whole) const {
    const auto* account = std::get_if<AccountRequest>(&request);
    if (account == nullptr || account->slice) return false;
    return std::any_of(facts_.begin(), facts_.end(), [&](const auto& known) {
      const Observation& seen = known.second.deciding();
      if (!seen.outcome || !known.first.starts_with("{\"account\":\"" + to_string(account->address) + "\""))
        return false;
      return !agrees(*seen.outcome, whole);
    });
  }

  Decisions conclude() {
    Decisions decisions;
    for (Running& gate : gates_) {
      decisions.findings.push_back(gate.finding());
      decisions.traces.push_back(std::move(gate.trace));
    }
    decisions.depth = depth_of(decisions.traces);
    decisions.facts = std::move(facts_);
    return decisions;
  }

  Source& source_;
  std::deque<Running> gates_;
  FactStore facts_;
  std::set<std::string> under_way_;
};

}  // namespace

Decisions decide(const std::vector<GateRun>& gates, Source& source, const Interrupted& interrupted) {
  return Run(gates, source).decide(interrupted);
}

std::size_t depth_of(const std::vector<Trace>& traces) {
  std::set<std::string> known;
  std::vector<std::size_t> passed(traces.size(), 0);
  const auto is_known = [&](const Request& request) {
    return known.contains(key_of(request)) || known.contains(key_of(covering(request)));
  };
  for (std::size_t rounds = 0;; ++rounds) {
    std::set<std::string> wanted;
    for (std::size_t gate = 0; gate < traces.size(); ++gate) {
      const Trace& trace = traces[gate];
      while (passed[gate] < trace.size() &&
             std::all_of(trace[passed[gate]].begin(), trace[passed[gate]].end(), is_known)) {
        ++passed[gate];
      }
      if (passed[gate] == trace.size()) continue;
      for (const Request& request : trace[passed[gate]]) wanted.insert(key_of(request));
    }
    if (wanted.empty()) return rounds;
    known.merge(wanted);
  }
}

}  // namespace readyctl
