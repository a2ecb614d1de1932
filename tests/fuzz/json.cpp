// JSON, strict; its canonical form; and the place of a value in its text.
#include "base/json.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

namespace {

// Names the line of every value, as an error about it would.
void locate(const Document& document, const Json& value, const Place& place) {
  const std::size_t line = document.line_of(place.pointer());
  fuzz::require(line >= 1 && line <= document.text().size() + 1, "a value stands in a line of its text");
  if (value.is_object()) {
    for (const auto& item : value.items()) locate(document, item.value(), place / item.key());
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) locate(document, value[i], place / i);
  }
}

}  // namespace

FUZZ_TARGET(json) {
  const std::string text = fuzz::text_in(data, size);
  const auto document = Document::parse(text, "fuzz");
  if (!document) return 0;
  fuzz::require(!parse_json(text + " 1", "fuzz"), "the whole text was read");
  if (size <= 512) locate(*document, document->value(), Place(*document));

  const std::string exact = exact_json(document->value());
  const auto exact_again = parse_json(exact, "fuzz");
  fuzz::require(exact_again.has_value(), "the exact form is JSON");
  fuzz::require(*exact_again == document->value(), "the exact form has the same value");
  fuzz::require(exact_json(*exact_again) == exact, "the exact form is its own exact form");

  const auto canonical = canonical_json(document->value());
  if (!canonical) return 0;
  const auto again = parse_json(*canonical, "fuzz");
  fuzz::require(again.has_value(), "the canonical form is JSON");
  fuzz::require(*again == document->value(), "the canonical form has the same value");
  fuzz::require(canonical_json(*again) == *canonical, "the canonical form is its own canonical form");
  return 0;
}
