// Envelopes: DSSE 1.0, a payload with its type and the signatures over both.
//
// The native form is one line of canonical JSON and a line feed:
//
//     {"payload":"<base64>","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"","sig":"<base64>"}]}
//
// What is signed is not that JSON but the pre-authentication encoding (PAE) of type and payload:
//
//     "DSSEv1" SP <bytes of type> SP <type> SP <bytes of payload> SP <payload>       lengths in decimal ASCII
//
// keyid is written, because some readers require the key, and it is always empty: nobody signs it, so we trust none,
// and Go verifiers skip a signature whose keyid is not the fingerprint that they derive themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attest/public_key.hpp"
#include "attest/signer.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

inline constexpr std::string_view in_toto_payload_type = "application/vnd.in-toto+json";
inline constexpr std::size_t envelope_signatures_max = 64;

struct Envelope {
  struct Signature {
    std::string keyid;  ///< what a foreign envelope said; a hint that decides nothing and is not written again
    Bytes sig;
    bool operator==(const Signature&) const = default;
  };

  Bytes payload;
  std::string payload_type = std::string(in_toto_payload_type);
  std::vector<Signature> signatures;  ///< empty: unsigned
  bool operator==(const Envelope&) const = default;
};

/// The bytes that a signature of a DSSE envelope covers.
Bytes pae(std::string_view type, ByteView body);

/// The type within such bytes, if they are a PAE.
std::optional<std::string> payload_type_of(ByteView encoded);

/// Whether the key may sign the envelope. Errors (kind `usage`): it did already; there are envelope_signatures_max.
Result<void> require_room_for(const PublicKey& key, const Envelope& envelope);

/// Signs the envelope once more. Errors: this key signed already (kind `usage`), there are envelope_signatures_max
/// signatures (kind `usage`), the signer failed.
Result<void> add_signature(Envelope& envelope, Signer& signer);

/// The native form. It goes through parse_envelope to the same envelope, keyids emptied.
std::string serialise(const Envelope& envelope);

/// Reads the native form, which must be byte for byte what serialise writes, so that no byte can change unnoticed. No
/// signature is verified, and an unsigned envelope is read as one. `name` is the file, for errors; they say the part:
/// kind `malformed` when this is no envelope (not JSON, a key missing, unknown or of another type), kind `not_relied`
/// when the payload or signature n is not strict base64, there are more than envelope_signatures_max signatures, or
/// the text is not canonical.
Result<Envelope> parse_envelope(std::string_view text, const std::string& name);

/// Reads the envelopes of others as DSSE asks: any JSON layout, unknown keys ignored, keyid optional, base64 standard
/// or URL-safe, padded or not. Errors: as parse_envelope but for canonicity, and no signature at all (kind
/// `not_relied`).
Result<Envelope> parse_foreign_envelope(std::string_view text, const std::string& name);

/// The positions, from 0, of the signatures that are `key`'s over this payload and type. keyid is not looked at.
std::vector<std::size_t> signatures_by(const PublicKey& key, const Envelope& envelope);

/// Fails (kind `not_relied`) unless the payload is typed as an in-toto Statement: `application/vnd.in-toto+json` or
/// `application/vnd.in-toto.<predicate>+json`. For after the signatures: DSSE wants the type judged when it is known to
/// be the signer's.
Result<void> require_in_toto(const Envelope& envelope);

}  // namespace readyctl
