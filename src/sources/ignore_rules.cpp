#include "sources/ignore_rules.hpp"

#include <algorithm>

namespace readyctl {
namespace {

// As git's trim_trailing_spaces: a space after a backslash stays.
std::string_view without_spaces_at_end(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ' ') continue;
    if (line[i] == '\\') ++i;
    end = std::min(i + 1, line.size());
  }
  return line.substr(0, end);
}

}  // namespace

IgnoreRules IgnoreRules::parse(std::string text, std::string file) {
  IgnoreRules rules;
  rules.file_ = std::move(file);
  rules.text_ = std::move(text);
  std::string_view left = rules.text_;
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (left.starts_with(byte_order_mark)) left.remove_prefix(byte_order_mark.size());
  while (!left.empty()) {
    const std::size_t size = std::min(left.find('\n'), left.size());
    std::string_view line = left.substr(0, size);
    left.remove_prefix(std::min(size + 1, left.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_spaces_at_end(line.substr(0, line.find('\0')));
    if (line.empty() || line.starts_with('#')) continue;
    rules.rules_.push_back(
        {static_cast<std::uint32_t>(line.data() - rules.text_.data()), static_cast<std::uint32_t>(line.size())});
  }
  return rules;
}

void IgnoreRules::decide(std::string_view path, bool is_folder, StepBudget& budget, IgnoreDecision& decision) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend() && !decision.ignored; ++rule) {
    const std::string_view line = std::string_view(text_).substr(rule->begin, rule->size);
    const PathPattern pattern = PathPattern::parse(line);
    if (!budget.take(pattern.steps_to_read())) return;
    if (!pattern.is_unclear()) {
      if (pattern.matches(path, is_folder, budget)) decision.ignored = !pattern.is_negated;
    } else if (pattern.may_match(path, is_folder)) {
      auto& doubt = pattern.is_negated ? decision.unclear_keeping : decision.unclear_ignoring;
      if (!doubt) doubt = unclear_pattern(file_, line);
    }
  }
}

}  // namespace readyctl
