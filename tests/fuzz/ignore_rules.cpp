// The rules of a .gitignore, after a line with a path that is asked about.
#include "sources/ignore_rules.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(ignore_rules) {
  const std::string input = fuzz::text_in(data, size);
  const std::string path = input.substr(0, input.find('\n'));
  const std::string text = input.substr(std::min(path.size() + 1, input.size()));
  const IgnoreRules rules = IgnoreRules::parse(text);
  std::size_t steps = 0;
  for (const bool is_folder : {false, true}) {
    const auto decided = rules.decide(path, is_folder, steps);
    const auto after = [&](const std::string& more) {
      return IgnoreRules::parse(text + more).decide(path, is_folder, steps);
    };
    fuzz::require(after("\n*") == true, "the last rule that matches decides");
    fuzz::require(after("\n!*") == false, "the last rule that matches decides, also where it takes back");
    fuzz::require(after("\n#*\n\n*/*/[\n") == decided, "what matches nothing decides nothing");
  }
  const auto& unclear = rules.unclear();
  fuzz::require(!unclear || text.find(*unclear) != std::string::npos, "a pattern is named as it is written");
  return 0;
}
