// What a .gitignore says: case by case, and against git itself.
#include "sources/ignore_rules.hpp"

#include <random>
#include <set>

#include "sources/git_sandbox.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

std::optional<bool> decision(const IgnoreRules& rules, const std::string& path, bool is_folder = false) {
  std::size_t steps = 0;
  return rules.decide(path, is_folder, steps);
}

bool ignores(const std::string& rules, const std::string& path, bool is_folder = false) {
  return decision(IgnoreRules::parse(rules), path, is_folder).value_or(false);
}

std::optional<std::string> unclear(const std::string& rules) { return IgnoreRules::parse(rules).unclear(); }

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

// What git reads otherwise than its manual says, and classes by name, are for nobody to rely on.
TEST_CASE("ignore rules that may be read in different ways", "[git]") {
  CHECK(unclear("a\nfoo**/bar\nb**/c") == "foo**/bar");
  for (const char* rule : {"**foo/bar", "a/**b", "!a/b**", "a/**\\/b", "[[:alpha:]]"}) {
    CAPTURE(rule);
    CHECK(unclear(rule) == rule);
  }
  for (const char* rule : {"**foo", "a**", "**", "**/", "/**", "**/a", "a/**/", "a/**/b/**", "a/***/b", "#a**/b"}) {
    CAPTURE(rule);
    CHECK_FALSE(unclear(rule));
  }
  CHECK_FALSE(ignores("foo**/bar", "fooX/bar"));
}

// What a comparison took is told, so that all of them together can have an end.
TEST_CASE("the steps of a comparison are counted", "[git]") {
  std::size_t steps = 0;
  IgnoreRules::parse("abc\nx/\n").decide("d", false, steps);
  CHECK(steps == 2 + 2 * 2);  // two rules, of which one is tried, and lost after its first character
  IgnoreRules::parse("#\n").decide("d", false, steps);
  CHECK(steps == 6);
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
    "a",       "b",      "ab",     "a.b",     "x/a",     "x/b",       "x/ab",  "x/y/a",  "x/y/b", "x/y/ab",  "x/x/a",
    "x/x/y/b", "y/a",    "y/x/ab", "y/x/y/a", "y/a.b",   "a-/b",      "-a/b",  "a]/[",   "x/a b", "x/a ",    "x/!a",
    "x/#a",    "x/a\\b", "c/x/y",  "c/b",     "x/c/x/y", "y/y/y/y/a", "x/*/a", "x/y/**", "[a]/?", "aa/aa/aa"};

template <class T>
const T& one_of(const std::vector<T>& list, std::mt19937& random) {
  return list[random() % list.size()];
}

std::string made_up_rules(std::mt19937& random) {
  static const std::vector<std::string> pieces{
      "a",    "b",    "x",  "y",   "ab", "/",   "/", "/", "*", "?", "*", "/**", "**/", "/**/", "[a-b]",
      "[!a]", "[]x]", "\\", "\\*", " ",  "\\ ", "!", "#", ".", "-", "[", "]",   "[^b", "[b-",  "\t"};
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

bool is_ignored(const RulesByFolder& rules, const std::string& path, bool is_folder) {
  std::optional<bool> decided;
  for (const auto& [folder, of_folder] : rules) {
    if (!path.starts_with(folder)) continue;
    const auto said = decision(of_folder, path.substr(folder.size()), is_folder);
    if (said) decided = said;
  }
  return decided.value_or(false);
}

bool lies_in_ignored(const RulesByFolder& rules, const std::string& path) {
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    if (is_ignored(rules, path.substr(0, end), true)) return true;
  }
  return is_ignored(rules, path, false);
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
  for (unsigned seed = 1; seed <= 500; ++seed) {
    std::mt19937 random(seed);
    RulesByFolder rules;
    for (const char* folder : {"", "x/"}) {
      const std::string text = made_up_rules(random);
      box.write("r/" + std::string(folder) + ".gitignore", text);
      rules.emplace(folder, IgnoreRules::parse(text));
    }
    if (std::any_of(rules.begin(), rules.end(), [](const auto& one) { return one.second.unclear().has_value(); }))
      continue;
    const std::set<std::string> untracked = untracked_by_git(box);
    ++compared;
    ignored += paths.size() - untracked.size();
    for (const std::string& path : paths) {
      CAPTURE(seed, box.read("r/.gitignore"), box.read("r/x/.gitignore"), path);
      CHECK(lies_in_ignored(rules, path) != untracked.contains(path));
    }
  }
  CHECK(compared > 250);
  CHECK(ignored > 1000);
}
