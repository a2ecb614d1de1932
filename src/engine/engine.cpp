#include "engine/engine.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "base/invariant.hpp"
#include "base/text.hpp"
#include "engine/behind.hpp"
#include "engine/contradicted.hpp"
#include "facts/accounts.hpp"
#include "facts/programs.hpp"

namespace readyctl {
namespace {

// The cause class of an account that changed while the run read it.
constexpr const char* cause_moved = "moved";
// That of an answer that was given, and speaks of another cluster.
constexpr const char* cause_wrong_cluster = "wrong-cluster";

// One fact that a gate waits for. The keys are made once; every round looks for them.
struct Wanted {
  explicit Wanted(Request fact)
      : request(std::move(fact)), key(key_of(request)), whole_key(key_of(covering(request))) {}

  Request request;
  std::string key;
  std::string whole_key;  // of the whole account, when the request is for a part of one; else the same
};

// A gate under way: its coroutine, and what it waits for.
class Running final : public Waiter {
 public:
  explicit Running(const GateRun& gate) : is_gate(gate.is_gate), begins(gate.begins), task_(gate.begin()) {}

  void start() {
    is_started_ = true;
    task_->start(*this);
  }

  void wait_for(Wait& wait) override {
    wait_ = &wait;
    std::vector<Request> requests = wait.requests();
    wanted_ = std::vector<Wanted>(requests.begin(), requests.end());
    known_ = 0;
    is_asked_ = false;
    trace.push_back(std::move(requests));
  }

  bool waits() const { return wait_ != nullptr; }
  const std::vector<Wanted>& wanted() const { return wanted_; }

  // Whether everything is known. What is known stays known, so each look begins where the last one ended: a wait for
  // thousands of facts, which arrive a hundred at a time, is walked through once.
  template <class IsKnown>
  bool knows_all(IsKnown is_known) {
    while (known_ < wanted_.size() && is_known(wanted_[known_])) ++known_;
    return known_ == wanted_.size();
  }

  // How far it is with a list that it reads part by part.
  std::optional<Progress::List> list() const {
    const auto part = waits() ? wait_->part() : std::nullopt;
    if (!part) return std::nullopt;
    return Progress::List{part->of, part->before + known_, part->all};
  }

  // Whether what it waits for is still to be asked for. Said once for each wait: whoever hears it asks.
  bool is_to_be_asked() { return waits() && !std::exchange(is_asked_, true); }

  // Goes on with the answers, or ends the gate when one of them refuses what it needs.
  void go_on(const std::vector<const Answer*>& answers) {
    Wait& wait = *std::exchange(wait_, nullptr);
    const std::vector<Wanted> wanted = std::exchange(wanted_, {});
    if (const std::optional<Refusal> refusal = wait.settle(answers)) {
      ended_ = finding_for(*refusal, wanted, answers);
      task_.reset();
      return;
    }
    wait.resume_here.resume();
  }

  Finding finding() {
    if (ended_) return std::move(*ended_);
    if (waits() || !is_started_) return not_run();
    return task_->take();
  }

  const bool is_gate;
  const Begins begins;
  Trace trace;  ///< what it waited for, in order

 private:
  static Finding finding_for(const Refusal& refusal, const std::vector<Wanted>& wanted,
                             const std::vector<const Answer*>& answers) {
    if (const auto* absence = std::get_if<Absent>(&refusal)) return finding_for_absence(*absence);
    const auto& why = std::get<Unobtainable>(refusal);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const Observation& seen = answers[i]->deciding();
      if (!seen.outcome && seen.outcome.error().what == why.what)
        return inconclusive(in_full(why, wanted[i], *answers[i]));
    }
    return inconclusive(why);
  }

  static Finding finding_for_absence(const Absent& absence) {
    Finding finding = fail(absence.what);
    if (!absence.named.empty()) finding.misnamed = Misnamed{absence.named, "", "", absence.may_be_right};
    return finding;
  }

  // Which fact could not be had, and what each that was asked for it said. What this machine says of its own files
  // names them already.
  static Unobtainable in_full(const Unobtainable& why, const Wanted& wanted, const Answer& answer) {
    if (answer.deciding().from == "local") return why;
    if (why.cause == cause_wrong_cluster) {
      return {
          why.cause,
          words_for(wanted.request) + " could not be had from the release's cluster; " + join(said_in(answer), "; "),
          why.retry};
    }
    return {why.cause, words_for(wanted.request) + " could not be read; " + join(said_in(answer), "; "), why.retry};
  }

