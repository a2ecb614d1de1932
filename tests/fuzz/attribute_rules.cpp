// The rules of a .gitattributes, after a line with a path that is asked about.
#include "sources/attribute_rules.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(attribute_rules) {
  const std::string input = fuzz::text_in(data, size);
  const std::string path = input.substr(0, input.find('\n'));
  const std::string text = input.substr(std::min(path.size() + 1, input.size()));
  const auto said_by = [&](const std::string& rules, std::optional<UnclearRule>& unclear) {
    const AttributeRules parsed = AttributeRules::parse(rules);
    Attributes known;
    StepBudget budget(1'000'000'000);
    unclear = parsed.decide(path, parsed, budget, known);
    return known;
  };
  std::optional<UnclearRule> unclear;
  const Attributes alone = said_by(text, unclear);
  const bool is_unclear = unclear.has_value();
  Attributes more = said_by(text + "\n* filter=lfs\n", unclear);
  const bool is_text = text.find('\0') == std::string::npos;
  fuzz::require(!is_text || unclear || more["filter"].is("lfs"), "the last rule that matches decides");
  fuzz::require(said_by(text + "\n#* text\n[attr]\n* te/xt\n!* text\n", unclear) == alone || is_unclear,
                "what says nothing decides nothing");
  return 0;
}
