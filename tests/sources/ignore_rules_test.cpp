// What a .gitignore says: case by case, and against git itself.
#include "sources/ignore_rules.hpp"

#include <random>
#include <set>

#include "sources/git_sandbox.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

constexpr std::size_t enough = 1'000'000'000;

IgnoreDecision decision_on(const IgnoreRules& rules, const std::string& path, bool is_folder = false) {
  StepBudget budget(enough);
  IgnoreDecision decision;
  rules.decide(path, is_folder, budget, decision);
  return decision;
}

std::optional<bool> decision(const IgnoreRules& rules, const std::string& path, bool is_folder = false) {
  return decision_on(rules, path, is_folder).ignored;
}

bool ignores(const std::string& rules, const std::string& path, bool is_folder = false) {
  return decision(IgnoreRules::parse(rules), path, is_folder).value_or(false);
}

// The rule on which it depends whether the path is ignored; "": none.
std::string doubt(const std::string& rules, const std::string& path, bool is_folder = false) {
  const IgnoreDecision decision = decision_on(IgnoreRules::parse(rules), path, is_folder);
  return decision.doubt() ? decision.doubt()->what : "";
}

}  // namespace

// The examples of gitignore(5).
TEST_CASE("ignore rules as they are documented", "[git]") {
  CHECK(ignores("hello.*", "hello.txt"));
  CHECK(ignores("hello.*", "a/hello.java"));
  CHECK(ignores("/hello.*", "hello.c"));
  CHECK_FALSE(ignores("/hello.*", "a/hello.java"));
  CHECK(ignores("foo/", "foo", true));
  CHECK(ignores("foo/", "a/foo", true));
  CHECK_FALSE(ignores("foo/", "foo"));
  for (const char* pattern : {"doc/frotz", "/doc/frotz"}) {
    CHECK(ignores(pattern, "doc/frotz"));
    CHECK_FALSE(ignores(pattern, "a/doc/frotz"));
  }
  CHECK(ignores("foo/*", "foo/test.json"));
  CHECK_FALSE(ignores("foo/*", "foo/bar/hello.c"));
  CHECK(ignores("**/foo", "foo"));
  CHECK(ignores("**/foo", "a/b/foo"));
  CHECK(ignores("**/foo/bar", "a/foo/bar"));
  CHECK(ignores("abc/**", "abc/d/e"));
  CHECK_FALSE(ignores("abc/**", "abc", true));
  for (const char* path : {"a/b", "a/x/b", "a/x/y/b"}) CHECK(ignores("a/**/b", path));
  CHECK_FALSE(ignores("a/**/b", "axb"));
}

// The last rule that matches decides.
TEST_CASE("a rule takes back another", "[git]") {
  CHECK_FALSE(ignores("gen/*\n!mod.rs\n", "gen/mod.rs"));
  CHECK(ignores("!mod.rs\ngen/*\n", "gen/mod.rs"));
  CHECK(decision(IgnoreRules::parse("!b"), "b") == false);
  CHECK_FALSE(decision(IgnoreRules::parse("!b"), "c"));
}

// Lines: comments, what is quoted, spaces and line ends.
TEST_CASE("the lines of ignore rules", "[git]") {
  CHECK_FALSE(ignores("#a\n", "#a"));
  CHECK(ignores("\\#a\n", "#a"));
  CHECK(ignores("\\!a\n", "!a"));
  CHECK(ignores("a  \n", "a"));
  CHECK(ignores("a\\ \n", "a "));
  CHECK(ignores("a\\  \n", "a "));
  CHECK_FALSE(ignores("a\t\n", "a"));
  CHECK(ignores("\r\n\na\r\n", "a"));
  CHECK(ignores("b\na", "a"));
  CHECK(
      ignores("\xef\xbb\xbf"
              "a",
              "a"));
  CHECK_FALSE(ignores("a\\", "a"));
  for (const char* nothing : {"/", "!", "//", "!/", "\\"}) {
    CAPTURE(nothing);
    CHECK_FALSE(decision(IgnoreRules::parse(nothing), "a", true));
  }
}

