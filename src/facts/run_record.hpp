// What a run notes of itself among its facts: that it took its snapshot twice. That is not the same twice, so it is
// kept with the evidence. No gate asks for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "facts/record.hpp"

namespace readyctl {

/// The chain moved under the first snapshot of a run, which was thrown away.
struct Retake {
  Time first_decided_at;             ///< the time of decision of the first
  std::vector<std::string> because;  ///< what moved, in sentences

  /// At most so many reasons are kept; the last one then says how many more there were.
  static constexpr std::size_t reasons_max = 10;
};

void note(FactStore& facts, const Retake& retake, Time at);

/// What was noted; nothing when nothing was, or when the record is not as `note` writes it.
std::optional<Retake> retake_in(const FactStore& facts);

}  // namespace readyctl
