// Long strings: lifts megabytes of base64 out of a JSON text before it is parsed, so that the parser neither scans nor
// copies them. What is left is parsed as strictly as ever.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace readyctl {

/// String literals shorter than this stay where they are, in bytes.
inline constexpr std::size_t long_string_bytes_min = 4096;

/// A JSON text without its long strings.
struct LiftedText {
  std::string rest;                            ///< the text, a short marker in place of each long string
  std::vector<std::string_view> long_strings;  ///< what stood there, between its quotes; views into the text
};

/// Lifts each string literal of at least long_string_bytes_min bytes that holds only characters of base64. The text
/// need not be valid JSON: then `rest` is not either. A `rest` of more than `rest_bytes_max` ends one byte beyond that.
LiftedText lift_long_strings(std::string_view text, std::size_t rest_bytes_max);

/// Gives the memory of a string that was lifted out of `text` back to the system, page by page: what is left of it
/// reads as zeros where a whole page was its own. No effect on a string that is somewhere else.
void release_long_string(std::string& text, std::string_view lifted);

/// Hands the lifted strings out again, each once.
class LongStrings {
 public:
  explicit LongStrings(std::vector<std::string_view> texts) : texts_(std::move(texts)) {}

  /// The text of a string value: the lifted one when the value is a marker that was not used yet, else its own.
  std::string_view text_of(const Json& string);

  /// Whether each was handed out. If not, a marker stands where no long string belongs, or was forged: parse the whole
  /// text instead.
  bool all_used() const { return used_ == texts_.size(); }

 private:
  std::vector<std::string_view> texts_;
  std::vector<bool> is_used_ = std::vector<bool>(texts_.size(), false);
  std::size_t used_ = 0;
};

}  // namespace readyctl
