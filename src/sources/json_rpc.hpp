// JSON-RPC 2.0: the strict envelope. What is not exactly one reply to exactly this request is no reply.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/json.hpp"
#include "sources/http.hpp"
#include "sources/retry_policy.hpp"

namespace readyctl {

/// The body of a request.
std::string rpc_body(std::uint64_t id, std::string_view method, const Json& params);

/// A reply: `result`, or `error`.
struct RpcReply {
  Json result;
  std::optional<RpcError> error;
  bool is_identified = true;  ///< false for an error that repeats neither id nor version, as gateways send it
};

/// The longest text of a reply that is read, without what was lifted out of it (see long_strings.hpp). 50,000 slices of
/// accounts are not longer, and it is read in a tenth of a second, so that none holds a run far beyond its deadline.
inline constexpr std::size_t reply_text_bytes_max = std::size_t{16} << 20;

/// Reads the reply to request `id` from a JSON text. Errors, in words for a person: text that is longer than
/// reply_text_bytes_max, is not strict JSON (see parse_json), holds more than half a million values or begins with a
/// byte-order mark; no object; no `jsonrpc` "2.0"; another id; both or neither of `result` and `error`; an error
/// without an integer code or a string message. One leniency: a gateway that refuses a request need not repeat its id
/// or version, so an `error` without them counts; an `error` never yields a fact.
tl::expected<RpcReply, std::string> read_reply(std::string_view text, std::uint64_t id);

/// Reads the reply in an HTTP response. `text` is its body, or what is left of it (see long_strings.hpp). A response
/// with another status than 200 is a Trouble, with the JSON-RPC error in its body if there is one; what is no reply is
/// named in words (empty, HTML, a redirect …). `now` is the wall clock, for a Retry-After that names a date, and for a
/// reply dated more than ten minutes from it, which is a Trouble (cause clock): one of the two clocks is wrong.
tl::expected<RpcReply, Trouble> reply_of(const HttpResponse& response, std::string_view text, std::uint64_t id,
                                         Time now);

/// The same, where an error is a Trouble too.
tl::expected<Json, Trouble> result_of(const HttpResponse& response, std::string_view text, std::uint64_t id, Time now);

/// What an answer says of the time and what this machine's clock says: when they differ by more than servers' clocks
/// do, one of them is wrong, and with it whatever is decided to be in time.
std::optional<Trouble> doubt_about_time(const HttpResponse& response, Time now);

/// "its answer is not a JSON-RPC reply to the request: <complaint>", worth another endpoint.
Trouble malformed_answer(std::string complaint);

}  // namespace readyctl
