// What open_signer reads, and what it refuses. Faults 55 and 56 are in faults_test.cpp.
#include "attest/signer.hpp"

#include "attest/support.hpp"

using namespace readyctl;

namespace {

Json keypair_vectors() {
  const std::string file = READYCTL_SOURCE_DIR "/tests/solana/vectors.json";
  return Document::parse(content_of(file), file).value().value().at("keypair");
}

const std::string rfc8032_keypair =
    "[157,97,177,157,239,253,90,96,186,132,74,244,146,236,44,196,68,73,197,105,123,50,105,25,112,59,172,3,28,174,127,"
    "96,"
    "215,90,152,1,130,177,10,183,213,75,254,211,201,100,7,58,14,225,114,243,218,166,35,37,175,2,26,104,247,7,81,26]";

Result<std::unique_ptr<Signer>> opened(const std::string& content) {
  const ScratchFolder folder;
  return open_signer(folder.with("key", content));
}

}  // namespace

// Keypairs that the JavaScript SDK made give the public keys that it printed.
TEST_CASE("Solana keypair files are read", "[attest]") {
  const Json cases = keypair_vectors().at("cases");
  REQUIRE(cases.size() == 3);
  for (const Json& vector : cases) {
    const auto signer = opened(vector.at("json").get<std::string>());
    REQUIRE(signer);
    CHECK(to_string((*signer)->public_key()) == vector.at("pubkey").get<std::string>());
  }
}

// A public half that is not the seed's means a damaged file; signing with it would surprise everybody.
TEST_CASE("a keypair with a foreign public half is refused", "[attest]") {
  const Json invalid = keypair_vectors().at("invalid");
  CHECK(refused(ErrorKind::malformed, "public half",
                "not its seed's")(opened(invalid.at(0).at("json").get<std::string>())));
}

// 63 or 65 integers, integers beyond a byte, fractions and other things are no keypair; none of the numbers is shown.
TEST_CASE("lists that are no keypair are refused, and never repeated", "[attest]") {
  const std::string shorter = rfc8032_keypair.substr(0, rfc8032_keypair.size() - 4) + "]";
  CHECK(refused(ErrorKind::malformed, "holds 63 integers")(opened(shorter)));
  const std::string inner = rfc8032_keypair.substr(1);
  CHECK(refused(ErrorKind::malformed, "holds 65 integers")(opened("[1," + inner)));
  for (const std::string first : {"256", "-1", "1.5", "\"157\"", "null"}) {
    const auto signer = opened("[" + first + rfc8032_keypair.substr(4));
    CHECK(refused(ErrorKind::malformed, "item 0", "no integer from 0 to 255")(signer));
  }
  const auto trailing = opened(rfc8032_keypair + "157");
  CHECK(refused(ErrorKind::malformed, "not JSON")(trailing));
  CHECK(to_string(trailing.error()).find("157") == std::string::npos);
}

// Spaces, line feeds and a final line feed do no harm, as with the Solana CLI.
TEST_CASE("white space in a keypair file is accepted", "[attest]") {
  std::string spaced = "\n " + rfc8032_keypair + "\n";
  spaced.replace(spaced.find(','), 1, " ,\n ");
  CHECK(opened(spaced).value()->public_key() == ed25519_key(rfc8032_public));
}

// Both algorithms come out of PKCS#8, with line ends of either sort.
TEST_CASE("PKCS#8 PEM is read", "[attest]") {
  for (const KeyFile format : {KeyFile::ed25519_pem, KeyFile::p256_pem}) {
    const ScratchFolder folder;
    const PublicKey key = make_key(format, folder / "key.pem").value();
    CHECK(open_signer(folder / "key.pem").value()->public_key() == key);
    std::string crlf = content_of(folder / "key.pem");
    for (auto at = crlf.find('\n'); at != std::string::npos; at = crlf.find('\n', at + 2)) crlf.insert(at, "\r");
    CHECK(opened(crlf).value()->public_key() == key);
  }
}

// The file says where it is, and what could have stood there.
TEST_CASE("what is no key file is refused", "[attest]") {
  const ScratchFolder folder;
  CHECK(refused(ErrorKind::malformed, (folder / "key").string(), "no key file",
                "expected a Solana CLI keypair")(open_signer(folder.with("key", "alice"))));
  CHECK(refused(ErrorKind::malformed, "is empty")(open_signer(folder.with("empty", " \n"))));
  CHECK(refused(ErrorKind::unreadable, "does not exist")(open_signer(folder / "none")));
  CHECK(refused(ErrorKind::unreadable, "directory")(open_signer(folder.path())));
  CHECK(refused(ErrorKind::unreadable, "at most 65536")(open_signer(folder.with("big", std::string(65537, ' ')))));
}

// What is no private key is not called one that was exposed; what may be one is.
TEST_CASE("only what may be secret is called exposed", "[attest]") {
  const ScratchFolder folder;
  const auto readable_by_all = [&](const std::string& name, const std::string& content) {
    return open_signer(folder.with(name, content, 0644));
  };
  CHECK(refused(ErrorKind::malformed, "\"PUBLIC KEY\" found",
                "a public key cannot sign")(readable_by_all("key.pub", to_pem(ed25519_key(rfc8032_public)))));
  CHECK(refused(ErrorKind::malformed, "is empty")(readable_by_all("empty", "")));
  CHECK(refused(ErrorKind::unreadable, "may hold a private key",
                "chmod 600")(readable_by_all("damaged.pem", "-----BEGIN PRIVATE KEY-----\nAA")));
  CHECK(refused(ErrorKind::unreadable, "may hold a private key")(readable_by_all("half.json", "[1,2,3")));
  CHECK(refused(ErrorKind::unreadable, "holds a private key",
                "exposed")(readable_by_all("keypair.json", rfc8032_keypair)));
}

// A trust file, or any other object, is taken for a signer file; the message says so.
TEST_CASE("an object is said to be read as a signer file", "[attest]") {
  const ScratchFolder folder;
  CHECK(refused(ErrorKind::malformed, "unknown key \"keys\"", "names an external signer (readyctl.signer/v1)")(
      open_signer(folder.with("trust.json", R"({"keys":[]})"))));
}

// A PKCS#8 whose public point belongs to another key would make signatures that never verify.
TEST_CASE("a P-256 key with a foreign public part is refused", "[attest]") {
  const ScratchFolder folder;
  const std::string a = (folder / "a.pem").string();
  REQUIRE(make_key(KeyFile::p256_pem, a));
  REQUIRE(runs("openssl pkcs8 -topk8 -nocrypt -in " + a + " -outform DER -out " + a + ".der"));
  std::string bytes = content_of(a + ".der");
  const PublicKey other = new_p256_signer()->public_key();
  const std::string point(text_of(ByteView(other.spki()).last(65)));
  bytes.replace(bytes.size() - point.size(), point.size(), point);
  folder.with("mixed.der", bytes);
  REQUIRE(runs("base64 " + (folder / "mixed.der").string() + " > " + (folder / "body").string()));
  const std::string mixed =
      "-----BEGIN PRIVATE KEY-----\n" + content_of(folder / "body") + "-----END PRIVATE KEY-----\n";
  CHECK(refused(ErrorKind::malformed, "public part", "not its own")(opened(mixed)));
}