// One character out of several.
TEST_CASE("brackets of ignore rules", "[git]") {
  CHECK(ignores("[ab-d]x", "cx"));
  CHECK_FALSE(ignores("[!a-d]x", "cx"));
  CHECK(ignores("[^a-d]x", "ex"));
  CHECK(ignores("[]a]", "]"));
  CHECK(ignores("[a-]", "-"));
  CHECK(ignores("[-a]", "-"));
  CHECK(ignores("[\\]a]", "]"));
  CHECK(ignores("[a-\\c]", "b"));
  CHECK_FALSE(ignores("a[!x]b/c", "a/b/c"));
  CHECK_FALSE(ignores("[ab", "[ab"));
  CHECK_FALSE(ignores("a?b/c", "a/b/c"));
}

// Classes of characters, as POSIX names them, of ASCII alone.
TEST_CASE("classes of ignore rules", "[git]") {
  CHECK(ignores("x[[:digit:]]", "x1"));
  CHECK(ignores("x[![:digit:]]", "xa"));
  CHECK_FALSE(ignores("x[[:alpha:]]", "x\xc3"));
  CHECK(ignores("a[[:space:]]b.so", "a b.so"));
  CHECK_FALSE(ignores("a[[:space:]]b.so", "a\vb.so"));
  CHECK(ignores("x[[:digit:]-a]", "x-"));
  CHECK(ignores("[[:]", "["));
  CHECK(ignores("[[:a]", ":"));
  for (const char* none : {"[[:letter:]]", "[[::]]", "[[:alpha:]", "[[:alpha"}) {
    CAPTURE(none);
    CHECK_FALSE(ignores(none, "a"));
    CHECK_FALSE(ignores(none, "["));
  }
}

// A line ends at a NUL.
TEST_CASE("a NUL in an ignore rule", "[git]") {
  const std::string nul(1, '\0');
  CHECK_FALSE(ignores("*.rs\n!mod.rs" + nul + "/\n", "mod.rs"));
  CHECK(ignores("a" + nul + "b\nc", "c"));
  CHECK(ignores("a  " + nul + "b", "a"));
  CHECK_FALSE(ignores(nul + "a", "a"));
}

namespace {

std::string unclear(const std::string& pattern) {
  return "has a pattern that may be read in different ways: " + pattern;
}

}  // namespace

// What git reads otherwise than its manual says is for nobody to rely on.
TEST_CASE("ignore rules that may be read in different ways", "[git]") {
  for (const char* rule : {"a**/bar", "/a**/bar", "**foo/bar", "**a/b", "a/**b", "a/b**", "a/**\\/b", "a/**b/"}) {
    CAPTURE(rule);
    CHECK(doubt(rule, "a/bar", true) == unclear(rule));
    CHECK_FALSE(ignores(rule, "a/bar", true));
  }
  for (const char* rule : {"**foo", "b**", "**", "**/", "/**", "**/a", "a/**/", "a/**/b/**", "a/***/b", "#a**/b"}) {
    CAPTURE(rule);
    CHECK(doubt(rule, "a/bar", true).empty());
  }
}

// A rule that is unclear leaves undecided what it may decide, and nothing else.
TEST_CASE("an unclear ignore rule counts where it may decide", "[git]") {
  CHECK(doubt("docs/**.log", "target/y").empty());
  CHECK(doubt("docs/**.log", "docs").empty());
  CHECK(doubt("docs/**.log", "docs/y") == unclear("docs/**.log"));
  CHECK(doubt("a/**b/", "a/b").empty());
  CHECK(doubt("a/**b/", "a/b", true) == unclear("a/**b/"));

  CHECK(doubt("a/**b\nb", "a/b").empty());
  CHECK(ignores("a/**b\nb", "a/b"));
  CHECK(doubt("b\na/**b", "a/b").empty());
  CHECK(doubt("b\n!a/**b", "a/b") == unclear("!a/**b"));
  CHECK(doubt("!b\na/**b", "a/b") == unclear("a/**b"));
  CHECK(doubt("!a/**b", "a/b").empty());
  CHECK(doubt("b\n!a/**b\na/b**", "a/b") == unclear("!a/**b"));
}

