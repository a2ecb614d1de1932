// The rules of a .gitignore, after a line with a path that is asked about.
#include "sources/ignore_rules.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(ignore_rules) {
  const std::string input = fuzz::text_in(data, size);
  const std::string path = input.substr(0, input.find('\n'));
  const std::string text = input.substr(std::min(path.size() + 1, input.size()));
  for (const bool is_folder : {false, true}) {
    const auto decided = [&](const std::string& rules) {
      IgnoreDecision decision;
      StepBudget budget(1'000'000'000);
      IgnoreRules::parse(rules).decide(path, is_folder, budget, decision);
      return decision;
    };
    const IgnoreDecision alone = decided(text);
    fuzz::require(decided(text + "\n*").ignored == true, "the last rule that matches decides");
    fuzz::require(decided(text + "\n!*").ignored == false,
                  "the last rule that matches decides, also where it takes back");
    fuzz::require(!decided(text + "\n*").doubt(), "what is unclear before the rule that decides is no doubt");
    fuzz::require(decided(text + "\n#*\n\n*/*/[\n").ignored == alone.ignored, "what matches nothing decides nothing");
  }
  return 0;
}
