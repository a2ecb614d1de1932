#include "attest/signer.hpp"

#include "attest/external_signer.hpp"
#include "attest/keypair_file.hpp"
#include "attest/pem.hpp"
#include "attest/private_key.hpp"
#include "attest/secret.hpp"
#include "base/files.hpp"

namespace readyctl {
namespace {

char first_character(std::string_view text) {
  const auto at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : text[at];
}

bool names_a_command(ByteView content) { return first_character(text_of(content)) == '{'; }

// Whoever can write to this file can have us run any command.
Result<void> require_unwritable_by_others(const std::filesystem::path& file) {
  using std::filesystem::perms;
  std::error_code trouble;
  const perms mode = std::filesystem::status(file, trouble).permissions();
  if (trouble) {
    return failure({ErrorKind::unreadable, file.string(), "cannot be looked at: " + trouble.message(), {}});
  }
  if ((mode & (perms::group_write | perms::others_write)) == perms::none) return {};
  return failure({ErrorKind::unreadable, file.string(), "names a command to run, and group or others may write to it",
                  "chmod go-w " + file.string()});
}

// A private key must be in a file of its owner's alone. Only a file that turns out to name a command may be open to
// more.
Result<Secret> read_key_file(const std::filesystem::path& file) {
  auto secret = read_secret_file(file, key_file_bytes_max);
  if (secret) return Secret(std::move(*secret));
  auto open = read_file(file, key_file_bytes_max);
  if (!open) return failure(open.error());
  Secret content(std::move(*open));
  if (!names_a_command(content.view())) return failure(secret.error());
  if (const auto safe = require_unwritable_by_others(file); !safe) return failure(safe.error());
  return content;
}

Result<std::unique_ptr<Signer>> read_signer(const Secret& content, const std::filesystem::path& file) {
  if (names_a_command(content.view())) return parse_external_signer(std::string(content.text()), file);
  if (looks_like_pem(content.text())) return signer_from_pem(content.text());
  if (first_character(content.text()) == '[') return signer_from_keypair(content.text());
  return malformed(
      "", "is no key file",
      "expected a Solana CLI keypair ([n,n,…]), PEM \"PRIVATE KEY\" (PKCS#8), or a readyctl.signer/v1 object");
}

}  // namespace

Result<std::unique_ptr<Signer>> open_signer(const std::filesystem::path& key_file) {
  const auto content = read_key_file(key_file);
  if (!content) return failure(content.error());
  auto signer = read_signer(*content, key_file);
  if (!signer && signer.error().where.empty()) signer.error().where = key_file.string();
  return signer;
}

}  // namespace readyctl
