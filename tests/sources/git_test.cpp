// What is read of checkouts that can be read: commits, tags, changes, and what `git status` overlooks.
#include <fcntl.h>

#include "sources/git_content.hpp"
#include "sources/git_sandbox.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

constexpr const char* committed_at = "2025-11-21T08:56:14Z";  // 1763715374, the date of every commit in the sandbox

const std::string lfs_content = "the program, all of it\n";
const std::string lfs_pointer =
    "version https://git-lfs.github.com/spec/v1\noid sha256:" + to_string(sha256(lfs_content)) + "\nsize " +
    std::to_string(lfs_content.size()) + "\n";

// A repository whose `program.so` is committed as a Git LFS pointer, as git-lfs would have done it.
void make_repository_with_lfs(const Sandbox& box) {
  box.repository("r");
  box.write("r/program.so", lfs_pointer);
  box.commit("r", "pointer");
  box.write("r/.gitattributes", "*.so filter=lfs diff=lfs merge=lfs -text\n");
  box.commit("r", "attributes");
}

}  // namespace

// A fresh commit is clean; the state says which commit, on which branch, of when; and reading leaves every byte as it
// was.
TEST_CASE("a clean checkout", "[git]") {
  const Sandbox box;
  const std::string commit = box.repository("r");
  const auto before = box.fingerprint("r");
  const GitState state = box.state("r");
  CHECK(box.fingerprint("r") == before);
  CHECK(clean(state));
  CHECK(state.commit == CommitId{commit});
  CHECK(state.ref == "refs/heads/main");
  CHECK(state.parents.empty());
  CHECK(to_string(state.committed_at.value()) == committed_at);
  CHECK(state.tracked == 3);
  CHECK_FALSE(state.prefix);
  CHECK_FALSE(state.shallow);
  CHECK_FALSE(state.partial);
  CHECK_FALSE(state.foreign_owner);
  CHECK_FALSE(state.operation);
}

// Each way in which a tracked file can differ is told apart, with whether it is staged.
TEST_CASE("kinds of change", "[git]") {
  const Sandbox box;
  box.repository("r");
  SECTION("modified") {
    box.write("r/README", "other\n");
    CHECK(only_change(box.state("r")) == GitChange{"README", ChangeKind::modified, false, false, {}});
  }
  SECTION("modified and staged, although the file is back as it was") {
    box.write("r/README", "other\n");
    box.git("r", {"add", "README"});
    box.write("r/README", "vault\n");
    CHECK(only_change(box.state("r")) == GitChange{"README", ChangeKind::modified, true, false, {}});
  }
  SECTION("added") {
    box.write("r/new", "new\n");
    box.git("r", {"add", "new"});
    CHECK(only_change(box.state("r")) == GitChange{"new", ChangeKind::added, true, false, {}});
  }
  SECTION("promised with add -N") {
    box.write("r/new", "new\n");
    box.git("r", {"add", "-N", "new"});
    CHECK(only_change(box.state("r")) == GitChange{"new", ChangeKind::added, false, false, {}});
  }
  SECTION("deleted") {
    fs::remove(box.root / "r/README");
    CHECK(only_change(box.state("r")) == GitChange{"README", ChangeKind::deleted, false, false, {}});
  }
  SECTION("deleted and staged") {
    box.git("r", {"rm", "--quiet", "README"});
    CHECK(only_change(box.state("r")) == GitChange{"README", ChangeKind::deleted, true, false, {}});
  }
  SECTION("renamed") {
    box.git("r", {"mv", "README", "README.md"});
    CHECK(only_change(box.state("r")) == GitChange{"README.md", ChangeKind::renamed, true, false, "README"});
  }
  SECTION("a symlink in place of a file") {
    fs::remove(box.root / "r/README");
    fs::create_symlink("src/lib.rs", box.root / "r/README");
    CHECK(only_change(box.state("r")) == GitChange{"README", ChangeKind::type_changed, false, false, {}});
  }
  SECTION("a FIFO in place of a file, which is not waited for") {
    fs::remove(box.root / "r/README");
    REQUIRE(::mkfifo((box.root / "r/README").c_str(), 0600) == 0);
    CHECK(only_change(box.state("r")) == GitChange{"README", ChangeKind::type_changed, false, false, {}});
  }
  SECTION("executable") {
    fs::permissions(box.root / "r/README", fs::perms::owner_exec, fs::perm_options::add);
    CHECK(only_change(box.state("r")) == GitChange{"README", ChangeKind::mode_changed, false, false, {}});
  }
  SECTION("a folder that became a symlink to one with the same files") {
    fs::rename(box.root / "r/src", box.root / "elsewhere");
    fs::create_symlink(box.root / "elsewhere", box.root / "r/src");
    const GitState state = box.state("r");
    CHECK(only_change(state) == GitChange{"src/lib.rs", ChangeKind::deleted, false, false, {}});
    CHECK(state.untracked.listed == std::vector<std::string>{"src"});
  }
}

// A merge that stopped at a conflict is a change and an operation in progress.
TEST_CASE("a conflict", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.git("r", {"checkout", "--quiet", "-b", "side"});
  box.write("r/README", "side\n");
  box.commit("r", "side");
  box.git("r", {"checkout", "--quiet", "main"});
  box.write("r/README", "main\n");
  box.commit("r", "main");
  box.git_fails("r", {"merge", "side"});
  const GitState state = box.state("r");
  CHECK(only_change(state) == GitChange{"README", ChangeKind::conflicted, true, false, {}});
  CHECK(state.operation == "merge");
}

