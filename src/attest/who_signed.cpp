// Who signed: each signature is tried under each trusted key, and keyid is never asked.
#include <algorithm>
#include <map>

#include "attest/trust.hpp"
#include "base/text.hpp"

namespace readyctl {
namespace {

// Why a signature of this key, found in a report decided at `at`, does not count; empty when it does.
std::string objection(const TrustedKey& key, const Trust& trust, Time at) {
  const bool asked = std::any_of(key.roles.begin(), key.roles.end(), [&](const std::string& role) {
    return std::find(trust.report_roles.begin(), trust.report_roles.end(), role) != trust.report_roles.end();
  });
  if (!asked) {
    return "its role is " + join(key.roles, ", ") + "; reports are signed by " + join(trust.report_roles, ", ");
  }
  if (key.revoked_at && at >= *key.revoked_at) return "the key was revoked at " + to_string(*key.revoked_at);
  if (key.not_before && at < *key.not_before) return "the key is valid from " + to_string(*key.not_before);
  if (key.not_after && at >= *key.not_after) return "the key expired at " + to_string(*key.not_after);
  return {};
}

SignedBy known_signer(const TrustedKey& key, std::vector<std::size_t> positions, const Trust& trust, Time at) {
  std::string why_not = objection(key, trust, at);
  const bool counts = why_not.empty();
  return {.name = key.name,
          .key = to_string(key.key),
          .roles = key.roles,
          .signatures = std::move(positions),
          .counts = counts,
          .why_not = std::move(why_not)};
}

// The form of a signature can say what its maker did wrong, even when no key is known. Where Ed25519 keys are trusted
// too, 64 bytes are more likely one of theirs than a P-256 signature in the wrong form.
std::string hint_at_form(const Bytes& signature, const Bytes& signed_bytes, const Trust& trust) {
  const auto is_ed25519 = [](const TrustedKey& key) { return key.key.algorithm() == KeyAlgorithm::ed25519; };
  if (std::any_of(trust.keys.begin(), trust.keys.end(), is_ed25519)) return {};
  for (const TrustedKey& key : trust.keys) {
    const auto verified = verify_signature(key.key, signed_bytes, signature);
    if (!verified && !verified.error().hint.empty()) return "; if it is P-256: " + verified.error().hint;
  }
  return {};
}

SignedBy unknown_signer(std::size_t position, const std::string& hint) {
  SignedBy unknown;
  unknown.signatures = {position};
  unknown.why_not = "signature " + std::to_string(position + 1) +
                    " is no trusted key's over this payload and payload type: its key is not in the trust file, or "
                    "payload, payload type or signature were changed" +
                    hint;
  return unknown;
}

}  // namespace

Signers who_signed(const Envelope& envelope, const Trust& trust, Time at) {
  Signers signers;
  signers.threshold = trust.threshold;
  std::map<std::size_t, SignedBy> by_first_signature;
  std::vector<bool> claimed(envelope.signatures.size());
  for (const TrustedKey& key : trust.keys) {
    auto positions = signatures_by(key.key, envelope);
    if (positions.empty()) continue;
    for (const std::size_t position : positions) claimed[position] = true;
    const std::size_t first = positions.front();
    by_first_signature.emplace(first, known_signer(key, std::move(positions), trust, at));
  }
  const Bytes signed_bytes = pae(envelope.payload_type, envelope.payload);
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    if (claimed[i]) continue;
    by_first_signature.emplace(i, unknown_signer(i, hint_at_form(envelope.signatures[i].sig, signed_bytes, trust)));
  }
  for (auto& [first, signer] : by_first_signature) {
    if (signer.counts) ++signers.counted;
    signers.signed_by.push_back(std::move(signer));
  }
  signers.threshold_met = signers.threshold > 0 && signers.counted >= signers.threshold;
  return signers;
}

Result<void> require_threshold(const Signers& signers) {
  if (signers.threshold_met) return {};
  if (signers.signed_by.empty()) {
    return failure({ErrorKind::not_relied,
                    "",
                    "unsigned: nobody signed this; the trust file asks for " + counted(signers.threshold, "key"),
                    {}});
  }
  std::string what =
      counted(signers.counted, "trusted key") + " signed; the trust file asks for " + std::to_string(signers.threshold);
  for (const SignedBy& signer : signers.signed_by) {
    if (signer.counts) continue;
    what +=
        "; " + (signer.name.empty() ? signer.why_not : printable(signer.name) + " does not count: " + signer.why_not);
  }
  return failure({ErrorKind::not_relied, "", std::move(what), {}});
}

}  // namespace readyctl
