// lower_case: ASCII letters, as hosts, header names and error messages are compared.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace readyctl {

inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  const auto to_lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  return lower;
}

}  // namespace readyctl