// Those of the folder furthest down decide, and what is unclear there may take back what others say.
TEST_CASE("ignore rules of several folders", "[git]") {
  const auto decided = [](const std::string& in_folder, const std::string& at_root) {
    IgnoreDecision decision;
    StepBudget budget(enough);
    IgnoreRules::parse(in_folder, "x/.gitignore").decide("a/b", false, budget, decision);
    IgnoreRules::parse(at_root).decide("x/a/b", false, budget, decision);
    return decision;
  };
  CHECK(decided("", "b").is_ignored());
  CHECK_FALSE(decided("!b", "b").is_ignored());
  CHECK(decided("b", "!b").is_ignored());
  CHECK_FALSE(decided("!b", "x/a**").doubt());
  const IgnoreDecision in_doubt = decided("!a/b**", "b");
  REQUIRE(in_doubt.doubt());
  CHECK(in_doubt.doubt()->file == "x/.gitignore");
  CHECK(in_doubt.doubt()->what == unclear("!a/b**"));
}

// What a comparison took is told, so that all of them together can have an end.
TEST_CASE("the steps of a comparison are counted", "[git]") {
  const auto steps_of = [](const std::string& rules, const std::string& path) {
    StepBudget budget(enough);
    IgnoreDecision decision;
    IgnoreRules::parse(rules).decide(path, false, budget, decision);
    return enough - budget.left();
  };
  CHECK(steps_of("#\n", "d") == 0);
  CHECK(steps_of("x/\n", "d") == 16 + 1);
  CHECK(steps_of("abc\n", "d") == 16 + 3);          // begins otherwise
  CHECK(steps_of("?bc\n", "d") == 16 + 3 + 3 * 2);  // lost with its second character
  CHECK(steps_of("d\n", "d") == 16 + 1 + 2);
  CHECK(steps_of("[" + std::string(1000, 'x') + "d]\n", "d") > 16 * 1000);
}

