#include "base/root.hpp"

#include <utility>

namespace readyctl {

Root::Root(std::filesystem::path named, Folder folder) : named_(std::move(named)), folder_(std::move(folder)) {}

Result<Root> Root::beneath(const std::filesystem::path& folder) {
  auto opened = Folder::open(folder);
  if (!opened) return failure(opened.error());
  return Root(folder, std::move(*opened));
}

std::filesystem::path Root::name_of(const std::filesystem::path& named) const {
  return folder_ && named.is_relative() ? named_ / named : named;
}

// An absolute name is one of the folder's own when it begins as the folder does, in either of its spellings.
std::filesystem::path Root::way_to(const std::filesystem::path& named) const {
  if (named.is_relative()) return named;
  std::error_code trouble;
  for (const auto& start : {folder_->path(), std::filesystem::absolute(named_, trouble)}) {
    const auto way = named.lexically_relative(start);
    if (!way.empty() && *way.begin() != "..") return way;
  }
  return named;
}

Result<FoundFile> Root::find(const std::filesystem::path& named, std::size_t bytes_max) const {
  if (!folder_) return find_file(named, bytes_max);
  auto found = folder_->find_file(way_to(named).string(), bytes_max);
  if (found) return found;
  Error error = found.error();
  error.where = name_of(named).string();
  error.hint = "what is named relative to the policy root lies beneath " + folder_->path().string() +
               ", and nothing leads out of it";
  return failure(std::move(error));
}

Result<Folder> Root::open_folder(const std::filesystem::path& named) const {
  if (!folder_ || named.is_absolute()) return Folder::open(named);
  const auto real = folder_->locate(named.string());
  if (!real) return failure(real.error());
  return Folder::open(*real);
}

}  // namespace readyctl
