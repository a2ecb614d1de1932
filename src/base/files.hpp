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

/// The same, and the file must not be readable or writable by group or others (kind `unreadable`).
Result<Bytes> read_secret_file(const std::filesystem::path& path, std::size_t bytes_max);

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

  /// The real path of a folder or file beneath this one. Errors: it is missing, or lies outside.
  Result<std::filesystem::path> locate(const std::string& relative_path) const;

  const std::filesystem::path& path() const { return path_; }

 private:
  Folder(Descriptor descriptor, std::filesystem::path path);

  Result<Descriptor> open_beneath(const std::string& relative_path, int flags) const;

  Descriptor descriptor_;
  std::filesystem::path path_;
};

/// Where the pieces of an output go.
using Sink = std::function<void(ByteView)>;

/// Writes a file so that its name holds the old content or the new, never half: a temporary file beside it, fsync,
/// rename. Errors (kind `unwritable`): any step failed; the temporary file is gone then. `mode` is masked by umask.
Result<void> write_file(const std::filesystem::path& path, const std::function<void(const Sink&)>& content,
                        unsigned mode = 0666);
Result<void> write_file(const std::filesystem::path& path, std::string_view content, unsigned mode = 0666);

/// Fails as write_file would, without leaving anything: asked before long work, so that its outcome is not lost.
Result<void> can_write_file(const std::filesystem::path& path);

}  // namespace readyctl
