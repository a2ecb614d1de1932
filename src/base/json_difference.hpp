// The first place where two JSON values differ.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"

namespace readyctl {

struct JsonDifference {
  std::string pointer;  ///< RFC 6901; empty: the whole value
  std::string first;    ///< what the first value has there, as JSON, or "nothing"
  std::string second;
};

/// None when the canonical forms are equal: the order of keys and the spelling of numbers and strings do not count.
/// Members are compared in the order of their keys. A value of more than 200 bytes is told by its SHA-256.
std::optional<JsonDifference> first_difference(const Json& first, const Json& second);

}  // namespace readyctl
