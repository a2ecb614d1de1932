#include "attest/signer.hpp"

#include "attest/external_signer.hpp"
#include "attest/keypair_file.hpp"
#include "attest/pem.hpp"
#include "attest/private_key.hpp"
#include "attest/secret.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace readyctl {
namespace {

char first_character(std::string_view text) {
  text = trimmed(text);
  return text.empty() ? '\0' : text.front();
}

bool names_a_command(ByteView content) { return first_character(text_of(content)) == '{'; }

tl::unexpected<Error> unsafe(const std::filesystem::path& file, std::string what, std::string hint) {
  return failure({ErrorKind::unreadable, file.string(), std::move(what), std::move(hint)});
}

// Whoever owns a file can read and change it, whatever its mode says.
Result<void> require_own(const std::filesystem::path& file, const Access& access) {
  if (access.owner_is_trusted()) return {};
  return unsafe(file, "belongs to the user with id " + std::to_string(access.owner) + ", who could change it",
                "it must belong to you or to root: chown it, or make a copy of your own");
}

Result<void> require_private(const std::filesystem::path& file, const Access& access, std::string_view verb) {
  if (const auto own = require_own(file, access); !own) return own;
  if (!access.others_may_anything()) return {};
  return unsafe(file, std::string(verb) + " a private key that group or others may read or write",
                "chmod 600 " + file.string() + ", and consider the key exposed if the machine is shared");
}

// Damaged, encrypted or in another format, and secret all the same.
bool may_be_private(std::string_view content) {
  return content.find("PRIVATE KEY") != std::string_view::npos || first_character(content) == '[';
}

// Whoever can write to a file that names a command can have us run any.
Result<void> require_safe_command(const std::filesystem::path& file, const Access& access) {
  if (const auto own = require_own(file, access); !own) return own;
  if (!access.others_may_write()) return {};
  return unsafe(file, "names a command to run, and group or others may write to it", "chmod go-w " + file.string());
}

Result<std::unique_ptr<Signer>> private_signer(const Secret& content) {
  if (trimmed(content.text()).empty()) return malformed("", "is empty", "make a key with `readyctl keygen`");
  if (looks_like_pem(content.text())) return signer_from_pem(content.text());
  if (first_character(content.text()) == '[') return signer_from_keypair(content.text());
  return malformed(
      "", "is no key file",
      "expected a Solana CLI keypair ([n,n,…]), PEM \"PRIVATE KEY\" (PKCS#8), or a readyctl.signer/v1 object");
}

void add_how_it_was_read(Error& error) {
  error.hint +=
      (error.hint.empty() ? "" : "; ") + std::string(
                                             "it begins with {, so it was read as a file that names an external signer "
                                             "(readyctl.signer/v1); a key is a Solana keypair or PEM");
}

}  // namespace

Result<std::unique_ptr<Signer>> open_signer(const std::filesystem::path& key_file,
                                            const std::function<bool()>& interrupted) {
  auto file = read_guarded_file(key_file, key_file_bytes_max);
  if (!file) return failure(file.error());
  const Secret content(std::move(file->bytes));
  if (names_a_command(content.view())) {
    if (const auto safe = require_safe_command(key_file, file->access); !safe) return failure(safe.error());
    auto external = parse_external_signer(std::string(content.text()), key_file, interrupted);
    if (!external && external.error().kind == ErrorKind::malformed) add_how_it_was_read(external.error());
    return external;
  }
  // What is no private key is no secret, whoever may read it.
  auto signer = private_signer(content);
  if (signer || may_be_private(content.text())) {
    const auto safe = require_private(key_file, file->access, signer ? "holds" : "may hold");
    if (!safe) return failure(safe.error());
  }
  if (!signer && signer.error().where.empty()) signer.error().where = key_file.string();
  return signer;
}

}  // namespace readyctl
