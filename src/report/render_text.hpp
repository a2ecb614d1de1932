// The report for a person on a terminal: the verdict first, then what blocks it, worst first.
#pragma once

#include <string>

#include "report/statement.hpp"

namespace readyctl {

struct TextStyle {
  bool colour = false;
  Time now;              ///< for distances such as "in 47 min"
  bool explain = false;  ///< how the facts were got: depth, and which gate asked for what
};

/// Words before symbols, addresses in full, text from outside made printable.
std::string render_text(const Statement& statement, const TextStyle& style);

}  // namespace readyctl
