// Behind: which facts of a run were stale when they were read. Endpoints behind one address need not have seen the
// same: one that lags answers honestly, and knows nothing of the upgrade.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/engine.hpp"

namespace readyctl {

/// How far behind the latest slot that a run sees its facts may have been read, half a minute or more: as long as a
/// blockhash can be used. A gate that rests on an older one is inconclusive, whatever it decided.
inline constexpr std::uint64_t slots_behind_max = 150;

/// The slots that the answers of a run came from, with the times at which they were asked for.
class SlotsSeen {
 public:
  struct Seen {
    Time asked_at;
    Slot slot;
  };

  /// Of the answers that decide; whoever gave them.
  explicit SlotsSeen(const FactStore& facts);

  /// What of that which a gate read is too old beside another answer: it lies further back than slots_behind_max, and
  /// than what can have passed from its own request to that for the other. A probe speaks of its endpoint, which may
  /// lag; that is for its gate to say.
  std::optional<Unobtainable> behind(const Trace& trace, const FactStore& facts) const;

 private:
  std::optional<Seen> too_far_ahead_of(const Seen& fact) const;

  std::vector<Seen> latest_;         // those whose slot is after that of all asked for before; in this order
  std::vector<Seen> furthest_from_;  // for each of latest_: of it and those after it, that which is furthest ahead
};

}  // namespace readyctl
