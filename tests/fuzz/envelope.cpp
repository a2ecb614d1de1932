// DSSE envelopes: our own, of which every byte counts, and those of others.
#include "attest/envelope.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(envelope) {
  const std::string text = fuzz::text_in(data, size);
  payload_type_of(ByteView(data, size));

  const auto native = parse_envelope(text, "fuzz");
  if (native) fuzz::require(serialise(*native) == text, "an envelope has one spelling");

  auto foreign = parse_foreign_envelope(text, "fuzz");
  if (!foreign) return 0;
  if (native) fuzz::require(*foreign == *native, "what is read strictly is read leniently, as the same envelope");
  fuzz::require(payload_type_of(pae(foreign->payload_type, foreign->payload)) == foreign->payload_type,
                "what is signed says its type");
  for (auto& signature : foreign->signatures) signature.keyid.clear();
  fuzz::require(parse_envelope(serialise(*foreign), "fuzz") == *foreign, "a foreign envelope goes round");
  return 0;
}
