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

// How often `*` begins anew in each line, at most; libgit2 tries every place of a path for each.
std::vector<std::size_t> stars_in_lines(std::string_view text) {
  std::vector<std::size_t> stars;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    std::size_t runs = 0;
    for (std::size_t i = 0; i < line.size(); ++i) runs += line[i] == '*' && (i == 0 || line[i - 1] != '*') ? 1 : 0;
    stars.push_back(runs);
  }
  return stars;
}

// The steps that libgit2 may need to compare a path with patterns; steps_max, when there are more.
std::size_t steps_for(const std::vector<std::size_t>& stars, std::size_t path_bytes, std::size_t steps_max) {
  std::size_t steps = 0;
  for (const std::size_t runs : stars) {
    std::size_t of_this = 1;
    for (std::size_t i = 0; i < runs && of_this < steps_max; ++i) of_this *= path_bytes;
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
  if (!is_new) return known->second;
  known->second = text_of(file).map([](const std::string& text) { return IgnoreRules::parse(text); });
  if (known->second && known->second->unclear()) {
    known->second = tl::unexpected<RulesObjection>(
        {file, file + " has a pattern that may be read in different ways: " + *known->second->unclear(), false});
  }
  return known->second;
}

const GitRules::Found<std::vector<std::size_t>>& GitRules::attribute_stars(const std::string& file) {
  const auto [known, is_new] = attribute_stars_.try_emplace(file);
  if (is_new) known->second = text_of(file).map(stars_in_lines);
  return known->second;
}

GitRules::Found<bool> GitRules::is_ignored(std::string_view path, bool is_folder) {
  std::optional<bool> decided;  // by the folder furthest down that has a rule for it
  for (const std::string_view folder : folders_down_to(path)) {
    const auto& rules = ignore_rules(std::string(folder) + ".gitignore");
    if (!rules) return tl::unexpected(rules.error());
    if (left_.ignoring_steps == 0) {
      return tl::unexpected<RulesObjection>({".gitignore", "the .gitignore files take too long to compare", false});
    }
    std::size_t steps = 0;
    const auto decision = rules->decide(path.substr(folder.size()), is_folder, steps);
    left_.ignoring_steps -= std::min(steps, left_.ignoring_steps);
    if (decision) decided = decision;
  }
  return decided.value_or(false);
}

std::optional<RulesObjection> GitRules::objection_to_attributes(std::string_view path) {
  const std::size_t steps_max = std::min(left_.attribute_steps_of_path, left_.attribute_steps);
  std::size_t steps = 0;
  for (const std::string_view folder : folders_down_to(path)) {
    const std::string file = std::string(folder) + ".gitattributes";
    const auto& stars = attribute_stars(file);
    if (!stars) return stars.error();
    steps += steps_for(*stars, path.size(), steps_max);
    if (steps >= steps_max) {
      return RulesObjection{file, file + " has too many * to be compared with this path, or with all of them", false};
    }
  }
  left_.attribute_steps -= steps;
  return std::nullopt;
}

}  // namespace readyctl
