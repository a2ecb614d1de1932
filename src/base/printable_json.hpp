// JSON that a person may see on a terminal or in the log of a pipeline.
#pragma once

#include <string>
#include <string_view>

namespace readyctl {

/// A JSON text that means the same, in which everything that printable() would make visible is written as JSON escapes
/// it, \uNNNN. Such characters stand in strings alone.
std::string printable_json(std::string_view json);

}  // namespace readyctl
