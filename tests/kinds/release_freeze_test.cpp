#include <catch2/catch.hpp>

#include "facts/git.hpp"
#include "kinds/catalogue.hpp"
#include "support/gate.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const CommitId frozen{std::string(40, 'a')};
const CommitId other{std::string(40, 'b')};
const Time committed_at = parse_time("2026-11-20T08:00:00Z").value();
const Time built_at = parse_time("2026-11-20T09:00:00Z").value();
const Time now = parse_time("2026-11-21T08:00:00Z").value();

// A checkout of which every statement of the gate is true.
GitState healthy() {
  GitState state;
  state.commit = frozen;
  state.ref = "refs/heads/main";
  state.committed_at = committed_at;
  state.parents = {other};
  state.tracked = 12;
  state.tags = 1;
  state.tag = GitTag{"v1", true, true, frozen, {}};
  state.remotes = {{"origin", "git@github.com:acme/vault.git"}};
  return state;
}

const Json full = {{"commit", frozen.hex},
                   {"tag", "v1"},
                   {"builtAt", to_string(built_at)},
                   {"repository", "https://github.com/acme/vault"}};

Finding decide(const GitState& state, const Json& params = full) {
  GitRequest request;
  if (params.contains("tag")) request.tag = params["tag"];
  if (params.contains("paths")) request.paths = params["paths"].get<std::vector<std::string>>();
  if (params.contains("checkout")) request.checkout = params["checkout"];
  FakeSource source;
  source.answers(request, git_payload(state));
  source.is_now(now);
  return decide_gate(release_freeze(), params, source);
}

Json with(const char* key, const Json& value) {
  Json params = full;
  params[key] = value;
  return params;
}

bool fails_with(const Finding& finding, const std::string& words) {
  INFO(finding.summary);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary.find(words) != std::string::npos);
  return finding.outcome == Outcome::fail;
}

bool inconclusive_with(const Finding& finding, const std::string& cause, const std::string& change) {
  INFO(finding.summary);
  CHECK(finding.outcome == Outcome::inconclusive);
  REQUIRE(finding.cause);
  CHECK(finding.cause->cause == cause);
  CHECK(finding.summary.find(change) != std::string::npos);
  return finding.outcome == Outcome::inconclusive;
}

}  // namespace

// Everything holds: a pass, which says what it does not show.
TEST_CASE("release-freeze passes on the frozen commit", "[kinds]") {
  const Finding finding = decide(healthy());
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary.find("HEAD is the frozen commit " + frozen.hex) == 0);
  CHECK(finding.summary.find("does not show that the artifact was built from it") != std::string::npos);
  CHECK(observed(finding, "HEAD").observed == frozen.hex);
  CHECK(observed(finding, "HEAD").fact == key_of(GitRequest{".", "v1", {}}));
  CHECK(decide(healthy(), {{"commit", frozen.hex}}).outcome == Outcome::pass);
}

// Checkout and clock travel in one round; without a build time the clock is not asked for.
TEST_CASE("release-freeze takes one round", "[kinds]") {
  FakeSource source;
  source.answers(GitRequest{".", "v1", {}}, git_payload(healthy()));
  source.is_now(now);
  decide_gate(release_freeze(), full, source);
  REQUIRE(source.rounds().size() == 1);
  CHECK(source.rounds().front().size() == 2);

  FakeSource without;
  without.answers(GitRequest{}, git_payload(healthy()));
  decide_gate(release_freeze(), {{"commit", frozen.hex}}, without);
  CHECK(without.rounds().front() == std::vector<std::string>{key_of(GitRequest{})});
}

// HEAD is something else: another commit, no commit, or a merge that a pipeline made of the frozen one.
TEST_CASE("release-freeze fails on another HEAD", "[kinds]") {
  GitState state = healthy();
  SECTION("another commit") {
    state.commit = other;
    CHECK(fails_with(decide(state), "HEAD is " + other.hex + ", not the frozen commit " + frozen.hex));
  }
  SECTION("no commit") {
    state.commit = std::nullopt;
    CHECK(fails_with(decide(state), "refs/heads/main has no commit yet"));
  }
  SECTION("the merge commit of a pull request") {
    state.commit = other;
    state.ref = std::nullopt;
    state.parents = {CommitId{std::string(40, 'c')}, frozen};
    CHECK(fails_with(decide(state), "check out the head commit of the pull request"));
  }
  SECTION("a commit on top of it is no merge") {
    state.commit = other;
    state.parents = {frozen};
    const Finding finding = decide(state);
    CHECK(fails_with(finding, "not the frozen commit"));
    CHECK(finding.summary.find("merge") == std::string::npos);
  }
}