  // Attempts that failed alike one after the other are said once, with their number.
  static std::vector<std::string> said_in(const Answer& answer) {
    std::vector<std::string> said;
    std::string last;
    std::size_t times = 0;
    const auto say = [&] {
      if (times > 0) said.push_back(last + (times == 1 ? "" : " (" + std::to_string(times) + " attempts)"));
    };
    for (const Observation& seen : answer.observations) {
      if (seen.outcome) continue;
      const std::string words = seen.from + ": " + seen.outcome.error().what;
      if (words != last) say();
      times = words == last ? times + 1 : 1;
      last = words;
    }
    say();
    return said;
  }

  static Finding not_run() {
    return {Outcome::not_run, "the run ended before this gate was decided", {}, std::nullopt};
  }

  std::optional<Task<Finding>> task_;
  bool is_started_ = false;
  Wait* wait_ = nullptr;
  std::vector<Wanted> wanted_;
  std::size_t known_ = 0;  // of wanted_, the first ones
  bool is_asked_ = false;
  std::optional<Finding> ended_;
};

class Run {
 public:
  Run(const std::vector<GateRun>& gates, Source& source, Observer* observer, FactStore known)
      : source_(source), observer_(observer), facts_(std::move(known)) {
    for (const GateRun& gate : gates) gates_.emplace_back(gate);
  }

  Decisions decide(const Interrupted& interrupted) {
    start(Begins::at_once);
    while (go_on_with_what_is_known() || ask_and_receive(interrupted)) {
    }
    return conclude();
  }

 private:
  void start(Begins when) {
    for (Running& gate : gates_) {
      if (gate.begins == when) gate.start();
    }
  }

  const Answer* find(const Wanted& wanted) const { return find_answer(facts_, wanted.key, wanted.whole_key); }

  bool is_under_way(const Wanted& wanted) const {
    return under_way_.contains(wanted.key) || under_way_.contains(wanted.whole_key);
  }

  bool go_on_with_what_is_known() {
    bool moved = false;
    for (Running& gate : gates_) {
      while (gate.waits() && gate.knows_all([this](const Wanted& wanted) { return find(wanted) != nullptr; })) {
        std::vector<const Answer*> answers;
        for (const Wanted& wanted : gate.wanted()) answers.push_back(find(wanted));
        gate.go_on(answers);
        moved = true;
      }
    }
    return moved;
  }

  using Merged = std::map<std::string, Wanted>;

  // Everything that is waited for and neither known nor under way, merged. What was asked for before is one of these.
  std::vector<Wanted> newly_wanted() {
    Merged merged;
    gather(merged);
    if (!is_chain_asked_ && std::any_of(merged.begin(), merged.end(),
                                        [](const auto& item) { return asks_an_endpoint(item.second.request); })) {
      is_chain_asked_ = true;
      start(Begins::with_the_chain);
      gather(merged);
    }
    std::vector<Wanted> list;
    for (auto& [key, wanted] : merged) {
      if (wanted.whole_key == key || !merged.contains(wanted.whole_key)) list.push_back(wanted);
    }
    return list;
  }

  void gather(Merged& merged) {
    for (Running& gate : gates_) {
      if (!gate.is_to_be_asked()) continue;
      for (const Wanted& wanted : gate.wanted()) {
        if (find(wanted) == nullptr && !is_under_way(wanted)) merge(wanted, merged);
      }
    }
  }

  static void merge(const Wanted& wanted, Merged& merged) {
    const auto [slot, is_new] = merged.try_emplace(wanted.key, wanted);
    auto* kept = std::get_if<AccountRequest>(&slot->second.request);
    if (!is_new && kept != nullptr) kept->expects_code |= std::get<AccountRequest>(wanted.request).expects_code;
  }

  bool ask_and_receive(const Interrupted& interrupted) {
    if (interrupted && interrupted()) return false;
    std::vector<Request> requests;
    for (Wanted& wanted : newly_wanted()) {
      under_way_.insert(std::move(wanted.key));
      requests.push_back(std::move(wanted.request));
    }
    if (!requests.empty()) source_.ask(std::move(requests));
    if (under_way_.empty()) return false;

    if (observer_ != nullptr) observer_->follow(progress());
    std::vector<Answered> arrived = source_.next();
    if (arrived.empty() && interrupted && interrupted()) return false;
    invariant(!arrived.empty(), "a source answers what it took on");
    for (Answered& answered : arrived) receive(std::move(answered));
    return true;
  }

