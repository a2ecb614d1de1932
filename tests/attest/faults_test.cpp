// The catalogue of faults, the part about keys and signatures: each is refused, and the message says what and where.
#include "attest/support.hpp"
#include "base/base64.hpp"
#include "solana/base58.hpp"

using namespace readyctl;

namespace {

const std::string group_order = "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

// A key file that OpenSSL made.
Result<std::unique_ptr<Signer>> opened_after(const std::string& command) {
  const ScratchFolder folder;
  REQUIRE(runs("umask 077; cd " + folder.path().string() + " && " + command));
  return open_signer(folder / "key");
}

std::string new_pem() {
  const ScratchFolder folder;
  REQUIRE(make_key(KeyFile::ed25519_pem, folder / "key"));
  return content_of(folder / "key");
}

Result<std::unique_ptr<Signer>> opened(const std::string& content) {
  const ScratchFolder folder;
  return open_signer(folder.with("key", content));
}

Json json_of(const Envelope& envelope) { return parse_json(serialise(envelope), "envelope").value(); }

}  // namespace

// Whoever can read the file can sign as its owner, so we do not pretend that only the owner can.
TEST_CASE("fault 55: key file readable by group or world", "[attest][faults]") {
  for (const KeyFile format : {KeyFile::solana_keypair, KeyFile::ed25519_pem, KeyFile::p256_pem}) {
    const ScratchFolder folder;
    REQUIRE(make_key(format, folder / "key"));
    for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0602U}) {
      REQUIRE(::chmod((folder / "key").c_str(), mode) == 0);
      CHECK(refused(ErrorKind::unreadable, (folder / "key").string(), "group or others",
                    "chmod 600")(open_signer(folder / "key")));
    }
    REQUIRE(::chmod((folder / "key").c_str(), 0400) == 0);
    CHECK(open_signer(folder / "key"));
  }
}

// Each wrong PEM is named, with the type that was expected and the command that converts it.
TEST_CASE("fault 56: PEM of the wrong type, encrypted, doubled, trailing", "[attest][faults]") {
  CHECK(refused(ErrorKind::malformed, "\"EC PARAMETERS\" found; expected \"PRIVATE KEY\"",
                "openssl pkcs8 -topk8")(opened_after("openssl ecparam -name prime256v1 -genkey -out key")));
  CHECK(refused(ErrorKind::malformed, "\"EC PRIVATE KEY\" found",
                "openssl pkcs8 -topk8")(opened_after("openssl ecparam -name prime256v1 -genkey -noout -out key")));
  CHECK(refused(ErrorKind::malformed, "\"RSA PRIVATE KEY\" found",
                "readyctl keygen")(opened_after("openssl genrsa -traditional -out key 1024")));
  CHECK(refused(ErrorKind::malformed, "RSA", "expected Ed25519 or ECDSA P-256")(
      opened_after("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out key")));
  CHECK(refused(ErrorKind::malformed, "EC on secp384r1")(
      opened_after("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key")));
  CHECK(refused(ErrorKind::malformed, "EC on secp256k1")(
      opened_after("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out key")));
  CHECK(refused(ErrorKind::malformed, "\"ENCRYPTED PRIVATE KEY\" found",
                "decrypt it")(opened_after("openssl genpkey -algorithm ED25519 -aes256 -pass pass:secret -out key")));
  CHECK(refused(ErrorKind::malformed, "\"PUBLIC KEY\" found",
                "cannot sign")(opened(to_pem(ed25519_key(rfc8032_public)))));
  CHECK(refused(ErrorKind::malformed, "headers, as old encrypted keys do")(
      opened("-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END PRIVATE KEY-----\n")));
  CHECK(refused(ErrorKind::malformed, "more than one PEM block")(opened(new_pem() + new_pem())));
  CHECK(refused(ErrorKind::malformed, "text follows")(opened(new_pem() + "password: none\n")));
  CHECK(refused(ErrorKind::malformed, "text precedes")(opened("Bag Attributes\n" + new_pem())));
  CHECK(refused(ErrorKind::malformed,
                "no PKCS#8")(opened("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")));
  CHECK(refused(ErrorKind::malformed, "bytes follow the private key")(
      opened_after("openssl genpkey -algorithm ED25519 -outform DER -out d && printf x >> d && "
                   "{ echo '-----BEGIN PRIVATE KEY-----'; base64 d; echo '-----END PRIVATE KEY-----'; } > key")));
}

