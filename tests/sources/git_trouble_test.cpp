// Checkouts that cannot be read, or not be relied on: each has a cause with a name, and says what to change.
#include "sources/git_sandbox.hpp"

using namespace readyctl;
using namespace readyctl::test;

// libgit2 1.5 loses the match data of a pattern that finds nothing (regexp.c, PCRE2). It searches by pattern when it
// opens a repository of format version 1, and nowhere else in these tests.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpcre2-8.so\n"; }

namespace {

// Whether the cause is the one expected and its sentence holds what to do about it.
bool names(const Unobtainable& trouble, const std::string& cause, const std::string& advice) {
  INFO(trouble.cause + ": " + trouble.what);
  CHECK(trouble.cause == cause);
  CHECK(trouble.what.find(advice) != std::string::npos);
  return trouble.cause == cause && trouble.what.find(advice) != std::string::npos;
}

fs::path loose_object(const Sandbox& box, const std::string& id) {
  return box.root / "r/.git/objects" / id.substr(0, 2) / id.substr(2);
}

// The owner of files that belong to nobody who runs anything.
constexpr uid_t nobody = 65534;

void give_away(const fs::path& folder) {
  INFO("a checkout of another user needs root, as tests/run.sh has it");
  REQUIRE(::geteuid() == 0);
  REQUIRE(::lchown(folder.c_str(), nobody, nobody) == 0);
  for (const auto& item : fs::recursive_directory_iterator(folder)) {
    REQUIRE(::lchown(item.path().c_str(), nobody, nobody) == 0);
  }
}

}  // namespace

// A folder that no repository holds.
TEST_CASE("no repository", "[git]") {
  const Sandbox box;
  fs::create_directory(box.root / "plain");
  CHECK(names(box.trouble("plain"), "git-no-repository", "checked out"));
}

// A worktree whose repository was not mounted with it: its .git file leads nowhere.
TEST_CASE("a .git file that leads nowhere", "[git]") {
  const Sandbox box;
  box.repository("outer");
  box.write("outer/wt/.git", "gitdir: /nowhere/.git/worktrees/wt\n");
  CHECK(names(box.trouble("outer/wt"), "git-no-repository", "If .git is a file"));
}

// A checkout that is not there, is a file, or lies outside of the release's folder.
TEST_CASE("paths of checkouts", "[git]") {
  const Sandbox box;
  box.repository("r");
  fs::create_directory(box.root / "release");
  fs::create_symlink(box.root / "r", box.root / "release/link");
  const auto cause = [&box](const std::string& folder, const std::string& path) {
    return box.trouble(folder, {.checkout = path, .tag = {}, .paths = {}}).cause;
  };
  CHECK(cause("release", "link") == "not-permitted");
  CHECK(cause("release", "../r") == "not-permitted");
  CHECK(cause("release", (box.root / "r").string()) == "not-permitted");
  CHECK(cause("r", "none") == "missing");
  CHECK(cause("r", "README") == "missing");
}

// A bare repository has no files to compare.
TEST_CASE("a bare repository", "[git]") {
  const Sandbox box;
  box.git("", {"init", "--quiet", "--bare", "r"});
  CHECK(names(box.trouble("r"), "git-bare", "git worktree add"));
}

// SHA-256 repositories exist, and this libgit2 does not read them: said by name, not as damage.
TEST_CASE("a SHA-256 repository", "[git]") {
  const Sandbox box;
  box.git("", {"init", "--quiet", "--object-format=sha256", "r"});
  box.write("r/a", "a");
  box.commit("r", "first");
  CHECK(names(box.trouble("r"), "git-object-format", "sha256"));
}

// An extension that changes how the repository must be read is refused by name.
TEST_CASE("unknown extensions", "[git]") {
  const Sandbox box;
  box.repository("r");
  box.git("r", {"config", "core.repositoryFormatVersion", "1"});
  SECTION("any") {
    box.write("r/.git/config", box.read("r/.git/config") + "[extensions]\n\tfuture = true\n");
    CHECK(names(box.trouble("r"), "git-extension", "extensions.future"));
  }
  SECTION("reftable") {
    box.write("r/.git/config", box.read("r/.git/config") + "[extensions]\n\trefStorage = reftable\n");
    CHECK(names(box.trouble("r"), "git-extension", "git refs migrate"));
  }
}

// A branch without a commit is a definite state, not a failure to read.
TEST_CASE("no commit yet", "[git]") {
  const Sandbox box;
  box.git("", {"init", "--quiet", "--initial-branch=main", "r"});
  const GitState state = box.state("r");
  CHECK_FALSE(state.commit);
  CHECK(state.ref == "refs/heads/main");
}

