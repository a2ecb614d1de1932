// Facts about the endpoints themselves: which ones this run has, and how each answers a question put to it alone.
//
// Everywhere else an endpoint that does not answer leaves a fact unknown. Here its silence is the answer: a Probe says
// what came back, or why nothing did. The `…_in` functions read a probe strictly; what is not shaped as the method's
// result must be is told as the endpoint's fault, in a sentence.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "facts/accounts.hpp"
#include "facts/fact.hpp"
#include "facts/quorum.hpp"

namespace readyctl {

/// What may be said of an endpoint. Its URL is not among it.
struct EndpointInfo {
  std::string name;
  std::optional<std::string> provider;
  std::optional<std::string> role;
};

/// The endpoints of a run, in its order, and the cluster that its release is for.
struct RunEndpoints {
  std::vector<EndpointInfo> list;
  Pubkey genesis_hash;
};

/// What was asked, and why the answer cannot be used: "getSlot", "error -32005: Node is behind by 42 slots".
struct Unsaid {
  std::string asked;
  std::string what;
};

template <class T>
using Said = tl::expected<T, Unsaid>;

/// Why there is no result.
struct NoResult {
  std::optional<std::int64_t> code;  ///< of the JSON-RPC error; none when nothing that is JSON-RPC came back
  std::string what;                  ///< text from the network in it is made printable, and cut
};

/// What protects the connection over which an answer came.
struct ConnectionSeen {
  enum class Kind {
    tls,               ///< with a certificate that was found to be valid
    plain_on_machine,  ///< HTTP that does not leave this machine
    plain,             ///< HTTP over a network
  };
  Kind kind = Kind::plain;
  Time certificate_until = {};  ///< tls: the certificate's notAfter
};

/// As it is recorded.
Json json_of(const ConnectionSeen& connection);
/// What json_of wrote; nothing when it is anything else.
std::optional<ConnectionSeen> connection_in(const Json& recorded);

/// How one endpoint answered one question.
struct Probe {
  ProbeRequest request;
  tl::expected<Json, NoResult> result;
  std::chrono::milliseconds elapsed{0};
  Time at;                                        ///< when the answer arrived
  std::optional<ConnectionSeen> connection = {};  ///< where the question asks for it and an answer came
};

/// "getSlot", and with what it is about where that tells: "getAccountInfo of <address>", "getBlock of slot 7".
std::string words_for(const ProbeRequest& request);

struct LatestBlockhash {
  std::string hash;  ///< base58
  Slot slot;         ///< at which it was the latest
};

struct BlockhashValidity {
  bool valid = false;
  Slot slot;  ///< at which the endpoint judged
};

/// Error: no result, or not a base58 text of 32 bytes.
Said<Pubkey> genesis_hash_in(const Probe& probe);
/// Error: no result, or another one than "ok".
Said<std::string> health_in(const Probe& probe);
/// Error: no result, or not a whole number up to 2^53.
Said<Slot> slot_in(const Probe& probe);
/// Error: no result, no context slot, no base58 text of 32 bytes, no last valid block height.
Said<LatestBlockhash> latest_blockhash_in(const Probe& probe);
/// A height, or any other count. Error: no result, or not a whole number up to 2^53.
Said<std::uint64_t> number_in(const Probe& probe);
/// Error: no result, no context slot, neither true nor false.
Said<BlockhashValidity> blockhash_validity_in(const Probe& probe);
/// An account in base64, or the knowledge that there is none; `account.slot` only where there is one.
/// Error: no result, no context slot, not an account, a size that contradicts the data.
struct AccountSeen {
  std::optional<Account> account;
  Slot slot;
};
Said<AccountSeen> account_in(const Probe& probe, const Pubkey& address);
/// The block time, and with it the age of what the endpoint serves. Error: as account_in; no Clock sysvar; a time
/// before 1970 or after 9999.
Said<Clock> clock_in(const Probe& probe);

namespace facts {

/// The endpoints of this run. Unobtainable (no-endpoint): there are none. Unobtainable (malformed): the record does not
/// say which cluster they are asked for.
Fact<RunEndpoints> endpoints();

/// How many of their providers must agree, from the same record.
Fact<Quorum> quorum();

/// How one endpoint answers. Unobtainable only when that is not known: not recorded, withheld, no such endpoint; or
/// (missing) when the certificate is asked for, and it was not seen.
Fact<Probe> probe(ProbeRequest request);

}  // namespace facts
}  // namespace readyctl
