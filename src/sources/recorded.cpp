#include "sources/recorded.hpp"

namespace readyctl {

RecordedSource::RecordedSource(const Evidence& evidence)
    : evidence_(evidence), withheld_(evidence.withheld.begin(), evidence.withheld.end()) {}

void RecordedSource::ask(std::vector<Request> requests) {
  for (Request& request : requests) asked_.push_back(std::move(request));
}

std::vector<Answered> RecordedSource::next() {
  std::vector<Answered> answered;
  for (Request& request : asked_) {
    Answer answer = answer_for(request);
    answered.push_back({std::move(request), std::move(answer)});
  }
  asked_.clear();
  return answered;
}

Answer RecordedSource::answer_for(const Request& request) const {
  const std::string key = key_of(request);
  const auto found = evidence_.facts.find(key);
  if (found != evidence_.facts.end()) return found->second;
  // While the run was live, a slice may have been asked for by itself, or answered by the whole account.
  const auto whole = evidence_.facts.find(key_of(covering(request)));
  if (whole != evidence_.facts.end()) return whole->second;

  const bool was_withheld = withheld_.contains(key);
  const Unobtainable why{
      was_withheld ? "withheld" : "not-recorded",
      words_for(request) + (was_withheld ? " was withheld from this evidence" : " is not in the evidence"),
      Retry::never};
  return {{{"evidence", std::nullopt, Time{}, std::chrono::milliseconds(0), tl::unexpected(why)}}};
}

}  // namespace readyctl