  Progress progress() const {
    Progress progress;
    progress.facts_had = facts_.size();
    progress.facts_asked = facts_.size() + under_way_.size();
    for (const Running& gate : gates_) {
      if (gate.is_gate) ++progress.gates;
      if (gate.is_gate && !gate.waits()) ++progress.gates_decided;
      if (!progress.list) progress.list = gate.list();
    }
    return progress;
  }

  void receive(Answered answered) {
    const std::string key = key_of(answered.request);
    invariant(under_way_.erase(key) == 1, "a source answers only what it was asked, and once");
    invariant(!answered.answer.observations.empty(), "an answer holds an observation");
    Observation& deciding = answered.answer.observations.back();
    const auto* account = std::get_if<AccountRequest>(&answered.request);
    if (account != nullptr && deciding.outcome) {
      const Payload* before = contradicted_by(account->address, *deciding.outcome);
      if (before != nullptr) deciding.outcome = tl::unexpected(change_of(answered.request, *before, *deciding.outcome));
    }
    facts_.emplace(key, std::move(answered.answer));
  }

  // What was read of the account in this run and is not what is read of it now.
  const Payload* contradicted_by(const Pubkey& address, const Payload& now) const {
    const std::string begin = "{\"account\":\"" + to_string(address) + "\"";
    for (auto known = facts_.lower_bound(begin); known != facts_.end() && known->first.starts_with(begin); ++known) {
      const Observation& seen = known->second.deciding();
      if (seen.outcome && !agrees(*seen.outcome, now)) return &*seen.outcome;
    }
    return nullptr;
  }

  static Unobtainable change_of(const Request& request, const Payload& before, const Payload& now) {
    const auto first = deployed_slot_in(before);
    const auto then = deployed_slot_in(now);
    const std::string what = words_for(request) + " changed while this run read it";
    if (!first || !then || first == then) return {cause_moved, what, Retry::now};
    return {cause_moved,
            what + ": the program in it was deployed at slot " + to_string(*first) + ", and then at slot " +
                to_string(*then),
            Retry::now};
  }

  // Of several answers that contradict an earlier one of the same account, that with the least key: another order of
  // answers, as in a replay, gives the same words.
  Moved moved() const {
    Moved moved;
    for (const auto& [key, answer] : facts_) {
      const Observation& seen = answer.deciding();
      if (seen.outcome || seen.outcome.error().cause != cause_moved) continue;
      const Json account = Json::parse(key).value("account", Json());
      if (account.is_string()) moved.emplace(exact_json({{"account", account}}), seen.outcome.error());
    }
    return moved;
  }

  // The records that a gate read.
  std::vector<std::string> records_of(const Trace& trace) const {
    std::vector<std::string> keys;
    for (const auto& wait : trace) {
      for (const Request& request : wait) {
        const Wanted wanted(request);
        keys.push_back(facts_.contains(wanted.key) ? wanted.key : wanted.whole_key);
      }
    }
    return keys;
  }

  Decisions conclude() {
    Decisions decisions;
    decisions.moved = moved();
    const Contradicted contradicted = contradicted_among(facts_);
    const SlotsSeen slots(facts_);
    for (Running& gate : gates_) {
      auto unsound = moved_under(gate.trace, decisions.moved);
      if (!unsound) unsound = slots.behind(gate.trace, facts_);
      decisions.findings.push_back(unsound ? inconclusive(std::move(*unsound)) : gate.finding());
      if (!contradicted.empty()) {
        name_contradiction(decisions.findings.back(), records_of(gate.trace), contradicted);
      }
      decisions.traces.push_back(std::move(gate.trace));
    }
    decisions.depth = depth_of(decisions.traces);
    decisions.facts = std::move(facts_);
    return decisions;
  }

  Source& source_;
  Observer* observer_;
  std::deque<Running> gates_;
  FactStore facts_;
  std::set<std::string> under_way_;
  bool is_chain_asked_ = false;
};

}  // namespace

Decisions decide(const std::vector<GateRun>& gates, Source& source, const Interrupted& interrupted, Observer* observer,
                 FactStore known) {
  return Run(gates, source, observer, std::move(known)).decide(interrupted);
}

std::optional<Unobtainable> moved_under(const Trace& trace, const Moved& moved) {
  if (moved.empty()) return std::nullopt;
  for (const auto& wait : trace) {
    for (const Request& request : wait) {
      const auto* account = std::get_if<AccountRequest>(&request);
      if (account == nullptr) continue;
      const auto found = moved.find(key_of(AccountRequest{account->address}));
      if (found != moved.end()) return found->second;
    }
  }
  return std::nullopt;
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
