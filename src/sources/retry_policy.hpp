// Retry policy: what each sort of trouble calls for, and how long to wait.
//
// Source of the classes: Agave rpc-client-api custom_error.rs, and what providers are known to answer (QuickNode -32007
// with a rate-limit message, Helius -32429, TheRPC -32029, positive 429 of the public endpoints).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "facts/answer.hpp"

namespace readyctl {

/// What may help against a trouble.
enum class Remedy {
  again,      ///< the same endpoint a little later, then another
  elsewhere,  ///< another endpoint, not this one
  nothing,    ///< the request itself has this answer everywhere
};

/// The `error` object of a JSON-RPC reply.
struct RpcError {
  std::int64_t code = 0;
  std::string message;
};

/// An attempt that failed.
struct Trouble {
  Unobtainable why;
  Remedy remedy = Remedy::elsewhere;
  std::optional<std::chrono::milliseconds> retry_after = {};  ///< how long the server asks to wait
  std::optional<RpcError> error = {};                         ///< the error that the server answered, if it did
};

/// What an `error` means. `status` is the HTTP status it came with: it decides when it says that the credential was
/// refused or that there are too many requests, and where the code is not known.
Trouble trouble_of(const RpcError& error, int status);

/// What an HTTP status other than 200 means, when the body says nothing.
Trouble trouble_of_status(int status);

/// What a transfer that failed means: all but tls, too-large, malformed and not-permitted is worth another try.
Trouble trouble_of_transfer(Unobtainable why);

/// N of "Too many inputs provided; max N".
std::optional<std::uint32_t> accounts_max_of(const RpcError& error);

/// Whether the node has not reached the slot from which this run reads on, and may have in a moment.
bool is_short_of_slot(const Trouble& trouble);

/// Whether it is the endpoint that fails in passing, so that anything else it is asked now would fail too: it cannot be
/// reached, is silent, answers HTTP 408, 425, 429 or 5xx, takes no more requests, or says that it is unhealthy
/// (-32005).
bool is_fault_of_endpoint(const Trouble& trouble);

/// Whether the server refuses a request for its encoding or its form, so that a plainer one may succeed.
bool refuses_parameters(const RpcError& error);

/// The time in a header that holds a date; nothing when there is none in it.
std::optional<Time> parse_http_date(std::string_view value);

/// How long a Retry-After header (seconds, or an HTTP date) asks to wait; nothing when it says neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Time now);

struct RetryPolicy {
  unsigned attempts_per_endpoint = 3;  ///< the first included
  unsigned retries_max = 64;           ///< of all requests of a run together
  std::chrono::milliseconds first_delay{250};
  std::chrono::milliseconds delay_max{8000};
  /// How long a node that has not reached the slot of the run yet is waited for, in all, by one request: it may have it
  /// in a moment. These attempts count neither against the endpoint's nor against the run's.
  std::chrono::milliseconds behind_wait_max{3000};
  std::chrono::milliseconds retry_after_max{15000};  ///< what a server asks beyond this is cut to it

  /// The wait before attempt `attempt` + 1, `attempt` counted from 1: doubled each time; of that half is certain and
  /// half is scaled by `chance`, 0 to 1, so that many clients do not return at once. At least what the server asked
  /// for.
  std::chrono::milliseconds delay(unsigned attempt, double chance,
                                  std::optional<std::chrono::milliseconds> retry_after) const;
};

}  // namespace readyctl
