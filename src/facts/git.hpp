// Git: the state of a checkout, as a value: which commit it is at, and whether its files are those of that commit.
//
// Files are compared by their content and never by time stamps, so that nothing that `git status` is told to overlook
// is overlooked. What cannot be known is listed as a doubt: it is neither clean nor changed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "facts/fact.hpp"

namespace readyctl {

/// The id of a commit in a SHA-1 repository: 40 hex digits in lower case.
struct CommitId {
  std::string hex;
  auto operator<=>(const CommitId&) const = default;
};

/// Errors: anything but exactly 40 hex digits in lower case; an abbreviation names no commit for good.
Result<CommitId> parse_commit_id(std::string_view text);
inline const std::string& to_string(const CommitId& id) { return id.hex; }

template <>
struct FieldType<CommitId> : ParsedField<CommitId, parse_commit_id> {
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^[0-9a-f]{40}$"}}; }
  static std::string words() { return "commit, 40 hex digits"; }
};

/// How a tracked file differs from the commit.
enum class ChangeKind { modified, added, deleted, renamed, type_changed, mode_changed, conflicted };

/// Why it cannot be known whether a file is that of the commit.
enum class DoubtKind {
  filter,           ///< a `filter=` attribute names a program, and readyctl runs none
  encoding,         ///< a `working-tree-encoding` attribute that libgit2 does not undo
  line_endings,     ///< differs in line endings only, and no attribute says which they are
  lfs_not_fetched,  ///< holds the Git LFS pointer in place of the content
  not_checked_out,  ///< left out by a sparse checkout
  unreadable,       ///< may not be read, or is too large to compare
  missing_object,   ///< the committed content is not in the repository
  rules,            ///< a .gitignore or .gitattributes that decides about it is not as committed, or cannot be asked
  ident,            ///< has the attribute `ident`, and an $Id that is not of the committed content
};

/// What became of a submodule.
enum class SubmoduleState { clean, not_checked_out, other_commit, dirty, unknown };

/// The names of an enum's values as JSON has them, in the order of the values.
template <class E>
inline constexpr std::array<std::string_view, 0> names_in_json{};
template <>
inline constexpr std::array<std::string_view, 7> names_in_json<ChangeKind>{
    "modified", "added", "deleted", "renamed", "type-changed", "mode-changed", "conflicted"};
template <>
inline constexpr std::array<std::string_view, 9> names_in_json<DoubtKind>{
    "filter",         "encoding", "line-endings", "lfs-not-fetched", "not-checked-out", "unreadable",
    "missing-object", "rules",    "ident"};
template <>
inline constexpr std::array<std::string_view, 5> names_in_json<SubmoduleState>{"clean", "not-checked-out",
                                                                               "other-commit", "dirty", "unknown"};

template <class E>
concept NamedEnum = std::is_enum_v<E> && (names_in_json<E>.size() > 0);

template <NamedEnum E>
std::string_view to_string(E value) {
  return names_in_json<E>[static_cast<std::size_t>(value)];
}

template <NamedEnum E>
struct FieldType<E> {
  static Result<E> read(const Json& value, const Place& place) {
    for (std::size_t i = 0; i < names_in_json<E>.size(); ++i) {
      if (value == names_in_json<E>[i]) return static_cast<E>(i);
    }
    return place.malformed("expected " + words());
  }
  static Json schema(Placeholders) { return {{"enum", names_in_json<E>}}; }
  static std::string words() {
    return "one of " + join(std::vector<std::string>(names_in_json<E>.begin(), names_in_json<E>.end()), ", ");
  }
};

/// How many items a list names; the rest is counted.
inline constexpr std::size_t git_listed_max = 20;

/// What was found in the part of the tree that was asked for. Paths are from the root of the repository, and printable.
template <class T>
struct GitList {
  std::vector<T> listed;        ///< the first git_listed_max
  std::uint32_t total = 0;      ///< how many there are
  std::uint32_t elsewhere = 0;  ///< how many more there are in the rest of the tree

