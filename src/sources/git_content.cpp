#include "sources/git_content.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "sources/git_repository.hpp"

namespace readyctl {
namespace {

using How = Compared::How;

constexpr std::string_view lfs_version = "version https://git-lfs.github.com/spec/v1\n";
constexpr std::size_t lfs_pointer_bytes_max = 1024;
constexpr std::uint32_t executable_mode = 0100755;
constexpr std::uint32_t link_mode = 0120000;

Compared doubtful(DoubtKind kind, std::string detail) { return {How::doubtful, kind, std::move(detail)}; }

Result<Sha256> sha256_of_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return failure({ErrorKind::unreadable, "", std::strerror(errno), ""});
  Sha256Hasher hasher;
  Bytes piece(std::size_t{1} << 16);
  while (true) {
    const ssize_t got = ::read(file.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure({ErrorKind::unreadable, "", std::strerror(errno), ""});
    if (got == 0) return hasher.finish();
    hasher.update(ByteView(piece).first(static_cast<std::size_t>(got)));
  }
}

// As git judges it: text has no NUL in its first bytes. Nothing else is ever given other line endings.
bool looks_like_text(std::string_view content) { return content.substr(0, 8000).find('\0') == std::string_view::npos; }

std::optional<std::string> blob_content(git_repository* repository, const git_oid& id) {
  git_blob* found = nullptr;
  if (git_blob_lookup(&found, repository, &id) != 0) return std::nullopt;
  const GitBlob blob(found);
  const auto size = static_cast<std::size_t>(git_blob_rawsize(blob.get()));
  return size == 0 ? std::string() : std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())), size);
}

const AttributeState& state_of(const Attributes& attributes, std::string_view name) {
  static const AttributeState unspecified;
  const auto found = attributes.find(name);
  return found == attributes.end() ? unspecified : found->second;
}

// What git does with line endings.
enum class LineEndings { unsaid, converted, guessed, kept };

// Source: convert_attrs in git's convert.c.
LineEndings line_endings_by(const AttributeState& text_or_crlf) {
  if (text_or_crlf.is_set() || text_or_crlf.is("input")) return LineEndings::converted;
  if (text_or_crlf.is("auto")) return LineEndings::guessed;
  return text_or_crlf.kind == AttributeState::Kind::unset ? LineEndings::kept : LineEndings::unsaid;
}

LineEndings line_endings_in(const Attributes& attributes) {
  LineEndings endings = line_endings_by(state_of(attributes, "text"));
  if (endings == LineEndings::unsaid) endings = line_endings_by(state_of(attributes, "crlf"));
  if (endings != LineEndings::unsaid) return endings;
  const AttributeState& eol = state_of(attributes, "eol");
  return eol.is("lf") || eol.is("crlf") ? LineEndings::converted : LineEndings::unsaid;
}

// Source: gather_stats and convert_is_binary in git's convert.c.
bool is_guessed_to_be_text(std::string_view content) {
  std::size_t printable = 0;
  std::size_t others = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const auto c = static_cast<unsigned char>(content[i]);
    const bool is_lone_cr = c == '\r' && (i + 1 == content.size() || content[i + 1] != '\n');
    if (c == 0 || is_lone_cr) return false;
    if (c == '\r' || c == '\n') continue;
    const bool is_control = c == 127 || (c < 32 && c != '\b' && c != '\t' && c != '\f' && c != 27);
    ++(is_control ? others : printable);
  }
  if (content.ends_with('\x1a')) --others;  // as DOS ends a file
  return printable / 128 >= others;
}

}  // namespace

std::optional<LfsPointer> parse_lfs_pointer(std::string_view text) {
  if (text.size() > lfs_pointer_bytes_max || !text.starts_with(lfs_version)) return std::nullopt;
  const auto line_after = [text](std::string_view key) -> std::string_view {
    const std::size_t begin = text.find(key);
    if (begin == std::string_view::npos) return {};
    const std::size_t end = text.find('\n', begin + 1);
    return text.substr(begin + key.size(), end == std::string_view::npos ? end : end - begin - key.size());
  };
  const auto digest = parse_sha256(line_after("\noid sha256:"));
  const std::string_view digits = line_after("\nsize ");
  LfsPointer pointer;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), pointer.size);
  if (!digest || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  pointer.sha256 = *digest;
  return pointer;
}

