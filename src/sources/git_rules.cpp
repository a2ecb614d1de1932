#include "sources/git_rules.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/sizes.hpp"

namespace readyctl {
namespace {

constexpr std::size_t rules_bytes_max = std::size_t{1} << 20;
// Each more multiplies the time that libgit2 takes by the depth of the path.
constexpr std::size_t any_depth_max = 2;

// How many steps of the pattern stand for folders of any depth. As the last one it is compared at once.
std::size_t any_depths_in(std::string_view pattern) {
  std::size_t found = 0;
  for (std::size_t end = pattern.find('/'); end != std::string_view::npos; end = pattern.find('/')) {
    const std::string_view step = pattern.substr(0, end);
    found += step.size() >= 2 && step.find_first_not_of('*') == std::string_view::npos ? 1 : 0;
    pattern.remove_prefix(end + 1);
  }
  return found;
}

bool has_slow_pattern(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with('#')) continue;
    if (line.starts_with('!')) line.remove_prefix(1);
    if (any_depths_in(line) > any_depth_max) return true;
  }
  return false;
}

bool has_content(const GitEntry& entry, std::string_view text) {
  git_oid id{};
  return git_odb_hash(&id, text.data(), text.size(), GIT_OBJECT_BLOB) == 0 && git_oid_equal(&id, &entry.id) != 0;
}

}  // namespace

std::string without_cr(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool before_lf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!before_lf) plain += text[i];
  }
  return plain;
}

Descriptor open_beneath(const Descriptor& root, const std::string& path) {
  struct open_how how{};
  how.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return Descriptor(static_cast<int>(::syscall(SYS_openat2, root.number(), path.c_str(), &how, sizeof how)));
}

std::string reopened(const Descriptor& file) { return "/proc/self/fd/" + std::to_string(file.number()); }

std::optional<std::string> GitRules::objection(std::string_view path, const std::string& name) {
  for (std::size_t end = 0; end != std::string_view::npos; end = path.find('/', end + 1)) {
    const std::string file = end == 0 ? name : std::string(path.substr(0, end + 1)) + name;
    const auto [known, is_new] = known_.try_emplace(file);
    if (is_new) known->second = look_at(file);
    if (known->second) return known->second;
  }
  return std::nullopt;
}

std::optional<std::string> GitRules::look_at(const std::string& file) const {
  const Descriptor opened = open_beneath(root_, file);
  if (opened.number() < 0) {
    const bool is_missing = errno == ENOENT || errno == ENOTDIR;
    if (!is_missing) return file + " cannot be opened: " + std::strerror(errno);
    const bool is_known = committed_.contains(file) || indexed_.contains(file);  // the index is asked in its place
    return is_known ? std::optional(file + " is not as committed") : std::nullopt;
  }
  struct stat status{};
  if (::fstat(opened.number(), &status) != 0 || !S_ISREG(status.st_mode)) return file + " is no regular file";
  const auto text = read_text_file(reopened(opened), rules_bytes_max);
  if (!text) return file + " cannot be read: " + text.error().what;
  const auto committed = committed_.find(file);
  const bool is_committed =
      committed != committed_.end() && S_ISREG(committed->second.mode) &&
      (has_content(committed->second, *text) || has_content(committed->second, without_cr(*text)));
  if (!is_committed) return file + " is not as committed";
  if (!has_slow_pattern(*text)) return std::nullopt;
  return file + " has a pattern with more than " + std::to_string(any_depth_max) + " \"**/\"";
}

}  // namespace readyctl