  static constexpr auto fields() {
    return std::tuple{required("listed", &GitList::listed, "the first of them"),
                      required("total", &GitList::total, "how many there are"),
                      required("elsewhere", &GitList::elsewhere, "how many are outside of the paths asked for")};
  }
  bool operator==(const GitList&) const = default;
};

struct GitChange {
  std::string path;
  ChangeKind kind = ChangeKind::modified;
  bool staged = false;              ///< the index differs from the commit; else the working file from the index
  bool hidden = false;              ///< `git status` is told to overlook it (skip-worktree, assume-unchanged)
  std::optional<std::string> from;  ///< for `renamed`

  static constexpr auto fields() {
    return std::tuple{required("path", &GitChange::path, "the file"),
                      required("kind", &GitChange::kind, "how it differs"),
                      required("staged", &GitChange::staged, "whether the index differs from the commit"),
                      required("hidden", &GitChange::hidden, "whether git status overlooks it"),
                      optional("from", &GitChange::from, "its path in the commit, when renamed")};
  }
  bool operator==(const GitChange&) const = default;
};

struct GitDoubt {
  std::string path;
  DoubtKind kind = DoubtKind::unreadable;
  std::string detail;  ///< a few words: "filter=git-crypt"

  static constexpr auto fields() {
    return std::tuple{required("path", &GitDoubt::path, "the file"), required("kind", &GitDoubt::kind, "why"),
                      required("detail", &GitDoubt::detail, "in words")};
  }
  bool operator==(const GitDoubt&) const = default;
};

struct GitSubmodule {
  std::string path;
  CommitId expected;
  std::optional<CommitId> checked_out;
  SubmoduleState state = SubmoduleState::unknown;
  std::optional<std::string> detail;  ///< what is dirty or unknown

  static constexpr auto fields() {
    return std::tuple{required("path", &GitSubmodule::path, "where it is"),
                      required("expected", &GitSubmodule::expected, "the commit that the tree names"),
                      optional("checkedOut", &GitSubmodule::checked_out, "the commit that is there"),
                      required("state", &GitSubmodule::state, "what became of it"),
                      optional("detail", &GitSubmodule::detail, "in words")};
  }
  bool operator==(const GitSubmodule&) const = default;
};

/// The tag that was asked for.
struct GitTag {
  std::string name;
  bool present = false;
  bool annotated = false;
  std::optional<CommitId> commit;     ///< what it points to, peeled
  std::optional<std::string> detail;  ///< why a tag that is present points to no commit

  static constexpr auto fields() {
    return std::tuple{required("name", &GitTag::name, "its name"),
                      required("present", &GitTag::present, "whether it is there"),
                      required("annotated", &GitTag::annotated, "whether it is an object of its own"),
                      optional("commit", &GitTag::commit, "the commit that it points to"),
                      optional("detail", &GitTag::detail, "why it points to none")};
  }
  bool operator==(const GitTag&) const = default;
};

struct GitRemote {
  std::string name;
  std::string url;  ///< without user, password, query and fragment