// Each way in which the tree is not the commit fails and names the file.
TEST_CASE("release-freeze fails on a tree that differs", "[kinds]") {
  GitState state = healthy();
  SECTION("a tracked file") {
    state.changes = {{{"src/lib.rs", ChangeKind::modified, false, false, {}}}, 1, 0};
    CHECK(fails_with(decide(state), "1 tracked file not as committed: modified src/lib.rs"));
  }
  SECTION("a change that git status overlooks") {
    state.changes = {{{"src/lib.rs", ChangeKind::modified, false, true, {}}}, 1, 0};
    CHECK(fails_with(decide(state), "modified src/lib.rs (git status is told to overlook it)"));
  }
  SECTION("a rename, and more than are named") {
    state.changes = {{{"b", ChangeKind::renamed, true, false, "a"}, {"c", ChangeKind::deleted, true, false, {}}}, 9, 0};
    CHECK(fails_with(decide(state), "9 tracked files not as committed: renamed a to b, deleted c and 7 more"));
  }
  SECTION("an untracked file") {
    state.untracked = {{"build.rs"}, 1, 0};
    CHECK(fails_with(decide(state), "1 untracked file: build.rs"));
    CHECK(decide(state, with("allowUntracked", true)).outcome == Outcome::pass);
    CHECK(decide(state, with("allowUntracked", true)).summary.find("1 untracked file allowed") != std::string::npos);
  }
  SECTION("a submodule at another commit") {
    state.submodules = {{{"lib", frozen, other, SubmoduleState::other_commit, {}}}, 1, 0};
    CHECK(fails_with(decide(state), "submodule lib is at " + other.hex));
  }
  SECTION("a submodule changed within") {
    state.submodules = {{{"lib", frozen, frozen, SubmoduleState::dirty, "1 changed file"}}, 1, 0};
    CHECK(fails_with(decide(state), "submodule lib has 1 changed file"));
  }
  SECTION("a path without files") {
    state.unmatched = {"program"};
    CHECK(fails_with(decide(state), "the commit has no file under program"));
  }
  SECTION("no files at all") {
    state.tracked = 0;
    CHECK(fails_with(decide(state), "the commit has no files"));
  }
  SECTION("a merge in progress") {
    state.operation = "merge";
    CHECK(fails_with(decide(state), "a merge is in progress"));
    state.operation = "bisect";
    CHECK(decide(state).outcome == Outcome::pass);
  }
}

// In a monorepo what differs elsewhere does not count, and is said.
TEST_CASE("release-freeze speaks of the paths asked for", "[kinds]") {
  GitState state = healthy();
  state.changes.elsewhere = 2;
  state.untracked.elsewhere = 1;
  const Finding finding = decide(state, with("paths", {"programs/vault"}));
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary.find("only programs/vault compared, 3 differences elsewhere") != std::string::npos);
}

// A tag that is not at the commit fails; one that was perhaps not fetched cannot be known.
TEST_CASE("release-freeze judges the tag", "[kinds]") {
  GitState state = healthy();
  SECTION("elsewhere") {
    state.tag->commit = other;
    CHECK(fails_with(decide(state), "tag v1 points to " + other.hex));
  }
  SECTION("at no commit") {
    state.tag = GitTag{"v1", true, false, {}, "it points to no commit"};
    CHECK(fails_with(decide(state), "tag v1: it points to no commit"));
  }
  SECTION("absent from a full clone") {
    state.tag = GitTag{"v1", false, false, {}, {}};
    CHECK(fails_with(decide(state), "tag v1 does not exist"));
  }
  SECTION("absent from a shallow clone") {
    state.tag = GitTag{"v1", false, false, {}, {}};
    state.shallow = true;
    CHECK(inconclusive_with(decide(state), "git-shallow", "fetch-tags: true"));
  }
  SECTION("absent from a clone without tags") {
    state.tag = GitTag{"v1", false, false, {}, {}};
    state.tags = 0;
    CHECK(inconclusive_with(decide(state), "git-no-tags", "git fetch --tags"));
    state.remotes.clear();
    Json params = full;
    params.erase("repository");
    CHECK(fails_with(decide(state, params), "tag v1 does not exist"));
  }
  SECTION("its commit was not fetched") {
    state.tag = GitTag{"v1", true, true, {}, "its object is not in the repository"};
    state.shallow = true;
    CHECK(inconclusive_with(decide(state), "git-missing-objects", "git fetch"));
  }
}

// The repository is known by its name in any spelling, from any remote.
TEST_CASE("release-freeze judges the repository", "[kinds]") {
  GitState state = healthy();
  SECTION("another") {
    state.remotes = {{"origin", "https://github.com/mallory/vault"}};
    CHECK(fails_with(decide(state), "a checkout of github.com/mallory/vault, not of github.com/acme/vault"));
  }
  SECTION("the second of two") {
    state.remotes.insert(state.remotes.begin(), {"fork", "https://github.com/ada/vault"});
    CHECK(decide(state).outcome == Outcome::pass);
  }
  SECTION("none") {
    state.remotes.clear();
    CHECK(inconclusive_with(decide(state), "git-no-remote", "git remote add origin https://github.com/acme/vault"));
  }
}

