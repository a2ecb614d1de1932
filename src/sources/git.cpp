#include "sources/git.hpp"

#include <algorithm>
#include <chrono>

#include "facts/git.hpp"
#include "facts/unix_time.hpp"
#include "sources/git_repository.hpp"
#include "sources/git_tree.hpp"

namespace readyctl {
namespace {

namespace fs = std::filesystem;

std::string name_of(const GitRequest& request) { return "git checkout " + printable(request.checkout); }

Obtained<fs::path> locate(const Folder& root, const GitRequest& request) {
  auto found = root.locate(request.checkout);
  if (!found) {
    const bool outside = found.error().what.starts_with("lies outside");
    return no_git(outside ? "not-permitted" : "missing",
                  name_of(request) + ": " + to_string(found.error()) +
                      "; the gate's \"checkout\" is a folder beneath that of release.json: correct it there, or in the "
                      "values of the release and freeze again, or check the source out there");
  }
  std::error_code trouble;
  if (!fs::is_directory(*found, trouble)) return no_git("missing", name_of(request) + " is no folder");
  return std::move(*found);
}

std::uint32_t count_references(git_repository* repository, const char* pattern) {
  std::uint32_t count = 0;
  const auto add_one = [](const char*, void* counter) {
    ++*static_cast<std::uint32_t*>(counter);
    return 0;
  };
  git_reference_foreach_glob(repository, pattern, add_one, &count);
  return count;
}

Obtained<void> read_head(git_repository* repository, const std::optional<git_oid>& head, GitState& state) {
  git_reference* found = nullptr;
  if (git_reference_lookup(&found, repository, "HEAD") == 0) {
    const GitReference reference(found);
    const char* target = git_reference_symbolic_target(reference.get());
    if (target != nullptr) state.ref = printable(target);
  }
  if (!head) return {};
  state.commit = CommitId{to_hex(*head)};
  git_commit* opened = nullptr;
  const int error = git_commit_lookup(&opened, repository, &*head);
  if (error != 0) return unreadable_object(error, "commit " + to_hex(*head));
  const GitCommit commit(opened);
  for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i) {
    state.parents.push_back(CommitId{to_hex(*git_commit_parent_id(commit.get(), i))});
  }
  const std::int64_t seconds = git_commit_time(commit.get());
  state.committed_at = time_of_unix(seconds);
  return {};
}

GitTag read_tag(git_repository* repository, const std::string& asked) {
  GitTag tag{printable(asked), false, false, std::nullopt, std::nullopt};
  const std::string name = asked.starts_with("refs/tags/") ? asked : "refs/tags/" + asked;
  git_oid id{};
  if (git_reference_name_to_id(&id, repository, name.c_str()) != 0) return tag;
  tag.present = true;
  git_object* found = nullptr;
  if (git_object_lookup(&found, repository, &id, GIT_OBJECT_ANY) != 0) {
    tag.detail = "its object is not in the repository";
    return tag;
  }
  const GitObject object(found);
  tag.annotated = git_object_type(object.get()) == GIT_OBJECT_TAG;
  git_object* commit = nullptr;
  if (git_object_peel(&commit, object.get(), GIT_OBJECT_COMMIT) == 0) {
    const GitObject peeled(commit);
    tag.commit = CommitId{to_hex(*git_object_id(peeled.get()))};
  } else {
    tag.detail = "it points to no commit that is in the repository";
  }
  return tag;
}

// Calls `visit(name, value)` for each remote.<name>.<what>. As written: `insteadOf` may add a token, and URLs are for
// comparing here. Looked for by hand, because libgit2's search by pattern leaks memory (regexp.c with PCRE2).
template <class Visit>
void for_each_remote(git_config* config, std::string_view what, Visit visit) {
  constexpr std::string_view section = "remote.";
  const std::string ending = "." + std::string(what);
  git_config_iterator* started = nullptr;
  if (git_config_iterator_new(&started, config) != 0) return;
  const GitConfigIterator iterator(started);
  git_config_entry* entry = nullptr;
  while (git_config_next(&entry, iterator.get()) == 0) {
    const std::string_view key = entry->name;
    if (!key.starts_with(section) || !key.ends_with(ending) || key.size() <= section.size() + ending.size()) continue;
    const std::string_view name = key.substr(section.size(), key.size() - section.size() - ending.size());
    visit(std::string(name), std::string(entry->value == nullptr ? "" : entry->value));
  }
}

std::vector<GitRemote> read_remotes(git_config* config) {
  std::vector<GitRemote> remotes;
  for_each_remote(config, "url", [&remotes](const std::string& name, const std::string& value) {
    const std::string url = without_credentials(value);
    if (!url.empty()) remotes.push_back({printable(name), printable(url)});
  });
  return remotes;
}

bool is_partial(git_config* config) {
  bool promised = config_value(config, "extensions.partialclone").has_value();
  for_each_remote(config, "promisor", [&promised](const std::string&, const std::string&) { promised = true; });
  return promised;
}

std::optional<std::string> operation_in_progress(git_repository* repository) {
  switch (git_repository_state(repository)) {
    case GIT_REPOSITORY_STATE_NONE:
      return std::nullopt;
    case GIT_REPOSITORY_STATE_MERGE:
      return "merge";
    case GIT_REPOSITORY_STATE_REVERT:
    case GIT_REPOSITORY_STATE_REVERT_SEQUENCE:
      return "revert";
    case GIT_REPOSITORY_STATE_CHERRYPICK:
    case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE:
      return "cherry-pick";
    case GIT_REPOSITORY_STATE_BISECT:
      return "bisect";
    case GIT_REPOSITORY_STATE_APPLY_MAILBOX:
      return "am";
    default:
      return "rebase";
  }
}

bool holds_something(const fs::path& file) {
  std::error_code trouble;
  return fs::exists(file, trouble) && fs::file_size(file, trouble) > 0 && !trouble;
}

void read_repository(const Checkout& checkout, const fs::path& start, GitState& state) {
  git_repository* repository = checkout.repository.get();
  const fs::path prefix = start.lexically_relative(checkout.working_tree);
  if (prefix != ".") state.prefix = printable(prefix.generic_string());
  std::error_code trouble;
  state.shallow = holds_something(checkout.common_folder / "shallow");
  state.tags = count_references(repository, "refs/tags/*");
  state.replace_refs = count_references(repository, "refs/replace/*");
  state.grafts = holds_something(checkout.common_folder / "info/grafts");
  state.alternates = holds_something(checkout.common_folder / "objects/info/alternates");
  state.locked = fs::exists(checkout.git_folder / "index.lock", trouble);
  state.operation = operation_in_progress(repository);
  state.foreign_owner = checkout.foreign_owner;

  git_config* snapshot = nullptr;
  if (git_repository_config_snapshot(&snapshot, repository) != 0) return;
  const GitConfig config(snapshot);
  state.partial = is_partial(config.get());
  state.remotes = read_remotes(config.get());
}

void take(TreeState tree, GitState& state) {
  state.tracked = tree.tracked;
  state.unmatched = std::move(tree.unmatched);
  state.changes = std::move(tree.changes);
  state.untracked = std::move(tree.untracked);
  state.unsettled = std::move(tree.unsettled);
  state.doubts = std::move(tree.doubts);
  state.submodules = std::move(tree.submodules);
  state.normalised = tree.normalised;
  state.lfs_verified = tree.lfs_verified;
}

bool same_commit(const std::optional<git_oid>& a, const std::optional<git_oid>& b) {
  return a.has_value() == b.has_value() && (!a || git_oid_equal(&*a, &*b) != 0);
}

// Whether HEAD and index are still those that were compared.
bool unmoved(const Checkout& checkout, const std::optional<git_oid>& head, git_index* index, const std::string& name) {
  const auto head_now = head_of(checkout.repository.get(), name);
  if (!head_now || !same_commit(head, *head_now)) return false;
  git_index* opened = nullptr;
  if (git_index_open(&opened, git_index_path(index)) != 0) return false;
  const GitIndex index_now(opened);
  return git_oid_equal(git_index_checksum(index), git_index_checksum(index_now.get())) != 0;
}

Obtained<Payload> state_of(const Folder& root, const GitRequest& request) {
  const std::string name = name_of(request);
  const auto start = locate(root, request);
  if (!start) return tl::unexpected(start.error());
  const auto checkout = open_checkout(*start, name, Search::upward);
  if (!checkout) return tl::unexpected(checkout.error());
  git_repository* repository = checkout->repository.get();

  GitState state;
  read_repository(*checkout, *start, state);
  const auto head = head_of(repository, name);
  if (!head) return tl::unexpected(head.error());
  if (const auto read = read_head(repository, *head, state); !read) return tl::unexpected(read.error());
  if (request.tag) state.tag = read_tag(repository, *request.tag);

  const auto committed = *head ? entries_of(repository, **head) : Obtained<GitEntries>(GitEntries());
  if (!committed) return tl::unexpected(committed.error());
  const auto index = index_of(*checkout, name);
  if (!index) return tl::unexpected(index.error());
  RulesLimits rules_left;
  take(compare_tree(*checkout, index->get(), *committed, Scope(request.paths), rules_left), state);

  if (!unmoved(*checkout, *head, index->get(), name)) {
    return no_git("moved", name + " changed while it was read; run again when nothing else works in it", Retry::now);
  }
  return git_payload(state);
}

}  // namespace

std::string without_credentials(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::string_view before = url.substr(0, scheme == std::string_view::npos ? 0 : scheme + 3);
  std::string_view rest = url.substr(before.size());
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t host_end = std::min(rest.find('/'), rest.size());
  if (const std::size_t at = rest.rfind('@', host_end); at != std::string_view::npos && at < host_end) {
    rest.remove_prefix(at + 1);
  } else if (const std::size_t colon = rest.find(':'); colon < host_end) {
    // A password that holds a slash would look like a port and a path.
    const std::string_view port = rest.substr(colon + 1, host_end - colon - 1);
    const bool number = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::size_t last = rest.rfind('@');
    if (!before.empty() && !number && last != std::string_view::npos) rest.remove_prefix(last + 1);
  }
  return std::string(before) + std::string(rest);
}

Answer read_git(const Folder& root, const GitRequest& request) {
  const auto begin = std::chrono::steady_clock::now();
  auto outcome = state_of(root, request);
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return {{Observation{"local", std::nullopt, wall_clock(), elapsed, std::move(outcome)}}};
}

}  // namespace readyctl
