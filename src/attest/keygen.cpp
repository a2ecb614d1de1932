#include "attest/keygen.hpp"

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "attest/keypair_file.hpp"
#include "attest/openssl.hpp"
#include "attest/private_key.hpp"
#include "attest/secret.hpp"
#include "base/files.hpp"

namespace readyctl {
namespace {

constexpr unsigned owner_only = 0600;

tl::unexpected<Error> no_key() {
  forget_openssl_errors();
  return failure({ErrorKind::defect, "", "OpenSSL could not make a key", "the random generator may have failed"});
}

Result<KeyHandle> new_key(KeyFile format) {
  KeyHandle key(format == KeyFile::p256_pem ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                                            : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) return no_key();
  return key;
}

Result<Secret> as_keypair(const EVP_PKEY& key) {
  Secret keypair{Bytes(keypair_bytes)};
  std::size_t seed_bytes = ed25519_seed_bytes;
  std::size_t public_bytes = keypair_bytes - ed25519_seed_bytes;
  const bool done = EVP_PKEY_get_raw_private_key(&key, keypair.data(), &seed_bytes) == 1 &&
                    EVP_PKEY_get_raw_public_key(&key, keypair.data() + ed25519_seed_bytes, &public_bytes) == 1;
  if (!done) return no_key();
  return write_keypair(keypair.view());
}

Result<Secret> as_pem(const EVP_PKEY& key) {
  const BioHandle memory(BIO_new(BIO_s_secmem()));  // wiped when it is freed
  const bool done = memory != nullptr &&
                    PEM_write_bio_PKCS8PrivateKey(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  if (!done) return no_key();
  const char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return Secret(Bytes(text, text + size));
}

// Takes the name for us, so that of two runs at once only one succeeds and no key is ever replaced.
Result<void> reserve(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
  if (file.number() >= 0) return {};
  if (errno == EEXIST) {
    return failure({ErrorKind::unwritable, path.string(), "exists already; a key is never overwritten",
                    "choose another name, or move the old key away"});
  }
  std::error_code trouble;
  const std::string why = std::strerror(errno);
  const std::filesystem::path folder = folder_of(path);
  const bool has_folder = std::filesystem::is_directory(folder, trouble);
  return failure({ErrorKind::unwritable, path.string(),
                  "cannot be created: " + (has_folder ? why : "the folder " + folder.string() + " does not exist"),
                  ""});
}

}  // namespace

Result<PublicKey> make_key(KeyFile format, const std::filesystem::path& path) {
  const auto key = new_key(format);
  if (!key) return failure(key.error());
  auto half = public_half(**key);
  const auto content = format == KeyFile::solana_keypair ? as_keypair(**key) : as_pem(**key);
  if (!half || !content) return failure(half ? content.error() : half.error());

  if (const auto reserved = reserve(path); !reserved) return failure(reserved.error());
  if (const auto written = write_file(path, content->text(), owner_only); !written) {
    ::unlink(path.c_str());  // it is the empty file of our reservation
    return failure(written.error());
  }
  return half;
}

}  // namespace readyctl
