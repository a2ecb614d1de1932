// Files: read once and whole, from a place that was allowed; written whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"

namespace readyctl {

/// The most that is read of one file unless the caller says otherwise. The largest Solana program is 10 MiB.
inline constexpr std::size_t file_bytes_max = std::size_t{64} << 20;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

/// What an Error says of a file that is not there.
inline constexpr std::string_view does_not_exist = "does not exist";

/// The bytes of a regular file. Errors (kind `unreadable`): missing, not permitted, a directory, device, FIFO or
/// socket, longer than `bytes_max`, changed in size while it was read.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max = file_bytes_max);
Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t bytes_max = file_bytes_max);

/// A file that was found: where it really is, and its bytes, both of the one file that was opened.
struct FoundFile {
  std::filesystem::path path;
  Bytes bytes;
};

/// As read_file, and where the file really is, whatever symlinks led to it.
Result<FoundFile> find_file(const std::filesystem::path& path, std::size_t bytes_max = file_bytes_max);

/// The folder that a file lies in, or will lie in; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& file);

/// Whether both names lead to one file: the same file on disk, or the same place where none is yet.
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Who may do what with a file, asked of the open file, so that nobody can put another in its place meanwhile.
struct Access {
  unsigned owner = 0;  ///< user id
  unsigned mode = 0;   ///< permission bits, and the sticky one

  bool others_may_write() const { return (mode & 022) != 0; }
  /// Of a folder: whether others may put another file under a name in it.
  bool others_may_rename() const { return others_may_write() && (mode & 01000) == 0; }
  bool others_may_anything() const { return (mode & 077) != 0; }
  /// Whether it is this process's own user's, or root's, who may do anything anyway.
  bool owner_is_trusted() const;
};

struct GuardedFile {
  Bytes bytes;
  Access access;
};

/// As read_file, with who else has access to what was read.
Result<GuardedFile> read_guarded_file(const std::filesystem::path& path, std::size_t bytes_max);

/// Who has access to a file that is not read, such as a program. Errors as of read_file.
Result<Access> access_to(const std::filesystem::path& path);
Result<Access> access_to_folder(const std::filesystem::path& path);

/// The digest of the program that is running, read piece by piece; nothing holds it whole.
Result<Sha256> digest_of_own_binary();

/// A folder beneath which files may be read, and nothing outside it: no `..` and no symlink leads out. The kernel
/// resolves the path (openat2 with RESOLVE_BENEATH), so that nothing can change between a look and the opening.
class Folder {
 public:
  /// Errors (kind `unreadable`): missing, not a directory.
  static Result<Folder> open(const std::filesystem::path& path);

  /// Errors as of the function read_file, and a path that is absolute or leads out of the folder.
  Result<Bytes> read_file(const std::string& relative_path, std::size_t bytes_max = file_bytes_max) const;

  /// As read_file of this folder, and where the file really is.
  Result<FoundFile> find_file(const std::string& relative_path, std::size_t bytes_max = file_bytes_max) const;

  /// The real path of a folder or file beneath this one. Errors: it is missing, or lies outside.
  Result<std::filesystem::path> locate(const std::string& relative_path) const;

  const std::filesystem::path& path() const { return path_; }

  /// Whether a real path is that of this folder, or of something beneath it.
  bool holds(const std::filesystem::path& real_path) const;

 private:
  Folder(Descriptor descriptor, std::filesystem::path path);

  Result<Descriptor> open_beneath(const std::string& relative_path, int flags) const;

  Descriptor descriptor_;
  std::filesystem::path path_;
};

/// Where the pieces of an output go.
using Sink = std::function<void(ByteView)>;

/// What happens to a file that stands where an output is to go.
enum class Existing { replace, refuse };

/// A file that has its content, on disk, and not yet its name. Where the file system allows it has no name at all, so
/// that nothing is left even if the process is killed. Several can be put into place together: until keep() is called,
/// a StagedFile that goes away takes back what it did, and the file that was there before is there again.
class StagedFile {
 public:
  /// Errors (kind `unwritable`): any step failed; nothing is left then. `mode` is masked by umask.
  static Result<StagedFile> write(const std::filesystem::path& path, const std::function<void(const Sink&)>& content,
                                  unsigned mode = 0666);

  /// Gives it its name. Errors (kind `unwritable`): the name is taken by what is no regular file, or at all if it is
  /// not to be replaced; the rename failed.
  Result<void> put_into_place(Existing existing);

  /// From here on it stays.
  void keep();

  ~StagedFile();
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  StagedFile(const StagedFile&) = delete;
  StagedFile& operator=(const StagedFile&) = delete;

 private:
  explicit StagedFile(std::filesystem::path path);
  void open(unsigned mode);
  bool name_it();
  bool replace();
  bool add();
  void take_back();

  std::filesystem::path path_;
  std::filesystem::path beside_;  ///< the name that the new file, then the old one, has beside `path_`
  Descriptor file_;
  bool has_name_beside_ = false;
  bool in_place_ = false;
};

/// Writes a file so that its name holds the old content or the new, never half: a temporary file beside it, fsync,
/// rename. Errors: those of StagedFile.
Result<void> write_file(const std::filesystem::path& path, const std::function<void(const Sink&)>& content,
                        unsigned mode = 0666);
Result<void> write_file(const std::filesystem::path& path, std::string_view content, unsigned mode = 0666);

/// Fails as writing would, without leaving anything: asked before long work, so that its outcome is not lost.
Result<void> can_write_file(const std::filesystem::path& path, Existing existing = Existing::replace);

}  // namespace readyctl
