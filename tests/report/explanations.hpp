// What a test looks for in an explanation.
#pragma once

#include <algorithm>
#include <string>

#include "report/explanation.hpp"

namespace readyctl::test {

/// The line with this label; empty when there is none.
inline std::string line(const Explanation& explanation, const std::string& label) {
  for (const auto& one : explanation.lines) {
    if (one.label == label) return one.text;
  }
  return "";
}

inline bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline bool has_danger(const Explanation& explanation, const std::string& part) {
  return std::any_of(explanation.dangers.begin(), explanation.dangers.end(),
                     [&](const auto& one) { return says(one, part); });
}

}  // namespace readyctl::test
