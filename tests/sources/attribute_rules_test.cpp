// What a .gitattributes says: case by case, and against git itself.
#include "sources/attribute_rules.hpp"

#include <random>

#include "sources/git_sandbox.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

using Kind = AttributeState::Kind;

constexpr std::size_t enough = 1'000'000'000;

// As `git check-attr` prints it.
std::string words_for(const Attributes& attributes, const std::string& name) {
  const auto found = attributes.find(name);
  if (found == attributes.end()) return "unspecified";
  switch (found->second.kind) {
    case Kind::set:
      return "set";
    case Kind::unset:
      return "unset";
    case Kind::unspecified:
      return "unspecified";
    case Kind::text:
      break;
  }
  return found->second.text;
}

struct Decided {
  Attributes attributes;
  std::optional<UnclearRule> unclear;
  std::size_t steps = 0;
};

Decided decided(const std::string& rules, const std::string& path) {
  const AttributeRules parsed = AttributeRules::parse(rules);
  Decided all;
  StepBudget budget(enough);
  all.unclear = parsed.decide(path, parsed, budget, all.attributes);
  all.steps = enough - budget.left();
  return all;
}

std::string said(const std::string& rules, const std::string& path, const std::string& name = "text") {
  const Decided all = decided(rules, path);
  return all.unclear ? all.unclear->what : words_for(all.attributes, name);
}

std::string doubt(const std::string& rules, const std::string& path) {
  const auto unclear = decided(rules, path).unclear;
  return unclear ? unclear->file + " " + unclear->what : "";
}

}  // namespace

// What is said of an attribute, and by which line.
TEST_CASE("attribute rules as they are documented", "[git]") {
  CHECK(said("*.c text", "a.c") == "set");
  CHECK(said("*.c -text", "x/a.c") == "unset");
  CHECK(said("*.c text\na.c !text", "a.c") == "unspecified");
  CHECK(said("*.c text=auto", "a.c") == "auto");
  CHECK(said("*.c text=", "a.c") == "");
  CHECK(said("*.c -text=auto", "a.c") == "unset");
  CHECK(said("*.c text -text", "a.c") == "unset");
  CHECK(said("*.c text\n*.h -text", "a.c") == "set");
  CHECK(said("x/*.c text", "x/a.c") == "set");
  CHECK(said("x/*.c text", "x/y/a.c") == "unspecified");
  CHECK(said("/a.c text", "x/a.c") == "unspecified");
  CHECK(said("x/ text", "x") == "unspecified");
  CHECK(said("x/** filter=a=b", "x/y/a.c", "filter") == "a=b");
  CHECK(said("a[[:space:]]b.so filter=lfs", "a b.so", "filter") == "lfs");
  CHECK(decided("*.c linguist-generated diff=c", "a.c").attributes.empty());
}

// Lines: blanks, comments, line ends, and those that git warns of and passes over.
TEST_CASE("the lines of attribute rules", "[git]") {
  CHECK(said("  \t*.c \t text \r\n", "a.c") == "set");
  CHECK(said("\xef\xbb\xbf*.c text", "a.c") == "set");
  CHECK(said("  # *.c text\n", "a.c") == "unspecified");
  CHECK(said("*.c # text\n", "a.c") == "unspecified");
  CHECK(said("*.c te/xt text", "a.c") == "unspecified");
  CHECK(said("*.c text --x", "a.c") == "unspecified");
  CHECK(said("*.c text =", "a.c") == "unspecified");
  CHECK(said("* text\n!*.c -text", "a.c") == "set");
  CHECK(said("*.c", "a.c") == "unspecified");
  CHECK(said("\\\n#* text", "\n#a") == "unspecified");  // a backslash continues no line
}

// A pattern may be quoted as in C.
TEST_CASE("quoted patterns of attribute rules", "[git]") {
  CHECK(said("\"a b\" text\n", "a b") == "set");
  CHECK(said("\"a\\tb\\303\\251\\\"\" text\n", "a\tb\xc3\xa9\"") == "set");
  CHECK(said("\"a b\"text", "a b") == "set");
  CHECK(said("\"a\\000b\" text", "a") == "set");
  CHECK(said("\"\" text", "\"\"") == "unspecified");
  CHECK(said("\"!a\" text", "!a") == "unspecified");
  for (const char* not_quoted : {"\"a", "\"a\\q\"", "\"a\\400\"", "\"a\\", "\"a\\01\""}) {
    CAPTURE(not_quoted);
    CHECK(said(std::string(not_quoted) + " text\n* -text", "a") == "unset");
  }
  CHECK(said("\"a text", "\"a") == "set");
  CHECK(said("* -text\n\"a\\\\\" text\n*.c text=auto", "a.c") == "auto");
}

