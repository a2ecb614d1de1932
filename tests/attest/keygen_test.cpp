#include "attest/keygen.hpp"

#include "attest/support.hpp"

using namespace readyctl;

namespace {

constexpr KeyFile formats[] = {KeyFile::solana_keypair, KeyFile::ed25519_pem, KeyFile::p256_pem};

}  // namespace

// What was made can be opened again, is the key that was returned, and signs.
TEST_CASE("a new key can sign", "[attest]") {
  for (const KeyFile format : formats) {
    const ScratchFolder folder;
    const PublicKey key = make_key(format, folder / "key").value();
    const auto signer = open_signer(folder / "key").value();
    CHECK(signer->public_key() == key);
    CHECK(verify_signature(key, bytes_of("message"), signer->sign(bytes_of("message")).value()));
  }
}

// Only the owner may read a private key, whatever the umask says.
TEST_CASE("a new key file has mode 0600", "[attest]") {
  const mode_t before = ::umask(0);
  for (const KeyFile format : formats) {
    const ScratchFolder folder;
    CHECK(make_key(format, folder / "key"));
    struct stat status{};
    REQUIRE(::stat((folder / "key").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600U);
  }
  ::umask(before);
}

// A key that was overwritten is lost, so that never happens.
TEST_CASE("an existing file is not overwritten", "[attest]") {
  const ScratchFolder folder;
  const auto file = folder.with("key", "precious");
  CHECK(refused(ErrorKind::unwritable, file.string(), "exists already",
                "never overwritten")(make_key(KeyFile::p256_pem, file)));
  CHECK(content_of(file) == "precious");
}

// Where nothing can be written, nothing is left.
TEST_CASE("a key for a missing folder is refused", "[attest]") {
  const ScratchFolder folder;
  CHECK(refused(ErrorKind::unwritable, "cannot be created")(make_key(KeyFile::p256_pem, folder / "none" / "key")));
  CHECK(std::filesystem::is_empty(folder.path()));
}

// Two keys are never the same, and a keypair file is what solana-keygen writes: 64 numbers on one line.
TEST_CASE("new keys are new", "[attest]") {
  const ScratchFolder folder;
  CHECK(make_key(KeyFile::solana_keypair, folder / "a").value() !=
        make_key(KeyFile::solana_keypair, folder / "b").value());
  const std::string text = content_of(folder / "a");
  CHECK(std::count(text.begin(), text.end(), ',') == 63);
  CHECK(text.find_first_not_of("[]0123456789,") == std::string::npos);
}