// Only strict DER of an r and s in range is a P-256 signature; the commonest mistake, r and s in a row, is named.
TEST_CASE("fault 57: P-256 signatures that are raw, not minimal or out of range", "[attest][faults]") {
  const PublicKey key = p256_key(rfc6979::x, rfc6979::y);
  const std::string r = "00" + std::string(rfc6979::r);
  const std::string s = "00" + std::string(rfc6979::s);
  const auto verify = [&](const Bytes& signature) {
    return verify_signature(key, bytes_of(rfc6979::message), signature);
  };
  REQUIRE(verify(der(r, s)));

  CHECK(refused(ErrorKind::not_relied, "64 bytes, r and s side by side",
                "DER")(verify(bytes_of_hex(std::string(rfc6979::r) + std::string(rfc6979::s)))));
  CHECK(refused(ErrorKind::not_relied, "not minimal DER: r")(verify(der("00" + r, s))));
  CHECK(refused(ErrorKind::not_relied, "not minimal DER: s")(verify(der(r, "00" + std::string(rfc6979::low_s)))));
  CHECK(refused(ErrorKind::not_relied, "r of zero")(verify(der("00", s))));
  CHECK(refused(ErrorKind::not_relied, "s of zero")(verify(der(r, "00"))));
  CHECK(refused(ErrorKind::not_relied, "negative r")(verify(der(rfc6979::r, s))));
  CHECK(refused(ErrorKind::not_relied, "r that is not below the order")(verify(der(group_order, s))));
  CHECK(refused(ErrorKind::not_relied, "s that is not below the order")(verify(der(r, group_order))));
  CHECK(refused(ErrorKind::not_relied, "not DER: r")(verify(der("", s))));
  CHECK(refused(ErrorKind::not_relied, "s that is not below the order")(verify(der(r, "01" + std::string(64, '0')))));

  Bytes longer = der(r, s);
  longer.push_back(0);
  CHECK(refused(ErrorKind::not_relied, "not DER")(verify(longer)));
  longer[1] = static_cast<std::uint8_t>(longer[1] + 1);
  CHECK(refused(ErrorKind::not_relied, "bytes after s")(verify(longer)));
  Bytes long_form = der(r, s);
  long_form.insert(long_form.begin() + 1, 0x81);
  CHECK(refused(ErrorKind::not_relied, "not DER")(verify(long_form)));
}

// The eight points of small order, each with both signs and in the encodings at or above p, are nobody's key.
TEST_CASE("fault 58: Ed25519 keys of small order", "[attest][faults]") {
  const std::string ff(60, 'f');
  const std::vector<std::string> torsion = {
      "01" + std::string(62, '0'),
      "01" + std::string(60, '0') + "80",
      "ec" + ff + "7f",
      "ec" + ff + "ff",
      std::string(64, '0'),
      std::string(62, '0') + "80",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  };
  for (const std::string& point : torsion) {
    CHECK(refused(ErrorKind::malformed, "small order")(parse_public_key(to_base58(bytes_of_hex(point)))));
    CHECK(refused(ErrorKind::malformed,
                  "small order")(PublicKey::from_spki(bytes_of_hex("302a300506032b6570032100" + point))));
  }
  for (unsigned low = 0xed; low <= 0xff; ++low) {
    for (const char* high : {"7f", "ff"}) {
      const std::string point = to_hex(Bytes{static_cast<std::uint8_t>(low)}) + ff + high;
      CHECK(refused(ErrorKind::malformed, "canonical encoding")(parse_public_key(to_base58(bytes_of_hex(point)))));
    }
  }
}

// S beyond the group's order, an R with a second encoding, and the prehashed variant do not verify, though each is made
// with the right private key.
TEST_CASE("fault 58: Ed25519 non-canonical S and R, Ed25519ph", "[attest][faults]") {
  const PublicKey key = ed25519_key(rfc8032_public);
  // The signature of RFC 8032, test 1, with the group's order added to S.
  const Bytes malleable = bytes_of_hex(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901554c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24"
      "655141438e7a101b");
  CHECK(refused(ErrorKind::not_relied, "not this key's")(verify_signature(key, {}, malleable)));

  // R is the neutral point, encoded as y = 1 and as y = p + 1; S = SHA-512(R || A || M) * a. Only the encoding differs.
  const Bytes canonical_r = bytes_of_hex(
      "01000000000000000000000000000000000000000000000000000000000000000c1af0f46af4b04d0727c74c6ae2bddfdf04d72a9fe101a0"
      "a5ce6948b9b3460c");
  const Bytes non_canonical_r = bytes_of_hex(
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fa252b5de9e56063768e0c99938e39b6b86a659fecc4a141c"
      "b620d3186c309506");
  CHECK(verify_signature(key, bytes_of("readyctl"), canonical_r));
  CHECK(refused(ErrorKind::not_relied, "not this key's")(verify_signature(key, bytes_of("readyctl"), non_canonical_r)));

  // RFC 8032, 7.3: Ed25519ph over "abc".
  const PublicKey ph_key = ed25519_key("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf");
  const Bytes prehashed = bytes_of_hex(
      "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062a"
      "aad11c2a26083406");
  CHECK(refused(ErrorKind::not_relied, "not this key's")(verify_signature(ph_key, bytes_of("abc"), prehashed)));
  CHECK(refused(ErrorKind::not_relied, "not this key's")(verify_signature(
      ph_key,
      bytes_of_hex(
          "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d"
          "4423643ce80e2a9ac94fa54ca49f"),
      prehashed)));
}