// A change that keeps size and time stamps is invisible to `git status`, and is found.
TEST_CASE("files are compared by content", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.git("r", {"config", "core.trustctime", "false"});
  box.git("r", {"config", "core.checkStat", "minimal"});
  const fs::path file = box.root / "r/src/lib.rs";
  fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
  box.git("r", {"update-index", "--refresh"});
  const auto time = fs::last_write_time(file);
  box.write("r/src/lib.rs", "fn evil() {}\n");
  fs::last_write_time(file, time);
  CHECK(box.git("r", {"status", "--porcelain"}).empty());
  CHECK(only_change(box.state("r")).path == "src/lib.rs");
}

// What a user told git to overlook is looked at all the same, and named as hidden.
TEST_CASE("hidden changes", "[git]") {
  const Sandbox box;
  box.repository("r");
  const std::string option = GENERATE("--skip-worktree", "--assume-unchanged");
  box.git("r", {"update-index", option, "src/lib.rs"});
  CHECK(clean(box.state("r")));
  box.write("r/src/lib.rs", "fn evil() {}\n");
  CHECK(box.git("r", {"status", "--porcelain"}).empty());
  CHECK(only_change(box.state("r")) == GitChange{"src/lib.rs", ChangeKind::modified, false, true, {}});
}

// A file that a sparse checkout left out cannot be compared; it is neither clean nor deleted.
TEST_CASE("sparse checkout", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/app/main.rs", "fn main() {}\n");
  box.commit("r", "app");
  box.git("r", {"sparse-checkout", "set", "app"});
  const GitDoubt doubt = only_doubt(box.state("r"));
  CHECK(doubt.path == "src/lib.rs");
  CHECK(doubt.kind == DoubtKind::not_checked_out);
  CHECK(box.state("r", {.checkout = ".", .tag = {}, .paths = {"app"}}).doubts.total == 0);
}

// A file that is neither tracked nor ignored is untracked. Only rules that are tracked count: what this machine
// ignores, or a .gitignore that nobody committed, is not of the commit.
TEST_CASE("untracked and ignored files", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("home/.gitconfig", "[core]\n\texcludesFile = " + (box.root / "home/ignore").string() + "\n");
  box.write("home/ignore", "*.tmp\n");
  box.write("r/.git/info/exclude", "notes\n");
  box.write("r/target/deploy/vault.so",
            "\x7f"
            "ELF");
  box.write("r/notes", "mine\n");
  box.write("r/src/b.tmp", "x");
  box.write("r/src/a/deep.rs", "x");
  fs::create_directories(box.root / "r/empty");
  const Environment home("HOME", (box.root / "home").string());
  box.write("r/.cargo/config.toml", "[build]\n");
  box.write("r/.cargo/.gitignore", "*\n");
  box.write("r/other.rs", "x");
  box.write("home/more", "other.rs\n");
  box.git("r", {"config", "core.excludesFile", (box.root / "home/more").string()});
  CHECK(box.git("r", {"status", "--porcelain"}) == "?? src/a/\n?? src/b.tmp");
  const GitState state = box.state("r");
  CHECK(state.untracked.listed ==
        std::vector<std::string>{".cargo/.gitignore", "notes", "other.rs", "src/a/deep.rs", "src/b.tmp"});
  CHECK(state.untracked.total == 5);
  CHECK(state.changes.total == 0);
}

// What git ignores is taken from the commit. A .gitignore that is another one decides nothing, wherever it lies: a
// change of it would be outside of the paths that a release freezes, and hide in them what a build runs.
TEST_CASE("rules that are not of the commit hide nothing", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/program/lib.rs", "code\n");
  box.commit("r", "program");
  box.write("r/program/build.rs", "untracked\n");
  const GitRequest program{.checkout = ".", .tag = {}, .paths = {"program"}};
  CHECK(box.state("r", program).untracked.listed == std::vector<std::string>{"program/build.rs"});
  const auto doubt_about_it = [&] {
    const GitState state = box.state("r", program);
    CHECK(state.untracked.total == 0);
    REQUIRE(state.unsettled.total == 1);
    CHECK(state.unsettled.listed[0].path == "program/build.rs");
    CHECK(state.unsettled.listed[0].kind == DoubtKind::rules);
    return state.unsettled.listed[0].detail;
  };
  SECTION("changed") {
    box.write("r/.gitignore", "program/build.rs\n");
    CHECK(doubt_about_it() == ".gitignore is not as committed");
    box.commit("r", "ignored");
    CHECK(clean(box.state("r", program)));
    box.write("r/.gitignore", "program/build.rs\r\n");  // as a checkout may have it
    CHECK(box.state("r", program).unsettled.total == 0);
  }
  SECTION("taken away") {
    box.write("r/program/.gitignore", "*.rs\n!*.rs\n");
    box.commit("r", "everything is tracked there");
    box.write("r/program/new.rs", "untracked\n");
    fs::remove(box.root / "r/program/.gitignore");
    const GitState state = box.state("r", {.checkout = ".", .tag = {}, .paths = {"program/new.rs", "program/lib.rs"}});
    REQUIRE(state.unsettled.total == 1);
    CHECK(state.unsettled.listed[0].detail == "program/.gitignore is not as committed");
  }
  SECTION("above a repository within") {
    box.repository("r/program/inner");
    box.write("r/.gitignore", "inner/\n");
    const GitState state = box.state("r", program);
    CHECK(state.untracked.total == 0);
    CHECK(state.unsettled.total == 2);
    CHECK(state.unsettled.listed[1].path == "program/inner/");
  }
  SECTION("a link, also when it is committed") {
    box.write("rules", "build.rs\n");
    fs::remove(box.root / "r/.gitignore");
    fs::create_symlink("../rules", box.root / "r/.gitignore");
    box.git("r", {"add", ".gitignore"});
    box.git("r", {"commit", "--quiet", "--message", "link"});
    CHECK(doubt_about_it() == ".gitignore is no regular file");
  }
  SECTION("a FIFO, which nobody waits for") {
    fs::remove(box.root / "r/.gitignore");
    REQUIRE(::mkfifo((box.root / "r/.gitignore").c_str(), 0600) == 0);
    CHECK(doubt_about_it() == ".gitignore is no regular file");
  }
  SECTION("long") {
    box.write("r/.gitignore", std::string((std::size_t{1} << 20) + 1, '#'));
    box.git("r", {"commit", "--quiet", "--all", "--message", "long"});
    CHECK(says(doubt_about_it(), "cannot be read"));
  }
  SECTION("with a pattern that may be read in two ways") {
    box.write("r/.gitignore", "target/\nprogram/b**/build.rs\n");
    box.git("r", {"commit", "--quiet", "--all", "--message", "unclear"});
    CHECK(doubt_about_it() == ".gitignore has a pattern that may be read in different ways: program/b**/build.rs");
  }
  SECTION("with such a pattern for something else") {
    box.write("r/.gitignore", "build.rs\nother/b**/build.rs\n");
    box.git("r", {"commit", "--quiet", "--all", "--message", "unclear"});
    CHECK(clean(box.state("r", program)));
  }
  SECTION("with such a pattern for a folder that it lies in") {
    box.write("r/program/a/new.rs", "untracked\n");
    fs::remove(box.root / "r/program/build.rs");
    box.write("r/.gitignore", "program/**a/\n");
    box.git("r", {"commit", "--quiet", "--all", "--message", "unclear"});
    const GitState state = box.state("r", program);
    CHECK(state.untracked.total == 0);
    REQUIRE(state.unsettled.total == 1);
    CHECK(state.unsettled.listed[0].path == "program/a/new.rs");
    CHECK(state.unsettled.listed[0].detail ==
          ".gitignore has a pattern that may be read in different ways: program/**a/");
  }
}

