#include "sources/git_tags.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "sources/git_repository.hpp"

namespace readyctl {
namespace {

constexpr std::string_view tags_folder = "refs/tags/";

struct TagSearch {
  git_repository* repository;
  git_oid head;
  std::vector<std::string> names;
};

bool points_to(const TagSearch& search, const char* reference) {
  git_object* peeled = nullptr;
  git_oid id{};
  if (git_reference_name_to_id(&id, search.repository, reference) != 0) return false;
  git_object* found = nullptr;
  if (git_object_lookup(&found, search.repository, &id, GIT_OBJECT_ANY) != 0) return false;
  const GitObject object(found);
  if (git_object_peel(&peeled, object.get(), GIT_OBJECT_COMMIT) != 0) return false;
  const GitObject commit(peeled);
  return git_oid_equal(git_object_id(commit.get()), &search.head) != 0;
}

int add_if_at_head(const char* reference, void* payload) {
  auto& search = *static_cast<TagSearch*>(payload);
  if (points_to(search, reference)) search.names.emplace_back(std::string_view(reference).substr(tags_folder.size()));
  return 0;
}

}  // namespace

Result<std::vector<std::string>> tags_at_head(const Folder& root, const std::string& checkout) {
  const std::string name = "git checkout " + printable(checkout);
  const auto unreadable = [&](std::string what) {
    return failure({ErrorKind::unreadable, name, std::move(what), "say with --checkout where the source is"});
  };
  const auto path = root.locate(checkout);
  if (!path) return unreadable(path.error().what);
  const auto opened = open_checkout(*path, name, Search::upward);
  if (!opened) return failure({ErrorKind::unreadable, "", opened.error().what, ""});
  TagSearch search{opened->repository.get(), {}, {}};
  if (git_reference_name_to_id(&search.head, search.repository, "HEAD") != 0) return std::move(search.names);
  git_reference_foreach_glob(search.repository, "refs/tags/*", add_if_at_head, &search);
  std::sort(search.names.begin(), search.names.end());
  return std::move(search.names);
}

}  // namespace readyctl
