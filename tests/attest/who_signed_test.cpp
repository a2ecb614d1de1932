// Whose signatures count. Faults 59, 60 and 64 are in faults_test.cpp.
#include "attest/support.hpp"

using namespace readyctl;

namespace {

const auto alice = signer_number('1');
const auto bob = signer_number('2');
const auto mallory = signer_number('6');

Trust both_needed() {
  return trust_of({trust_entry("alice", alice->public_key()), trust_entry("bob", bob->public_key())}, 2);
}

Envelope signed_by_all(const std::vector<Signer*>& signers) {
  Envelope envelope = envelope_over("{}");
  for (Signer* signer : signers) REQUIRE(add_signature(envelope, *signer));
  return envelope;
}

}  // namespace

// Two of two keys signed: both count, in the order in which they signed.
TEST_CASE("enough trusted keys signed", "[attest]") {
  const Signers signers = who_signed(signed_by_all({bob.get(), alice.get()}), both_needed(), now);
  REQUIRE(signers.signed_by.size() == 2);
  CHECK(signers.signed_by[0].name == "bob");
  CHECK(signers.signed_by[0].key == to_string(bob->public_key()));
  CHECK(signers.signed_by[0].signatures == std::vector<std::size_t>{0});
  CHECK(signers.signed_by[1].name == "alice");
  CHECK(signers.counted == 2);
  CHECK(signers.threshold == 2);
  CHECK(signers.threshold_met);
  CHECK(require_threshold(signers));
}

// One of two needed keys is not enough.
TEST_CASE("too few trusted keys signed", "[attest]") {
  const Signers signers = who_signed(signed_by_all({alice.get()}), both_needed(), now);
  CHECK(signers.counted == 1);
  CHECK_FALSE(signers.threshold_met);
  CHECK(refused(ErrorKind::not_relied, "1 trusted key signed; the trust file asks for 2")(require_threshold(signers)));
}

// A stranger's signature is reported, does not count, and does no harm to those that do.
TEST_CASE("unknown signatures are reported", "[attest]") {
  const Signers signers = who_signed(signed_by_all({mallory.get(), alice.get(), bob.get()}), both_needed(), now);
  REQUIRE(signers.signed_by.size() == 3);
  CHECK(signers.signed_by[0].name.empty());
  CHECK_FALSE(signers.signed_by[0].counts);
  CHECK(signers.signed_by[0].why_not.find("signature 1 is no trusted key's") == 0);
  CHECK(signers.threshold_met);
}

// Ed25519 and P-256 count alike.
TEST_CASE("both algorithms count toward one threshold", "[attest]") {
  const auto carol = new_p256_signer();
  const Trust trust =
      trust_of({trust_entry("alice", alice->public_key()), trust_entry("carol", carol->public_key())}, 2);
  CHECK(who_signed(signed_by_all({alice.get(), carol.get()}), trust, now).threshold_met);
}

// 64 bytes are what Ed25519 makes, and P-256 in the wrong form: the latter is suggested where nothing else can be
// meant.
TEST_CASE("a signature in the wrong form is named when only P-256 is trusted", "[attest]") {
  const auto carol = new_p256_signer();
  const auto said = [&](const Trust& trust) {
    return who_signed(signed_by_all({mallory.get()}), trust, now).signed_by.front().why_not;
  };
  const Json entry = trust_entry("carol", carol->public_key());
  CHECK(said(trust_of({entry})).find("if it is P-256") != std::string::npos);
  CHECK(said(trust_of({entry, trust_entry("alice", alice->public_key())})).find("P-256") == std::string::npos);
}

// An unsigned report names its lack.
TEST_CASE("an unsigned envelope meets no threshold", "[attest]") {
  const Signers signers = who_signed(envelope_over("{}"), both_needed(), now);
  CHECK(signers.signed_by.empty());
  CHECK_FALSE(signers.threshold_met);
  CHECK(refused(ErrorKind::not_relied, "unsigned", "asks for 2 keys")(require_threshold(signers)));
}

// A window includes its first moment and not its last.
TEST_CASE("a key counts from notBefore until notAfter", "[attest]") {
  Json entry = trust_entry("alice", alice->public_key());
  entry["notBefore"] = "2026-01-01T00:00:00Z";
  entry["notAfter"] = "2027-01-01T00:00:00Z";
  const Trust trust = trust_of({entry});
  const Envelope envelope = signed_by_all({alice.get()});
  const auto counts_at = [&](std::string_view time) { return who_signed(envelope, trust, at(time)).threshold_met; };
  CHECK_FALSE(counts_at("2025-12-31T23:59:59.999Z"));
  CHECK(counts_at("2026-01-01T00:00:00Z"));
  CHECK(counts_at("2026-12-31T23:59:59.999Z"));
  CHECK_FALSE(counts_at("2027-01-01T00:00:00Z"));
  CHECK(who_signed(envelope, trust, at("2025-01-01T00:00:00Z")).signed_by[0].why_not.find("valid from 2026-01-01") !=
        std::string::npos);
}

// Trust that was never read from a file asks for nobody, and that accepts nothing.
TEST_CASE("an empty trust meets nothing", "[attest]") {
  CHECK_FALSE(who_signed(signed_by_all({alice.get()}), Trust{}, now).threshold_met);
}