// A macro is an attribute that stands for others.
TEST_CASE("macros of attribute rules", "[git]") {
  const std::string macros = "[attr]code text eol=lf\n[attr]all code filter=x\n[attr]loop loop ident\n";
  CHECK(said(macros + "* code", "a", "eol") == "lf");
  CHECK(said(macros + "* all", "a", "eol") == "lf");
  CHECK(said(macros + "* all", "a", "filter") == "x");
  CHECK(said(macros + "* -all", "a", "filter") == "unspecified");
  CHECK(said(macros + "* loop", "a", "ident") == "set");
  CHECK(said(macros + "* code -text", "a") == "unset");
  CHECK(said(macros + "* -text code", "a") == "set");
  CHECK(said(macros + "* -code\n", "a") == "unspecified");
  CHECK(said(macros + "* code\na !code\n", "a") == "unspecified");
  CHECK(said("* binary", "a") == "unset");
  CHECK(said("* binary\n[attr]binary text", "a") == "set");
  CHECK(said("[attr]m text\n[attr]m -text\n* m", "a") == "unset");
  CHECK(said("[attr] text", "[attr]") == "unspecified");
  const AttributeRules root = AttributeRules::parse("* -text");
  const AttributeRules inner = AttributeRules::parse("[attr]m text\n* m", "x/.gitattributes");
  Attributes known;
  StepBudget budget(enough);
  CHECK_FALSE(inner.decide("a", root, budget, known));
  CHECK(known.empty());  // it may define none
}

// Those of the folder furthest down are asked first, and what they say stays.
TEST_CASE("what is known of an attribute stays", "[git]") {
  Attributes known{{"text", {Kind::unset, ""}}};
  StepBudget budget(enough);
  const AttributeRules rules = AttributeRules::parse("* text ident");
  CHECK_FALSE(rules.decide("a", rules, budget, known));
  CHECK(words_for(known, "text") == "unset");
  CHECK(words_for(known, "ident") == "set");
}

// What cannot be relied on is in doubt where it matters.
TEST_CASE("attribute rules that may be read in different ways", "[git]") {
  CHECK(doubt("a/b** text", "a/b") == ".gitattributes has a pattern that may be read in different ways: a/b**");
  CHECK(doubt("a/b** text", "a/c").empty());
  CHECK(doubt("a/b** linguist-vendored", "a/b").empty());
  CHECK(doubt("a/b** text\n* -text", "a/b").empty());
  CHECK_FALSE(doubt("* -text\na/b** text", "a/b").empty());
  CHECK(doubt(std::string("#\0\n* text", 9), "a") == ".gitattributes holds a NUL");
  const std::string long_line = "a" + std::string(2042, ' ');
  CHECK(doubt(long_line + "text\n", "b").empty());
  CHECK(doubt(long_line + "text\r\n", "b").empty());
  CHECK(doubt(long_line + " text\n", "b") == ".gitattributes has a line of more than 2047 bytes");
  CHECK(doubt("#" + long_line + " text\n", "b").empty());
  CHECK(doubt("a builtin_x\n", "b") == ".gitattributes has an attribute that newer versions of git reserve: builtin_");
}

