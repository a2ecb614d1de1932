// Envelopes that other tools wrote.
#include "attest/support.hpp"
#include "base/base64.hpp"

using namespace readyctl;

namespace {

// The worked example of the DSSE specification (protocol.md): its key, and its signature, published as r and s in a
// row.
const std::string spec_x = "67cd390f77aa359cb08c2235f652270493a9ed832b0abcc01f70954c0390d238";
const std::string spec_y = "0c782bd54e269125a44f4433aff1432ce94e12bca73aa67ac80cea12608ddf74";
const std::string spec_signature =
    "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==";

std::string spec_envelope(const std::string& signature) {
  return R"({"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld", "signatures": [{"sig": ")" +
         signature + R"("}]})";
}

}  // namespace

// The specification's signature verifies once it is DER; as published it is refused, and the mistake is named.
TEST_CASE("the DSSE specification's example verifies as DER", "[attest]") {
  const PublicKey key = p256_key(spec_x, spec_y);
  const Bytes raw = from_base64(spec_signature).value();
  REQUIRE(raw.size() == 64);
  const std::string r = to_hex(ByteView(raw).first(32));
  const std::string s = to_hex(ByteView(raw).last(32));

  const auto as_der = parse_foreign_envelope(spec_envelope(to_base64(der(r, s))), "spec");
  REQUIRE(as_der);
  CHECK(signatures_by(key, *as_der) == std::vector<std::size_t>{0});

  const auto as_raw = parse_foreign_envelope(spec_envelope(spec_signature), "spec");
  REQUIRE(as_raw);
  CHECK(signatures_by(key, *as_raw).empty());
  const Signers signers = who_signed(*as_raw, trust_of({trust_entry("spec", key)}), now);
  CHECK(signers.signed_by.front().why_not.find("IEEE P1363") != std::string::npos);
}

// DSSE tells readers to pass over keys that they do not know, and keyid may be absent.
TEST_CASE("unknown keys of foreign envelopes are passed over", "[attest]") {
  const Envelope ours = signed_envelope("{}", *rfc8032_signer());
  Json json = parse_json(serialise(ours), "ours").value();
  json["extra"] = 1;
  json["signatures"][0]["cert"] = "x";
  json["signatures"][0].erase("keyid");
  CHECK(parse_foreign_envelope(json.dump(4), "theirs").value() == ours);
}

// A foreign envelope becomes native by being written again; what it said as keyid is not kept.
TEST_CASE("foreign envelopes can be written natively", "[attest]") {
  Json json = parse_json(serialise(signed_envelope("{}", *rfc8032_signer())), "ours").value();
  json["signatures"][0]["keyid"] = "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8";
  const auto foreign = parse_foreign_envelope(json.dump(2), "theirs");
  REQUIRE(foreign);
  CHECK(foreign->signatures.front().keyid == "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8");
  CHECK(parse_envelope(serialise(*foreign), "again"));
}

// The leniency has an end: duplicate keys, other types and missing parts are refused as in our own.
TEST_CASE("foreign envelopes must still be envelopes", "[attest]") {
  CHECK(refused(ErrorKind::malformed, "twice")(parse_foreign_envelope(R"({"payload":"","payload":""})", "t")));
  CHECK(refused(ErrorKind::malformed, "has no \"sig\"")(
      parse_foreign_envelope(R"({"payload":"","payloadType":"x","signatures":[{}]})", "t")));
  CHECK(refused(ErrorKind::malformed, "as \"keyid\"")(
      parse_foreign_envelope(R"({"payload":"","payloadType":"x","signatures":[{"sig":"","keyid":1}]})", "t")));
}
