#include "attest/public_key.hpp"

#include "attest/pem.hpp"
#include "attest/support.hpp"
#include "base/base64.hpp"
#include "solana/base58.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;

namespace {

const std::string golden_pem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

// The key of RFC 8032 has the PEM, the fingerprint and the base58 that OpenSSL, Sigstore and Solana give it.
TEST_CASE("an Ed25519 key is written as others write it", "[attest]") {
  const PublicKey key = ed25519_key(rfc8032_public);
  CHECK(key.algorithm() == KeyAlgorithm::ed25519);
  CHECK(to_pem(key) == golden_pem);
  CHECK(to_base64(fingerprint(key).bytes) == "BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k=");
  CHECK(to_string(key) == to_base58(bytes_of_hex(rfc8032_public)));
}

// PEM with LF or CRLF, with white space around it, other line lengths, and base58 are all the same key.
TEST_CASE("a key equals itself in every encoding", "[attest]") {
  const PublicKey key = ed25519_key(rfc8032_public);
  const std::string split = replaced(golden_pem, "VwAyEA", "VwA\nyEA");
  const std::vector<std::string> spellings = {
      golden_pem,           replaced(golden_pem, "\n", "\r\n"), "\n  " + golden_pem + "\n\n", split, to_string(key),
      to_string(key) + "\n"};
  for (const std::string& spelling : spellings) {
    CAPTURE(spelling);
    CHECK(parse_public_key(spelling).value() == key);
  }
}

// A P-256 point is the same key whether its y coordinate is written out or not.
TEST_CASE("a compressed P-256 key equals the uncompressed one", "[attest]") {
  const PublicKey key = p256_key(rfc6979::x, rfc6979::y);
  const Bytes compressed =
      bytes_of_hex("3039301306072a8648ce3d020106082a8648ce3d03010703220003" + std::string(rfc6979::x));
  CHECK(PublicKey::from_spki(compressed).value() == key);
  CHECK(parse_public_key(write_pem(compressed, "PUBLIC KEY")).value() == key);
  CHECK(parse_public_key(to_pem(key)).value() == key);
  CHECK(to_string(key) == "p256:" + to_string(sha256(key.spki())));
}

// Keys have an order, so that they can be counted in sets.
TEST_CASE("different keys differ", "[attest]") {
  const PublicKey a = ed25519_key(rfc8032_public);
  const PublicKey b = p256_key(rfc6979::x, rfc6979::y);
  CHECK(a != b);
  CHECK((a < b) != (b < a));
}

// Bytes that are no point of P-256, and points in forms that have a second spelling, are no keys.
TEST_CASE("damaged P-256 keys are refused", "[attest]") {
  const std::string head = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
  std::string moved(rfc6979::y);
  moved.back() = '8';
  CHECK(refused(ErrorKind::malformed, "no point of the curve")(
      PublicKey::from_spki(bytes_of_hex(head + "04" + std::string(rfc6979::x) + moved))));
  CHECK(refused(ErrorKind::malformed, "not in the usual encoding")(
      PublicKey::from_spki(bytes_of_hex(head + "07" + std::string(rfc6979::x) + std::string(rfc6979::y)))));
}

// Bytes after the key would make two encodings of one key.
TEST_CASE("trailing bytes after a public key are refused", "[attest]") {
  for (const PublicKey& key : {ed25519_key(rfc8032_public), p256_key(rfc6979::x, rfc6979::y)}) {
    Bytes longer = key.spki();
    longer.push_back(0);
    CHECK(refused(ErrorKind::malformed, "trailing bytes")(PublicKey::from_spki(longer)));
  }
}

// Other algorithms and curves are named, so that the reader knows which key was given.
TEST_CASE("keys of other algorithms are named", "[attest]") {
  const ScratchFolder folder;
  const std::string secret = (folder / "key").string();
  const std::string half = (folder / "public").string();
  const auto public_of = [&](const std::string& options) {
    REQUIRE(runs("openssl genpkey " + options + " -out " + secret));
    REQUIRE(runs("openssl pkey -in " + secret + " -pubout -out " + half));
    return content_of(half);
  };
  CHECK(refused(ErrorKind::malformed,
                "EC on secp384r1")(parse_public_key(public_of("-algorithm EC -pkeyopt ec_paramgen_curve:P-384"))));
  CHECK(refused(ErrorKind::malformed, "RSA", "expected Ed25519 or ECDSA P-256")(
      parse_public_key(public_of("-algorithm RSA -pkeyopt rsa_keygen_bits:1024"))));
  CHECK(refused(ErrorKind::malformed, "X25519")(parse_public_key(public_of("-algorithm X25519"))));
  CHECK(refused(ErrorKind::malformed, "explicit curve")(
      parse_public_key(public_of("-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit"))));
}

// Whoever gives a private key where a public one belongs is told so, and the key is not repeated.
TEST_CASE("private keys are refused where public keys belong, and never repeated", "[attest]") {
  const ScratchFolder folder;
  REQUIRE(make_key(KeyFile::ed25519_pem, folder / "key.pem"));
  const std::string pem = content_of(folder / "key.pem");
  const auto from_pem = parse_public_key(pem);
  CHECK(refused(ErrorKind::malformed, "\"PRIVATE KEY\" found", "openssl pkey -in KEY -pubout")(from_pem));
  CHECK(to_string(from_pem.error()).find(pem.substr(40, 20)) == std::string::npos);

  const std::string exported = to_base58(bytes_of_hex(std::string(rfc8032_seed) + std::string(rfc8032_public)));
  const auto from_wallet = parse_public_key(exported);
  CHECK(refused(ErrorKind::malformed, "64 bytes", "private key")(from_wallet));
  CHECK(to_string(from_wallet.error()).find(exported) == std::string::npos);
  CHECK(refused(ErrorKind::malformed, "solana-keygen pubkey")(parse_public_key("[157,97,177]")));
}

// Each thing that is no public key says what was expected.
TEST_CASE("what is no public key is refused", "[attest]") {
  CHECK(refused(ErrorKind::malformed, "empty")(parse_public_key(" \n")));
  CHECK(refused(ErrorKind::malformed, "neither PEM nor base58")(parse_public_key("0OIl")));
  CHECK(refused(ErrorKind::malformed, "base58 of 3 bytes")(parse_public_key(to_base58(Bytes{1, 2, 3}))));
  CHECK(refused(ErrorKind::malformed, "no line \"-----END PUBLIC KEY-----\"")(
      parse_public_key(replaced(golden_pem, "-----END PUBLIC KEY-----", ""))));
  CHECK(refused(ErrorKind::malformed, "not base64")(parse_public_key(replaced(golden_pem, "MCow", "MC*w"))));
  CHECK(refused(ErrorKind::malformed, "more than one PEM block")(parse_public_key(golden_pem + golden_pem)));
  CHECK(refused(ErrorKind::malformed, "text follows")(parse_public_key(golden_pem + "alice")));
  CHECK(refused(ErrorKind::malformed, "text precedes")(parse_public_key("alice\n" + golden_pem)));
  CHECK(refused(ErrorKind::malformed, "first line")(parse_public_key("-----BEGIN ----\n")));
}

// An address that a program derived is on no curve, so nobody can sign as it; a trust file that names a vault is wrong.
TEST_CASE("a program-derived address is no key", "[attest]") {
  CHECK(refused(ErrorKind::malformed, "no point of the curve",
                "vault")(parse_public_key(to_string(vault_address(known::squads_v4, 0).address))));
}
