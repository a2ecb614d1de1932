// What a run notes of itself among its facts: that it took its snapshot twice, and what reading the chain cost. Neither
// is the same twice, so both are kept with the evidence. No gate asks for them.
#pragma once

#include <chrono>
#include <cstdint>
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

/// What reading the chain cost a run, the first snapshot included.
struct Spent {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;    ///< of answers, compression undone
  std::uint64_t retries = 0;  ///< of the requests, those that repeated one that had failed
  std::chrono::milliseconds elapsed{0};
};

void note(FactStore& facts, const Retake& retake, Time at);
void note(FactStore& facts, const Spent& spent, Time at);

/// What was noted; nothing when nothing was, or when the record is not as `note` writes it.
std::optional<Retake> retake_in(const FactStore& facts);
std::optional<Spent> spent_in(const FactStore& facts);

}  // namespace readyctl
