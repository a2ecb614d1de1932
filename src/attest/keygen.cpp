#include "attest/keygen.hpp"

#include <openssl/core_names.h>
#include <openssl/pem.h>

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

}  // namespace

Result<PublicKey> make_key(KeyFile format, const std::filesystem::path& path) {
  const auto key = new_key(format);
  if (!key) return failure(key.error());
  auto half = public_half(**key);
  const auto content = format == KeyFile::solana_keypair ? as_keypair(**key) : as_pem(**key);
  if (!half || !content) return failure(half ? content.error() : half.error());

  const auto put = [&](const Sink& sink) { sink(bytes_of(content->text())); };
  auto file = StagedFile::write(path, put, owner_only);
  if (!file) return failure(file.error());
  if (const auto placed = file->put_into_place(Existing::refuse); !placed) {
    Error error = placed.error();
    std::error_code trouble;
    const bool exists = std::filesystem::exists(std::filesystem::symlink_status(path, trouble));
    if (exists) error.hint = "a key is never overwritten: choose another name, or move the old key away";
    return failure(std::move(error));
  }
  file->keep();
  return half;
}

}  // namespace readyctl
