// JSON edits: how the values in the head of a recorded answer could differ.
#pragma once

#include <functional>

#include "base/json.hpp"
#include "engine/edit.hpp"

namespace readyctl {

/// Adds to `edits` those of the values in `head`: another value, a member less, an entry less or twice. No more than
/// `edits_max`, evenly spread, and no more than about `bytes_max` of the bytes of each text in base64; the others are
/// counted as left out. An endpoint chooses how many values it sends: only what is kept takes memory.
void add_json_edits(const Json& head, std::size_t bytes_max, std::size_t edits_max, RecordEdits& edits);

/// `change` of the value that an answer's head has at `at`; an answer without one is left alone.
std::function<void(Observation&)> at_pointer(Json::json_pointer at, std::function<void(Json&)> change);

}  // namespace readyctl
