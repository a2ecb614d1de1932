// Live RPC: facts from the cluster, asked of the endpoints of a run over JSON-RPC.
//
// One event loop, one thread, no locks. `ask` sends what can be sent and returns; `next` turns the loop until something
// is answered. Which endpoint a question goes to, when it is tried again and when elsewhere is described at RpcOptions.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facts/run_record.hpp"
#include "facts/source.hpp"
#include "sources/endpoints.hpp"
#include "sources/http.hpp"
#include "sources/retry_policy.hpp"
#include "sources/secrets.hpp"

namespace readyctl {

class RpcLoop;

/// How the loop sees time and the network. Tests bring their own.
struct RpcSeams {
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  std::function<Time()> wall_clock = readyctl::wall_clock;
  std::function<double()> chance;  ///< 0 to 1, for jitter; a random number when empty
  std::function<std::unique_ptr<Transport>()>
      transport;  ///< made when something is sent first; curl_transport when empty
};

/// What a run may cost besides time. Whatever is asked beyond it is answered with that (cause over-budget).
struct RpcBudget {
  std::uint64_t requests_max = 10'000;
  /// Of answers, compression undone, that of accounts too: what a run holds, and what its evidence inflates to.
  std::uint64_t bytes_max = std::uint64_t{512} << 20;
};

struct RpcOptions {
  std::vector<Endpoint> endpoints;  ///< preferred first

  /// The release's cluster, base58. An endpoint is asked for its genesis hash together with its first data request, and
  /// nothing it says of the chain counts before that is known to be this one. nullopt: any cluster will do, for
  /// a single endpoint of which nobody said where it is.
  std::optional<std::string> genesis_hash;

  /// How many providers must say the same of the chain, 1 to as many as there are (see voters_among).
  std::size_t quorum = 1;

  std::chrono::milliseconds total_deadline{60'000};  ///< from the first ask; nothing is waited for beyond it
  RpcBudget budget;
  /// Of one HTTP exchange, connection set-up included; from anew whenever 16 KiB of an answer have arrived. Where
  /// another endpoint can still be asked, a third of total_deadline at most, and not below 3 s.
  std::chrono::milliseconds attempt_deadline{10'000};
  std::size_t body_bytes_max = std::size_t{64} << 20;  ///< of a response, as it travels and again inflated

  /// A transport fault, a time-out, HTTP 408, 425, 429 or 5xx and a transient JSON-RPC error are tried again on the
  /// same endpoint, then on the next one; a time-out or a rate limit goes to the next one at once if there is one that
  /// does not rest. A node
  /// that has not reached the slot of the run is waited for, a few seconds. Any other trouble of an endpoint goes to
  /// the next one at once. Meanwhile the endpoint rests (see endpoint_rest.hpp): what was not sent to it yet, and what
  /// is asked from then on, goes to others. Once it has rested it is asked for its health, or for its cluster if it has
  /// not told it yet; when it answers it is asked as before. One that lacks the slot of the run is asked last from then
  /// on.
  RetryPolicy retry;

  HttpOptions http;
  std::function<bool()> interrupted;  ///< asked at least ten times a second while `next` waits
  RpcSeams seams;
};

/// Answers AccountRequest, RpcRequest, ProbeRequest and EndpointsRequest.
///
/// Accounts  read at finalized commitment. Those of which the same part is wanted travel together, as many as the
///           endpoint takes; one that expects code travels alone and compressed. Once a slot was seen, none before it
///           is accepted (minContextSlot), so no two rounds see the chain go backwards.
/// Rpc       params as they are; payload head {"result": …}. The observation has a slot when the result has a context.
/// Probe     one attempt at the named endpoint, whatever cluster it is on; payload head {"result": …}, or
///           {"error": {"code", "message"}} for a JSON-RPC error, which is what the endpoint says of itself. A rate
///           limit is no such thing but Unobtainable, as is every trouble of the transport. Over WebSocket the result
///           is that of the first notification, null where no `ws` is declared; its connection is made for it alone.
/// Endpoints payload head {"endpoints": [{"name", "provider", "role"}], "genesisHash"}, null where not declared; the
///           genesis hash is the release's, which every endpoint must have. "quorum": how many providers must agree,
///           and which endpoints are one provider's.
///
/// With a quorum, as many providers as must agree are asked at once, and the answers are votes (see quorum.hpp). Who
/// fails or contradicts is made up for by the next provider. An answer that is contradicted from a later slot is first
/// read again at that slot, twice at most. Endpoints of one provider take over from each other as told above.
///
/// Observation.elapsed is the time from sending to the last byte, without connection set-up (see HttpFinished); of an
/// attempt that timed out, the whole wait. Every attempt that failed precedes the deciding observation, under the name
/// of its endpoint. No text and no payload but account data holds a secret of the endpoints (see Secrets).
class RpcSource final : public Source {
 public:
  explicit RpcSource(RpcOptions options);
  ~RpcSource() override;

  /// Whether a request is of a sort that this source answers.
  static bool accepts(const Request& request);

  void ask(std::vector<Request> requests) override;

  /// As Source says. Returns nothing also when nothing is under way.
  std::vector<Answered> next() override;

  /// What it cost so far, from the first question to the last answer; nothing when nothing was asked.
  std::optional<Spent> spent() const;

 private:
  std::unique_ptr<RpcLoop> loop_;
};

}  // namespace readyctl