// A change may hold many files of rules. All of them together have an end, which is said.
TEST_CASE("rules without end decide nothing", "[git]") {
  const Sandbox box;
  box.repository("r");
  const std::string folders{"abcdef"};
  for (const char folder : folders) box.write(std::string("r/") + folder + "/file", "x");
  for (const char folder : folders) box.write(std::string("r/") + folder + "/.gitignore", std::string(1 << 20, '#'));
  box.commit("r", "rules");
  for (const char folder : folders) box.write(std::string("r/") + folder + "/new", "x");
  const GitState state = box.state("r");
  CHECK(state.unsettled.total > 0);
  CHECK(state.unsettled.total + state.untracked.total == folders.size());
  CHECK(says(state.unsettled.listed.back().detail, "too long"));
}

// What deciding takes has an end for all paths together, and not for each alone.
TEST_CASE("steps of rules are counted over all paths", "[git]") {
  const Sandbox box;
  fs::create_directory(box.root / "r");
  const Descriptor root(::open((box.root / "r").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::string pattern = "*.a\n";
  GitEntry starred{.mode = GIT_FILEMODE_BLOB};
  REQUIRE(git_odb_hash(&starred.id, pattern.data(), pattern.size(), GIT_OBJECT_BLOB) == 0);
  box.write("r/.gitignore", pattern);
  box.write("r/.gitattributes", pattern);
  const GitEntries committed{{".gitattributes", starred}, {".gitignore", starred}};
  const std::string path(10, 'x');
  SECTION("to decide what is ignored") {
    RulesLimits limits{.steps = StepBudget(2 * (256 + 52))};
    GitRules rules(root, committed, committed, limits);
    CHECK(rules.is_ignored(path, false) ==
          false);  // 256 for the folder, and 16, the 3 of the pattern, and 3 times the places in the path
    CHECK(rules.is_ignored(path, false) == false);
    CHECK(says(rules.is_ignored(path, false).error().what, "too long to compare"));
    CHECK(says(rules.is_ignored("x", false).error().what, "too long to compare"));  // also what would take less
  }
  SECTION("to decide which attributes there are") {
    RulesLimits limits{.steps = StepBudget(2 * (256 + 52))};
    GitRules rules(root, committed, committed, limits);
    CHECK(rules.attributes_of(path));
    CHECK(rules.attributes_of(path));
    CHECK(says(rules.attributes_of(path).error().what, "too long to compare"));
  }
  SECTION("bytes of rules, over all working trees") {
    RulesLimits limits{.bytes = 7};
    CHECK(GitRules(root, committed, committed, limits).is_ignored(path, false) == false);
    GitRules rules(root, committed, committed, limits);
    CHECK(says(rules.attributes_of(path).error().what, "too long, with all other rules"));
  }
}

// A file named .git makes no repository of a folder in which files are tracked: what lies in it is looked for.
TEST_CASE("a .git further down hides nothing", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/code/program/src/lib.rs", "code\n");
  box.commit("r", "program");
  box.write("r/code/program/src/new.rs", "untracked\n");
  const std::string where = GENERATE("r/code/program/.git", "r/code/.git", "r/code/program/src/.git");
  SECTION("a file") { box.write(where, ""); }
  SECTION("a folder") { box.write(where + "/HEAD", "ref: refs/heads/main\n"); }
  SECTION("a link") { fs::create_symlink("/nowhere", box.root / where); }
  const GitState state = box.state("r", {.checkout = ".", .tag = {}, .paths = {"code/program/src"}});
  const bool lies_in_scope = where == "r/code/program/src/.git";
  CHECK(state.untracked.total == (lies_in_scope ? 2 : 1));
  CHECK(state.untracked.listed.back() == "code/program/src/new.rs");
  CHECK(box.state("r").untracked.listed.front() == where.substr(2));
}

// A repository above what is frozen hides it, so it is named.
TEST_CASE("what hides the frozen paths lies in them", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.repository("r/program");
  const GitRequest below{.checkout = ".", .tag = {}, .paths = {"program/src"}};
  CHECK(box.state("r", below).untracked.listed == std::vector<std::string>{"program/"});
  SECTION("a folder that cannot be listed") {
    fs::remove_all(box.root / "r/program/.git");
    box.commit("r", "program");
    box.write("r/program/src/new.rs", "untracked\n");
    const OtherUser other(box.root);
    fs::permissions(box.root / "r/program/src", fs::perms::owner_exec);
    fs::permissions(box.root / "r/program", fs::perms::owner_exec);
    const GitDoubt doubt = only_doubt(box.state("r", below));
    CHECK(doubt.path == "program/");
    CHECK(doubt.kind == DoubtKind::unreadable);
    fs::permissions(box.root / "r/program", fs::perms::owner_all);
    CHECK(only_doubt(box.state("r", {.checkout = ".", .tag = {}, .paths = {"program/src/lib.rs"}})).path ==
          "program/src/");
    CHECK(box.state("r", {.checkout = ".", .tag = {}, .paths = {"README"}}).doubts.total == 0);
    fs::permissions(box.root / "r/program/src", fs::perms::owner_all);
  }
}

// What git puts in place of $Id$ is the commit's. Whatever else stands there is not looked past: git would.
TEST_CASE("an expanded $Id$ is the commit's", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitattributes", "*.rs ident\n");
  box.write("r/a.rs", "// $Id$\nfn main() {}\n");
  box.commit("r", "ident");
  const std::string id = box.git("r", {"rev-parse", "HEAD:a.rs"});
  box.write("r/a.rs", "// $Id: " + id + " $\nfn main() {}\n");
  CHECK(clean(box.state("r")));
  CHECK(box.state("r").normalised == 1);
  box.write("r/a.rs", "// $Id$\nfn main() {}\n");
  box.write("r/b.rs", "// $Id$\nlet $Identity = 1;\n");
  box.commit("r", "a word that begins alike");
  box.write("r/b.rs", "// $Id: " + box.git("r", {"rev-parse", "HEAD:b.rs"}) + " $\nlet $Identity = 1;\n");
  CHECK(clean(box.state("r")));
  SECTION("other words on the line") { box.write("r/a.rs", "// $Id: */ fn evil() {} /* $\nfn main() {}\n"); }
  SECTION("other lines") { box.write("r/a.rs", "// $Id: \nfn evil() {} // $\nfn main() {}\n"); }
  SECTION("that of another commit") { box.write("r/a.rs", "// $Id: " + std::string(40, 'a') + " $\nfn main() {}\n"); }
  const GitDoubt doubt = only_doubt(box.state("r"));
  CHECK(doubt.path == "a.rs");
  CHECK(doubt.kind == DoubtKind::ident);
}

// Nothing else is undone, whatever it begins with; and line endings are, beside it.
TEST_CASE("what is no $Id$ is a change", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitattributes", "# $Id$\n*.rs ident text\n.gitattributes ident\n");
  box.write("r/a.rs", "// $Id$\nlet $Idea = 1;\n");
  box.commit("r", "ident");
  const std::string id = box.git("r", {"rev-parse", "HEAD:a.rs"});
  box.write("r/a.rs", "// $Id: " + id + " $\r\nlet $Idea = 1;\r\n");
  const std::string of_rules = box.git("r", {"rev-parse", "HEAD:.gitattributes"});
  box.write("r/.gitattributes", "# $Id: " + of_rules + " $\n*.rs ident text\n.gitattributes ident\n");
  CHECK(clean(box.state("r")));
  CHECK(box.state("r").normalised == 2);
  box.write("r/a.rs", "// $Id: " + id + " $\nlet $Idea = 1; // $Identity: evil $\n");
  CHECK(only_change(box.state("r")).path == "a.rs");
}

// The same holds for what git converts: a file that differs, by attributes that are not of the commit, is in doubt.
TEST_CASE("attributes that are not of the commit convert nothing", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/program/lib.rs", "code\n");
  box.write("r/same.rs", "code\n");
  box.commit("r", "program");
  box.write("r/program/lib.rs", "code\r\n");
  const GitRequest program{.checkout = ".", .tag = {}, .paths = {"program"}};
  SECTION("changed") { box.write("r/.gitattributes", "* text\n"); }
  SECTION("a link") { fs::create_symlink("/etc/passwd", box.root / "r/.gitattributes"); }
  SECTION("in the index alone") {
    box.write("r/.gitattributes", "* text\n");
    box.git("r", {"add", ".gitattributes"});
    fs::remove(box.root / "r/.gitattributes");
  }
  SECTION("a FIFO") { REQUIRE(::mkfifo((box.root / "r/program/.gitattributes").c_str(), 0600) == 0); }
  const GitDoubt doubt = only_doubt(box.state("r", program));
  CHECK(doubt.path == "program/lib.rs");
  CHECK(doubt.kind == DoubtKind::rules);
  CHECK(says(doubt.detail, ".gitattributes is no"));
}

// A file of attributes that differs is one that was changed, and not in doubt because of itself.
TEST_CASE("changed attributes are a change", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitattributes", "*.so -text\n");
  box.write("r/program/.gitattributes", "*.so -text\n");
  box.commit("r", "attributes");
  box.write("r/.gitattributes", "* text\n");
  CHECK(only_change(box.state("r")).path == ".gitattributes");
  SECTION("and not that of another one") {
    box.write("r/program/.gitattributes", "*.so -text\r\n");
    const GitDoubt doubt = only_doubt(box.state("r", {.checkout = ".", .tag = {}, .paths = {"program"}}));
    CHECK(doubt.path == "program/.gitattributes");
    CHECK(doubt.detail == ".gitattributes is not as committed");
  }
}

// What takes libgit2 for ever: many `*` in a row, also over a line that it takes for continued, and in macros.
TEST_CASE("no attributes take for ever", "[git]") {
  const Sandbox box;
  box.repository("r");
  const std::string name = "#" + std::string(60, 'a');
  const std::vector<std::string> files{"r/" + name + ".rs", "r/\n" + name + ".rs"};
  for (const std::string& file : files) {
    box.write(file, "code\n");
    fs::last_write_time(box.root / file, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  box.commit("r", "quick");
  std::string pattern;
  for (int i = 0; i < 14; ++i) pattern += "*a";
  std::string macros = "[attr]m";
  for (int i = 0; i < 300; ++i) macros += " x" + std::to_string(i);
  for (int i = 0; i < 20'000; ++i) macros += "\n* m";
  box.write("r/.gitattributes", pattern + "*b text\n\\\n#" + pattern + "*b text\n" + macros + "\n");
  box.git("r", {"add", ".gitattributes"});  // alone: git itself takes for ever with the others
  box.git("r", {"commit", "--quiet", "--message", "slow"});
  for (const std::string& file : files) box.write(file, "changed\n");
  const GitState state = box.state("r");
  CHECK(state.changes.total == 2);
  CHECK(state.doubts.total == 0);
}

// A pattern with a space is quoted, or written with a class as git-lfs does it.
TEST_CASE("attributes of a name with a space", "[git]") {
  const Sandbox box;
  box.repository("r");
  const std::string pattern = GENERATE("\"a b.so\"", "a[[:space:]]b.so");
  box.write("r/.gitattributes", pattern + " filter=lfs -text\n");
  box.write("r/a b.so", lfs_pointer);
  box.commit("r", "with a space");
  CHECK(only_doubt(box.state("r")).kind == DoubtKind::lfs_not_fetched);
  box.write("r/a b.so", lfs_content);
  const GitState state = box.state("r");
  CHECK(clean(state));
  CHECK(state.lfs_verified == 1);
}

// Attributes that are in the index and not of the commit convert nothing.
TEST_CASE("staged attributes convert nothing", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitattributes", "# none\n");
  box.write("r/src/a.rs", "code\n");
  box.commit("r", "none");
  box.write("r/src/a.rs", "code\r\n");
  box.write("r/.gitattributes", "*.rs text\n");
  box.git("r", {"add", ".gitattributes"});
  box.write("r/.gitattributes", "# none\n");
  const GitState state = box.state("r", {.checkout = ".", .tag = {}, .paths = {"src"}});
  CHECK(only_doubt(state).kind == DoubtKind::line_endings);
  CHECK(state.normalised == 0);
}

// As a checkout may have it is a .gitignore of the commit, and read as of the commit.
TEST_CASE("line ends of rules hide nothing", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitignore", "src/gen/*\n!src/gen/mod.rs\r\n");
  box.commit("r", "rules");
  box.write("r/.gitignore", "src/gen/*\n!src/gen/mod.rs\r\r\n");
  box.write("r/src/gen/mod.rs", "untracked\n");
  CHECK(box.state("r", {.checkout = ".", .tag = {}, .paths = {"src"}}).untracked.total == 1);
}

// A repository inside the tree that is no submodule is one untracked thing, as git has it.
TEST_CASE("a repository within", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.repository("r/inner");
  CHECK(box.state("r").untracked.listed == std::vector<std::string>{"inner/"});
}

// Lists name the first twenty and count the rest.
TEST_CASE("long lists are counted", "[git]") {
  const Sandbox box;
  box.repository("r");
  for (int i = 10; i < 40; ++i) box.write("r/new" + std::to_string(i), "x");
  const GitState state = box.state("r");
  CHECK(state.untracked.listed.size() == git_listed_max);
  CHECK(state.untracked.listed.front() == "new10");
  CHECK(state.untracked.total == 30);
}

// In a monorepo only the paths asked for count; what differs elsewhere is counted apart.
TEST_CASE("a monorepo with paths", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/programs/vault/lib.rs", "vault\n");
  box.write("r/programs/vault2/lib.rs", "vault2\n");
  box.commit("r", "programs");
  box.write("r/programs/vault2/lib.rs", "changed\n");
  box.write("r/programs/vault2/new.rs", "new\n");
  const GitState state = box.state("r", {.checkout = ".", .tag = {}, .paths = {"./programs/vault/", "README"}});
  CHECK(state.tracked == 2);
  CHECK(state.changes.total == 0);
  CHECK(state.changes.elsewhere == 1);
  CHECK(state.untracked.total == 0);
  CHECK(state.untracked.elsewhere == 1);
  CHECK(state.unmatched.empty());
  CHECK(box.state("r", {.checkout = ".", .tag = {}, .paths = {"programs"}}).changes.total == 1);
}

// A path under which the commit has nothing is named: comparing nothing must not look like finding nothing.
TEST_CASE("a misspelt path", "[git]") {
  const Sandbox box;
  box.repository("r");
  const GitState state = box.state("r", {.checkout = ".", .tag = {}, .paths = {"source", "src", "../r"}});
  CHECK(state.unmatched == std::vector<std::string>{"source", "../r"});
}

// release.json may lie in a folder of the repository, and the checkout below it.
TEST_CASE("the repository begins further up", "[git]") {
  const Sandbox box;
  const std::string commit = box.repository("r");
  CHECK(box.state("r/src").commit == CommitId{commit});
  CHECK(box.state("r/src").prefix == "src");
  CHECK(box.state("", {.checkout = "r", .tag = {}, .paths = {}}).commit == CommitId{commit});
}

// A linked worktree has its own HEAD and index, and its repository elsewhere.
TEST_CASE("a linked worktree", "[git]") {
  const Sandbox box;
  const std::string first = box.repository("r");
  box.write("r/README", "second\n");
  box.commit("r", "second");
  box.git("r", {"tag", "v1", first});
  box.git("r", {"worktree", "add", "--quiet", "--detach", (box.root / "wt").string(), first});
  const GitState state = box.state("wt", {.checkout = ".", .tag = "v1", .paths = {}});
  CHECK(state.commit == CommitId{first});
  CHECK_FALSE(state.ref);
  CHECK(state.tag->commit == CommitId{first});
  CHECK(clean(state));
  box.write("wt/README", "changed\n");
  CHECK(only_change(box.state("wt")).path == "README");
}

// Annotated and lightweight tags are peeled to their commit; one that is absent is absent.
TEST_CASE("tags", "[git]") {
  const Sandbox box;
  const std::string commit = box.repository("r");
  box.git("r", {"tag", "light"});
  box.git("r", {"tag", "--annotate", "--message", "release", "v1.0"});
  box.git("r", {"tag", "tree", "HEAD^{tree}"});
  const auto tag = [&box](const std::string& name) {
    return box.state("r", {.checkout = ".", .tag = name, .paths = {}}).tag.value();
  };
  CHECK(tag("light") == GitTag{"light", true, false, CommitId{commit}, {}});
  CHECK(tag("v1.0") == GitTag{"v1.0", true, true, CommitId{commit}, {}});
  CHECK(tag("refs/tags/v1.0").commit == CommitId{commit});
  CHECK(tag("main") == GitTag{"main", false, false, {}, {}});
  CHECK_FALSE(tag("..").present);
  CHECK(tag("tree").present);
  CHECK_FALSE(tag("tree").commit);
  CHECK(box.state("r").tags == 3);
  CHECK_FALSE(box.state("r").tag);
}

// A pipeline's clone: one commit, no tags, detached. The state says that history is cut off, so absence proves nothing.
TEST_CASE("a depth-1 clone without tags", "[git]") {
  const Sandbox box;
  const std::string first = box.repository("origin");
  box.git("origin", {"tag", "v1"});
  const std::string second = box.commit("origin", "second");
  box.git("", {"clone", "--quiet", "--depth=1", "--no-tags", "file://" + (box.root / "origin").string(), "r"});
  box.git("r", {"checkout", "--quiet", "--detach"});
  const GitState state = box.state("r", {.checkout = ".", .tag = "v1", .paths = {}});
  CHECK(state.shallow);
  CHECK(state.tags == 0);
  CHECK_FALSE(state.tag->present);
  CHECK_FALSE(state.ref);
  CHECK(state.commit == CommitId{second});
  CHECK(state.parents == std::vector<CommitId>{{first}});
  CHECK(clean(state));
}

// A pull request's merge ref: HEAD is a commit of the pipeline's own, and its parents are named though not fetched.
TEST_CASE("HEAD at a merge ref", "[git]") {
  const Sandbox box;
  box.repository("origin");
  box.git("origin", {"checkout", "--quiet", "-b", "feature"});
  const std::string feature = box.commit("origin", "feature");
  box.git("origin", {"checkout", "--quiet", "main"});
  const std::string base = box.commit("origin", "base");
  box.git("origin", {"merge", "--quiet", "--no-ff", "--message", "merge", "feature"});
  box.git("origin", {"update-ref", "refs/pull/1/merge", "HEAD"});
  box.git("", {"init", "--quiet", "r"});
  box.git("r", {"fetch", "--quiet", "--depth=1", "file://" + (box.root / "origin").string(), "refs/pull/1/merge"});
  box.git("r", {"checkout", "--quiet", "--detach", "FETCH_HEAD"});
  const GitState state = box.state("r");
  CHECK(state.parents == std::vector<CommitId>{{base}, {feature}});
  CHECK(state.shallow);
  CHECK(clean(state));
}

// Each state of a submodule is told apart, and the troubled ones come first.
TEST_CASE("submodules", "[git]") {
  const Sandbox box;
  const std::string inner = box.repository("inner");
  box.repository("origin");
  box.git("origin", {"submodule", "--quiet", "add", (box.root / "inner").string(), "lib/a"});
  box.git("origin", {"submodule", "--quiet", "add", (box.root / "inner").string(), "lib/b"});
  box.commit("origin", "submodules");
  SECTION("clean") {
    const GitState state = box.state("origin");
    CHECK(clean(state));
    REQUIRE(state.submodules.total == 2);
    CHECK(state.submodules.listed[0] == GitSubmodule{"lib/a", {inner}, CommitId{inner}, SubmoduleState::clean, {}});
  }
  SECTION("not checked out") {
    box.git("", {"clone", "--quiet", (box.root / "origin").string(), "r"});
    const GitState state = box.state("r");
    REQUIRE(state.submodules.total == 2);
    CHECK(state.submodules.listed[0] == GitSubmodule{"lib/a", {inner}, {}, SubmoduleState::not_checked_out, {}});
    CHECK(state.changes.total == 0);
  }
  SECTION("changed within") {
    box.write("origin/lib/b/README", "changed\n");
    box.write("origin/lib/b/new", "new\n");
    const GitSubmodule submodule = box.state("origin").submodules.listed.at(0);
    CHECK(submodule.path == "lib/b");
    CHECK(submodule.state == SubmoduleState::dirty);
    CHECK(submodule.detail == "1 changed file, 1 untracked file");
  }
  SECTION("at another commit") {
    const std::string other = box.commit("origin/lib/b", "other");
    const GitSubmodule submodule = box.state("origin").submodules.listed.at(0);
    CHECK(submodule.state == SubmoduleState::other_commit);
    CHECK(submodule.checked_out == CommitId{other});
    CHECK(submodule.expected == CommitId{inner});
  }
  SECTION("outside of the paths asked for") {
    const GitState state = box.state("origin", {.checkout = ".", .tag = {}, .paths = {"lib/b/src"}});
    CHECK(state.submodules.total == 1);
    CHECK(state.submodules.elsewhere == 1);
    CHECK(state.unmatched.empty());
  }
}

// With Git LFS the file is compared with the size and digest in its pointer; a pointer in place of the file is no file.
TEST_CASE("Git LFS", "[git]") {
  const Sandbox box;
  make_repository_with_lfs(box);
  SECTION("the pointer was left in place") {
    const GitDoubt doubt = only_doubt(box.state("r"));
    CHECK(doubt.path == "program.so");
    CHECK(doubt.kind == DoubtKind::lfs_not_fetched);
  }
  SECTION("the content is that of the pointer") {
    box.write("r/program.so", lfs_content);
    const GitState state = box.state("r");
    CHECK(clean(state));
    CHECK(state.lfs_verified == 1);
  }
  SECTION("the content is another of the same size") {
    box.write("r/program.so", std::string(lfs_content.size(), 'x'));
    CHECK(only_change(box.state("r")).kind == ChangeKind::modified);
  }
  SECTION("the content is of another size") {
    box.write("r/program.so", lfs_content + "x");
    CHECK(only_change(box.state("r")).kind == ChangeKind::modified);
  }
  SECTION("a pointer that no attribute mentions is just a file") {
    box.write("r/.gitattributes", "");
    box.commit("r", "no attributes");
    CHECK(clean(box.state("r")));
  }
}

// A pointer is read strictly.
TEST_CASE("LFS pointers", "[git]") {
  CHECK(parse_lfs_pointer(lfs_pointer)->size == lfs_content.size());
  CHECK_FALSE(parse_lfs_pointer(""));
  CHECK_FALSE(parse_lfs_pointer("version https://git-lfs.github.com/spec/v1\n"));
  CHECK_FALSE(parse_lfs_pointer("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"));
  CHECK_FALSE(parse_lfs_pointer(lfs_pointer.substr(0, lfs_pointer.size() - 2) + "x\n"));
  CHECK_FALSE(parse_lfs_pointer(lfs_pointer + std::string(1024, ' ')));
}

// A filter is a program of whoever wrote the configuration: it is not run, and what it hides cannot be known.
TEST_CASE("other filters", "[git]") {
  const Sandbox box;
  box.repository("r");
  const std::string marker = (box.root / "ran").string();
  box.git("r", {"config", "filter.crypt.clean", "touch " + marker + "; tr a-z n-za-m"});
  box.git("r", {"config", "filter.crypt.smudge", "touch " + marker + "; tr a-z n-za-m"});
  box.write("r/.gitattributes", "secret filter=crypt\n");
  box.write("r/secret", "plain\n");
  box.commit("r", "secret");
  fs::remove(marker);
  const GitDoubt doubt = only_doubt(box.state("r"));
  CHECK(doubt == GitDoubt{"secret", DoubtKind::filter, "filter=crypt"});
  CHECK_FALSE(fs::exists(marker));
}

// A file in another encoding than its blob cannot be compared.
TEST_CASE("working-tree-encoding", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitattributes", "*.txt working-tree-encoding=UTF-16LE\n");
  box.write("r/a.txt", std::string("a\0\n\0", 4));
  box.commit("r", "encoded");
  CHECK(only_doubt(box.state("r")).kind == DoubtKind::encoding);
}

// Line endings that the attributes ask for are no change; one more letter is.
TEST_CASE("line endings by attribute", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitattributes", "* text=auto eol=crlf\n");
  box.write("r/a.txt", "one\r\ntwo\r\n");
  box.commit("r", "crlf");
  CHECK(box.git("r", {"cat-file", "blob", "HEAD:a.txt"}) == "one\ntwo");
  const GitState state = box.state("r");
  CHECK(clean(state));
  CHECK(state.normalised == 1);
  box.write("r/a.txt", "one\r\ntwo!\r\n");
  CHECK(only_change(box.state("r")).path == "a.txt");
}

// What git guesses to be text has its line endings converted, and nothing else has.
TEST_CASE("line endings of what is guessed to be text", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/.gitattributes", "* text=auto\n");
  struct Case {
    std::string content;
    bool is_text;
  };
  const Case one = GENERATE(values<Case>({{"one\r\ntwo\r\n", true},
                                          {"one\r\n" + std::string(127, 'x') + std::string(1, '\x01'), true},
                                          {"one\r\n" + std::string(100, 'x') + std::string(1, '\x01'), false},
                                          {"one\r\n" + std::string(100, 'x') + "\x1a", true},
                                          {"one\r\n\t\b\x1b\f\xc3\xa9", true},
                                          {std::string("one\r\n\x7f", 6), false},
                                          {"one\r\ntwo\rthree\r\n", false},
                                          {std::string("one\r\n\0\r\n", 8), false}}));
  std::string plain = one.content;
  for (std::size_t at = plain.find("\r\n"); at != std::string::npos; at = plain.find("\r\n")) plain.erase(at, 1);
  box.write("r/a", plain);
  box.commit("r", "a");
  box.write("r/a", one.content);
  CAPTURE(one.content);
  CHECK((box.git("r", {"hash-object", "a"}) == box.git("r", {"rev-parse", "HEAD:a"})) == one.is_text);
  const GitState state = box.state("r");
  CHECK(clean(state) == one.is_text);
  CHECK(state.normalised == (one.is_text ? 1 : 0));
}

// Line endings that nobody asks for: whether git sees a change depends on the user, so it cannot be known from the
// tree.
TEST_CASE("line endings without attribute", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/README", "vault\r\n");
  CHECK(only_doubt(box.state("r")).kind == DoubtKind::line_endings);
  SECTION("the repository's configuration asks for them") {
    box.git("r", {"config", "core.autocrlf", GENERATE("true", "input")});
    CHECK(clean(box.state("r")));
  }
  SECTION("an attribute says that they are content") {
    box.write("r/.gitattributes", "* -text\n");
    box.git("r", {"add", ".gitattributes"});
    box.git("r", {"commit", "--quiet", "--message", "attributes"});
    CHECK(only_change(box.state("r")).path == "README");
  }
  SECTION("another word differs too") {
    box.write("r/README", "vaults\r\n");
    CHECK(only_change(box.state("r")).path == "README");
  }
}

// Remotes are named without what could be a credential, whatever `insteadOf` would make of them.
TEST_CASE("remotes", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.git("r", {"remote", "add", "origin", "https://x-access-token:ghs_secret@github.com/acme/vault.git"});
  box.git("r", {"remote", "add", "my.fork", "git@github.com:ada/vault.git"});
  box.git("r", {"config", "url.https://oauth2:glpat_secret@gitlab.com/.insteadOf", "https://github.com/"});
  const Observation seen = box.observe("r");
  CHECK(seen.outcome->head.dump().find("secret") == std::string::npos);
  CHECK(box.state("r").remotes == std::vector<GitRemote>{{"origin", "https://github.com/acme/vault.git"},
                                                         {"my.fork", "github.com:ada/vault.git"}});
}

// Nothing of a URL that may be a credential is kept.
TEST_CASE("credentials in URLs", "[git]") {
  CHECK(without_credentials("https://github.com/acme/vault.git") == "https://github.com/acme/vault.git");
  CHECK(without_credentials("https://user:pass@host:8443/acme") == "https://host:8443/acme");
  CHECK(without_credentials("https://user:p@ss@host/acme") == "https://host/acme");
  CHECK(without_credentials("https://user:pa/ss@host/acme") == "https://host/acme");
  CHECK(without_credentials("https://host/acme?private_token=abc") == "https://host/acme");
  CHECK(without_credentials("https://host/acme#abc") == "https://host/acme");
  CHECK(without_credentials("token:abc@host/acme") == "host/acme");
  CHECK(without_credentials("git@host:acme/vault") == "host:acme/vault");
  CHECK(without_credentials("https://host/@scope/vault") == "https://host/@scope/vault");
  CHECK(without_credentials("/srv/git/a@b") == "/srv/git/a@b");
  CHECK(without_credentials("") == "");
}

// One repository has many spellings.
TEST_CASE("repository names", "[git]") {
  for (const char* url : {"https://github.com/acme/vault", "https://GitHub.com/acme/vault.git",
                          "git@github.com:acme/vault.git", "ssh://git@github.com/acme/vault.git",
                          "ssh://git@github.com:22/acme/vault/", "https://user:token@github.com:443/acme/vault.git/",
                          "github.com:acme/vault", "git://github.com/acme/vault", "git@github.com:/acme/vault"}) {
    CHECK(repository_name(url) == "github.com/acme/vault");
  }
  CHECK(repository_name("https://github.com:8443/acme/vault") == "github.com:8443/acme/vault");
  CHECK(repository_name("https://github.com/acme/Vault") == "github.com/acme/Vault");
  CHECK(repository_name("/srv/Git/vault.git") == "/srv/Git/vault");
  CHECK(repository_name("file:///srv/Git/vault.git") == "/srv/Git/vault");
}

// What evidence holds reads back as it was; anything more, less or other is refused.
TEST_CASE("the payload is read strictly", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.write("r/README", "changed\n");
  box.write("r/bad\xff\nname", "x");
  const Payload payload = *box.observe("r", {.checkout = ".", .tag = "v1", .paths = {"README", "."}}).outcome;
  const GitState state = *read_git_state(payload);
  CHECK(git_payload(state).head == payload.head);
  CHECK(state.untracked.listed == std::vector<std::string>{"bad\\xff\\nname"});
  CHECK(canonical_json(payload.head));
  for (const auto& item : payload.head.items()) {
    Payload wrong = payload;
    wrong.head[item.key()] = {{"no", "such"}};
    CHECK_FALSE(read_git_state(wrong));
  }
  Payload more = payload;
  more.head["more"] = 1;
  CHECK_FALSE(read_git_state(more));
  Payload less = payload;
  less.head.erase("changes");
  CHECK_FALSE(read_git_state(less));
  Payload body = payload;
  body.body = std::make_shared<const Bytes>();
  CHECK_FALSE(read_git_state(body));
  for (const char* list : {"changes", "untracked", "unsettled", "doubts", "submodules"}) {
    INFO(list);
    Payload nothing_named = payload;
    nothing_named.head[list] = {{"listed", Json::array()}, {"total", 1U}, {"elsewhere", 0U}};
    CHECK_FALSE(read_git_state(nothing_named));
  }
  Payload uncounted = payload;
  uncounted.head["untracked"]["total"] = 0U;
  CHECK_FALSE(read_git_state(uncounted));
}

// An abbreviated or upper-case id names no commit for good.
TEST_CASE("commit ids", "[git]") {
  CHECK(parse_commit_id(std::string(40, 'a')));
  CHECK_FALSE(parse_commit_id(std::string(39, 'a')));
  CHECK_FALSE(parse_commit_id(std::string(40, 'A')));
  CHECK_FALSE(parse_commit_id(std::string(64, 'a')));
}
