// Every byte of a signed envelope counts.
#include "attest/support.hpp"
#include "base/base64.hpp"

using namespace readyctl;

namespace {

// Reads and verifies as a verifier would: the error, or none.
Result<void> relied_on(const std::string& text, const Trust& trust) {
  const auto envelope = parse_envelope(text, "report.json");
  if (!envelope) return failure(envelope.error());
  return require_threshold(who_signed(*envelope, trust, now));
}

std::string with_flipped(std::string text, std::size_t at, unsigned bits) {
  text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ bits);
  return text;
}

}  // namespace

// Each bit of each byte: flipped, the envelope is refused.
TEST_CASE("any flipped bit of a signed envelope is noticed", "[attest]") {
  const auto signer = rfc8032_signer();
  const Trust trust = trust_of({trust_entry("alice", signer->public_key())});
  const std::string text = serialise(signed_envelope(R"({"verdict":"no-go"})", *signer));
  REQUIRE(relied_on(text, trust));
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const auto outcome = relied_on(with_flipped(text, at, 1U << bit), trust);
      if (!outcome && !outcome.error().what.empty()) ++noticed;
    }
  }
  CHECK(noticed == text.size() * 8);
}

// The lowest bit keeps base64 text what it is or makes it foreign; the message names the part it happened in.
TEST_CASE("the message names the part that was changed", "[attest]") {
  for (const auto& signer : {rfc8032_signer(), new_p256_signer()}) {
    const Trust trust = trust_of({trust_entry("alice", signer->public_key())});
    const Envelope envelope = signed_envelope(R"({"verdict":"no-go"})", *signer);
    const std::string text = serialise(envelope);
    const std::string payload = to_base64(envelope.payload);
    const std::string signature = to_base64(envelope.signatures.front().sig);
    const auto check_part = [&](const std::string& part, const std::string& word) {
      const std::size_t begin = text.find(part);
      REQUIRE(begin != std::string::npos);
      std::size_t named = 0;
      for (std::size_t at = begin; at < begin + part.size(); ++at) {
        if (refused(ErrorKind::not_relied, word)(relied_on(with_flipped(text, at, 1), trust))) ++named;
      }
      CHECK(named == part.size());
    };
    check_part(payload, "payload");
    check_part(signature, "signature 1");
    check_part("vnd.in-toto+json", "payload type");
  }
}

// A damaged second signature does not take the first with it, and is named by its number.
TEST_CASE("one damaged signature of two is named", "[attest]") {
  const auto alice = signer_number('1');
  const auto bob = signer_number('2');
  const Trust trust = trust_of({trust_entry("alice", alice->public_key()), trust_entry("bob", bob->public_key())}, 2);
  Envelope envelope = signed_envelope("{}", *alice);
  REQUIRE(add_signature(envelope, *bob));
  envelope.signatures[1].sig[0] ^= 1;
  const Signers signers = who_signed(parse_envelope(serialise(envelope), "r").value(), trust, now);
  CHECK(signers.counted == 1);
  CHECK(refused(ErrorKind::not_relied, "1 trusted key signed; the trust file asks for 2",
                "signature 2")(require_threshold(signers)));
}

// Cutting, doubling and swapping signatures or whole texts is noticed as well.
TEST_CASE("truncated and extended envelopes are refused", "[attest]") {
  const auto signer = rfc8032_signer();
  const std::string text = serialise(signed_envelope("{}", *signer));
  for (std::size_t size = 0; size < text.size(); ++size) {
    if (parse_envelope(text.substr(0, size), "r")) FAIL("the first " << size << " bytes were accepted");
  }
  CHECK_FALSE(parse_envelope(text + text, "r").has_value());
  CHECK_FALSE(parse_envelope(text + "x", "r").has_value());
  CHECK_FALSE(parse_envelope(text + std::string(1, '\0'), "r").has_value());
}
