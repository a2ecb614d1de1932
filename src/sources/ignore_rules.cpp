#include "sources/ignore_rules.hpp"

#include <algorithm>
#include <bitset>

namespace readyctl {
namespace {

using Characters = std::bitset<256>;

std::size_t index_of(char c) { return static_cast<unsigned char>(c); }

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

// Whether two or more `*` stand anywhere but alone between slashes. gitignore(5) calls them one `*`, and git takes them
// for any number of folders after a literal beginning.
bool has_stars_in_a_name(std::string_view pattern) {
  for (std::size_t at = pattern.find("**"); at != std::string_view::npos; at = pattern.find("**", at)) {
    const bool begins = at == 0 || pattern[at - 1] == '/';
    at = std::min(pattern.find_first_not_of('*', at), pattern.size());
    const bool ends = at == pattern.size() || pattern[at] == '/';
    if (!begins || !ends) return true;
  }
  return false;
}

// Takes one character off the pattern, of which a backslash quotes the next. None: the pattern ends too early.
std::optional<char> take_quoted(std::string_view& pattern) {
  if (pattern.starts_with('\\')) pattern.remove_prefix(1);
  if (pattern.empty()) return std::nullopt;
  const char c = pattern.front();
  pattern.remove_prefix(1);
  return c;
}

// Takes what follows a `[`, up to its `]`. None: it has no end, and the pattern matches nothing.
std::optional<Characters> take_bracket(std::string_view& pattern) {
  const bool is_negated = pattern.starts_with('!') || pattern.starts_with('^');
  if (is_negated) pattern.remove_prefix(1);
  Characters members;
  std::optional<char> range_begin;
  bool is_first = true;
  while (!pattern.starts_with(']') || is_first) {
    is_first = false;
    const bool is_range = pattern.starts_with('-') && range_begin && pattern.size() > 1 && pattern[1] != ']';
    if (is_range) pattern.remove_prefix(1);
    const auto c = take_quoted(pattern);
    if (!c) return std::nullopt;
    const std::size_t begin = is_range ? index_of(*range_begin) : index_of(*c);
    for (std::size_t i = begin; i <= index_of(*c); ++i) members.set(i);
    range_begin = is_range ? std::nullopt : c;
  }
  pattern.remove_prefix(1);
  if (is_negated) members.flip();
  return members.reset(index_of('/'));
}

// Takes what stands for one character. None: the pattern matches nothing.
std::optional<Characters> take_one(std::string_view& pattern) {
  if (pattern.starts_with('?')) {
    pattern.remove_prefix(1);
    return Characters().set().reset(index_of('/'));
  }
  if (pattern.starts_with('[')) {
    pattern.remove_prefix(1);
    return take_bracket(pattern);
  }
  const auto c = take_quoted(pattern);
  return c ? std::optional(Characters().set(index_of(*c))) : std::nullopt;
}

// The places in a text that the beginning of a pattern leads to, all at once: no pattern has to be tried twice.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text), reached_(text.size() + 1, false) { reached_[0] = true; }

  bool is_at_end() const { return reached_.back(); }
  bool is_lost() const { return std::find(reached_.begin(), reached_.end(), true) == reached_.end(); }

  void go_one(const Characters& characters) {
    for (std::size_t at = text_.size(); at > 0; --at) {
      reached_[at] = reached_[at - 1] && characters.test(index_of(text_[at - 1]));
    }
    reached_[0] = false;
  }

  void go_within_name() {
    for (std::size_t at = 1; at <= text_.size(); ++at) {
      if (reached_[at - 1] && text_[at - 1] != '/') reached_[at] = true;
    }
  }

  // To where any number of folders end.
  void go_folders() {
    bool is_before = false;
    for (std::size_t at = 0; at <= text_.size(); ++at) {
      const bool was_reached = reached_[at];
      if (is_before && text_[at - 1] == '/') reached_[at] = true;
      is_before = is_before || was_reached;
    }
  }

 private:
  std::string_view text_;
  std::vector<bool> reached_;
};

bool matches(std::string_view pattern, std::string_view text, bool is_path, std::size_t& steps) {
  Places places(text);
  while (!pattern.empty()) {
    steps += text.size() + 1;
    if (places.is_lost()) return false;
    const std::size_t stars = std::min(pattern.find_first_not_of('*'), pattern.size());
    pattern.remove_prefix(stars);
    if (stars == 0) {
      const auto characters = take_one(pattern);
      if (!characters) return false;
      places.go_one(*characters);
    } else if (stars == 1 || !is_path) {
      places.go_within_name();
    } else if (pattern.empty()) {
      return true;  // whatever is left
    } else {
      pattern.remove_prefix(1);  // the slash
      places.go_folders();
    }
  }
  return places.is_at_end();
}

std::string_view last_name_in(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// However an unclear pattern is read, what it matches begins as it does.
bool may_match(std::string_view pattern, std::string_view text) {
  constexpr std::string_view special("*?[\\\0", 5);
  return text.starts_with(pattern.substr(0, pattern.find_first_of(special)));
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
    if (!line.empty() && !line.starts_with('#')) rules.add(without_spaces_at_end(line));
  }
  return rules;
}

// `line` is a part of the text.
void IgnoreRules::add(std::string_view line) {
  Rule rule;
  std::string_view pattern = line;
  rule.says_ignored = !pattern.starts_with('!');
  if (!rule.says_ignored) pattern.remove_prefix(1);
  rule.only_folders = pattern.ends_with('/');
  if (rule.only_folders) pattern.remove_suffix(1);
  rule.is_path = pattern.find('/') != std::string_view::npos;
  if (rule.is_path && pattern.starts_with('/')) pattern.remove_prefix(1);
  if (pattern.empty()) return;
  rule.begin = static_cast<std::uint32_t>(pattern.data() - text_.data());
  rule.size = static_cast<std::uint32_t>(pattern.size());
  rule.is_unclear = (rule.is_path && has_stars_in_a_name(pattern)) || pattern.find("[:") != std::string_view::npos ||
                    pattern.find('\0') != std::string_view::npos;
  rules_.push_back(rule);
}

UnclearRule IgnoreRules::unclear(const Rule& rule) const {
  const std::size_t line = text_.rfind('\n', rule.begin) + 1;
  const std::size_t end = rule.begin + rule.size + (rule.only_folders ? 1 : 0);
  return {file_, text_.substr(line, end - line)};
}

void IgnoreRules::decide(std::string_view path, bool is_folder, std::size_t& steps, IgnoreDecision& decision) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend() && !decision.ignored; ++rule) {
    ++steps;
    if (rule->only_folders && !is_folder) continue;
    const std::string_view text = rule->is_path ? path : last_name_in(path);
    if (!rule->is_unclear) {
      if (matches(pattern_of(*rule), text, rule->is_path, steps)) decision.ignored = rule->says_ignored;
    } else if (may_match(pattern_of(*rule), text)) {
      auto& doubt = rule->says_ignored ? decision.unclear_ignoring : decision.unclear_keeping;
      if (!doubt) doubt = unclear(*rule);
    }
  }
}

}  // namespace readyctl
