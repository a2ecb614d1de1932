// Public keys: PEM, base58, and the DER inside.
#include "attest/public_key.hpp"

#include <algorithm>

#include "fuzz/property.hpp"
#include "solana/derive.hpp"

using namespace readyctl;

namespace {

void require_sound(const Result<PublicKey>& key) {
  if (!key) return;
  fuzz::require(parse_public_key(to_pem(*key)) == *key, "a key goes round as PEM");
  fuzz::require(PublicKey::from_spki(key->spki()) == *key, "a key goes round as DER");
  if (key->algorithm() != KeyAlgorithm::ed25519) return;
  fuzz::require(parse_public_key(to_string(*key)) == *key, "a key goes round as base58");
  fuzz::require(is_on_curve(parse_pubkey(to_string(*key)).value()), "a key that can sign is on the curve");
}

}  // namespace

FUZZ_TARGET(public_key) {
  require_sound(parse_public_key(fuzz::text_in(data, size)));
  require_sound(PublicKey::from_spki(ByteView(data, size)));
  if (size == 32) require_sound(PublicKey::from_ed25519(ByteView(data, size).first<32>()));
  return 0;
}