  static constexpr auto fields() {
    return std::tuple{required("name", &GitRemote::name, "its name"),
                      required("url", &GitRemote::url, "without user, password, query and fragment")};
  }
  bool operator==(const GitRemote&) const = default;
};

/// The payload's head is this record; there is no body.
struct GitState {
  std::string object_format = "sha1";
  std::optional<CommitId> commit;  ///< nullopt: the branch has no commit yet
  std::optional<std::string> ref;  ///< "refs/heads/main"; nullopt: HEAD is detached
  std::vector<CommitId> parents;   ///< of HEAD, as the commit names them, fetched or not
  std::optional<Time> committed_at;
  std::optional<std::string> prefix;  ///< where in the repository the checkout that was asked for is; nullopt: its root
  bool shallow = false;               ///< history is cut off
  bool partial = false;               ///< objects may be missing until somebody asks for them
  std::optional<GitTag> tag;          ///< nullopt: none was asked for
  std::uint32_t tags = 0;             ///< how many tags the repository has
  std::vector<GitRemote> remotes;
  std::uint32_t tracked = 0;           ///< files of the commit in the part that was asked for
  std::vector<std::string> unmatched;  ///< paths asked for under which the commit has no file
  GitList<GitChange> changes;
  GitList<std::string> untracked;  ///< not ignored by the repository's own rules
  GitList<GitDoubt> unsettled;     ///< not tracked, and nobody knows whether the commit's rules ignore them
  GitList<GitDoubt> doubts;
  GitList<GitSubmodule> submodules;      ///< those that are not clean come first
  std::uint32_t normalised = 0;          ///< files that are the committed ones once line endings or `ident` are undone
  std::uint32_t lfs_verified = 0;        ///< files whose size and SHA-256 are those of their LFS pointer
  std::optional<std::string> operation;  ///< "merge", "rebase", … that is in progress
  bool locked = false;                   ///< another git holds the index, or died holding it
  std::optional<std::string> foreign_owner;  ///< "uid 1001", trusted by safe.directory; nullopt: the user's own
  std::uint32_t replace_refs = 0;            ///< objects that git shows as others; what is said here ignores them
  bool grafts = false;                       ///< likewise for parents
  bool alternates = false;                   ///< objects are borrowed from another repository

  static constexpr auto fields() {
    return std::tuple{
        required("objectFormat", &GitState::object_format, "hash of the repository"),
        optional("commit", &GitState::commit, "HEAD"),
        optional("ref", &GitState::ref, "the branch that HEAD names"),
        required("parents", &GitState::parents, "of HEAD"),
        optional("committedAt", &GitState::committed_at, "time of HEAD"),
        optional("prefix", &GitState::prefix, "where in the repository the checkout is"),
        required("shallow", &GitState::shallow, "whether history is cut off"),
        required("partial", &GitState::partial, "whether objects may be missing"),
        optional("tag", &GitState::tag, "the tag that was asked for"),
        required("tags", &GitState::tags, "how many tags there are"),
        required("remotes", &GitState::remotes, "where it was fetched from"),
        required("tracked", &GitState::tracked, "files of the commit"),
        required("unmatched", &GitState::unmatched, "paths asked for that have no file"),
        required("changes", &GitState::changes, "tracked files that differ"),
        required("untracked", &GitState::untracked, "files that are neither tracked nor ignored"),
        optional("unsettled", &GitState::unsettled, "files that are not tracked, and may be ignored"),
        required("doubts", &GitState::doubts, "files of which it cannot be known"),
        required("submodules", &GitState::submodules, "other repositories in the tree"),
        required("normalised", &GitState::normalised, "files equal after line endings are undone"),
        required("lfsVerified", &GitState::lfs_verified, "files equal to what their LFS pointer names"),
        optional("operation", &GitState::operation, "merge, rebase, … in progress"),
        required("locked", &GitState::locked, "whether the index is locked"),
        optional("foreignOwner", &GitState::foreign_owner, "another user who owns it, and is trusted"),
        required("replaceRefs", &GitState::replace_refs, "how many replacement objects"),
        required("grafts", &GitState::grafts, "whether parents are replaced"),
        required("alternates", &GitState::alternates, "whether objects are borrowed"),
    };
  }
  bool operator==(const GitState&) const = default;
};

Payload git_payload(const GitState& state);

/// Reads a payload again, strictly. Errors: a key that is unknown, missing or of another type; a body.
Reading<GitState> read_git_state(const Payload& payload);

/// What a repository's URL names, however it is written: "github.com/acme/vault" for https://GitHub.com/acme/vault.git,
/// ssh://git@github.com:22/acme/vault and git@github.com:acme/vault.git. A local path stays as it is.
std::string repository_name(std::string_view url);

namespace facts {

/// A checkout below the folder of release.json.
Fact<GitState> git(const GitRequest& request);

}  // namespace facts
}  // namespace readyctl
