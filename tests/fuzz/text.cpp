// Text of strangers, made fit for a terminal.
#include "base/text.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(text) {
  const std::string safe = printable(fuzz::text_in(data, size));
  fuzz::require(std::none_of(safe.begin(), safe.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
                "no control character is left");
  fuzz::require(printable(safe) == safe, "what is printable stays as it is");
  fuzz::require(parse_json(exact_json(safe), "fuzz") == Json(safe), "what is printable is UTF-8");
  return 0;
}
