#include "engine/mutation.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/base64.hpp"
#include "base/sha256.hpp"
#include "engine/record_edits.hpp"
#include "facts/accounts.hpp"

namespace readyctl {
namespace {

// A gate of a few accounts is decided so often at most; one whose evidence is large, less often.
constexpr std::size_t mutations_max = 3000;
constexpr std::size_t mutations_min = 64;
// The work of one gate: records read, blocks of bytes hashed, and values copied, each counted as often as the gate is
// decided.
constexpr std::size_t work_max = 60'000;
constexpr std::size_t bytes_as_work = 4096;
constexpr std::size_t values_as_work = 100;  // of JSON, which are copied as often

// What changes as one: an account with all of its records, or a record of something else.
struct Subject {
  Request request;
  std::vector<std::string> keys;
  Span read{0, 0};    // of the account's data: what the gate asked for
  std::string group;  // what several endpoints were asked alike; empty for all else
};

std::size_t end_of(const Slice& slice) { return std::size_t{slice.offset} + slice.length; }

// The keys of all records of an account, whole and in part.
std::vector<std::string> keys_of_account(const Pubkey& address, const FactStore& facts) {
  const std::string begin = R"({"account":")" + to_string(address) + "\"";
  std::vector<std::string> keys;
  for (auto record = facts.lower_bound(begin); record != facts.end() && record->first.starts_with(begin); ++record) {
    keys.push_back(record->first);
  }
  return keys;
}

class Subjects {
 public:
  explicit Subjects(const FactStore& facts) : facts_(facts) {}

  void add(const Request& request) {
    if (const auto* account = std::get_if<AccountRequest>(&request)) return add_account(*account);
    const std::string key = key_of(request);
    if (!facts_.contains(key) || !seen_.emplace(key, list_.size()).second) return;
    Subject subject{request, {key}, {}, {}};
    if (const auto* probe = std::get_if<ProbeRequest>(&request)) {
      subject.group = probe->method + exact_json(probe->params);
    }
    list_.push_back(std::move(subject));
  }

  std::vector<Subject> take() { return std::move(list_); }

 private:
  void add_account(const AccountRequest& request) {
    const Span read = request.slice ? Span{request.slice->offset, end_of(*request.slice)} : Span{0, SIZE_MAX};
    const auto [known, is_new] = seen_.emplace(to_string(request.address), list_.size());
    if (!is_new) {
      Span& before = list_[known->second].read;
      before = {std::min(before.begin, read.begin), std::max(before.end, read.end)};
      return;
    }
    auto keys = keys_of_account(request.address, facts_);
    list_.push_back({AccountRequest{request.address}, std::move(keys), read, {}});
  }

  const FactStore& facts_;
  std::map<std::string, std::size_t> seen_;
  std::vector<Subject> list_;
};

std::vector<Subject> subjects_of(const Trace& trace, const FactStore& facts) {
  Subjects subjects(facts);
  for (const auto& wait : trace) {
    for (const Request& request : wait) subjects.add(request);
  }
  std::vector<Subject> list = subjects.take();
  std::erase_if(list, [](const Subject& subject) { return subject.keys.empty(); });
  return list;
}

std::size_t values_in(const Json& json) {
  std::size_t values = 1;
  if (json.is_structured()) {
    for (const Json& value : json) values += values_in(value);
  }
  return values;
}

std::size_t work_of(const std::vector<Subject>& subjects, const FactStore& facts) {
  std::size_t work = 1;
  for (const Subject& subject : subjects) {
    for (const std::string& key : subject.keys) {
      const Observation& seen = facts.at(key).deciding();
      const std::size_t bytes = seen.outcome && seen.outcome->data ? seen.outcome->data->size() : 0;
      work += 1 + bytes / bytes_as_work;
      if (seen.outcome) work += values_in(seen.outcome->head) / values_as_work;
    }
  }
  return work;
}

// Evenly spread over the list, the first one included.
template <class T>
std::size_t thin_out(std::vector<T>& list, std::size_t most) {
  const std::size_t all = list.size();
  if (all <= most) return 0;
  for (std::size_t i = 1; i < most; ++i) {
    if (i * all / most != i) list[i] = std::move(list[i * all / most]);
  }
  list.resize(most);
  return all - most;
}

class Builder {
 public:
  Builder(std::vector<Subject> subjects, const FactStore& facts, std::size_t most)
      : subjects_(std::move(subjects)), facts_(facts), most_(most) {}

  Mutations build() {
    leave_out_subjects();
    for (const Subject& subject : subjects_) add_edits_of(subject);
    add_edits_of_groups();
    add_exchanges();
    if (subjects_.size() > 1) add_edits_of_all();
    const auto whole =
        std::stable_partition(made_.begin(), made_.end(), [](const Mutation& made) { return !made.is_whole; });
    std::vector<Mutation> large(std::make_move_iterator(whole), std::make_move_iterator(made_.end()));
    made_.erase(whole, made_.end());
    left_out_ += thin_out(large, most_ / 2);
    left_out_ += thin_out(made_, most_ - std::min(most_, large.size()));
    Mutations mutations{{}, left_out_};
    for (auto* part : {&made_, &large}) {
      mutations.list.insert(mutations.list.end(), std::make_move_iterator(part->begin()),
                            std::make_move_iterator(part->end()));
    }
    return mutations;
  }

