// Root: where the files are looked for that somebody named on the command line.
#pragma once

#include <filesystem>
#include <optional>

#include "base/files.hpp"

namespace readyctl {

/// Either the working directory, from which a name may lead anywhere, or one folder, which no name leaves.
class Root {
 public:
  /// Every file is where its name says.
  Root() = default;

  /// Every file is beneath this folder: a relative name begins there, and neither `..` nor a symlink nor an absolute
  /// name leads out. Errors (kind `unreadable`): it is missing, or no directory.
  static Result<Root> beneath(const std::filesystem::path& folder);

  /// The same for a folder that is open already; `named` is how messages and reports say it.
  Root(std::filesystem::path named, Folder folder);

  /// Whether names are held beneath a folder.
  bool is_bounded() const { return folder_.has_value(); }

  /// The name as messages and reports say it, which leads to the file from the working directory too.
  std::filesystem::path name_of(const std::filesystem::path& named) const;

  /// The file, opened once. Errors (kind `unreadable`): those of read_file, and a name that leads out of the folder.
  Result<FoundFile> find(const std::filesystem::path& named, std::size_t bytes_max = file_bytes_max) const;

  /// A folder that was named. Of those outside, only one with an absolute name is accepted. Errors: as of find.
  Result<Folder> open_folder(const std::filesystem::path& named) const;

 private:
  /// From the folder to the file.
  std::filesystem::path way_to(const std::filesystem::path& named) const;

  std::filesystem::path named_;
  std::optional<Folder> folder_;
};

}  // namespace readyctl
