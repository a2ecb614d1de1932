// release-freeze: is the checkout the frozen commit, and nothing else?
//
// Reads     the state of the git checkout, and the clock when `builtAt` is given: 1 round
// pass      HEAD is the frozen commit, the tree is clean within `paths`, the tag points there, a remote is the
//           repository, and the build is later than the commit
// fail      another commit, a merge of the frozen one included; a file changed or untracked; a submodule changed; the
//           tag absent or elsewhere; another repository; a path without files; an operation in progress
// inconclusive  what cannot be known of the checkout as it is: causes git-…, each with what to change
// Source    git: what a tree, an index and a tag are; files are compared by content (facts/git.hpp)
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/git.hpp"
#include "facts/local.hpp"
#include "kinds/catalogue.hpp"

namespace readyctl {
namespace {

struct ReleaseFreeze {
  RelativePath checkout{"."};
  std::optional<RepositoryUrl> repository;
  CommitId commit;
  std::optional<std::string> tag;
  std::vector<std::string> paths;
  bool allow_untracked = false;
  std::optional<Time> built_at;

  static constexpr auto fields() {
    return std::tuple{
        optional("checkout", &ReleaseFreeze::checkout, "folder of the checkout; by default that of release.json"),
        optional("repository", &ReleaseFreeze::repository, "URL that one of the remotes must name, in any spelling"),
        required("commit", &ReleaseFreeze::commit, "the frozen commit; HEAD must be it"),
        optional("tag", &ReleaseFreeze::tag, "a tag that must point to the commit"),
        optional("paths", &ReleaseFreeze::paths,
                 "what belongs to the release, from the root of the repository, no patterns; by default all of it"),
        optional("allowUntracked", &ReleaseFreeze::allow_untracked, "accept files that git neither tracks nor ignores"),
        optional("builtAt", &ReleaseFreeze::built_at,
                 "when the artifact was built: not before the commit, not in future"),
    };
  }

  GitRequest request() const { return {checkout.text, tag, paths}; }
};

constexpr std::size_t named_max = 3;

// What is known to be wrong goes to the judgement; what cannot be known is kept here, and decides only if nothing is.
struct Deliberation {
  Judgement judgement;
  std::vector<Unobtainable> doubts;

  void doubt(std::string cause, const std::string& what, const std::string& change, Retry retry = Retry::never) {
    judgement.note("cannot be known", what);
    doubts.push_back({std::move(cause), what + "; " + change, retry});
  }

