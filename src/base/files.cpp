#include "base/files.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

namespace readyctl {
namespace {

std::string reason() { return std::strerror(errno); }

tl::unexpected<Error> unreadable(const std::string& where, std::string what, std::string hint = {}) {
  return failure({ErrorKind::unreadable, where, std::move(what), std::move(hint)});
}

tl::unexpected<Error> unwritable(const std::filesystem::path& path, std::string what) {
  return failure({ErrorKind::unwritable, path.string(), std::move(what), "nothing was written under this name"});
}

std::string words_for(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISSOCK(mode)) return "a socket";
  return "no regular file";
}

Result<Bytes> read_all(const Descriptor& file, const std::string& name, std::size_t bytes_max) {
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return unreadable(name, "cannot be looked at: " + reason());
  if (!S_ISREG(status.st_mode)) return unreadable(name, "is " + words_for(status.st_mode) + ", not a file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > bytes_max) {
    return unreadable(name,
                      "holds " + std::to_string(size) + " bytes; at most " + std::to_string(bytes_max) + " are read");
  }
  Bytes bytes(size + 1);  // one more than expected, so that a file that grows is noticed
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file.number(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(name, "cannot be read: " + reason());
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  if (done != size) return unreadable(name, "changed while it was read", "run again when nothing writes to it");
  bytes.resize(size);
  return bytes;
}

// O_NONBLOCK: opening a FIFO must not wait for a writer. It has no effect on regular files.
constexpr int read_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

std::string opening_failed() { return errno == ENOENT ? std::string(does_not_exist) : "cannot be opened: " + reason(); }

bool write_all(int file, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// A file beside `path` under a name of its own, removed again unless it was renamed into place.
class Temporary {
 public:
  Temporary(const std::filesystem::path& path, unsigned mode) {
    static std::atomic<unsigned> count{0};
    name_ = folder_of(path) / ("." + path.filename().string() + "." + std::to_string(::getpid()) + "." +
                               std::to_string(count++) + ".partial");
    file_ = Descriptor(::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  }
  ~Temporary() {
    if (file_.number() >= 0 && !kept_) ::unlink(name_.c_str());
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  int number() const { return file_.number(); }
  bool rename_to(const std::filesystem::path& path) {
    kept_ = ::rename(name_.c_str(), path.c_str()) == 0;
    return kept_;
  }

 private:
  std::filesystem::path name_;
  Descriptor file_;
  bool kept_ = false;
};

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), read_flags));
  if (file.number() < 0) return unreadable(path.string(), opening_failed());
  return read_all(file, path.string(), bytes_max);
}

Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t bytes_max) {
  auto bytes = read_file(path, bytes_max);
  if (!bytes) return failure(bytes.error());
  return std::string(text_of(*bytes));
}

Result<Sha256> digest_of_own_binary() {
  const std::string name = "/proc/self/exe";
  const Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return unreadable(name, opening_failed());
  Sha256Hasher hasher;
  std::array<std::uint8_t, std::size_t{64} << 10> piece;
  for (;;) {
    const ssize_t got = ::read(file.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(name, "cannot be read: " + reason());
    if (got == 0) return hasher.finish();
    hasher.update(ByteView(piece).first(static_cast<std::size_t>(got)));
  }
}

Result<Bytes> read_secret_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), read_flags));
  if (file.number() < 0) return unreadable(path.string(), opening_failed());
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return unreadable(path.string(), "cannot be looked at: " + reason());
  if ((status.st_mode & 077) != 0) {
    return unreadable(path.string(), "holds a private key that group or others may read or write",
                      "chmod 600 " + path.string() + ", and consider the key exposed if the machine is shared");
  }
  return read_all(file, path.string(), bytes_max);
}

Folder::Folder(Descriptor descriptor, std::filesystem::path path)
    : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

Result<Folder> Folder::open(const std::filesystem::path& path) {
  Descriptor descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0) return unreadable(path.string(), opening_failed());
  std::error_code trouble;
  auto real = std::filesystem::canonical(path, trouble);
  if (trouble) return unreadable(path.string(), "cannot be resolved: " + trouble.message());
  return Folder(std::move(descriptor), std::move(real));
}

Result<Descriptor> Folder::open_beneath(const std::string& relative_path, int flags) const {
  struct open_how how{};
  how.flags = static_cast<__u64>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const long number = ::syscall(SYS_openat2, descriptor_.number(), relative_path.c_str(), &how, sizeof how);
  if (number >= 0) return Descriptor(static_cast<int>(number));
  const std::string where = (path_ / relative_path).string();
  if (errno == EXDEV || relative_path.starts_with("/")) {
    return unreadable(where, "lies outside " + path_.string() + " (by \"..\", an absolute path or a symlink)",
                      "paths are relative and stay beneath the folder of the file that names them");
  }
  return unreadable(where, opening_failed());
}

Result<Bytes> Folder::read_file(const std::string& relative_path, std::size_t bytes_max) const {
  const auto file = open_beneath(relative_path, read_flags);
  if (!file) return failure(file.error());
  return read_all(*file, (path_ / relative_path).string(), bytes_max);
}

Result<std::filesystem::path> Folder::locate(const std::string& relative_path) const {
  const auto found = open_beneath(relative_path, O_PATH | O_CLOEXEC);
  if (!found) return failure(found.error());
  std::error_code trouble;
  auto real = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(found->number()), trouble);
  if (trouble) return unreadable((path_ / relative_path).string(), "cannot be resolved: " + trouble.message());
  return real;
}

Result<void> write_file(const std::filesystem::path& path, const std::function<void(const Sink&)>& content,
                        unsigned mode) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return unwritable(path, "is a directory");
  Temporary temporary(path, mode);
  if (temporary.number() < 0) return unwritable(path, "cannot be created: " + reason());

  bool written = true;
  content([&](ByteView piece) { written = written && write_all(temporary.number(), piece); });
  if (!written || ::fsync(temporary.number()) != 0) return unwritable(path, "cannot be written: " + reason());
  if (!temporary.rename_to(path)) return unwritable(path, "cannot be put into place: " + reason());

  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() >= 0) ::fsync(folder.number());  // the rename itself; some file systems refuse, which is no loss
  return {};
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  return write_file(path, [content](const Sink& sink) { sink(bytes_of(content)); }, mode);
}

Result<void> can_write_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return unwritable(path, "is a directory");
  const Temporary temporary(path, 0600);
  if (temporary.number() < 0) return unwritable(path, "cannot be created: " + reason());
  return {};
}

}  // namespace readyctl
