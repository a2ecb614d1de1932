// Record edits: how one recorded answer could differ, by what it is: an account, a file, or values in JSON.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "facts/record.hpp"
#include "facts/request.hpp"

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
  std::size_t left_out = 0;  ///< bytes that are not changed, in edits
};

/// Bytes from `begin`, up to `end`.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The edits of what was answered to `request`: of an account all of the records `keys`, of which a gate looked at the
/// bytes `read`; of anything else the one record. Of bytes no more than about `edits_max` are changed: of up to
/// 1024 each one, of more those at the beginning and others evenly spread; and of values in JSON no more than four
/// times as many, evenly spread. An edit holds what is changed and not what is changed in: records may be large.
RecordEdits edits_for(const Request& request, const FactStore& facts, const std::vector<std::string>& keys, Span read,
                      std::size_t edits_max);

/// The edits that any answer can have: given long ago, or not at all.
std::vector<Edit> edits_for_any();

}  // namespace readyctl
