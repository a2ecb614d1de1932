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
#include <cstdio>
#include <cstring>
#include <utility>

namespace readyctl {
namespace {

std::string reason() { return std::strerror(errno); }

constexpr std::string_view exists_already = "exists already";

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

// Where an open file really is, whatever name led to it.
Result<std::filesystem::path> real_path_of(const Descriptor& file, const std::string& name) {
  std::error_code trouble;
  auto real = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file.number()), trouble);
  if (trouble) return unreadable(name, "cannot be resolved: " + trouble.message());
  return real;
}

Result<FoundFile> take(const Descriptor& file, const std::string& name, std::size_t bytes_max) {
  auto bytes = read_all(file, name, bytes_max);
  if (!bytes) return failure(bytes.error());
  auto real = real_path_of(file, name);
  if (!real) return failure(real.error());
  return FoundFile{std::move(*real), std::move(*bytes)};
}

// O_NONBLOCK: opening a FIFO must not wait for a writer. It has no effect on regular files.
constexpr int read_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

std::string opening_failed() { return errno == ENOENT ? std::string(does_not_exist) : "cannot be opened: " + reason(); }

Result<Access> access_of(const Descriptor& file, const std::string& name) {
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return unreadable(name, "cannot be looked at: " + reason());
  if (!S_ISREG(status.st_mode)) return unreadable(name, "is " + words_for(status.st_mode) + ", not a file");
  return Access{status.st_uid, status.st_mode & 07777};
}

// A name of our own beside an output, for what is not to be seen under the output's name.
std::filesystem::path name_beside(const std::filesystem::path& path) {
  static std::atomic<unsigned> count{0};
  return folder_of(path) / ("." + path.filename().string() + "." + std::to_string(::getpid()) + "." +
                            std::to_string(count++) + ".partial");
}

// Renaming over a FIFO, a device or a folder would not write to it but replace it.
Result<void> require_place(const std::filesystem::path& path, Existing existing) {
  struct stat status{};
  const bool is_taken = ::lstat(path.c_str(), &status) == 0;
  if (is_taken && ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return unwritable(path, "is " + words_for(status.st_mode) + ", not a file");
  }
  if (is_taken && existing == Existing::refuse) return unwritable(path, std::string(exists_already));
  return {};
}

tl::unexpected<Error> not_created(const std::filesystem::path& path) {
  const std::string why = reason();
  std::error_code trouble;
  const std::filesystem::path folder = folder_of(path);
  const bool has_folder = std::filesystem::is_directory(folder, trouble);
  return unwritable(path,
                    "cannot be created: " + (has_folder ? why : "the folder " + folder.string() + " does not exist"));
}

bool write_all(int file, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

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

Result<FoundFile> find_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), read_flags));
  if (file.number() < 0) return unreadable(path.string(), opening_failed());
  return take(file, path.string(), bytes_max);
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

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  struct stat first{};
  struct stat second{};
  const bool first_exists = ::stat(a.c_str(), &first) == 0;
  const bool second_exists = ::stat(b.c_str(), &second) == 0;
  if (first_exists && second_exists) return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
  if (first_exists != second_exists) return false;
  std::error_code trouble;
  const auto real = [&](const std::filesystem::path& path) {
    return std::filesystem::weakly_canonical(folder_of(path), trouble) / path.filename();
  };
  return real(a) == real(b);
}

bool Access::owner_is_trusted() const { return owner == 0 || owner == ::geteuid(); }

Result<GuardedFile> read_guarded_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor file(::open(path.c_str(), read_flags));
  if (file.number() < 0) return unreadable(path.string(), opening_failed());
  const auto access = access_of(file, path.string());
  if (!access) return failure(access.error());
  auto bytes = read_all(file, path.string(), bytes_max);
  if (!bytes) return failure(bytes.error());
  return GuardedFile{std::move(*bytes), *access};
}

Result<Access> access_to(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_PATH | O_CLOEXEC));  // a program need not be readable
  if (file.number() < 0) return unreadable(path.string(), opening_failed());
  return access_of(file, path.string());
}

Result<Access> access_to_folder(const std::filesystem::path& path) {
  const Descriptor folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0) return unreadable(path.string(), opening_failed());
  struct stat status{};
  if (::fstat(folder.number(), &status) != 0) {
    return unreadable(path.string(), "cannot be looked at: " + reason());
  }
  return Access{status.st_uid, status.st_mode & 07777};
}

Folder::Folder(Descriptor descriptor, std::filesystem::path path)
    : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

Result<Folder> Folder::open(const std::filesystem::path& path) {
  Descriptor descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0) return unreadable(path.string(), opening_failed());
  auto real = real_path_of(descriptor, path.string());
  if (!real) return failure(real.error());
  return Folder(std::move(descriptor), std::move(*real));
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

