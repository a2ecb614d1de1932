#include "sources/git_repository.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <vector>

#include "base/files.hpp"
#include "base/invariant.hpp"

namespace readyctl {
namespace {

namespace fs = std::filesystem;

class Library {
 public:
  Library() {
    invariant(git_libgit2_init() > 0, "libgit2 can be initialised");
    for (const int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    // Home is a folder that exists and in which no file can be: "~/…" in a repository's configuration leads to nothing,
    // which git takes for an include that is absent; with no home at all libgit2 would refuse the whole configuration.
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "/proc/self/fdinfo");
    // The owner is judged here, where safe.directory is known although the user's configuration is not read.
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // Extensions that change nothing for a reader: objects that are missing are missed when they are wanted.
    std::array<const char*, 4> harmless{"partialclone", "worktreeconfig", "preciousobjects", "relativeworktrees"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless.data(), harmless.size());
  }
  ~Library() { git_libgit2_shutdown(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

void use_libgit2() { static const Library library; }

fs::path without_slash(const fs::path& path) { return path.has_filename() ? path : path.parent_path(); }

// Where objects, refs and configuration are: for a linked worktree, elsewhere.
fs::path common_folder_of(const fs::path& git_folder) {
  const auto link = read_text_file(git_folder / "commondir", 4096);
  if (!link) return git_folder;
  return (git_folder / link->substr(0, link->find_last_not_of("\r\n") + 1)).lexically_normal();
}

Obtained<GitConfig> own_config(const fs::path& common_folder, const std::string& name) {
  git_config* config = nullptr;
  if (git_config_open_ondisk(&config, (common_folder / "config").c_str()) != 0) {
    return no_git("git-corrupt", "the configuration of " + name + " cannot be read: " + git_words() +
                                     "; repair .git/config or clone again");
  }
  return GitConfig(config);
}

// What libgit2 cannot read is named before it says so in its own words.
std::optional<Unobtainable> unsupported(git_config* config, const std::string& name) {
  const std::string format = config_value(config, "extensions.objectformat").value_or("sha1");
  if (format != "sha1") {
    return Unobtainable{"git-object-format",
                        name + " is a " + printable(format) +
                            " repository, and this readyctl reads SHA-1 repositories "
                            "only; convert the repository, or gate a SHA-1 mirror of it",
                        Retry::never};
  }
  const std::string refs = config_value(config, "extensions.refstorage").value_or("files");
  if (refs != "files") {
    return Unobtainable{"git-extension",
                        name + " stores its refs as " + printable(refs) +
                            ", which this readyctl cannot read; run: git "
                            "refs migrate --ref-format=files",
                        Retry::never};
  }
  return std::nullopt;
}

// --- owner ----------------------------------------------------------------------------------------------------------

std::optional<uid_t> owner_of(const fs::path& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_uid;
}

bool is_own(uid_t owner) {
  if (owner == ::geteuid()) return true;
  const char* before_sudo = std::getenv("SUDO_UID");
  return ::geteuid() == 0 && before_sudo != nullptr && std::to_string(owner) == before_sudo;
}

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

// The files in which git lets a user say whom he trusts; never the repository's own.
std::vector<fs::path> trusted_configs() {
  std::vector<fs::path> files;
  const std::string system = environment("GIT_CONFIG_SYSTEM"), global = environment("GIT_CONFIG_GLOBAL");
  const std::string home = environment("HOME"), xdg = environment("XDG_CONFIG_HOME");
  files.emplace_back(system.empty() ? "/etc/gitconfig" : system);
  if (!global.empty()) {
    files.emplace_back(global);
  } else {
    if (!xdg.empty()) files.push_back(fs::path(xdg) / "git/config");
    if (xdg.empty() && !home.empty()) files.push_back(fs::path(home) / ".config/git/config");
    if (!home.empty()) files.push_back(fs::path(home) / ".gitconfig");
  }
  return files;
}

std::vector<std::string> safe_directories() {
  std::vector<std::string> values;
  for (const fs::path& file : trusted_configs()) {
    git_config* opened = nullptr;
    if (git_config_open_ondisk(&opened, file.c_str()) != 0) continue;
    const GitConfig config(opened);
    git_config_iterator* started = nullptr;
    if (git_config_multivar_iterator_new(&started, config.get(), "safe.directory", nullptr) != 0) continue;
    const GitConfigIterator iterator(started);
    git_config_entry* entry = nullptr;
    while (git_config_next(&entry, iterator.get()) == 0)
      values.emplace_back(entry->value == nullptr ? "" : entry->value);
  }
  const long count = std::strtol(environment("GIT_CONFIG_COUNT").c_str(), nullptr, 10);
  for (long i = 0; i < std::min(count, 1000L); ++i) {
    if (environment("GIT_CONFIG_KEY_" + std::to_string(i)) != "safe.directory") continue;
    values.push_back(environment("GIT_CONFIG_VALUE_" + std::to_string(i)));
  }
  return values;
}

bool is_trusted(const fs::path& working_tree) {
  bool trusted = false;
  for (const std::string& value : safe_directories()) {
    if (value.empty()) {
      trusted = false;  // git: an empty value forgets those before it
    } else if (value == "*" || without_slash(value) == working_tree) {
      trusted = true;
    } else if (value.ends_with("/*")) {
      trusted = trusted || working_tree.string().starts_with(value.substr(0, value.size() - 1));
    }
  }
  return trusted;
}

Obtained<std::optional<std::string>> foreign_owner(const Checkout& checkout, const std::string& name) {
  std::optional<uid_t> foreign;
  for (const fs::path& path :
       {checkout.working_tree, checkout.working_tree / ".git", checkout.git_folder, checkout.common_folder}) {
    const std::optional<uid_t> owner = owner_of(path);
    if (owner && !is_own(*owner)) foreign = foreign.value_or(*owner);
  }
  if (!foreign) return std::nullopt;
  std::string who = "uid " + std::to_string(*foreign);
  if (is_trusted(checkout.working_tree)) return who;
  const std::string where = printable(checkout.working_tree.string());
  return no_git("git-owner", name + " belongs to " + who + ", and this is uid " + std::to_string(::geteuid()) +
                                 ": another user may change it at any time, and git refuses it too. If you trust that "
                                 "user, run: git config --global --add safe.directory " +
                                 where + "; otherwise make it yours with chown -R");
}

// --- opening --------------------------------------------------------------------------------------------------------

Obtained<fs::path> git_folder_of(const fs::path& start, const std::string& name) {
  GitBuffer found;
  const int error = git_repository_discover(&found, start.c_str(), 0, nullptr);
  if (error == 0) return without_slash(fs::path(found.text()));
  const std::string why = error == GIT_ENOTFOUND ? "" : " (" + git_words() + ")";
  return no_git("git-no-repository",
                name + " is in no git repository" + why +
                    "; say where the source is checked out (freeze --checkout DIR; the gate's \"checkout\"). If .git "
                    "is a file, the "
                    "repository that it names must be reachable here too; if this is a container, mount .git with it");
}

bool holds(const fs::path& folder, const fs::path& path) {
  const auto relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

tl::unexpected<Unobtainable> unreadable_object(int error, const std::string& what) {
  if (error == GIT_ENOTFOUND) {
    return no_git("git-missing-objects", what + " is not in the repository (" + git_words() +
                                             "); fetch it: git fetch --unshallow --tags, or git fetch --refetch in a "
                                             "partial clone, or clone again");
  }
  return no_git("git-corrupt", what + " cannot be read (" + git_words() + "); git fsck says more; clone again");
}

std::optional<std::string> config_value(git_config* config, const char* name) {
  GitBuffer value;
  if (git_config_get_string_buf(&value, config, name) != 0) return std::nullopt;
  return std::string(value.text());
}

bool config_flag(git_config* config, const char* name, bool otherwise) {
  int value = 0;
  return git_config_get_bool(&value, config, name) == 0 ? value != 0 : otherwise;
}

Obtained<Checkout> open_checkout(const fs::path& start, const std::string& name, Search search) {
  use_libgit2();
  Checkout checkout;
  const auto git_folder = git_folder_of(start, name);
  if (!git_folder) return tl::unexpected(git_folder.error());
  checkout.git_folder = *git_folder;
  checkout.common_folder = without_slash(common_folder_of(*git_folder));

  const auto config = own_config(checkout.common_folder, name);
  if (!config) return tl::unexpected(config.error());
  if (const auto why = unsupported(config->get(), name)) return tl::unexpected(*why);

  git_repository* opened = nullptr;
  const unsigned flags = search == Search::here_only ? GIT_REPOSITORY_OPEN_NO_SEARCH : 0;
  if (git_repository_open_ext(&opened, start.c_str(), flags, nullptr) != 0) {
    const std::string why = git_words();
    const bool extension = why.find("unsupported") != std::string::npos;
    return no_git(
        extension ? "git-extension" : "git-corrupt",
        name + " cannot be opened: " + why + (extension ? "; gate a clone made without it" : "; clone again"));
  }
  checkout.repository.reset(opened);
  if (git_repository_is_bare(opened) != 0 || git_repository_workdir(opened) == nullptr) {
    return no_git("git-bare", name +
                                  " is a bare repository, without files to compare; run in a checkout (git clone, or "
                                  "git worktree add)");
  }
  checkout.working_tree = without_slash(git_repository_workdir(opened));
  if (!holds(checkout.working_tree, start)) {
    return no_git("git-no-repository", "the repository at " + name +
                                           " keeps its files elsewhere (core.worktree); run "
                                           "where they are");
  }
  if (search == Search::here_only) return checkout;  // a submodule: its owner was judged with the whole
  const auto owner = foreign_owner(checkout, name);
  if (!owner) return tl::unexpected(owner.error());
  checkout.foreign_owner = *owner;
  return checkout;
}

}  // namespace readyctl
