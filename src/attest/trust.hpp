// Trust: whose signatures count, for what, and when. The trust file is the auditor's own; no report can bring one.
//
//     {"apiVersion": "readyctl.trust/v1",
//      "keys": [{"name": "alice", "key": "<base58 or PEM>", "roles": ["release"],
//                "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2027-01-01T00:00:00Z"}],
//      "report": {"threshold": 1, "roles": ["release"]},
//      "packs": ["<sha256>"], "cluster": "mainnet-beta", "program": "<address>"}
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "attest/envelope.hpp"
#include "attest/public_key.hpp"
#include "base/fields.hpp"
#include "base/json.hpp"
#include "base/root.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

struct TrustedKey {
  std::string name;
  PublicKey key;
  std::vector<std::string> roles;
  std::optional<Time> not_before;  ///< signs from this moment on
  std::optional<Time> not_after;   ///< signs before this moment
  std::optional<Time> revoked_at;  ///< nothing decided at or after this moment counts
};

struct Trust {
  std::vector<TrustedKey> keys;
  std::uint32_t threshold = 0;            ///< how many different keys must have signed; at least 1
  std::vector<std::string> report_roles;  ///< a key counts when it holds one of these
  std::vector<Sha256> packs;              ///< which gates must have been asked; empty: not said
  std::optional<std::string> cluster;     ///< a public cluster's name, or a genesis hash in base58
  std::optional<Pubkey> program;
  Sha256 digest;  ///< of the file, for the report
};

/// Reads a trust file. Errors (kind `malformed`, with file, line and pointer): an unknown key; a name, role or pack
/// twice; one public key under two names, however encoded; a role that no key holds; a threshold of 0 or beyond the
/// number of keys that hold those roles; a window of validity that ends before it begins; a cluster that is neither
/// public nor a genesis hash; another apiVersion.
Result<Trust> parse_trust(std::string text, const std::string& name);
/// The same for a file, looked for where `root` says. Errors (kind `unreadable`) also those of Root::find.
Result<Trust> read_trust(const std::filesystem::path& file, const Root& root = {});

/// The JSON Schema of a trust file.
Json trust_schema();

/// One key that signed, or one signature that no trusted key made.
struct SignedBy {
  std::string name;  ///< as the trust file says; empty when no key of it made the signature
  std::string key;   ///< to_string of the key; empty likewise
  std::vector<std::string> roles;
  std::vector<std::size_t> signatures;  ///< positions in the envelope, from 0
  bool counts = false;
  std::string why_not;  ///< empty when it counts
};

struct Signers {
  std::vector<SignedBy> signed_by;  ///< in the order of their first signature
  std::size_t counted = 0;          ///< different keys that count
  std::size_t threshold = 0;
  bool threshold_met = false;
};

/// Who signed this envelope, and whether enough of those the trust file asks for. `at` is the time of decision that the
/// statement names. It is the signers' word: whoever steals a key can date back, so take a stolen key out of the trust
/// file rather than rely on revokedAt.
Signers who_signed(const Envelope& envelope, const Trust& trust, Time at);

/// Succeeds when the threshold is met. Else kind `not_relied`: how many were needed, how many count, and why each other
/// signature does not.
Result<void> require_threshold(const Signers& signers);

}  // namespace readyctl
