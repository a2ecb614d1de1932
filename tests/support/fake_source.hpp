// FakeSource: a table of answers that logs what was asked, round by round.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "facts/accounts.hpp"
#include "facts/local.hpp"
#include "facts/source.hpp"

namespace readyctl::test {

/// An account for a table: data, owner, and what else differs from the usual.
struct Holding {
  Pubkey owner;
  Bytes data;
  Lamports lamports{1'000'000};
  bool executable = false;
};

class FakeSource final : public Source {
 public:
  /// The answer for a request. An account that nobody put here does not exist; any other request cannot be had.
  void answers(const Request& request, Payload payload, Slot slot = {100}) {
    table_[key_of(request)] = {{{"fake", slot, Time{}, std::chrono::milliseconds(1), std::move(payload)}}};
  }
  void holds(const Pubkey& address, const Holding& holding) {
    const auto data = std::make_shared<const Bytes>(holding.data);
    const Account account{address, holding.owner, holding.lamports, holding.executable, data->size(), data, Slot{100}};
    answers(AccountRequest{address}, account_payload(account, "raw", data, std::nullopt));
  }
  /// The slot from which a request that has an answer already is answered.
  void at_slot(const Request& request, Slot slot) { table_.at(key_of(request)).observations.back().slot = slot; }

  /// When a request that has an answer already is answered.
  void at_time(const Request& request, Time at) { table_.at(key_of(request)).observations.back().at = at; }

  /// How long the answer to a request that has one already takes.
  void takes(const Request& request, std::chrono::milliseconds elapsed) {
    table_.at(key_of(request)).observations.back().elapsed = elapsed;
  }

  void holds_file(const std::string& path, const Bytes& data) {
    answers_locally(FileRequest{path}, file_payload(std::make_shared<const Bytes>(data)));
  }
  void is_now(Time time) { answers_locally(ClockRequest{}, clock_payload(time)); }

  /// The answer of this machine and no endpoint.
  void answers_locally(const Request& request, Payload payload) {
    table_[key_of(request)] = {{{"local", std::nullopt, Time{}, std::chrono::milliseconds(1), std::move(payload)}}};
  }
  /// Everything that several endpoints said.
  void answers_with(const Request& request, Answer answer) { table_[key_of(request)] = std::move(answer); }

  /// The request cannot be had.
  void refuses(const Request& request, Unobtainable why = {"timeout", "no answer within 10 s", Retry::now}) {
    table_[key_of(request)] = {
        {{"fake", std::nullopt, Time{}, std::chrono::milliseconds(1), tl::unexpected(std::move(why))}}};
  }
  /// What came of the request, attempt by attempt: who was asked, and what went wrong.
  void refuses_after(const Request& request, const std::vector<std::pair<std::string, std::string>>& attempts) {
    Answer answer;
    for (const auto& [from, what] : attempts) {
      answer.observations.push_back({from, std::nullopt, Time{}, std::chrono::milliseconds(1),
                                     tl::unexpected(Unobtainable{"refused", what, Retry::now})});
    }
    table_[key_of(request)] = std::move(answer);
  }

  void ask(std::vector<Request> requests) override {
    rounds_.emplace_back();
    for (Request& request : requests) {
      rounds_.back().push_back(key_of(request));
      waiting_.push_back(std::move(request));
    }
  }
  std::vector<Answered> next() override {
    std::vector<Answered> answered;
    for (Request& request : waiting_) {
      Answer answer = answer_for(request);
      answered.push_back({std::move(request), std::move(answer)});
    }
    waiting_.clear();
    return answered;
  }

  /// The keys asked for, one list a round.
  const std::vector<std::vector<std::string>>& rounds() const { return rounds_; }

 private:
  Answer answer_for(const Request& request) const {
    const auto own = table_.find(key_of(request));
    if (own != table_.end()) return own->second;
    const auto* account = std::get_if<AccountRequest>(&request);
    const auto whole = account == nullptr ? table_.end() : table_.find(key_of(AccountRequest{account->address}));
    if (whole != table_.end()) return part_of(whole->second, std::get<AccountRequest>(request));
    if (std::holds_alternative<AccountRequest>(request)) {
      return {{{"fake", Slot{100}, Time{}, std::chrono::milliseconds(1), no_account_payload()}}};
    }
    const Unobtainable unknown{"missing", "the fake source has no answer for " + key_of(request), Retry::never};
    return {{{"fake", std::nullopt, Time{}, std::chrono::milliseconds(1), tl::unexpected(unknown)}}};
  }

  // The same answer with no more of the data than was asked for, as an endpoint gives it.
  static Answer part_of(Answer answer, const AccountRequest& request) {
    Observation& seen = answer.observations.back();
    if (!seen.outcome) return answer;
    auto account = read_account(*seen.outcome, seen, request.address);
    if (!account || !*account || !request.slice) return answer;
    const Bytes& data = *(*account)->data;
    const auto begin =
        data.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(request.slice->offset, data.size()));
    const auto left = static_cast<std::size_t>(data.end() - begin);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min<std::size_t>(request.slice->length, left));
    const auto part = std::make_shared<const Bytes>(begin, end);
    Account cut = **account;
    cut.data = part;
    seen.outcome = account_payload(cut, "raw", part, request.slice);
    return answer;
  }

  std::map<std::string, Answer> table_;
  std::deque<Request> waiting_;
  std::vector<std::vector<std::string>> rounds_;
};

}  // namespace readyctl::test