  Finding conclude(const std::string& summary) const {
    Finding judged = judgement.conclude(summary);
    if (judged.outcome == Outcome::fail || doubts.empty()) return judged;
    std::vector<std::string> words;
    for (const Unobtainable& one : doubts) words.push_back(one.what);
    Finding finding = inconclusive({doubts.front().cause, join(words, "; "), doubts.front().retry});
    finding.observations = std::move(judged.observations);
    return finding;
  }
};

// "a, b, c and 4 more"
std::string first_of(std::vector<std::string> names, std::size_t total) {
  if (names.size() > named_max) names.resize(named_max);
  const std::size_t more = total - names.size();
  return join(names, ", ") + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

std::string words_for(const GitChange& change) {
  return std::string(to_string(change.kind)) + " " + (change.from ? *change.from + " to " : "") + change.path +
         (change.hidden ? " (git status is told to overlook it)" : "");
}

template <class T, class Words>
std::string words_for(const GitList<T>& list, Words words) {
  if (list.total == 0) return "none";
  std::vector<std::string> names;
  for (const T& item : list.listed) names.push_back(words(item));
  return first_of(std::move(names), list.total);
}

// --- which commit ---------------------------------------------------------------------------------------------------

bool is_merge_of(const GitState& state, const CommitId& commit) {
  return state.parents.size() > 1 &&
         std::find(state.parents.begin(), state.parents.end(), commit) != state.parents.end();
}

// A merge that a pipeline made (refs/pull/N/merge) is another tree than the one reviewed: that is known, so it fails.
void judge_head(const ReleaseFreeze& gate, const GitState& state, Judgement& judgement) {
  const std::string expected = to_string(gate.commit);
  if (!state.commit) {
    return judgement.expect(false, {"HEAD", expected, "no commit"}, state.ref.value_or("HEAD") + " has no commit yet");
  }
  const std::string observed = to_string(*state.commit);
  const std::string otherwise =
      is_merge_of(state, gate.commit)
          ? "HEAD is " + observed + ", a merge of the frozen commit " + expected +
                " such as pipelines make for a pull "
                "request, and another tree; check out the head commit of the pull request itself"
          : "HEAD is " + observed + ", not the frozen commit " + expected;
  judgement.expect(state.commit == gate.commit, {"HEAD", expected, observed}, otherwise);
  judgement.note("branch", state.ref.value_or("none: HEAD is detached"));
}

void judge_tag(const GitState& state, const CommitId& commit, Deliberation& deliberation) {
  if (!state.tag) return;
  const GitTag& tag = *state.tag;
  const std::string name = "tag " + tag.name;
  const bool cut_off = state.shallow || state.partial;
  if (tag.present && tag.commit) {
    const std::string observed = to_string(*tag.commit);
    deliberation.judgement.expect(tag.commit == commit, {name, to_string(commit), observed},
                                  name + " points to " + observed + ", not to the frozen commit");
    return deliberation.judgement.note("kind of tag", tag.annotated ? "annotated" : "lightweight");
  }
  if (tag.present && cut_off) {
    return deliberation.doubt("git-missing-objects", name + " is there, and what it points to was not fetched",
                              "git fetch --tags --unshallow");
  }
  if (!tag.present && state.shallow) {
    return deliberation.doubt(
        "git-shallow", "the clone is shallow and has no " + name,
        "fetch tags too: fetch-depth: 0 and fetch-tags: true in actions/checkout, GIT_DEPTH: 0 in "
        "GitLab, or git fetch --tags --unshallow");
  }
  if (!tag.present && state.tags == 0 && !state.remotes.empty()) {
    return deliberation.doubt("git-no-tags", "the clone has no tags at all, " + name + " included",
                              "git fetch --tags, unless the tag is still to be made");
  }
  const std::string observed = tag.present ? tag.detail.value_or("no commit") : "absent";
  deliberation.judgement.expect(false, {name, to_string(commit), observed},
                                tag.present ? name + ": " + observed : name + " does not exist");
}

void judge_repository(const std::string& repository, const GitState& state, Deliberation& deliberation) {
  const std::string expected = repository_name(repository);
  if (state.remotes.empty()) {
    return deliberation.doubt("git-no-remote", "the checkout has no remote, so that its repository is not known",
                              "git remote add origin " + repository);
  }
  std::vector<std::string> names;
  for (const GitRemote& remote : state.remotes) names.push_back(repository_name(remote.url));
  const bool found = std::find(names.begin(), names.end(), expected) != names.end();
  const std::string observed = first_of(names, names.size());
  deliberation.judgement.expect(found, {"repository", expected, observed},
                                "it is a checkout of " + observed + ", not of " + expected);
}

// --- which files ----------------------------------------------------------------------------------------------------

struct Advice {
  std::string_view cause;
  std::string_view what;
  std::string_view change;
};

Advice advice_for(DoubtKind kind) {
  switch (kind) {
    case DoubtKind::filter:
      return {"git-filter", "a filter program stands between file and commit, and readyctl runs none",
              "gate a checkout made without the filter (git -c filter.<name>.smudge= …), or leave these files out of "
              "paths"};
    case DoubtKind::encoding:
      return {"git-encoding", "another encoding than the commit's", "commit them as UTF-8, or leave them out of paths"};
    case DoubtKind::line_endings:
      return {"git-line-endings", "only the line endings differ, and nothing in the repository says which they are",
              "write `* text=auto` into .gitattributes, or check out again with core.autocrlf=false"};
    case DoubtKind::lfs_not_fetched:
      return {"git-lfs", "Git LFS pointers stand in place of the content",
              "git lfs pull, or lfs: true in actions/checkout"};
    case DoubtKind::not_checked_out:
      return {"git-sparse", "not checked out", "git sparse-checkout disable, and git update-index --no-skip-worktree"};
    case DoubtKind::missing_object:
      return {"git-missing-objects", "the committed content was not fetched", "git fetch --refetch, or clone in full"};
    case DoubtKind::rules:
      return {
          "git-rules", "what git ignores or converts there cannot be known from the commit",
          "restore the .gitignore or .gitattributes that is named, or commit it: a regular file of at most 1 MiB, 4 "
          "MiB "
          "in all, with lines below 2 KiB and no NUL, ** only between slashes, and fewer patterns where they take too "
          "long"};
    case DoubtKind::ident:
      return {"git-ident", "git puts an $Id into them, and another one stands there",
              "delete them and check them out again"};
    case DoubtKind::unreadable:
      break;
  }
  return {"git-unreadable", "they cannot be read", "let this user read them"};
}

void judge_doubts(const GitList<GitDoubt>& doubts, Deliberation& deliberation) {
  if (doubts.total == 0) return;
  const Advice advice = advice_for(doubts.listed.front().kind);
  const std::string names = words_for(doubts, [](const GitDoubt& one) { return one.path + " (" + one.detail + ")"; });
  deliberation.doubt(std::string(advice.cause), std::string(advice.what) + ": " + names, std::string(advice.change));
}

void judge_submodules(const GitState& state, Deliberation& deliberation) {
  for (const GitSubmodule& submodule : state.submodules.listed) {
    const std::string name = "submodule " + submodule.path, expected = to_string(submodule.expected);
    const std::string there = submodule.checked_out ? to_string(*submodule.checked_out) : "none";
    const std::string detail = submodule.detail.value_or("no reason given");
    switch (submodule.state) {
      case SubmoduleState::clean:
        deliberation.judgement.expect(true, {name, expected, there}, "");
        break;
      case SubmoduleState::other_commit:
        deliberation.judgement.expect(false, {name, expected, there},
                                      name + " is at " + there + ", not at " + expected);
        break;
      case SubmoduleState::dirty:
        deliberation.judgement.expect(false, {name, expected + ", clean", detail}, name + " has " + detail);
        break;
      case SubmoduleState::not_checked_out:
        deliberation.doubt("git-submodule", name + " is not checked out", "git submodule update --init --recursive");
        break;
      case SubmoduleState::unknown:
        deliberation.doubt("git-submodule", name + ": " + detail, "git submodule update --init --recursive");
        break;
    }
  }
}

void judge_tree(const ReleaseFreeze& gate, const GitState& state, Judgement& judgement) {
  const std::string changes = words_for(state.changes, [](const GitChange& one) { return words_for(one); });
  const std::string untracked = words_for(state.untracked, [](const std::string& path) { return path; });
  const std::string unmatched = first_of(state.unmatched, state.unmatched.size());
  judgement.expect(state.unmatched.empty(),
                   {"paths without files", "none", state.unmatched.empty() ? "none" : unmatched},
                   "the commit has no file under " + unmatched + "; paths begin at the root of the repository");
  judgement.expect(state.tracked > 0, {"files of the release", "at least 1", std::to_string(state.tracked)},
                   "the commit has no files");
  judgement.expect(state.changes.total == 0, {"changed files", "none", changes},
                   counted(state.changes.total, "tracked file") + " not as committed: " + changes);
  if (gate.allow_untracked) {
    judgement.note("untracked files, allowed", untracked);
    if (state.untracked.total > 0) judgement.caveat(counted(state.untracked.total, "untracked file") + " allowed");
  } else {
    judgement.expect(state.untracked.total == 0, {"untracked files", "none", untracked},
                     counted(state.untracked.total, "untracked file") + ": " + untracked);
  }
}

// Bisecting moves HEAD on purpose and is done with it; everything else is about to change the tree.
void judge_work(const GitState& state, Deliberation& deliberation) {
  const std::string operation = state.operation.value_or("none");
  deliberation.judgement.expect(!state.operation || operation == "bisect", {"operation in progress", "none", operation},
                                "a " + operation + " is in progress");
  if (state.locked) {
    deliberation.doubt("git-busy", "the index is locked by another git, or by one that died",
                       "wait for it, or remove index.lock when no git is running", Retry::now);
  }
}

// --- the rest -------------------------------------------------------------------------------------------------------

void judge_build_time(Time built_at, Time now, const GitState& state, const CommitId& commit, Judgement& judgement) {
  if (state.commit == commit && state.committed_at) {
    judgement.expect(
        built_at >= *state.committed_at,
        {"built after the commit", "not before " + to_string(*state.committed_at), to_string(built_at)},
        "builtAt " + to_string(built_at) + " is before the commit was made, " + to_string(*state.committed_at));
  }
  judgement.rests_on(ClockRequest{});
  judgement.expect(built_at <= now, {"built at", "not after " + to_string(now), to_string(built_at)},
                   "builtAt " + to_string(built_at) + " lies in the future");
}

void note_circumstances(const GitState& state, Judgement& judgement) {
  if (state.committed_at) judgement.note("committed at", to_string(*state.committed_at));
  if (state.prefix) judgement.note("folder in the repository", *state.prefix);
  if (state.normalised > 0)
    judgement.note("equal once line endings or ident are undone", counted(state.normalised, "file"));
  if (state.lfs_verified > 0) judgement.note("equal to their Git LFS digest", counted(state.lfs_verified, "file"));
  if (state.foreign_owner) judgement.note("owned by another user, trusted by safe.directory", *state.foreign_owner);
  if (state.replace_refs > 0) judgement.note("replacement objects, not followed", std::to_string(state.replace_refs));
  if (state.grafts) judgement.note("grafts, not followed", "present");
  if (state.alternates) judgement.note("objects borrowed from another repository", "present");
}

void add_caveats(const ReleaseFreeze& gate, const GitState& state, Judgement& judgement) {
  judgement.caveat("this does not show that the artifact was built from it");
  if (gate.paths.empty()) return;
  const std::uint32_t elsewhere =
      state.changes.elsewhere + state.untracked.elsewhere + state.unsettled.elsewhere + state.doubts.elsewhere;
  judgement.caveat("only " + first_of(gate.paths, gate.paths.size()) + " compared" +
                   (elsewhere > 0 ? ", " + counted(elsewhere, "difference") + " elsewhere" : ""));
}

Finding judge(const ReleaseFreeze& gate, const GitState& state, const std::optional<Time>& now) {
  Deliberation deliberation;
  Judgement& judgement = deliberation.judgement;
  judgement.rests_on(gate.request());
  judge_head(gate, state, judgement);
  judge_tree(gate, state, judgement);
  judge_submodules(state, deliberation);
  if (!gate.allow_untracked) judge_doubts(state.unsettled, deliberation);
  judge_doubts(state.doubts, deliberation);
  judge_work(state, deliberation);
  judge_tag(state, gate.commit, deliberation);
  if (gate.repository) judge_repository(gate.repository->text, state, deliberation);
  note_circumstances(state, judgement);
  add_caveats(gate, state, judgement);
  if (gate.built_at && now) judge_build_time(*gate.built_at, *now, state, gate.commit, judgement);
  return deliberation.conclude("HEAD is the frozen commit " + to_string(gate.commit) + ", " +
                               counted(state.tracked, "file") + " as committed");
}

Task<Finding> without_build_time(ReleaseFreeze gate) {
  const GitState state = co_await facts::git(gate.request());
  co_return judge(gate, state, std::nullopt);
}

Task<Finding> with_build_time(ReleaseFreeze gate) {
  auto both = co_await all(facts::git(gate.request()), facts::now());
  co_return judge(gate, std::get<0>(both), std::get<1>(both));
}

Task<Finding> evaluate(ReleaseFreeze gate) {
  return gate.built_at ? with_build_time(std::move(gate)) : without_build_time(std::move(gate));
}

}  // namespace

GateKind release_freeze() {
  return gate_kind<ReleaseFreeze>(
      {.name = "release-freeze",
       .asks = "Is the checkout the frozen commit, and nothing else?",
       .reads = "the git checkout, and the clock when `builtAt` is given; one round",
       .passes =
           "HEAD is the frozen commit, every file is as committed, tag and remote are the frozen ones; it does not "
           "tie the artifact to the commit",
       .fails =
           "HEAD is another commit, or a merge of the frozen one; a tracked file, the index or a submodule differs; an "
           "untracked file; a tag that is absent or elsewhere; another repository; a path without files; a merge or "
           "rebase in progress; a build before the commit or in the future",
       .why = "What was reviewed is a commit. A file changed since then was reviewed by nobody.",
       .remedy =
           "git status shows most of it; commit or remove what differs, check out the frozen commit, and build again",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
