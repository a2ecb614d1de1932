// invariant: what must be true unless readyctl itself is wrong. A broken one ends the process; it never becomes a
// finding, because a verdict of a broken program is worth nothing.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace readyctl {

/// The exit status of a process whose invariant broke.
inline constexpr int exit_defect = 70;

/// Ends the process with status 70 and `words` on standard error when `holds` is false.
inline void invariant(bool holds, std::string_view words) {
  if (holds) return;
  std::fprintf(stderr, "readyctl: defect: %.*s\n", static_cast<int>(words.size()), words.data());
  std::_Exit(exit_defect);
}

}  // namespace readyctl
