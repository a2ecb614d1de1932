// Trust files.
#include "attest/trust.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(trust_file) {
  const std::string text = fuzz::text_in(data, size);
  const auto trust = parse_trust(text, "trust.json");
  if (!trust) return 0;
  fuzz::require(trust->digest == sha256(text), "its digest is that of its bytes");
  fuzz::require(trust->threshold >= 1 && trust->threshold <= trust->keys.size(), "a threshold can be met");
  for (auto a = trust->keys.begin(); a != trust->keys.end(); ++a) {
    for (auto b = trust->keys.begin(); b != a; ++b) {
      fuzz::require(a->key != b->key && a->name != b->name, "no key counts twice");
    }
  }
  const Signers nobody = who_signed(Envelope{}, *trust, Time{0});
  fuzz::require(!nobody.threshold_met && !require_threshold(nobody), "nobody is not enough");
  return 0;
}