// Whatever a keyid claims, who signed is decided by the keys alone.
TEST_CASE("fault 59: keyid lies, is empty or stands twice", "[attest][faults]") {
  const auto alice = signer_number('1');
  const auto bob = signer_number('2');
  const auto mallory = signer_number('6');
  const Trust trust = trust_of({trust_entry("alice", alice->public_key()), trust_entry("bob", bob->public_key())}, 2);
  Envelope envelope = signed_envelope("{}", *alice);
  REQUIRE(add_signature(envelope, *mallory));
  Json json = json_of(envelope);
  for (const std::string keyid : {"bob", "", "alice"}) {
    json["signatures"][0]["keyid"] = keyid;
    json["signatures"][1]["keyid"] = to_string(bob->public_key());
    const Signers signers = who_signed(parse_foreign_envelope(json.dump(), "f").value(), trust, now);
    CHECK(signers.counted == 1);
    CHECK(signers.signed_by[0].name == "alice");
    CHECK(signers.signed_by[1].name.empty());
    CHECK_FALSE(signers.threshold_met);
  }
}

// Signing twice is one signature of one key: for Ed25519 the same bytes, for P-256 different ones.
TEST_CASE("fault 60: one key twice toward m of n", "[attest][faults]") {
  for (const auto& signer : {signer_number('1'), new_p256_signer()}) {
    const Trust trust =
        trust_of({trust_entry("alice", signer->public_key()), trust_entry("bob", signer_number('2')->public_key())}, 2);
    Envelope envelope = signed_envelope("{}", *signer);
    const Bytes again = signer->sign(pae(envelope.payload_type, envelope.payload)).value();
    envelope.signatures.push_back({.keyid = "another", .sig = again});
    const Signers signers = who_signed(envelope, trust, now);
    REQUIRE(signers.signed_by.size() == 1);
    CHECK(signers.signed_by[0].signatures == std::vector<std::size_t>{0, 1});
    CHECK(signers.counted == 1);
    CHECK_FALSE(signers.threshold_met);
  }
}

// Base58 and PEM of one key under two names would make one person two.
TEST_CASE("fault 60: one key in two encodings", "[attest][faults]") {
  const PublicKey key = signer_number('1')->public_key();
  const auto trust = trust_in(trust_file({trust_entry("alice", to_string(key)), trust_entry("bob", to_pem(key))}, 2));
  CHECK(refused(ErrorKind::malformed, "/keys/1/key", "\"bob\" is the key of \"alice\"")(trust));
}

// A threshold that everybody or nobody meets is a mistake in the trust file, found when it is read.
TEST_CASE("fault 61: threshold of 0, beyond the keys, or missing", "[attest][faults]") {
  const Json alice = trust_entry("alice", signer_number('1')->public_key());
  const Json auditor = trust_entry("zoe", signer_number('2')->public_key(), {"audit"});
  CHECK(refused(ErrorKind::malformed, "trust.json:", "/report/threshold",
                "threshold of 0")(trust_in(trust_file({alice}, 0))));
  CHECK(refused(ErrorKind::malformed, "/report/threshold",
                "threshold of 2 can never be met: 1 key can count")(trust_in(trust_file({alice, auditor}, 2))));
  Json missing = trust_file({alice});
  missing["report"].erase("threshold");
  CHECK(refused(ErrorKind::malformed, "has no \"threshold\"")(trust_in(missing)));
  Json negative = trust_file({alice});
  negative["report"]["threshold"] = -1;
  CHECK(refused(ErrorKind::malformed, "/report/threshold")(trust_in(negative)));
}

// A good signature over something else: the type is part of what is signed, and only in-toto Statements are reports.
TEST_CASE("fault 62: valid signature over another payload type", "[attest][faults]") {
  const auto alice = signer_number('1');
  const Trust trust = trust_of({trust_entry("alice", alice->public_key())});
  Envelope other = envelope_over("{}");
  other.payload_type = "application/vnd.other+json";
  REQUIRE(add_signature(other, *alice));
  CHECK(who_signed(other, trust, now).threshold_met);
  CHECK(refused(ErrorKind::not_relied, "\"application/vnd.other+json\"",
                "application/vnd.in-toto+json")(require_in_toto(other)));

  Envelope retyped = other;
  retyped.payload_type = std::string(in_toto_payload_type);
  CHECK(require_in_toto(retyped));
  CHECK_FALSE(who_signed(retyped, trust, now).threshold_met);

  Envelope specific = envelope_over("{}");
  specific.payload_type = "application/vnd.in-toto.readiness+json";
  CHECK(require_in_toto(specific));
}

