#include "engine/behind.hpp"

#include <algorithm>
#include <variant>

namespace readyctl {
namespace {

// None: it is no answer, or has no slot. An answer that is long arrives after its slot.
std::optional<SlotsSeen::Seen> seen_in(const Observation& observation) {
  if (!observation.outcome || !observation.slot) return std::nullopt;
  return SlotsSeen::Seen{observation.at + -observation.elapsed, *observation.slot};
}

// A run that takes minutes is not behind for that: so many more slots may a cluster have seen in between, and no more.
std::uint64_t slots_allowed(const SlotsSeen::Seen& fact, const SlotsSeen::Seen& other) {
  const auto passed = std::max(other.asked_at - fact.asked_at, std::chrono::milliseconds(0));
  return slots_behind_max + static_cast<std::uint64_t>(passed / shortest_slot);
}

// When the first slot would have been, had each taken the shortest time: the earlier, the further ahead is the answer.
double first_slot_at(const SlotsSeen::Seen& seen) {
  return static_cast<double>(seen.asked_at.milliseconds) -
         static_cast<double>(seen.slot.value) * static_cast<double>(shortest_slot.count());
}

Unobtainable words_for_behind(const Request& request, const std::string& from, const SlotsSeen::Seen& fact,
                              const SlotsSeen::Seen& other) {
  const auto later = other.asked_at - fact.asked_at;
  return {"behind",
          words_for(request) + " was read from " + from + " at slot " + to_string(fact.slot) + ", and slot " +
              to_string(other.slot) + " was seen in the same run" +
              (later > std::chrono::milliseconds(0) ? " " + duration_text(later) + " later" : "") + "; at most " +
              std::to_string(slots_allowed(fact, other)) + " slots between them are accepted",
          Retry::other_endpoint};
}

}  // namespace

SlotsSeen::SlotsSeen(const FactStore& facts) {
  std::vector<Seen> all;
  for (const auto& [key, answer] : facts) {
    if (const auto seen = seen_in(answer.deciding())) all.push_back(*seen);
  }
  std::sort(all.begin(), all.end(), [](const Seen& a, const Seen& b) { return a.asked_at < b.asked_at; });
  for (const Seen& seen : all) {
    if (latest_.empty() || latest_.back().slot < seen.slot) latest_.push_back(seen);
  }
  furthest_from_ = latest_;
  for (std::size_t i = latest_.size(); i-- > 1;) {
    const Seen& before = latest_[i - 1];
    const Seen& after = furthest_from_[i];
    furthest_from_[i - 1] = first_slot_at(after) < first_slot_at(before) ? after : before;
  }
}

std::optional<SlotsSeen::Seen> SlotsSeen::too_far_ahead_of(const Seen& fact) const {
  const auto is_too_far = [&](const Seen& other) {
    return other.slot > fact.slot && other.slot.value - fact.slot.value > slots_allowed(fact, other);
  };
  const auto asked_later = std::upper_bound(latest_.begin(), latest_.end(), fact.asked_at,
                                            [](Time time, const Seen& seen) { return time < seen.asked_at; });
  if (asked_later != latest_.begin() && is_too_far(*std::prev(asked_later))) return *std::prev(asked_later);
  if (asked_later == latest_.end()) return std::nullopt;
  const Seen& furthest = furthest_from_[static_cast<std::size_t>(asked_later - latest_.begin())];
  return is_too_far(furthest) ? std::optional(furthest) : std::nullopt;
}

std::optional<Unobtainable> SlotsSeen::behind(const Trace& trace, const FactStore& facts) const {
  for (const auto& wait : trace) {
    for (const Request& request : wait) {
      if (std::holds_alternative<ProbeRequest>(request)) continue;
      const Answer* answer = find_answer(facts, key_of(request), key_of(covering(request)));
      const auto seen = answer != nullptr ? seen_in(answer->deciding()) : std::nullopt;
      const auto other = seen ? too_far_ahead_of(*seen) : std::nullopt;
      if (other) return words_for_behind(request, answer->deciding().from, *seen, *other);
    }
  }
  return std::nullopt;
}

}  // namespace readyctl
