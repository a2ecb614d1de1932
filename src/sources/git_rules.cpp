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
constexpr std::uint8_t stars_counted_max = 255;  // more have too many steps anyway

// Of each line that may be a pattern.
std::vector<StarsOfLine> stars_in_lines(std::string_view text) {
  std::vector<StarsOfLine> stars;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    StarsOfLine of_this;
    for (std::size_t at = line.find('*'); at != std::string_view::npos; at = line.find('*', at)) {
      const bool begins_name = at == 0 || line[at - 1] == '/';
      const std::size_t end = std::min(line.find_first_not_of('*', at), line.size());
      const bool is_of_folders = begins_name && end < line.size() && line[end] == '/';
      std::uint8_t& runs = end - at == 1 ? of_this.in_names : is_of_folders ? of_this.of_folders : of_this.anywhere;
      if (runs < stars_counted_max) ++runs;
      at = end;
    }
    stars.push_back(of_this);
  }
  return stars;
}

std::size_t longest_name_in(std::string_view path) {
  std::size_t longest = 0;
  while (!path.empty()) {
    const std::size_t size = std::min(path.find('/'), path.size());
    longest = std::max(longest, size);
    path.remove_prefix(std::min(size + 1, path.size()));
  }
  return longest;
}

// The steps that libgit2 may need to compare a path with patterns; steps_max, when there are more. It tries every place
// that a run of `*` may reach: in one name, at the beginnings of folders, or all.
std::size_t steps_for(const std::vector<StarsOfLine>& stars, std::string_view path, std::size_t steps_max) {
  const std::size_t places_in_name = longest_name_in(path) + 1;
  const auto places_of_folders = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 2;
  const std::size_t places_anywhere = path.size() + 1;
  std::size_t steps = 0;
  for (const StarsOfLine& line : stars) {
    std::size_t of_this = 1;
    const auto try_all = [&](std::size_t runs, std::size_t places) {
      for (; runs > 0 && of_this < steps_max; --runs) of_this *= places;
    };
    try_all(line.in_names, places_in_name);
    try_all(line.of_folders, places_of_folders);
    try_all(line.anywhere, places_anywhere);
    steps += of_this;
    if (steps >= steps_max) return steps_max;
  }
  return steps;
}

// "", "a/", "a/b/" of a/b/c: what lies in each of them may have rules for the path.
std::vector<std::string_view> folders_down_to(std::string_view path) {
  std::vector<std::string_view> folders{""};
  for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
    folders.push_back(path.substr(0, end + 1));
  }
  return folders;
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

GitRules::Found<std::string> GitRules::text_of(const std::string& file) {
  const auto object = [&](const std::string& what, bool is_changed = false) {
    return tl::unexpected<RulesObjection>({file, file + " " + what, is_changed});
  };
  const Descriptor opened = open_beneath(root_, file);
  if (opened.number() < 0) {
    const bool is_missing = errno == ENOENT || errno == ENOTDIR;
    if (!is_missing) return object(std::string("cannot be opened: ") + std::strerror(errno));
    const bool is_known = committed_.contains(file) || indexed_.contains(file);  // the index is asked in its place
    return is_known ? Found<std::string>(object("is not as committed", true)) : std::string();
  }
  struct stat status{};
  if (::fstat(opened.number(), &status) != 0 || !S_ISREG(status.st_mode)) return object("is no regular file");
  auto text = read_text_file(reopened(opened), rules_bytes_max);
  if (!text) return object("cannot be read: " + text.error().what);
  if (text->size() > left_.bytes) return object("is too long, with all others of its kind");
  left_.bytes -= text->size();
  const auto committed = committed_.find(file);
  const bool is_committed =
      committed != committed_.end() && S_ISREG(committed->second.mode) &&
      (has_content(committed->second, *text) || has_content(committed->second, without_cr(*text)));
  if (!is_committed) return object("is not as committed", true);
  return std::move(*text);
}

const GitRules::Found<IgnoreRules>& GitRules::ignore_rules(const std::string& file) {
  const auto [known, is_new] = ignore_rules_.try_emplace(file);
  if (is_new) {
    known->second = text_of(file).map([&](std::string text) { return IgnoreRules::parse(std::move(text), file); });
  }
  return known->second;
}

const GitRules::Found<std::vector<StarsOfLine>>& GitRules::attribute_stars(const std::string& file) {
  const auto [known, is_new] = attribute_stars_.try_emplace(file);
  if (is_new) known->second = text_of(file).map(stars_in_lines);
  return known->second;
}

GitRules::Found<bool> GitRules::is_ignored(std::string_view path, bool is_folder) {
  IgnoreDecision decision;
  const std::vector<std::string_view> folders = folders_down_to(path);
  for (auto folder = folders.rbegin(); folder != folders.rend() && !decision.ignored; ++folder) {
    const std::string file = std::string(*folder) + ".gitignore";
    const auto& rules = ignore_rules(file);
    if (!rules) return tl::unexpected(rules.error());
    if (left_.ignoring_steps == 0) {
      return tl::unexpected<RulesObjection>({".gitignore", "the .gitignore files take too long to compare", false});
    }
    std::size_t steps = 0;
    rules->decide(path.substr(folder->size()), is_folder, steps, decision);
    left_.ignoring_steps -= std::min(steps, left_.ignoring_steps);
  }
  if (const auto& unclear = decision.doubt()) {
    return tl::unexpected<RulesObjection>(
        {unclear->file, unclear->file + " has a pattern that may be read in different ways: " + unclear->pattern,
         false});
  }
  return decision.is_ignored();
}

std::optional<RulesObjection> GitRules::objection_to_attributes(std::string_view path) {
  const std::size_t steps_max = std::min(left_.attribute_steps_of_path, left_.attribute_steps);
  std::size_t steps = 0;
  for (const std::string_view folder : folders_down_to(path)) {
    const std::string file = std::string(folder) + ".gitattributes";
    const auto& stars = attribute_stars(file);
    if (!stars) return stars.error();
    steps += steps_for(*stars, path, steps_max);
    if (steps >= steps_max) {
      return RulesObjection{file, file + " has too many * to be compared with this path, or with all of them", false};
    }
  }
  left_.attribute_steps -= steps;
  return std::nullopt;
}

}  // namespace readyctl
