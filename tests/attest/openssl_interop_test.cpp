// An auditor needs nothing of ours: the OpenSSL command line verifies what we sign, and we verify what it signs.
#include "attest/support.hpp"

using namespace readyctl;

namespace {

struct Files {
  ScratchFolder folder;
  std::string key = (folder / "key.pem").string();
  std::string public_key = (folder / "public.pem").string();
  std::string message = (folder / "pae").string();
  std::string signature = (folder / "signature").string();
};

std::string verify_command(KeyFile format, const Files& files) {
  if (format == KeyFile::p256_pem) {
    return "openssl dgst -sha256 -verify " + files.public_key + " -signature " + files.signature + " " + files.message;
  }
  return "openssl pkeyutl -verify -pubin -inkey " + files.public_key + " -rawin -in " + files.message + " -sigfile " +
         files.signature;
}

std::string sign_command(KeyFile format, const Files& files) {
  if (format == KeyFile::p256_pem) {
    return "openssl dgst -sha256 -sign " + files.key + " -out " + files.signature + " " + files.message;
  }
  return "openssl pkeyutl -sign -inkey " + files.key + " -rawin -in " + files.message + " -out " + files.signature;
}

}  // namespace

// The recipe for auditors: PAE into a file, signature into a file, one command; and it notices a changed byte.
TEST_CASE("OpenSSL verifies our envelopes", "[attest]") {
  for (const KeyFile format : {KeyFile::ed25519_pem, KeyFile::p256_pem}) {
    const Files files;
    const PublicKey key = make_key(format, files.key).value();
    const Envelope envelope = signed_envelope("{}", *open_signer(files.key).value());
    files.folder.with("public.pem", to_pem(key));
    files.folder.with("pae", text_of(pae(envelope.payload_type, envelope.payload)));
    files.folder.with("signature", text_of(envelope.signatures.front().sig));
    CHECK(runs(verify_command(format, files)));
    files.folder.with("pae", "DSSEv1 0  0 ");
    CHECK_FALSE(runs(verify_command(format, files)));
  }
}

// Signatures of OpenSSL's count as our own do.
TEST_CASE("we verify what OpenSSL signs", "[attest]") {
  for (const KeyFile format : {KeyFile::ed25519_pem, KeyFile::p256_pem}) {
    const Files files;
    const PublicKey key = make_key(format, files.key).value();
    files.folder.with("pae", "message");
    REQUIRE(runs(sign_command(format, files)));
    const std::string signature = content_of(files.signature);
    CHECK(verify_signature(key, bytes_of("message"), bytes_of(signature)));
    CHECK_FALSE(verify_signature(key, bytes_of("massage"), bytes_of(signature)).has_value());
  }
}

// The public half that OpenSSL takes from our key file is, to the byte, the PEM that we write.
TEST_CASE("OpenSSL reads our key files", "[attest]") {
  for (const KeyFile format : {KeyFile::ed25519_pem, KeyFile::p256_pem}) {
    const Files files;
    const PublicKey key = make_key(format, files.key).value();
    REQUIRE(runs("openssl pkey -in " + files.key + " -pubout -out " + files.public_key));
    CHECK(content_of(files.public_key) == to_pem(key));
  }
}

// Keys that OpenSSL makes can be used here.
TEST_CASE("we read key files of OpenSSL's", "[attest]") {
  for (const std::string options : {"-algorithm ED25519", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"}) {
    const Files files;
    REQUIRE(runs("umask 077; openssl genpkey " + options + " -out " + files.key));
    REQUIRE(runs("openssl pkey -in " + files.key + " -pubout -out " + files.public_key));
    const auto signer = open_signer(files.key);
    REQUIRE(signer);
    CHECK((*signer)->public_key() == parse_public_key(content_of(files.public_key)).value());
  }
}
