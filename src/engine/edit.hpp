// Edit: one way in which a recorded answer could differ.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "facts/record.hpp"

namespace readyctl {

/// A change of one answer.
struct Edit {
  std::string sort;
  std::string words;                        ///< a clause: "byte 13 is 0x03 and not 0x02"
  std::function<void(Observation&)> apply;  ///< leaves alone what it does not fit
  bool is_whole = false;                    ///< changes the answer as a whole, or who gave it, and nothing within it
  FactStore beside;                         ///< answers without which the change would only be one that nobody explains
};

struct RecordEdits {
  std::vector<Edit> list;
  std::size_t left_out = 0;  ///< edits that would have been too many
};

}  // namespace readyctl
