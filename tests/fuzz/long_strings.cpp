// JSON whose long strings are lifted out before it is parsed.
#include "sources/long_strings.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

namespace {

// A byte that no JSON holds stands for a long text, so that inputs stay short.
std::string with_long_texts(std::string_view text) {
  std::string longer;
  for (const char c : text) {
    if (c == '\x01') {
      longer.append(long_string_bytes_min, 'A');
    } else {
      longer += c;
    }
  }
  return longer;
}

// The value with the lifted texts put back where their markers stand.
Json restored(const Json& value, LongStrings& long_strings) {
  if (value.is_string()) return std::string(long_strings.text_of(value));
  Json copy = value;
  if (value.is_structured()) {
    for (Json& item : copy) item = restored(Json(item), long_strings);
  }
  return copy;
}

}  // namespace

FUZZ_TARGET(long_strings) {
  const std::string text = with_long_texts(fuzz::text_in(data, size));
  const LiftedText lifted = lift_long_strings(text, text.size());
  const auto whole = parse_json(text, "whole");
  const auto rest = parse_json(lifted.rest, "rest");
  if (!whole) return 0;
  LongStrings long_strings(lifted.long_strings);
  // A forged marker, a long key, or one key twice is found by its text not being used: then the whole text is read.
  const Json value = rest ? restored(*rest, long_strings) : Json();
  const bool forged = text.find("!long-string-") != std::string::npos;
  if (rest && long_strings.all_used() && !forged) fuzz::require(value == *whole, "the value is that of the whole text");
  return 0;
}
