#include "sources/path_pattern.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cctype>
#include <optional>
#include <vector>

namespace readyctl {
namespace {

using Characters = std::bitset<256>;

// What one character between brackets takes, in time of steps from place to place.
constexpr std::size_t steps_in_bracket = 16;
// What it takes to look at any pattern.
constexpr std::size_t steps_of_pattern = 16;

std::size_t index_of(char c) { return static_cast<unsigned char>(c); }

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

bool is_ascii(int c) { return c < 0x80; }

// As git has it: without vertical tab and form feed.
int is_space(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' ? 1 : 0; }

struct CharacterClass {
  std::string_view name;
  int (*has)(int);
};

// Those of POSIX, as git has them: of ASCII alone.
constexpr std::array character_classes{CharacterClass{"alnum", std::isalnum}, CharacterClass{"alpha", std::isalpha},
                                       CharacterClass{"blank", std::isblank}, CharacterClass{"cntrl", std::iscntrl},
                                       CharacterClass{"digit", std::isdigit}, CharacterClass{"graph", std::isgraph},
                                       CharacterClass{"lower", std::islower}, CharacterClass{"print", std::isprint},
                                       CharacterClass{"punct", std::ispunct}, CharacterClass{"space", is_space},
                                       CharacterClass{"upper", std::isupper}, CharacterClass{"xdigit", std::isxdigit}};

// The name in `[:name:]`, where the pattern begins with one. None: it does not, and the `[` is a character.
std::optional<std::string_view> class_name_at(std::string_view pattern) {
  if (!pattern.starts_with("[:")) return std::nullopt;
  const std::size_t end = pattern.find(']', 2);
  if (end == std::string_view::npos || end < 3 || pattern[end - 1] != ':') return std::nullopt;
  return pattern.substr(2, end - 3);
}

// None: there is no such class, and the pattern matches nothing.
std::optional<Characters> characters_of_class(std::string_view name) {
  const auto found = std::find_if(character_classes.begin(), character_classes.end(),
                                  [&](const CharacterClass& one) { return one.name == name; });
  if (found == character_classes.end()) return std::nullopt;
  Characters members;
  for (int c = 0; is_ascii(c); ++c) members.set(static_cast<std::size_t>(c), found->has(c) != 0);
  return members;
}

Characters characters_between(char begin, char end) {
  if (index_of(begin) > index_of(end)) return {};
  const Characters all = Characters().set();
  return (all << index_of(begin)) & (all >> (all.size() - 1 - index_of(end)));
}

// Takes what follows a `[`, up to its `]`. None: it has no end, or names no class, and the pattern matches nothing.
std::optional<Characters> take_bracket(std::string_view& pattern) {
  const bool is_negated = pattern.starts_with('!') || pattern.starts_with('^');
  if (is_negated) pattern.remove_prefix(1);
  Characters members;
  std::optional<char> range_begin;
  bool is_first = true;
  while (!pattern.starts_with(']') || is_first) {
    is_first = false;
    if (const auto name = class_name_at(pattern)) {
      const auto of_class = characters_of_class(*name);
      if (!of_class) return std::nullopt;
      members |= *of_class;
      pattern.remove_prefix(name->size() + std::string_view("[::]").size());
      range_begin.reset();
      continue;
    }
    const bool is_range = pattern.starts_with('-') && range_begin && pattern.size() > 1 && pattern[1] != ']';
    if (is_range) pattern.remove_prefix(1);
    const auto c = take_quoted(pattern);
    if (!c) return std::nullopt;
    members |= characters_between(is_range ? *range_begin : *c, *c);
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

bool is_match(std::string_view pattern, std::string_view text, bool is_path, StepBudget& budget) {
  Places places(text);
  while (!pattern.empty()) {
    if (!budget.take(text.size() + 1)) return false;
    if (places.is_lost()) return false;
    const std::size_t stars = std::min(pattern.find_first_not_of('*'), pattern.size());
    pattern.remove_prefix(stars);
    if (stars == 0) {
      const std::size_t size = pattern.size();
      const auto characters = take_one(pattern);
      if (!characters || !budget.take(steps_in_bracket * (size - pattern.size() - 1))) return false;
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

}  // namespace

PathPattern PathPattern::parse(std::string_view text) {
  PathPattern pattern{text};
  pattern.is_negated = pattern.text.starts_with('!');
  if (pattern.is_negated) pattern.text.remove_prefix(1);
  pattern.only_folders = pattern.text.ends_with('/');
  if (pattern.only_folders) pattern.text.remove_suffix(1);
  pattern.is_path = pattern.text.find('/') != std::string_view::npos;
  if (pattern.is_path && pattern.text.starts_with('/')) pattern.text.remove_prefix(1);
  return pattern;
}

bool PathPattern::is_unclear() const { return is_path && has_stars_in_a_name(text); }

std::size_t PathPattern::steps_to_read() const { return steps_of_pattern + text.size(); }

bool PathPattern::matches(std::string_view path, bool is_folder, StepBudget& budget) const {
  if (text.empty() || !may_match(path, is_folder)) return false;
  return is_match(text, is_path ? path : last_name_in(path), is_path, budget);
}

bool PathPattern::may_match(std::string_view path, bool is_folder) const {
  if (only_folders && !is_folder) return false;
  const std::string_view literal = text.substr(0, text.find_first_of("*?[\\"));
  return (is_path ? path : last_name_in(path)).starts_with(literal);
}

UnclearRule unclear_pattern(const std::string& file, std::string_view line) {
  constexpr std::size_t shown_bytes_max = 200;
  const bool is_long = line.size() > shown_bytes_max;
  return {file, "has a pattern that may be read in different ways: " + std::string(line.substr(0, shown_bytes_max)) +
                    (is_long ? " ..." : "")};
}

}  // namespace readyctl
