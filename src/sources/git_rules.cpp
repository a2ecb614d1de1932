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

// What it takes to find the rules of one folder, beside reading its name.
constexpr std::size_t steps_of_folder = 256;

// "", "a/", "a/b/" of a/b/c: what lies in each of them may have rules for the path.
std::vector<std::string_view> folders_down_to(std::string_view path) {
  std::vector<std::string_view> folders{""};
  for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
    folders.push_back(path.substr(0, end + 1));
  }
  return folders;
}

RulesObjection takes_too_long() {
  return {"", "the rules of the checkout, .gitignore or .gitattributes, take too long to compare", false};
}

RulesObjection objection_to(const UnclearRule& rule) { return {rule.file, rule.file + " " + rule.what, false}; }

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

std::string without_id(std::string_view text, const std::string& id) {
  const std::string expanded = "$Id: " + id + " $";
  std::string plain;
  for (std::size_t at = text.find(expanded); at != std::string_view::npos; at = text.find(expanded)) {
    plain.append(text.substr(0, at)).append("$Id$");
    text.remove_prefix(at + expanded.size());
  }
  return plain.append(text);
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
  if (text->size() > left_.bytes) return object("is too long, with all other rules of the checkout");
  left_.bytes -= text->size();
  const auto committed = committed_.find(file);
  if (committed == committed_.end() || !S_ISREG(committed->second.mode)) return object("is not as committed", true);
  const std::string id = to_hex(committed->second.id);
  for (const std::string& plain : {*text, without_cr(*text)}) {
    if (has_content(committed->second, plain)) return plain;
    std::string bare = without_id(plain, id);
    if (has_content(committed->second, bare)) return bare;
  }
  return object("is not as committed", true);
}

template <class Rules>
const GitRules::Found<Rules>& GitRules::rules_of(const std::string& file, std::map<std::string, Found<Rules>>& known) {
  const auto [found, is_new] = known.try_emplace(file);
  if (is_new) found->second = text_of(file).map([&](std::string text) { return Rules::parse(std::move(text), file); });
  return found->second;
}

GitRules::Found<bool> GitRules::is_ignored(std::string_view path, bool is_folder) {
  IgnoreDecision decision;
  const std::vector<std::string_view> folders = folders_down_to(path);
  for (auto folder = folders.rbegin(); folder != folders.rend() && !decision.ignored; ++folder) {
    const auto& rules = rules_of(std::string(*folder) + ".gitignore", ignore_rules_);
    if (!rules) return tl::unexpected(rules.error());
    if (left_.steps.take(steps_of_folder + folder->size())) {
      rules->decide(path.substr(folder->size()), is_folder, left_.steps, decision);
    }
    if (left_.steps.is_spent()) return tl::unexpected(takes_too_long());
  }
  if (const auto& unclear = decision.doubt()) return tl::unexpected(objection_to(*unclear));
  return decision.is_ignored();
}

GitRules::Found<Attributes> GitRules::attributes_of(std::string_view path) {
  Attributes known;
  const auto& root = rules_of(".gitattributes", attribute_rules_);
  if (!root) return tl::unexpected(root.error());
  const std::vector<std::string_view> folders = folders_down_to(path);
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    const auto& rules = rules_of(std::string(*folder) + ".gitattributes", attribute_rules_);
    if (!rules) return tl::unexpected(rules.error());
    std::optional<UnclearRule> unclear;
    if (left_.steps.take(steps_of_folder + folder->size())) {
      unclear = rules->decide(path.substr(folder->size()), *root, left_.steps, known);
    }
    if (left_.steps.is_spent()) return tl::unexpected(takes_too_long());
    if (unclear) return tl::unexpected(objection_to(*unclear));
  }
  return known;
}

}  // namespace readyctl