// A trusted key counts only for its role, and only while it is valid; the report says which of these it was.
TEST_CASE("fault 64: signer without the role, key expired or revoked", "[attest][faults]") {
  const auto alice = signer_number('1');
  const Envelope envelope = signed_envelope("{}", *alice);
  const auto objection = [&](const Json& entry) {
    const Json bob = trust_entry("bob", signer_number('2')->public_key());
    const Signers signers = who_signed(envelope, trust_of({entry, bob}), now);
    CHECK_FALSE(signers.threshold_met);
    CHECK(refused(ErrorKind::not_relied, "alice does not count")(require_threshold(signers)));
    return signers.signed_by.at(0).why_not;
  };
  CHECK(objection(trust_entry("alice", alice->public_key(), {"audit"})) ==
        "its role is audit; reports are signed by release");
  Json expired = trust_entry("alice", alice->public_key());
  expired["notAfter"] = "2026-11-21T12:00:00Z";
  CHECK(objection(expired) == "the key expired at 2026-11-21T12:00:00Z");
  Json revoked = trust_entry("alice", alice->public_key());
  revoked["revokedAt"] = "2026-11-21T12:00:00Z";
  CHECK(objection(revoked) == "the key was revoked at 2026-11-21T12:00:00Z");
  Json early = trust_entry("alice", alice->public_key());
  early["notBefore"] = "2026-11-21T12:00:00.001Z";
  CHECK(objection(early) == "the key is valid from 2026-11-21T12:00:00.001Z");
}

// Base64 of others may be URL-safe and unpadded; nobody's may have line feeds, mix alphabets or set spare bits.
TEST_CASE("fault 67: URL-safe base64, no padding, embedded newline", "[attest][faults]") {
  const auto foreign = [](const std::string& payload, const std::string& sig) {
    const Json json = {{"payload", payload},
                       {"payloadType", "application/vnd.in-toto+json"},
                       {"signatures", Json::array({Json{{"sig", sig}}})}};
    return parse_foreign_envelope(json.dump(), "theirs.json");
  };
  const Bytes bytes = bytes_of_hex("fbeffffb");
  for (const std::string spelling : {"++//+w==", "--__-w==", "++//+w", "--__-w"}) {
    CAPTURE(spelling);
    const auto envelope = foreign(spelling, spelling);
    REQUIRE(envelope);
    CHECK(envelope->payload == bytes);
    CHECK(envelope->signatures.front().sig == bytes);
  }
  for (const std::string spelling : {"++//\n+w==", "++//+w==\n", " ++//+w==", "+-//+w==", "++//+x==", "++//+w="}) {
    CAPTURE(spelling);
    CHECK(refused(ErrorKind::not_relied, "theirs.json", "the payload is damaged")(foreign(spelling, "")));
    CHECK(refused(ErrorKind::not_relied, "theirs.json", "signature 1 is damaged")(foreign("", spelling)));
  }
  for (const std::string spelling : {"--__-w==", "++//+w"}) {
    const std::string text = R"({"payload":")" + spelling + R"(","payloadType":"x","signatures":[]})" + "\n";
    CHECK(refused(ErrorKind::not_relied, "the payload is damaged")(parse_envelope(text, "ours.json")));
  }
}

// Nothing signed is not authentic, and an envelope cannot make us verify forever.
TEST_CASE("fault 68: no signature, or 100 000", "[attest][faults]") {
  const Json json = json_of(envelope_over("{}"));
  CHECK(refused(ErrorKind::not_relied, "no signature")(parse_foreign_envelope(json.dump(), "theirs.json")));
  const auto unsigned_report = parse_envelope(serialise(envelope_over("{}")), "ours.json");
  REQUIRE(unsigned_report);
  const Trust trust = trust_of({trust_entry("alice", signer_number('1')->public_key())});
  CHECK(refused(ErrorKind::not_relied, "unsigned")(require_threshold(who_signed(*unsigned_report, trust, now))));

  const auto with_signatures = [](std::size_t count) {
    const std::string one = R"({"keyid":"","sig":"AAAA"})";
    std::string text = R"({"payload":"e30=","payloadType":"x","signatures":[)" + one;
    for (std::size_t i = 1; i < count; ++i) text += "," + one;
    return text + "]}\n";
  };
  CHECK(refused(ErrorKind::not_relied,
                "100000 signatures; at most 64")(parse_envelope(with_signatures(100'000), "ours.json")));
  CHECK(refused(ErrorKind::not_relied,
                "65 signatures; at most 64")(parse_foreign_envelope(with_signatures(65), "theirs.json")));
  CHECK(parse_envelope(with_signatures(64), "ours.json").value().signatures.size() == 64);
}