WorkingFiles::WorkingFiles(git_repository* repository, const std::filesystem::path& root, const GitEntries& committed,
                           const GitEntries& indexed, RulesLimits& rules_left)
    : repository_(repository),
      root_(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      rules_(root_, committed, indexed, rules_left) {
  git_config* snapshot = nullptr;
  git_repository_config_snapshot(&snapshot, repository);
  const GitConfig config(snapshot);
  trusts_mode_ = !config || config_flag(config.get(), "core.filemode", true);
  has_symlinks_ = !config || config_flag(config.get(), "core.symlinks", true);
  const char* automatic = nullptr;
  const bool is_input = config && git_config_get_string(&automatic, config.get(), "core.autocrlf") == 0 &&
                        automatic == std::string_view("input");
  guesses_text_ = is_input || (config && config_flag(config.get(), "core.autocrlf", false));
}

Compared WorkingFiles::compare(const std::string& path, const GitEntry& entry) {
  const Descriptor file = open_beneath(root_, path);
  if (file.number() < 0) {
    const bool gone = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;  // ELOOP: a folder became a symlink
    return gone ? Compared{How::absent, {}, ""} : doubtful(DoubtKind::unreadable, std::strerror(errno));
  }
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return doubtful(DoubtKind::unreadable, std::strerror(errno));
  const bool wants_link = entry.mode == link_mode;
  if (S_ISLNK(status.st_mode)) return wants_link ? compare_link(file, entry) : Compared{How::type_changed, {}, ""};
  if (!S_ISREG(status.st_mode) || (wants_link && has_symlinks_)) return {How::type_changed, {}, ""};

  Compared compared = compare_file(path, file, static_cast<std::uint64_t>(status.st_size), entry);
  const bool executable = (status.st_mode & S_IXUSR) != 0;
  const bool other_mode = trusts_mode_ && !wants_link && executable != (entry.mode == executable_mode);
  if (other_mode && compared.how != How::modified && compared.how != How::doubtful) compared.how = How::mode_changed;
  return compared;
}

Compared WorkingFiles::compare_link(const Descriptor& link, const GitEntry& entry) const {
  std::array<char, 4096> target{};
  const ssize_t size = ::readlinkat(link.number(), "", target.data(), target.size());
  if (size < 0) return doubtful(DoubtKind::unreadable, std::strerror(errno));
  const std::string_view text(target.data(), static_cast<std::size_t>(size));
  return {has_content(entry, text) ? How::same : How::modified, {}, ""};
}

Compared WorkingFiles::compare_file(const std::string& path, const Descriptor& file, std::uint64_t size,
                                    const GitEntry& entry) {
  const std::string real_path = reopened(file);
  git_oid id{};
  if (git_odb_hashfile(&id, real_path.c_str(), GIT_OBJECT_BLOB) != 0) {
    return doubtful(DoubtKind::unreadable, git_words());
  }
  const bool equal = git_oid_equal(&id, &entry.id) != 0;
  if (equal && size > lfs_pointer_bytes_max) return {};

  if (equal) {
    const auto content = read_text_file(real_path, lfs_pointer_bytes_max);
    if (!content || !parse_lfs_pointer(*content)) return {};
  }
  const auto attributes = rules_.attributes_of(path);
  if (!attributes) {
    const bool is_itself = attributes.error().file == path && attributes.error().is_changed;
    return is_itself ? Compared{How::modified, {}, ""} : doubtful(DoubtKind::rules, attributes.error().what);
  }
  const AttributeState& filter = state_of(*attributes, "filter");
  if (equal) {
    return filter.is("lfs") ? doubtful(DoubtKind::lfs_not_fetched, "holds the Git LFS pointer, not the content")
                            : Compared{};
  }
  if (filter.is("lfs")) return compare_lfs(real_path, size, entry);
  using Kind = AttributeState::Kind;
  if (filter.kind == Kind::text) return doubtful(DoubtKind::filter, "filter=" + printable(filter.text));
  const AttributeState& encoding = state_of(*attributes, "working-tree-encoding");
  if (encoding.kind == Kind::text) {
    return doubtful(DoubtKind::encoding, "working-tree-encoding=" + printable(encoding.text));
  }
  return compare_normalised(real_path, entry, *attributes);
}

Compared WorkingFiles::compare_lfs(const std::string& real_path, std::uint64_t size, const GitEntry& entry) const {
  const std::optional<std::string> blob = blob_content(repository_, entry.id);
  if (!blob) return doubtful(DoubtKind::missing_object, "the committed Git LFS pointer is not in the repository");
  const std::optional<LfsPointer> pointer = parse_lfs_pointer(*blob);
  if (!pointer || pointer->size != size) return {How::modified, {}, ""};
  const auto digest = sha256_of_file(real_path);
  if (!digest) return doubtful(DoubtKind::unreadable, digest.error().what);
  return {*digest == pointer->sha256 ? How::lfs : How::modified, {}, ""};
}

Compared WorkingFiles::compare_normalised(const std::string& real_path, const GitEntry& entry,
                                          const Attributes& attributes) const {
  auto content = read_text_file(real_path);
  if (!content) return doubtful(DoubtKind::unreadable, content.error().what);
  const bool has_id = state_of(attributes, "ident").is_set();
  if (has_id) content = without_id(*content, to_hex(entry.id));
  if (has_id && has_content(entry, *content)) return {How::normalised, {}, ""};
  LineEndings endings = line_endings_in(attributes);
  const bool is_unsaid = endings == LineEndings::unsaid;
  if (is_unsaid && guesses_text_) endings = LineEndings::guessed;
  const bool is_converted =
      endings == LineEndings::converted || (endings == LineEndings::guessed && is_guessed_to_be_text(*content));
  const std::string plain = without_cr(*content);
  if (is_converted && has_content(entry, plain)) return {How::normalised, {}, ""};
  if (has_id && content->find("$Id:") != std::string::npos) {
    return doubtful(DoubtKind::ident, "holds an $Id that is not of the committed content");
  }
  if (!looks_like_text(*content) || !is_unsaid) return {How::modified, {}, ""};

  const std::optional<std::string> blob = blob_content(repository_, entry.id);
  if (blob && without_cr(*blob) == plain) {
    return doubtful(DoubtKind::line_endings, "differs in line endings only, and .gitattributes does not mention them");
  }
  return {How::modified, {}, ""};
}

}  // namespace readyctl