// A checkout of another user, as containers have it: refused with the way out, and named once it is trusted.
TEST_CASE("a checkout of another user", "[git]") {
  const Sandbox box;
  box.repository("r");
  give_away(box.root / "r");
  const Environment home("HOME", (box.root / "home").string());
  const Environment no_xdg("XDG_CONFIG_HOME", (box.root / "home/xdg").string());
  const std::string path = (box.root / "r").string();
  CHECK(names(box.trouble("r"), "git-owner", "git config --global --add safe.directory " + path));

  SECTION("trusted by the user's configuration") {
    box.git("", {"config", "--global", "--add", "safe.directory", path});
    CHECK(box.state("r").foreign_owner == "uid 65534");
    CHECK(clean(box.state("r")));
  }
  SECTION("everything is trusted") {
    box.git("", {"config", "--global", "--add", "safe.directory", "*"});
    CHECK(box.state("r").foreign_owner == "uid 65534");
  }
  SECTION("another folder is trusted") {
    box.git("", {"config", "--global", "--add", "safe.directory", path + "2"});
    CHECK(box.trouble("r").cause == "git-owner");
  }
  SECTION("trust was taken back") {
    box.git("", {"config", "--global", "--add", "safe.directory", "*"});
    box.git("", {"config", "--global", "--add", "safe.directory", ""});
    CHECK(box.trouble("r").cause == "git-owner");
  }
  SECTION("the repository cannot vouch for itself") {
    box.write("r/.git/config", box.read("r/.git/config") + "[safe]\n\tdirectory = *\n");
    CHECK(box.trouble("r").cause == "git-owner");
  }
  SECTION("trusted by the environment, as pipelines do it") {
    const Environment count("GIT_CONFIG_COUNT", "1");
    const Environment key("GIT_CONFIG_KEY_0", "safe.directory");
    const Environment value("GIT_CONFIG_VALUE_0", path);
    CHECK(box.state("r").foreign_owner == "uid 65534");
  }
  SECTION("the user became root to run this") {
    const Environment sudo("SUDO_UID", "65534");
    CHECK_FALSE(box.state("r").foreign_owner);
  }
}

// Only the .git folder belongs to somebody else: that is enough to change the answer.
TEST_CASE("a .git folder of another user", "[git]") {
  const Sandbox box;
  box.repository("r");
  give_away(box.root / "r/.git");
  const Environment home("HOME", (box.root / "home").string());
  CHECK(box.trouble("r").cause == "git-owner");
}

// Objects that are gone are missing; objects that hold something else are damage.
TEST_CASE("missing and damaged objects", "[git]") {
  const Sandbox box;
  const std::string commit = box.repository("r");
  const std::string tree = box.git("r", {"rev-parse", "HEAD^{tree}"});
  SECTION("the commit is gone") {
    fs::remove(loose_object(box, commit));
    CHECK(names(box.trouble("r"), "git-missing-objects", "git fetch --unshallow"));
  }
  SECTION("its tree is gone") {
    fs::remove(loose_object(box, tree));
    CHECK(names(box.trouble("r"), "git-missing-objects", "the tree of commit"));
  }
  SECTION("a folder of it is gone") {
    fs::remove(loose_object(box, box.git("r", {"rev-parse", "HEAD:src"})));
    CHECK(names(box.trouble("r"), "git-missing-objects", "a folder of commit"));
  }
  SECTION("the commit is garbage") {
    fs::remove(loose_object(box, commit));
    box.write("r/.git/objects/" + commit.substr(0, 2) + "/" + commit.substr(2), "garbage");
    CHECK(names(box.trouble("r"), "git-corrupt", "git fsck"));
  }
  SECTION("another commit stands under its name") {
    const std::string other = box.commit("r", "other");
    fs::remove(loose_object(box, other));
    fs::create_directories(loose_object(box, other).parent_path());
    fs::copy_file(loose_object(box, commit), loose_object(box, other));
    CHECK(names(box.trouble("r"), "git-corrupt", "git fsck"));
  }
  SECTION("HEAD is garbage") {
    box.write("r/.git/HEAD", "garbage\n");
    CHECK(box.trouble("r").cause == "git-corrupt");
  }
  SECTION("the configuration is garbage") {
    box.write("r/.git/config", "[core\n");
    CHECK(names(box.trouble("r"), "git-corrupt", ".git/config"));
  }
  SECTION("the content of a clean file is gone: the file itself says what it is") {
    fs::remove(loose_object(box, box.git("r", {"rev-parse", "HEAD:README"})));
    CHECK(clean(box.state("r")));
  }
}