// Macros that stand for macros, and long lists, take steps that are counted.
TEST_CASE("attribute rules have an end", "[git]") {
  std::string macros;
  for (int i = 0; i < 20'000; ++i) macros += "[attr]m" + std::to_string(i) + " m" + std::to_string(i + 1) + "\n";
  macros += "[attr]m20000 text\n";
  const Decided chain = decided(macros + "* m0", "a");
  CHECK(words_for(chain.attributes, "text") == "set");
  CHECK(chain.steps > 128 * 20'000);
  const Decided again = decided(macros + "* m0\n* m0\n* m0\n", "a");
  CHECK(again.steps < chain.steps + 1000);  // each is expanded once for a path
  CHECK(decided("[" + std::string(1000, 'x') + "a] text", "a").steps > 16 * 1000);
  StepBudget budget(100'000);
  const AttributeRules rules = AttributeRules::parse(macros + "* m0");
  Attributes known;
  rules.decide("a", rules, budget, known);
  CHECK(budget.is_spent());
  CHECK(known.size() < 1000);
}

// Unclear rules, which a path may match or not, and clear ones end alike.
TEST_CASE("attribute rules end with their steps", "[git]") {
  const std::string many = GENERATE("x/b** text\n", "*/b** x\n", "x/y text\n", "* x\n", "*? text\n");
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += many;
  const AttributeRules rules = AttributeRules::parse(text);
  StepBudget budget(100'000);
  Attributes known;
  rules.decide("z/b", rules, budget, known);
  CHECK(budget.is_spent());
}

namespace {

const std::vector<std::string> names{"filter", "working-tree-encoding", "ident", "text", "eol", "crlf"};
const std::vector<std::string> paths{"a",      "b",       "ab",   "a.b",        "x/a",   "x/b",  "x/y/a",
                                     "x/y/ab", "y/x/y/a", "a b",  "x/a\tb",     "\"a\"", "!a",   "[a]/?",
                                     "x/#a",   "x/-",     "a]/[", "x/\xc3\xa9", "x/y/b", "a\vb", "x/a\fb"};

template <class T>
const T& one_of(const std::vector<T>& list, std::mt19937& random) {
  return list[random() % list.size()];
}

std::string made_up_attribute(std::mt19937& random) {
  static const std::vector<std::string> attributes{"filter", "ident", "text", "eol", "crlf",   "m",
                                                   "n",      "diff",  "text", "m",   "binary", "working-tree-encoding"};
  static const std::vector<std::string> odd{"te/xt", "-", "!", "=", "--text", "text==x", "-text=lf", "m=1", "tex\"t"};
  if (random() % 30 == 0) return one_of(odd, random);
  const std::string& name = one_of(attributes, random);
  static const std::vector<std::string> forms{"", "", "", "-", "!"};
  const std::string& form = one_of(forms, random);
  static const std::vector<std::string> values{"", "=lf", "=auto", "=", "=x=y"};
  return form + name + (form.empty() ? one_of(values, random) : "");
}

std::string made_up_attributes(std::mt19937& random) {
  static const std::vector<std::string> pieces{"a",     "b",    "x",           "y",   "ab",      "/",       "/",
                                               "*",     "*",    "?",           "**",  "[",       "]",       "**/",
                                               "[a-b]", "[!a]", "[[:space:]]", "\\",  "[]x]",    ".",       "!",
                                               "#",     "\"",   "\\303\\251",  "\\t", "\"a b\"", "\xc3\xa9"};
  static const std::vector<std::string> blank{" ", " ", "\t", "  ", "\r"};
  std::string rules;
  for (std::size_t lines = 1 + random() % 6; lines > 0; --lines) {
    if (random() % 6 == 0) {
      rules += random() % 2 == 0 ? "[attr]m" : "[attr]n";
    } else {
      const bool is_quoted = random() % 5 == 0;
      if (is_quoted) rules += "\"";
      if (random() % 12 == 0) rules += "!";
      for (std::size_t left = 1 + random() % 3; left > 0; --left) rules += one_of(pieces, random);
      if (is_quoted) rules += "\"";
    }
    for (std::size_t left = random() % 4; left > 0; --left) rules += one_of(blank, random) + made_up_attribute(random);
    rules += random() % 9 == 0 ? "\r\n" : "\n";
  }
  return rules;
}

// What git says, in the order of paths and names.
std::vector<std::string> said_by_git(const Sandbox& box) {
  std::vector<std::string> arguments{"check-attr", "-z"};
  arguments.insert(arguments.end(), names.begin(), names.end());
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), paths.begin(), paths.end());
  const std::string text = box.git("r", arguments);
  std::vector<std::string> fields(1);
  for (const char c : text) {
    if (c == '\0') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  std::vector<std::string> values;
  for (std::size_t i = 2; i < fields.size(); i += 3) values.push_back(fields[i]);
  return values;
}

}  // namespace

// Rules made up at random, at the root and in a folder of it, say exactly what git says by them.
TEST_CASE("attribute rules are read as git reads them", "[git]") {
  const Sandbox box;
  box.git("", {"init", "--quiet", "r"});
  fs::create_directory(box.root / "r/x");
  std::size_t compared = 0;
  std::size_t specified = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    std::mt19937 random(seed);
    const std::string at_root = made_up_attributes(random);
    const std::string in_folder = made_up_attributes(random);
    box.write("r/.gitattributes", at_root);
    box.write("r/x/.gitattributes", in_folder);
    const AttributeRules root = AttributeRules::parse(at_root);
    const AttributeRules folder = AttributeRules::parse(in_folder);
    const std::vector<std::string> values = said_by_git(box);
    REQUIRE(values.size() == paths.size() * names.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const std::string& path = paths[i];
      Attributes known;
      StepBudget budget(enough);
      const bool is_unclear = (path.starts_with("x/") && folder.decide(path.substr(2), root, budget, known)) ||
                              root.decide(path, root, budget, known);
      if (is_unclear) continue;
      for (std::size_t name = 0; name < names.size(); ++name) {
        CAPTURE(seed, at_root, in_folder, path, names[name]);
        const std::string& value = values[i * names.size() + name];
        CHECK(words_for(known, names[name]) == value);
        ++compared;
        specified += value == "unspecified" ? 0 : 1;
      }
    }
  }
  CHECK(compared > 30'000);
  CHECK(specified > 1000);
}
