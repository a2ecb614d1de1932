// Answers: what came back for a request, from whom and when, whether it could be had or not.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"
#include "solana/amounts.hpp"

namespace readyctl {

/// What may help against a fact that could not be had.
enum class Retry { now, other_endpoint, never };

std::string_view to_string(Retry retry);

/// Why a fact could not be had. `cause` is a class that tools may rely on, `what` a sentence for a person.
///
/// causes: contradiction, timeout, unreachable, tls, refused, rate-limited, http-status, not-json-rpc, rpc-error,
/// behind, pruned, too-large, malformed, clock, wrong-cluster, moved, missing, not-permitted, over-budget,
/// not-recorded, withheld, no-endpoint, git-…
struct Unobtainable {
  std::string cause;
  std::string what;
  Retry retry = Retry::never;
};

/// What was answered: a few named values, and bytes where the answer is bytes.
struct Payload {
  Json head;
  std::shared_ptr<const Bytes> body;  ///< as received and as recorded; may be compressed (head.encoding says so)
  std::shared_ptr<const Bytes> data;  ///< the same, decompressed; the same pointer when nothing was compressed
};

/// One answer of one party.
struct Observation {
  std::string from;          ///< name of the endpoint; "local" for files, git and the clock
  std::optional<Slot> slot;  ///< the context slot of the answer, where it has one
  Time at;                   ///< when it arrived, by the wall clock
  std::chrono::milliseconds elapsed{0};
  tl::expected<Payload, Unobtainable> outcome;
};

/// An endpoint that said the same as the observation that decides, by the digest of what it said (see quorum.hpp).
struct Agreement {
  std::string from;
  std::optional<Slot> slot;
  Time at;
  std::chrono::milliseconds elapsed{0};
  Sha256 value;
};

/// All observations for one request, in the order made. The last one decides; those before it are the attempts that
/// failed, or what other endpoints said.
struct Answer {
  std::vector<Observation> observations;
  std::vector<Agreement> agreeing = {};  ///< with the last one

  const Observation& deciding() const { return observations.back(); }
};

}  // namespace readyctl