Result<FoundFile> Folder::find_file(const std::string& relative_path, std::size_t bytes_max) const {
  const auto file = open_beneath(relative_path, read_flags);
  if (!file) return failure(file.error());
  return take(*file, (path_ / relative_path).string(), bytes_max);
}

Result<std::filesystem::path> Folder::locate(const std::string& relative_path) const {
  const auto found = open_beneath(relative_path, O_PATH | O_CLOEXEC);
  if (!found) return failure(found.error());
  return real_path_of(*found, (path_ / relative_path).string());
}

bool Folder::holds(const std::filesystem::path& real_path) const {
  const auto ends = std::mismatch(path_.begin(), path_.end(), real_path.begin(), real_path.end());
  return ends.first == path_.end();
}

StagedFile::StagedFile(std::filesystem::path path) : path_(std::move(path)), beside_(name_beside(path_)) {}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : path_(std::move(other.path_)),
      beside_(std::move(other.beside_)),
      file_(std::move(other.file_)),
      has_name_beside_(std::exchange(other.has_name_beside_, false)),
      in_place_(std::exchange(other.in_place_, false)) {}

StagedFile::~StagedFile() {
  if (in_place_) take_back();
  if (has_name_beside_) ::unlink(beside_.c_str());
}

// Without a name where that can be; not every file system has such files.
void StagedFile::open(unsigned mode) {
  file_ = Descriptor(::open(folder_of(path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode));
  if (file_.number() >= 0) return;
  file_ = Descriptor(::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  has_name_beside_ = file_.number() >= 0;
}

Result<StagedFile> StagedFile::write(const std::filesystem::path& path, const std::function<void(const Sink&)>& content,
                                     unsigned mode) {
  if (const auto place = require_place(path, Existing::replace); !place) return failure(place.error());
  StagedFile staged(path);
  staged.open(mode);
  if (staged.file_.number() < 0) return not_created(path);
  bool written = true;
  content([&](ByteView piece) { written = written && write_all(staged.file_.number(), piece); });
  if (!written || ::fsync(staged.file_.number()) != 0) return unwritable(path, "cannot be written: " + reason());
  return staged;
}

bool StagedFile::name_it() {
  if (has_name_beside_) return true;
  const std::string open_file = "/proc/self/fd/" + std::to_string(file_.number());
  has_name_beside_ = ::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, beside_.c_str(), AT_SYMLINK_FOLLOW) == 0;
  return has_name_beside_;
}

// The old file, if there is one, changes names with the new one, so that it can be put back.
bool StagedFile::replace() {
  if (::renameat2(AT_FDCWD, beside_.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (::rename(beside_.c_str(), path_.c_str()) != 0) return false;  // nothing was there, or nothing can be exchanged
  has_name_beside_ = false;
  return true;
}

// Fails when somebody else took the name meanwhile.
bool StagedFile::add() {
  const bool renamed = ::renameat2(AT_FDCWD, beside_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) == 0;
  has_name_beside_ = !renamed;
  if (renamed || errno != EINVAL) return renamed;  // EINVAL: not every file system can
  if (::link(beside_.c_str(), path_.c_str()) != 0) return false;
  has_name_beside_ = ::unlink(beside_.c_str()) != 0;
  return true;
}

Result<void> StagedFile::put_into_place(Existing existing) {
  if (const auto place = require_place(path_, existing); !place) return place;
  if (!name_it()) return unwritable(path_, "cannot be created: " + reason());
  in_place_ = existing == Existing::replace ? replace() : add();
  if (!in_place_) return unwritable(path_, "cannot be put into place: " + reason());
  const Descriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() >= 0) ::fsync(folder.number());  // the name itself; some file systems refuse, which is no loss
  return {};
}

void StagedFile::keep() { in_place_ = false; }

// What stands beside is the file that was there before.
void StagedFile::take_back() {
  if (!has_name_beside_) {
    ::unlink(path_.c_str());
    return;
  }
  has_name_beside_ = ::rename(beside_.c_str(), path_.c_str()) != 0;
}

Result<void> write_file(const std::filesystem::path& path, const std::function<void(const Sink&)>& content,
                        unsigned mode) {
  auto staged = StagedFile::write(path, content, mode);
  if (!staged) return failure(staged.error());
  if (const auto placed = staged->put_into_place(Existing::replace); !placed) return placed;
  staged->keep();
  return {};
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  return write_file(path, [content](const Sink& sink) { sink(bytes_of(content)); }, mode);
}

Result<void> can_write_file(const std::filesystem::path& path, Existing existing) {
  if (const auto place = require_place(path, existing); !place) return place;
  const std::filesystem::path beside = name_beside(path);
  const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number() < 0) return not_created(path);
  ::unlink(beside.c_str());
  return {};
}

}  // namespace readyctl
