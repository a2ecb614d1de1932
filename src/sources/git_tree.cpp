#include "sources/git_tree.hpp"

#include <algorithm>
#include <set>

namespace readyctl {
namespace {

namespace fs = std::filesystem;
using How = Compared::How;

constexpr std::uint32_t submodule_mode = 0160000;
constexpr std::uint32_t type_bits = 0170000;
constexpr int submodule_depth_max = 10;

bool is_submodule(const GitEntry& entry) { return entry.mode == submodule_mode; }

bool lies_in(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path[folder.size()] == '/' && path.starts_with(folder);
}

template <class T>
void add(GitList<T>& list, bool in_scope, T item) {
  if (!in_scope) {
    ++list.elsewhere;
    return;
  }
  if (list.total++ < git_listed_max) list.listed.push_back(std::move(item));
}

// The index as it was read: files, those in conflict, and what the user told git about them.
struct Indexed {
  GitEntries entries;
  std::set<std::string> conflicts;
  std::set<std::string> overlooked;     // assume-unchanged or skip-worktree
  std::set<std::string> skipped;        // skip-worktree: may be absent
  std::set<std::string> intent_to_add;  // promised, with no content yet
};

Indexed read_index(git_index* index) {
  Indexed indexed;
  for (std::size_t i = 0; i < git_index_entrycount(index); ++i) {
    const git_index_entry* entry = git_index_get_byindex(index, i);
    const std::string path = entry->path;
    if (git_index_entry_is_conflict(entry) != 0) {
      indexed.conflicts.insert(path);
      continue;
    }
    indexed.entries[path] = {entry->id, entry->mode};
    const bool skipped = (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
    if (skipped) indexed.skipped.insert(path);
    if (skipped || (entry->flags & GIT_INDEX_ENTRY_VALID) != 0) indexed.overlooked.insert(path);
    if ((entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) != 0) indexed.intent_to_add.insert(path);
  }
  return indexed;
}

int collect_entry(const char* root, const git_tree_entry* item, void* entries) {
  const auto mode = static_cast<std::uint32_t>(git_tree_entry_filemode(item));
  if (mode == GIT_FILEMODE_TREE) return 0;
  const std::string path = std::string(root) + git_tree_entry_name(item);
  (*static_cast<GitEntries*>(entries))[path] = {*git_tree_entry_id(item), mode};
  return 0;
}

ChangeKind kind_between(const GitEntry& before, const GitEntry& after) {
  if ((before.mode & type_bits) != (after.mode & type_bits)) return ChangeKind::type_changed;
  return git_oid_equal(&before.id, &after.id) != 0 ? ChangeKind::mode_changed : ChangeKind::modified;
}

// One comparison of one working tree; its members say what it compares and what it found.
class Comparison {
 public:
  Comparison(const Checkout& checkout, git_index* index, const GitEntries& committed, const Scope& scope,
             RulesLimits& rules_left, int depth)
      : checkout_(checkout),
        indexed_(read_index(index)),
        committed_(committed),
        scope_(scope),
        rules_left_(rules_left),
        depth_(depth),
        files_(checkout.repository.get(), checkout.working_tree, committed, indexed_.entries, rules_left) {}

  TreeState run() {
    for (const auto& [path, entry] : committed_) state_.tracked += scope_.covers(path) ? 1 : 0;
    state_.unmatched = scope_.unmatched(committed_);
    compare_index_with_commit();
    for (const auto& [path, entry] : indexed_.entries) {
      if (is_submodule(entry)) {
        compare_submodule(path, entry);
      } else if (!staged_.contains(path)) {
        compare_working_file(path, entry);
      }
    }
    find_untracked("", nullptr);
    list_submodules();
    return std::move(state_);
  }

 private:
  void change(const std::string& path, ChangeKind kind, bool staged, const std::optional<std::string>& from = {}) {
    std::optional<std::string> shown;
    if (from) shown = printable(*from);
    add(state_.changes, scope_.covers(path) || (from && scope_.covers(*from)),
        GitChange{printable(path), kind, staged, indexed_.overlooked.contains(path), shown});
    if (staged) staged_.insert(path);
  }

  void doubt(const std::string& path, DoubtKind kind, const std::string& detail) {
    add(state_.doubts, scope_.covers(path), GitDoubt{printable(path), kind, printable(detail)});
  }

  void compare_index_with_commit() {
    for (const std::string& path : indexed_.conflicts) change(path, ChangeKind::conflicted, true);
    std::multimap<std::string, std::string> gone;  // content to path: what is found under another path was renamed
    for (const auto& [path, entry] : committed_) {
      if (!indexed_.entries.contains(path) && !indexed_.conflicts.contains(path)) gone.emplace(to_hex(entry.id), path);
    }
    for (const auto& [path, entry] : indexed_.entries) {
      const auto before = committed_.find(path);
      if (before == committed_.end()) {
        const auto source = gone.find(to_hex(entry.id));
        const bool renamed = source != gone.end();
        change(path, renamed ? ChangeKind::renamed : ChangeKind::added, !indexed_.intent_to_add.contains(path),
               renamed ? std::optional<std::string>(source->second) : std::nullopt);
        staged_.insert(path);
        if (renamed) gone.erase(source);
      } else if (!same_entry(before->second, entry)) {
        change(path, kind_between(before->second, entry), true);
      }
    }
    for (const auto& [id, path] : gone) change(path, ChangeKind::deleted, true);
  }

  void compare_working_file(const std::string& path, const GitEntry& entry) {
    const Compared compared = files_.compare(path, entry);
    switch (compared.how) {
      case How::same:
        return;
      case How::normalised:
        state_.normalised += scope_.covers(path) ? 1 : 0;
        return;
      case How::lfs:
        state_.lfs_verified += scope_.covers(path) ? 1 : 0;
        return;
      case How::absent:
        if (!indexed_.skipped.contains(path)) return change(path, ChangeKind::deleted, false);
        return doubt(path, DoubtKind::not_checked_out, "left out by a sparse checkout (skip-worktree)");
      case How::modified:
        return change(path, ChangeKind::modified, false);
      case How::type_changed:
        return change(path, ChangeKind::type_changed, false);
      case How::mode_changed:
        return change(path, ChangeKind::mode_changed, false);
      case How::doubtful:
        return doubt(path, compared.doubt, compared.detail);
    }
  }

  // --- submodules ---------------------------------------------------------------------------------------------------

  void compare_submodule(const std::string& path, const GitEntry& entry) {
    GitSubmodule submodule{printable(path), CommitId{to_hex(entry.id)}, std::nullopt, SubmoduleState::unknown, {}};
    look_into(path, submodule);
    if (scope_.touches(path)) {
      submodules_.push_back(std::move(submodule));
    } else {
      ++state_.submodules.elsewhere;
    }
  }

  void look_into(const std::string& path, GitSubmodule& submodule) {
    const fs::path folder = checkout_.working_tree / path;
    std::error_code trouble;
    const bool in_place = fs::canonical(folder, trouble) == folder;  // no symlink on the way leads elsewhere
    if (!in_place || !fs::exists(fs::symlink_status(folder / ".git", trouble))) {
      submodule.state = SubmoduleState::not_checked_out;
      return;
    }
    const auto unknown = [&](const std::string& why) { submodule.detail = why; };
    if (depth_ >= submodule_depth_max) return unknown("submodules are nested too deep");
    const std::string name = "submodule " + submodule.path;
    const auto inner = open_checkout(folder, name, Search::here_only);
    if (!inner) return unknown(inner.error().what);
    const auto head = head_of(inner->repository.get(), name);
    if (!head) return unknown(head.error().what);
    if (!*head) return unknown("it has no commit");

    submodule.checked_out = CommitId{to_hex(**head)};
    const auto committed = entries_of(inner->repository.get(), **head);
    if (!committed) return unknown(committed.error().what);
    const auto index = index_of(*inner, name);
    if (!index) return unknown(index.error().what);
    judge(compare_tree(*inner, index->get(), *committed, Scope({}), rules_left_, depth_ + 1), submodule);
  }

  static void judge(const TreeState& tree, GitSubmodule& submodule) {
    const auto is = [&](SubmoduleState state) {
      const auto& listed = tree.submodules.listed;
      return std::any_of(listed.begin(), listed.end(),
                         [state](const GitSubmodule& inner) { return inner.state == state; });
    };
    std::vector<std::string> words;
    if (tree.changes.total > 0) words.push_back(counted(tree.changes.total, "changed file"));
    if (tree.untracked.total > 0) words.push_back(counted(tree.untracked.total, "untracked file"));
    const bool inner_dirty = is(SubmoduleState::dirty) || is(SubmoduleState::other_commit);
    if (inner_dirty) words.emplace_back("a submodule of its own that is changed");
    const bool dirty = !words.empty();
    if (tree.unsettled.total > 0) {
      words.push_back(counted(tree.unsettled.total, "file") + " that may be untracked or ignored");
    }
    if (tree.doubts.total > 0) words.push_back(counted(tree.doubts.total, "file") + " that cannot be compared");
    const bool inner_unknown = is(SubmoduleState::unknown) || is(SubmoduleState::not_checked_out);
    if (inner_unknown) words.emplace_back("a submodule of its own that is not checked out, or cannot be read");

    if (!words.empty()) submodule.detail = join(words, ", ");
    if (*submodule.checked_out != submodule.expected) {
      submodule.state = SubmoduleState::other_commit;
    } else if (dirty) {
      submodule.state = SubmoduleState::dirty;
    } else if (words.empty()) {
      submodule.state = SubmoduleState::clean;
    }
  }

  // Those that are not clean come first, so that a list that is cut short still shows them.
  void list_submodules() {
    std::stable_partition(submodules_.begin(), submodules_.end(),
                          [](const GitSubmodule& one) { return one.state != SubmoduleState::clean; });
    for (GitSubmodule& submodule : submodules_) add(state_.submodules, true, std::move(submodule));
  }

  // --- untracked files ----------------------------------------------------------------------------------------------

  bool is_tracked(const std::string& path) const {
    return indexed_.entries.contains(path) || indexed_.conflicts.contains(path);
  }

  bool has_tracked_below(const std::string& folder) const {
    const std::string prefix = folder + "/";
    const auto file = indexed_.entries.lower_bound(prefix);
    const auto conflict = indexed_.conflicts.lower_bound(prefix);
    return (file != indexed_.entries.end() && file->first.starts_with(prefix)) ||
           (conflict != indexed_.conflicts.end() && conflict->starts_with(prefix));
  }

  // A repository of its own is one thing. One that holds what is tracked here is none: a file named .git is put
  // anywhere.
  bool is_repository(const std::string& path) const {
    std::error_code trouble;
    return fs::exists(fs::symlink_status(checkout_.working_tree / path / ".git", trouble)) && !has_tracked_below(path);
  }

  // By the .gitignore files of the commit: .git/info/exclude and core.excludesFile are of this machine, and the commit
  // knows nothing of them. A .gitignore that is not committed is never ignored itself: it could hide anything. `above`
  // is why a folder that it lies in may be ignored with all that is in it, or nullptr.
  void judge_untracked(const std::string& path, bool is_folder, const RulesObjection* above) {
    const bool is_rules = path == ".gitignore" || path.ends_with("/.gitignore");
    const auto ignored = is_rules ? GitRules::Found<bool>(false) : files_.rules().is_ignored(path, is_folder);
    if (ignored && *ignored) return;
    const RulesObjection* doubt = ignored ? above : &ignored.error();
    const bool is_whole = is_folder && is_repository(path);
    if (is_folder && !is_whole) return find_untracked(path + "/", doubt);
    note_untracked(path + (is_whole ? "/" : ""), scope_.touches(path), doubt);
  }

  void note_untracked(const std::string& path, bool in_scope, const RulesObjection* doubt) {
    if (doubt == nullptr) return add(state_.untracked, in_scope, printable(path));
    add(state_.unsettled, in_scope, GitDoubt{printable(path), DoubtKind::rules, printable(doubt->what)});
  }

  void find_untracked(const std::string& prefix, const RulesObjection* above) {
    std::error_code trouble;
    std::map<std::string, bool> names;  // sorted, so that the first ones are the same every time; true for folders
    for (fs::directory_iterator item(checkout_.working_tree / prefix, trouble), end; !trouble && item != end;
         item.increment(trouble)) {
      std::error_code ignored;
      names[item->path().filename().string()] = item->symlink_status(ignored).type() == fs::file_type::directory;
    }
    if (trouble) return doubt_folder(prefix, trouble.message());
    if (prefix.empty()) names.erase(".git");
    for (const auto& [name, is_folder] : names) {
      const std::string path = prefix + name;
      if (is_tracked(path)) continue;  // a tracked folder is a submodule
      if (name == ".git") {
        note_untracked(path, scope_.covers(path), above);  // git looks at none, wherever it is
      } else {
        judge_untracked(path, is_folder, above);
      }
    }
  }

  // What lies in it cannot be seen, also where that is what a release freezes.
  void doubt_folder(const std::string& prefix, const std::string& why) {
    const bool is_root = prefix.empty();
    const std::string path = is_root ? "." : prefix.substr(0, prefix.size() - 1);
    add(state_.doubts, is_root || scope_.touches(path),
        GitDoubt{printable(path + "/"), DoubtKind::unreadable, printable(why)});
  }

  const Checkout& checkout_;
  Indexed indexed_;
  const GitEntries& committed_;
  const Scope& scope_;
  RulesLimits& rules_left_;
  int depth_;
  WorkingFiles files_;
  TreeState state_;
  std::set<std::string> staged_;
  std::vector<GitSubmodule> submodules_;
};

}  // namespace

Scope::Scope(const std::vector<std::string>& paths) {
  for (const std::string& given : paths) {
    std::string path = fs::path(given).lexically_normal().generic_string();
    while (path.ends_with('/') && path.size() > 1) path.pop_back();
    if (path == ".") {
      paths_.clear();
      return;
    }
    paths_.push_back(path);
  }
}

bool Scope::covers(const std::string& path) const {
  return paths_.empty() || std::any_of(paths_.begin(), paths_.end(),
                                       [&](const std::string& asked) { return path == asked || lies_in(path, asked); });
}

bool Scope::touches(const std::string& submodule) const {
  return covers(submodule) ||
         std::any_of(paths_.begin(), paths_.end(), [&](const std::string& asked) { return lies_in(asked, submodule); });
}

std::vector<std::string> Scope::unmatched(const GitEntries& entries) const {
  std::vector<std::string> without;
  for (const std::string& asked : paths_) {
    const bool any = std::any_of(entries.begin(), entries.end(), [&](const auto& item) {
      const auto& [path, entry] = item;
      return path == asked || lies_in(path, asked) || (is_submodule(entry) && lies_in(asked, path));
    });
    if (!any) without.push_back(printable(asked));
  }
  return without;
}

Obtained<GitEntries> entries_of(git_repository* repository, const git_oid& id) {
  const std::string name = "commit " + to_hex(id);
  git_commit* found = nullptr;
  if (const int error = git_commit_lookup(&found, repository, &id); error != 0) return unreadable_object(error, name);
  const GitCommit commit(found);
  git_tree* root = nullptr;
  if (const int error = git_commit_tree(&root, commit.get()); error != 0) {
    return unreadable_object(error, "the tree of " + name);
  }
  const GitTree tree(root);
  GitEntries entries;
  if (const int error = git_tree_walk(tree.get(), GIT_TREEWALK_PRE, collect_entry, &entries); error != 0) {
    return unreadable_object(error, "a folder of " + name);
  }
  return entries;
}

Obtained<GitIndex> index_of(const Checkout& checkout, const std::string& name) {
  git_index* index = nullptr;
  if (git_repository_index(&index, checkout.repository.get()) == 0) return GitIndex(index);
  return no_git("git-index", "the index of " + name + " cannot be read: " + git_words() +
                                 "; if it is a sparse or split index, run: git sparse-checkout reapply "
                                 "--no-sparse-index, and git update-index --no-split-index; otherwise clone again");
}

TreeState compare_tree(const Checkout& checkout, git_index* index, const GitEntries& committed, const Scope& scope,
                       RulesLimits& rules_left, int depth) {
  return Comparison(checkout, index, committed, scope, rules_left, depth).run();
}

Obtained<std::optional<git_oid>> head_of(git_repository* repository, const std::string& name) {
  git_oid id{};
  const int error = git_reference_name_to_id(&id, repository, "HEAD");
  if (error == 0) return id;
  if (git_repository_head_unborn(repository) == 1) return std::nullopt;
  return unreadable_object(error == GIT_ENOTFOUND ? GIT_ERROR : error, "HEAD of " + name);
}

}  // namespace readyctl
