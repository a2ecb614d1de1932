// Call: one JSON-RPC question on its way to an answer, for one request or for many that travel together.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "facts/answer.hpp"
#include "facts/request.hpp"
#include "sources/http.hpp"
#include "sources/rpc_accounts.hpp"
#include "sources/secrets.hpp"

namespace readyctl {

/// What a reply says: for each request of the call, in order, its payload or what is wrong with it, in words.
struct CallReply {
  std::optional<Slot> slot;
  std::vector<tl::expected<Payload, std::string>> payloads;
};

using CallOutcome = tl::expected<CallReply, Trouble>;

/// What a call is asked for when its answers are votes (see rpc_ballot.hpp).
struct Polled {
  std::size_t voter = 0;         ///< whose vote it is
  std::optional<Slot> min_slot;  ///< an older answer than from there is not wanted
  std::uint64_t turn = 0;        ///< what was asked before a ballot was opened is no vote in it
};

struct Call {
  enum class Kind { accounts, code, rpc, probe, genesis, health };
  enum class State { waiting, running, held };

  Kind kind = Kind::rpc;
  std::vector<Request> requests;  ///< what it answers: several for `accounts`, one for the others; none for `genesis`
                                  ///< and `health`, which the run asks for itself

  std::size_t endpoint = 0;              ///< whom it is asked of, an index of the pool
  std::set<std::size_t> given_up = {};   ///< whom it will not be asked of, or not any more
  std::optional<Polled> polled = {};     ///< set when one voter is asked of several
  std::vector<Observation> failed = {};  ///< the attempts so far
  unsigned attempts = 0;                 ///< of those, how many at this endpoint count against its budget

  std::optional<std::chrono::steady_clock::time_point> behind_since = {};  ///< since when this endpoint lacks the slot

  State state = State::waiting;
  std::chrono::steady_clock::time_point not_before = {};  ///< waiting: until then
  std::uint64_t id = 0;                                   ///< running: of the transfer and of the JSON-RPC request
  std::chrono::steady_clock::time_point started = {};     ///< running: since then
  std::chrono::steady_clock::time_point give_up_at = {};  ///< running: until then
  std::chrono::milliseconds patience{0};                  ///< running: how long it may be silent
  std::uint64_t received = 0;                             ///< running: bytes that put off giving up
  AccountsQuestion question = {};        ///< running: what exactly was asked, for accounts; else its slot alone
  std::optional<CallOutcome> held = {};  ///< held: the outcome, until the endpoint's cluster is known
  std::chrono::milliseconds elapsed{0};  ///< of the last attempt
  Time at = {};                          ///< when it ended

  bool wants_data() const { return kind == Kind::accounts || kind == Kind::code || kind == Kind::rpc; }

  /// One of several times that an endpoint is asked the same.
  bool is_sample() const { return kind == Kind::probe && std::get<ProbeRequest>(requests.front()).sample > 0; }
};

/// Whether it is a probe that is asked over WebSocket.
bool is_over_websocket(const Call& call);

/// The calls that answer these requests: accounts with the same slice together, 100 at most; each account that expects
/// code, each rpc and each probe by itself.
std::vector<Call> calls_for(std::vector<Request> requests);

/// Cuts a call for more than `accounts_max` accounts: it keeps the first ones, and what is returned has the rest.
std::optional<Call> split(Call& call, std::size_t accounts_max);

/// The body of the call's next attempt; sets its question. `min_slot`: the latest slot seen.
std::string body_of(Call& call, bool with_zstd, std::optional<Slot> min_slot);

/// The longest answer to the call that can be of use, in bytes.
std::size_t answer_bytes_max(const Call& call);

/// What a response says. A JSON-RPC error that answers a probe is its payload. Secrets are taken out of the payloads of
/// rpc and probe calls.
CallOutcome read_response(const Call& call, HttpResponse response, const Secrets& secrets, Time now);

}  // namespace readyctl
