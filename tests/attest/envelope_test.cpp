#include "attest/envelope.hpp"

#include "attest/support.hpp"
#include "base/base64.hpp"

using namespace readyctl;

namespace {

const std::string golden_statement =
    R"({"_type":"https://in-toto.io/Statement/v1","predicate":{},"predicateType":"https://example.com/readyctl/report/v1",)"
    R"("subject":[{"digest":{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"name":"empty"}]})";

const std::string golden_signature =
    "mWYJBcoB6xZp1vk3J2979D1fceAviDZBwdg2Bdlxs9R2PJuy5AAqtgae9yS4MsE0QozlOfBIezFR2kETU4SRBA==";

}  // namespace

// The golden vector, executed with OpenSSL 3.0: body, PAE and signature to the byte.
TEST_CASE("DSSE of the golden statement", "[attest]") {
  REQUIRE(golden_statement.size() == 231);
  const Bytes encoded = pae(in_toto_payload_type, bytes_of(golden_statement));
  CHECK(encoded.size() == 274);
  CHECK(to_string(sha256(encoded)) == "91f28456ec236ff28370b8a7b1d1c87dbdaff55ee7d05f25621732e21e3c6e3a");

  const Envelope envelope = signed_envelope(golden_statement, *rfc8032_signer());
  CHECK(to_base64(envelope.signatures.front().sig) == golden_signature);
  CHECK(serialise(envelope) ==
        R"({"payload":")" + to_base64(bytes_of(golden_statement)) +
            R"(","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"","sig":")" + golden_signature +
            "\"}]}\n");
}

// The example in the DSSE specification.
TEST_CASE("PAE of the specification's example", "[attest]") {
  CHECK(text_of(pae("http://example.com/HelloWorld", bytes_of("hello world"))) ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  CHECK(text_of(pae("", {})) == "DSSEv1 0  0 ");
}

// Signers may show people the type; it is read out of the very bytes that are signed, and only out of a whole PAE.
TEST_CASE("the payload type is read from a PAE", "[attest]") {
  const auto type_in = [](std::string_view text) { return payload_type_of(bytes_of(text)); };
  CHECK(payload_type_of(pae("a type", bytes_of("body"))) == "a type");
  CHECK(payload_type_of(pae("", {})) == "");
  for (const std::string_view text : {"", "DSSEv1", "DSSEv1 ", "DSSEv2 1 a 1 b", "DSSEv1 1 a 1 bc", "DSSEv1 1 a 2 b",
                                      "DSSEv1 01 a 1 b", "DSSEv1 1 a1 b", "DSSEv1 99999999999999999999 a 1 b",
                                      "DSSEv1 -1 a 1 b", "DSSEv1 1 a", "DSSEv1 18446744073709551615 a 1 b"}) {
    CAPTURE(text);
    CHECK_FALSE(type_in(text).has_value());
  }
}

// What is written can be read, unsigned or with many signatures.
TEST_CASE("native envelopes go round", "[attest]") {
  Envelope envelope = envelope_over("{}");
  CHECK(parse_envelope(serialise(envelope), "r").value() == envelope);
  for (const char digit : {'1', '2', '3'}) REQUIRE(add_signature(envelope, *signer_number(digit)));
  REQUIRE(add_signature(envelope, *new_p256_signer()));
  CHECK(parse_envelope(serialise(envelope), "r").value() == envelope);
  CHECK(envelope.signatures.size() == 4);
}

// `run --unsigned` writes an envelope; it says that nobody signed it.
TEST_CASE("an unsigned envelope is written with an empty list", "[attest]") {
  CHECK(serialise(envelope_over("{}")) ==
        R"({"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]})"
        "\n");
  CHECK(serialise(envelope_over("")) == R"({"payload":"","payloadType":"application/vnd.in-toto+json","signatures":[]})"
                                        "\n");
}

// A second signature of the same key adds nothing, and there is a most.
TEST_CASE("an envelope takes each key once and so many signatures", "[attest]") {
  const auto signer = rfc8032_signer();
  Envelope envelope = signed_envelope("{}", *signer);
  CHECK(refused(ErrorKind::usage, to_string(signer->public_key()), "already")(add_signature(envelope, *signer)));
  envelope.signatures.resize(envelope_signatures_max);
  CHECK(refused(ErrorKind::usage, "64 signatures")(add_signature(envelope, *signer_number('1'))));
}

// Text that reads the same and is not the same: spaces, other order, escapes, a missing line feed, CRLF.
TEST_CASE("the native form has one spelling", "[attest]") {
  const std::string text = serialise(signed_envelope("{}", *rfc8032_signer()));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    const auto at = changed.find(from);
    REQUIRE(at != std::string::npos);
    return changed.replace(at, from.size(), to);
  };
  for (const std::string& changed :
       {" " + text, text + "\n", with("\n", ""), with("payload\":", "payload\": "), with("in-toto", "in\\u002dtoto"),
        with("\"keyid\":\"\",", ""), with("/vnd", "\\/vnd")}) {
    CAPTURE(changed);
    CHECK_FALSE(parse_envelope(changed, "report.json").has_value());
  }
  CHECK(refused(ErrorKind::not_relied, "report.json", "not canonical: the byte at offset 11 of")(
      parse_envelope(with("payload\":", "payload\": "), "report.json")));
  CHECK(refused(ErrorKind::not_relied, "not canonical", "CRLF")(parse_envelope(with("\n", "\r\n"), "report.json")));
  CHECK(refused(ErrorKind::malformed,
                "signature 1 has no \"keyid\"")(parse_envelope(with("\"keyid\":\"\",", ""), "report.json")));
}

// A keyid is signed by nobody, so a native envelope has none that could be changed.
TEST_CASE("a native envelope has no keyid", "[attest]") {
  Envelope envelope = signed_envelope("{}", *rfc8032_signer());
  envelope.signatures.front().keyid = "alice";
  CHECK(serialise(envelope).find("alice") == std::string::npos);
  std::string text = serialise(envelope);
  text.replace(text.find("\"keyid\":\"\""), 10, "\"keyid\":\"alice\"");
  CHECK(refused(ErrorKind::not_relied, "not canonical", "signature 1 has a keyid")(parse_envelope(text, "r")));
}

// What is no envelope says which part is missing, unknown or of another type.
TEST_CASE("what is no envelope is refused", "[attest]") {
  const auto reading = [](std::string_view text) { return parse_envelope(text, "report.json"); };
  CHECK(refused(ErrorKind::malformed, "report.json")(reading("")));
  CHECK(refused(ErrorKind::malformed, "expected an object")(reading("[]\n")));
  CHECK(refused(ErrorKind::malformed, "has no \"payload\"")(reading("{}\n")));
  CHECK(refused(ErrorKind::malformed, "has no \"payloadType\"")(reading(R"({"payload":""})")));
  CHECK(refused(ErrorKind::malformed, "\"signatures\"")(reading(R"({"payload":"","payloadType":"x"})")));
  CHECK(refused(ErrorKind::malformed, "unknown key \"paylod\"", "payload")(reading(R"({"paylod":""})")));
  CHECK(refused(ErrorKind::malformed, "as \"payload\"; expected a string")(reading(R"({"payload":1})")));
  CHECK(refused(ErrorKind::malformed, "signature 1",
                "expected an object")(reading(R"({"payload":"","payloadType":"x","signatures":[1]})")));
  CHECK(refused(ErrorKind::malformed, "signature 1 has no \"sig\"")(
      reading(R"({"payload":"","payloadType":"x","signatures":[{"keyid":""}]})")));
}