// The build is later than the commit and not in the future.
TEST_CASE("release-freeze judges the build time", "[kinds]") {
  CHECK(fails_with(decide(healthy(), with("builtAt", "2026-11-20T07:59:59Z")), "is before the commit was made"));
  CHECK(fails_with(decide(healthy(), with("builtAt", "2026-11-21T08:00:01Z")), "lies in the future"));
  CHECK(decide(healthy(), with("builtAt", to_string(committed_at))).outcome == Outcome::pass);
}

// Every doubt about a file is inconclusive under its own cause, and says what to change.
TEST_CASE("release-freeze is inconclusive about files that cannot be compared", "[kinds]") {
  struct Case {
    DoubtKind kind;
    const char* cause;
    const char* change;
  };
  const Case one = GENERATE(values<Case>({{DoubtKind::filter, "git-filter", "smudge"},
                                          {DoubtKind::encoding, "git-encoding", "UTF-8"},
                                          {DoubtKind::line_endings, "git-line-endings", ".gitattributes"},
                                          {DoubtKind::lfs_not_fetched, "git-lfs", "git lfs pull"},
                                          {DoubtKind::not_checked_out, "git-sparse", "git sparse-checkout disable"},
                                          {DoubtKind::unreadable, "git-unreadable", "let this user read"},
                                          {DoubtKind::missing_object, "git-missing-objects", "git fetch --refetch"},
                                          {DoubtKind::rules, "git-rules", "restore the .gitignore"},
                                          {DoubtKind::ident, "git-ident", "check them out again"}}));
  GitState state = healthy();
  state.doubts = {{{"a.so", one.kind, "why"}}, 1, 0};
  const Finding finding = decide(state);
  CHECK(inconclusive_with(finding, one.cause, one.change));
  CHECK(finding.summary.find("a.so (why)") != std::string::npos);
  CHECK_FALSE(observed(finding, "cannot be known").observed.empty());
}

// What else cannot be known of a checkout as it is.
TEST_CASE("release-freeze is inconclusive about the checkout", "[kinds]") {
  GitState state = healthy();
  SECTION("a submodule that is not there") {
    state.submodules = {{{"lib", frozen, {}, SubmoduleState::not_checked_out, {}}}, 1, 0};
    CHECK(inconclusive_with(decide(state), "git-submodule", "git submodule update --init --recursive"));
  }
  SECTION("a submodule that cannot be read") {
    state.submodules = {{{"lib", frozen, {}, SubmoduleState::unknown, "it has no commit"}}, 1, 0};
    CHECK(inconclusive_with(decide(state), "git-submodule", "it has no commit"));
  }
  SECTION("git is at work") {
    state.locked = true;
    const Finding finding = decide(state);
    CHECK(inconclusive_with(finding, "git-busy", "index.lock"));
    CHECK(finding.cause->retry == Retry::now);
  }
}

// What is known to be wrong outweighs what cannot be known.
TEST_CASE("release-freeze does not know what a rule of nobody's ignores", "[kinds]") {
  GitState state = healthy();
  state.unsettled = {{{"build.rs", DoubtKind::rules, ".gitignore is not as committed"}}, 1, 0};
  CHECK(inconclusive_with(decide(state), "git-rules", "restore the .gitignore"));
  CHECK(decide(state).summary.find("build.rs (.gitignore is not as committed)") != std::string::npos);
  CHECK(decide(state, with("allowUntracked", true)).outcome == Outcome::pass);
}

TEST_CASE("release-freeze fails rather than doubts", "[kinds]") {
  GitState state = healthy();
  state.commit = other;
  state.doubts = {{{"a.so", DoubtKind::filter, "why"}}, 1, 0};
  CHECK(fails_with(decide(state), "not the frozen commit"));
}

// A checkout that cannot be read ends the gate with the source's cause.
TEST_CASE("release-freeze is inconclusive without a checkout", "[kinds]") {
  FakeSource source;
  source.refuses(GitRequest{}, {"git-owner", "belongs to uid 1001", Retry::never});
  const Finding finding = decide_gate(release_freeze(), {{"commit", frozen.hex}}, source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "git-owner");
}

// A record that is no state of a checkout is no verdict on it.
TEST_CASE("release-freeze is inconclusive about a malformed record", "[kinds]") {
  FakeSource source;
  source.answers(GitRequest{}, {Json{{"commit", frozen.hex}}, nullptr, nullptr});
  const Finding finding = decide_gate(release_freeze(), {{"commit", frozen.hex}}, source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "malformed");
}

// Only a full commit id names a commit for good.
TEST_CASE("release-freeze refuses other parameters", "[kinds]") {
  CHECK(refusal_of(release_freeze(), {{"commit", "aaaa"}}).find("40 hex digits") != std::string::npos);
  CHECK(refusal_of(release_freeze(), Json::object()).find("has no \"commit\"") != std::string::npos);
  CHECK(refusal_of(release_freeze(), {{"commit", frozen.hex}, {"checkout", "/abs"}}).find("absolute") !=
        std::string::npos);
  CHECK(refusal_of(release_freeze(), {{"commit", frozen.hex}, {"branch", "main"}}).find("unknown key") !=
        std::string::npos);
}