 private:
  // Of more records than there may be mutations, some are not changed at all.
  void leave_out_subjects() {
    if (subjects_.size() <= most_) return;
    std::vector<Subject> all = subjects_;
    thin_out(subjects_, most_);
    std::set<std::string> kept;
    for (const Subject& subject : subjects_) kept.insert(subject.keys.front());
    for (const Subject& subject : all) {
      if (kept.contains(subject.keys.front())) continue;
      const RecordEdits edits = edits_of(subject);
      left_out_ += edits.list.size() + edits.left_out;
    }
  }

  RecordEdits edits_of(const Subject& subject) const {
    const std::size_t share = std::max(most_ / subjects_.size(), std::size_t{4});  // of all that there may be
    return edits_for(subject.request, facts_, subject.keys, subject.read, share);
  }

  void add(const Edit& edit, const std::string& words, std::vector<std::string> keys) {
    const FactStore* facts = &facts_;
    const auto apply = edit.apply;
    made_.push_back({edit.sort, words,
                     [facts, apply, keys = std::move(keys)] {
                       FactStore answers;
                       for (const std::string& key : keys) {
                         Answer answer = facts->at(key);
                         for (Observation& seen : answer.observations) apply(seen);
                         answers.emplace(key, std::move(answer));
                       }
                       return answers;
                     },
                     edit.is_whole});
  }

  void add_edits_of(const Subject& subject) {
    RecordEdits edits = edits_of(subject);
    left_out_ += edits.left_out;
    for (Edit& edit : edits.list) {
      if (edit.beside.empty()) {
        add(edit, edit.words + " in " + words_for(subject.request), subject.keys);
      } else {
        add_with_others(std::move(edit), subject);
      }
    }
  }

  // An edit that only makes sense together with answers that nobody gave.
  void add_with_others(Edit edit, const Subject& subject) {
    add(edit, edit.words + " in " + words_for(subject.request), subject.keys);
    made_.back().answers = [given = made_.back().answers, beside = std::move(edit.beside)] {
      FactStore answers = given();
      for (const auto& [key, answer] : beside) answers.insert_or_assign(key, answer);
      return answers;
    };
  }

  // What is asked of each endpoint can be wrong at all of them: a gate may ask for fewer than there are.
  void add_edits_of_groups() {
    std::map<std::string, std::vector<const Subject*>> groups;
    for (const Subject& subject : subjects_) {
      if (!subject.group.empty()) groups[subject.group].push_back(&subject);
    }
    for (const auto& [name, members] : groups) {
      if (members.size() < 2) continue;
      std::vector<std::string> keys;
      for (const Subject* member : members) keys.insert(keys.end(), member->keys.begin(), member->keys.end());
      const auto& first = std::get<ProbeRequest>(members.front()->request);
      RecordEdits edits = edits_of(*members.front());
      left_out_ += edits.left_out;
      for (const Edit& edit : edits.list) add(edit, edit.words + " in " + first.method + " of every endpoint", keys);
    }
  }

  // An account where another one is expected: in its place, or each in the place of the other.
  void add_exchanges() {
    std::vector<const Subject*> accounts;
    for (const Subject& subject : subjects_) {
      const bool is_whole = subject.keys.size() == 1 && subject.keys.front() == key_of(subject.request);
      if (std::holds_alternative<AccountRequest>(subject.request) && is_whole) accounts.push_back(&subject);
    }
    for (std::size_t i = 0; i + 1 < accounts.size(); ++i) {
      const std::string& one = accounts[i]->keys.front();
      const std::string& other = accounts[i + 1]->keys.front();
      const std::string words = words_for(accounts[i]->request) + " and " + words_for(accounts[i + 1]->request);
      const FactStore* facts = &facts_;
      made_.push_back({"swapped", words + " are exchanged",
                       [facts, one, other] { return FactStore{{one, facts->at(other)}, {other, facts->at(one)}}; },
                       true});
      made_.push_back({"duplicated", words + " are both what the second one is",
                       [facts, one, other] { return FactStore{{one, facts->at(other)}}; }, true});
    }
  }

  void add_edits_of_all() {
    std::vector<std::string> keys;
    for (const Subject& subject : subjects_) keys.insert(keys.end(), subject.keys.begin(), subject.keys.end());
    for (const Edit& edit : edits_for_any()) add(edit, edit.words + " in every record", keys);
  }

  std::vector<Subject> subjects_;
  const FactStore& facts_;
  std::size_t most_;
  std::size_t left_out_ = 0;
  std::vector<Mutation> made_;
};

}  // namespace

Mutations mutations_of(const Trace& trace, const FactStore& facts) {
  std::vector<Subject> subjects = subjects_of(trace, facts);
  if (subjects.empty()) return {};
  const std::size_t most = std::clamp(work_max / work_of(subjects, facts), mutations_min, mutations_max);
  return Builder(std::move(subjects), facts, most).build();
}

}  // namespace readyctl