// Forms of the index that libgit2 does not read are named with the command that undoes them.
TEST_CASE("an index that cannot be read", "[git]") {
  const Sandbox box;
  box.repository("r");
  SECTION("split") { box.git("r", {"update-index", "--split-index"}); }
  SECTION("sparse") {
    box.write("r/app/main.rs", "x");
    box.commit("r", "app");
    box.git("r", {"sparse-checkout", "set", "--cone", "--sparse-index", "app"});
  }
  SECTION("garbage") { box.write("r/.git/index", "garbage"); }
  CHECK(names(box.trouble("r"), "git-index", "git update-index --no-split-index"));
}

// A partial clone is read as far as its objects go; what is not there is not fetched.
TEST_CASE("a partial clone", "[git]") {
  const Sandbox box;
  box.repository("origin");
  box.write("origin/README", "second\n");
  box.commit("origin", "second");
  box.git("origin", {"config", "uploadpack.allowFilter", "true"});
  box.git("", {"clone", "--quiet", "--filter=blob:none", "file://" + (box.root / "origin").string(), "r"});
  const GitState state = box.state("r");
  CHECK(state.partial);
  CHECK(clean(state));
  CHECK_FALSE(box.state("origin").partial);
}

// A lock on the index and an operation in progress mean that what is seen may not stay.
TEST_CASE("git at work", "[git]") {
  const Sandbox box;
  box.repository("r");
  CHECK_FALSE(box.state("r").locked);
  box.write("r/.git/index.lock", "");
  CHECK(box.state("r").locked);
  fs::remove(box.root / "r/.git/index.lock");
  box.write("r/.git/MERGE_HEAD", std::string(40, '1') + "\n");
  CHECK(box.state("r").operation == "merge");
  fs::remove(box.root / "r/.git/MERGE_HEAD");
  fs::create_directory(box.root / "r/.git/rebase-merge");
  CHECK(box.state("r").operation == "rebase");
}

// Programs that the configuration names are not run, and files it includes from the user's home have no part.
TEST_CASE("nothing is run", "[git]") {
  const Sandbox box;
  box.repository("r");
  const std::string marker = (box.root / "ran").string();
  box.write("program", "#!/bin/sh\ntouch " + marker + "\n");
  const std::string program = (box.root / "program").string();
  fs::permissions(program, fs::perms::owner_all);
  for (const char* hook : {"post-index-change", "post-checkout", "fsmonitor-watchman"}) {
    fs::create_directories(box.root / "r/.git/hooks");
    fs::copy_file(program, box.root / "r/.git/hooks" / hook);
  }
  for (const char* key : {"core.fsmonitor", "core.sshCommand", "credential.helper", "diff.external", "core.pager"}) {
    box.git("r", {"config", key, program});
  }
  box.write("home/more", "[core]\n\tautocrlf = true\n");
  box.git("r", {"config", "include.path", "~/more"});
  box.write("r/README", "vault\r\n");
  fs::remove(marker);
  const Environment home("HOME", (box.root / "home").string());
  CHECK(only_doubt(box.state("r")).kind == DoubtKind::line_endings);
  CHECK_FALSE(fs::exists(marker));
}

// What makes git show other objects or parents than there are is noted; the state is of the true ones.
TEST_CASE("replacements, grafts and alternates", "[git]") {
  const Sandbox box;
  const std::string first = box.repository("r");
  const std::string second = box.commit("r", "second");
  CHECK(box.state("r").replace_refs == 0);
  box.git("r", {"replace", second, first});
  box.write("r/.git/info/grafts", second + "\n");
  const GitState state = box.state("r");
  CHECK(state.replace_refs == 1);
  CHECK(state.grafts);
  CHECK_FALSE(state.alternates);
  CHECK(state.parents == std::vector<CommitId>{{first}});
  box.git("", {"clone", "--quiet", "--shared", (box.root / "r").string(), "borrower"});
  CHECK(box.state("borrower").alternates);
}

// A file that may not be read is a doubt, for a user who is not root; root is made one by giving up the right.
TEST_CASE("a file that may not be read", "[git]") {
  const Sandbox box;
  box.repository("r");
  fs::permissions(box.root / "r/README", fs::perms::none);
  give_away(box.root / "r");
  REQUIRE(::chmod(box.root.c_str(), 0755) == 0);
  const Environment home("HOME", (box.root / "home").string());
  REQUIRE(::seteuid(nobody) == 0);
  const Observation seen = box.observe("r");
  REQUIRE(::seteuid(0) == 0);
  REQUIRE(seen.outcome);
  const GitDoubt doubt = only_doubt(*read_git_state(*seen.outcome));
  CHECK(doubt.path == "README");
  CHECK(doubt.kind == DoubtKind::unreadable);
}
