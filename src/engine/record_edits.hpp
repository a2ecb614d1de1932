// Record edits: how one recorded answer could differ, by what it is: an account, a file, or values in JSON.
#pragma once

#include <string>
#include <vector>

#include "engine/byte_edits.hpp"
#include "engine/edit.hpp"
#include "facts/record.hpp"
#include "facts/request.hpp"

namespace readyctl {

/// The edits of what was answered to `request`: of an account all of the records `keys`, of which a gate looked at the
/// bytes `read`; of anything else the one record. Of bytes no more than about `edits_max` are changed: of up to
/// 1024 each one, of more those at the beginning and others evenly spread; and of values in JSON no more than four
/// times as many, evenly spread. An edit holds what is changed and not what is changed in: records may be large.
RecordEdits edits_for(const Request& request, const FactStore& facts, const std::vector<std::string>& keys, Span read,
                      std::size_t edits_max);

/// The edits that any answer can have: given long ago, or not at all.
std::vector<Edit> edits_for_any();

}  // namespace readyctl