// Also where a pattern is unclear, or matches nothing, and at once when there are none left.
TEST_CASE("a comparison ends with its steps", "[git]") {
  const std::string many = GENERATE("x/b**\n", "x/y\n", "*??\n", "[a-z]?\n");
  std::string rules;
  for (int i = 0; i < 10'000; ++i) rules += many;
  StepBudget budget(100'000);
  IgnoreDecision decision;
  IgnoreRules::parse(rules).decide("a", false, budget, decision);
  CHECK(budget.is_spent());
  StepBudget small(100);
  IgnoreRules::parse("[" + std::string(20, 'b') + "]").decide("a", false, small, decision);
  CHECK(small.is_spent());
  CHECK(small.left() == 0);
  CHECK_FALSE(small.take(0));
}

// What is shown of a pattern has an end.
TEST_CASE("a long pattern is cut where it is named", "[git]") {
  CHECK(doubt("a/b**" + std::string(1'000, 'b'), "a/b").size() < 300);
}

// However a pattern is made, comparing it takes time that grows with its length.
TEST_CASE("no ignore rule takes for ever", "[git]") {
  std::string names;
  std::string folders;
  for (int i = 0; i < 200; ++i) {
    names += "*a";
    folders += "**/*/";
  }
  CHECK_FALSE(ignores(names + "*b", std::string(400, 'a') + "c"));
  std::string deep = "d";
  for (int i = 0; i < 400; ++i) deep += "/d";
  CHECK_FALSE(ignores(folders + "b", deep));
}

namespace {

const std::vector<std::string> tree{
    "a",         "b",     "ab",      "a.b",   "x/a",      "x/b",        "x/ab",     "x/y/a",  "x/y/b",
    "x/y/ab",    "x/x/a", "x/x/y/b", "y/a",   "y/x/ab",   "y/x/y/a",    "y/a.b",    "a-/b",   "-a/b",
    "a]/[",      "x/a b", "x/a ",    "x/!a",  "x/#a",     "x/a\\b",     "c/x/y",    "c/b",    "x/c/x/y",
    "y/y/y/y/a", "x/*/a", "x/y/**",  "[a]/?", "aa/aa/aa", "x/\xc3\xa9", "x/\xff/b", "x/a\vb", "a\fb"};

template <class T>
const T& one_of(const std::vector<T>& list, std::mt19937& random) {
  return list[random() % list.size()];
}

std::string made_up_rules(std::mt19937& random) {
  static const std::vector<std::string> pieces{
      "a",           "b",       "x",       "y",           "ab",         "/",     "/",     "/",        "*",
      "?",           "*",       "/**",     "**/",         "/**/",       "[a-b]", "[!a]",  "[]x]",     "\\",
      "\\*",         " ",       "\\ ",     "!",           "#",          ".",     "-",     "[",        "]",
      "[^b",         "[b-",     "\t",      "a**",         "**b",        "***",   "/***/", "\xc3\xa9", "\xff",
      "[\xc0-\xff]", "[a-\\b]", "[\\a-b]", "[[:alpha:]]", "[[:space:]]"};
  std::string rules;
  for (std::size_t lines = 1 + random() % 4; lines > 0; --lines) {
    if (random() % 3 == 0) rules += "!";
    if (random() % 4 == 0) rules += "/";
    for (std::size_t left = 1 + random() % 5; left > 0; --left) rules += one_of(pieces, random);
    if (random() % 5 == 0) rules += "/";
    rules += random() % 9 == 0 ? "\r\n" : "\n";
  }
  return rules;
}

// What git lists as untracked. Nothing is tracked, so that is everything which is not ignored.
std::set<std::string> untracked_by_git(const Sandbox& box) {
  std::set<std::string> listed;
  const std::string text = box.git("r", {"ls-files", "-z", "--others", "--exclude-per-directory=.gitignore"});
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\0', begin);
    listed.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  std::erase_if(listed, [](const std::string& path) { return path.ends_with(".gitignore"); });
  return listed;
}

using RulesByFolder = std::map<std::string, IgnoreRules>;  // "" or "x/"

IgnoreDecision decision_on(const RulesByFolder& rules, const std::string& path, bool is_folder) {
  IgnoreDecision decision;
  StepBudget budget(enough);
  for (auto one = rules.rbegin(); one != rules.rend(); ++one) {
    const auto& [folder, of_folder] = *one;
    if (path.starts_with(folder)) of_folder.decide(path.substr(folder.size()), is_folder, budget, decision);
  }
  return decision;
}

// None: it depends on a rule that is unclear.
std::optional<bool> lies_in_ignored(const RulesByFolder& rules, const std::string& path) {
  bool is_in_doubt = false;
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    const IgnoreDecision decision = decision_on(rules, path.substr(0, end), end != std::string::npos);
    if (decision.is_ignored() && !decision.doubt()) return true;
    is_in_doubt = is_in_doubt || decision.doubt();
    if (end == std::string::npos) return is_in_doubt ? std::nullopt : std::optional(false);
  }
}

}  // namespace

// Rules made up at random, at the root and in a folder of it, ignore exactly what git ignores by them.
TEST_CASE("ignore rules are read as git reads them", "[git]") {
  const Sandbox box;
  box.git("", {"init", "--quiet", "r"});
  for (const std::string& path : tree) box.write("r/" + path, "x");
  fs::create_directory_symlink("x", box.root / "r/ba");
  std::vector<std::string> paths = tree;
  paths.emplace_back("ba");
  std::size_t compared = 0;
  std::size_t ignored = 0;
  std::size_t unclear = 0;
  for (unsigned seed = 1; seed <= 500; ++seed) {
    std::mt19937 random(seed);
    RulesByFolder rules;
    for (const char* folder : {"", "x/"}) {
      const std::string text = made_up_rules(random);
      box.write("r/" + std::string(folder) + ".gitignore", text);
      rules.emplace(folder, IgnoreRules::parse(text));
    }
    const std::set<std::string> untracked = untracked_by_git(box);
    for (const std::string& path : paths) {
      CAPTURE(seed, box.read("r/.gitignore"), box.read("r/x/.gitignore"), path);
      const auto is_ignored = lies_in_ignored(rules, path);
      if (!is_ignored) {
        ++unclear;
        continue;
      }
      ++compared;
      ignored += *is_ignored ? 1 : 0;
      CHECK(*is_ignored != untracked.contains(path));
    }
  }
  CHECK(compared > 10'000);
  CHECK(ignored > 1000);
  CHECK(unclear > 100);
}
