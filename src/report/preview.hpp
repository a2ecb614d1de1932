// Preview: what a run of a plan would do first and whom it would ask, and what people would sign, before any endpoint
// is asked. Nothing is decided here.
#pragma once

#include <string>
#include <vector>

#include "engine/run.hpp"
#include "facts/endpoints.hpp"
#include "facts/first_call.hpp"
#include "report/signing.hpp"

namespace readyctl {

inline constexpr std::string_view preview_schema = "readyctl.plan/v1";

struct Preview {
  Manifest manifest;
  Plan plan;
  std::vector<EndpointInfo> endpoints;
  std::size_t quorum = 1;  ///< how many providers must agree on a fact of the chain
  Run first;               ///< the plan over a rehearsal: a gate that waits for an endpoint is not-run
  std::vector<FirstCall> calls;
  std::vector<Signing> signings;
};

/// What becomes of a planned gate.
enum class Outlook {
  waits,             ///< for an endpoint
  asks_no_endpoint,  ///< this machine has all that it needs
  has_no_endpoint,   ///< it needs one, and none was given
  skipped,           ///< not in this phase
  not_selected
};

/// In the order of the plan's gates.
std::vector<Outlook> outlooks_of(const Preview& preview);

/// The first calls to one endpoint by one method; those that ask for parts of accounts are counted apart from those
/// that ask for all of their data.
struct CallCount {
  std::string endpoint;
  std::string method;
  std::size_t calls = 0;
  std::uint64_t sent_bytes = 0;
  std::size_t accounts = 0;
  std::optional<std::uint64_t> data_bytes_max;  ///< see FirstCall
};

/// In the order of the endpoints, then of the methods' names.
std::vector<CallCount> counts_of(const Preview& preview);

/// How many different accounts the first calls ask for.
std::size_t distinct_accounts(const std::vector<FirstCall>& calls);

/// A file or a checkout that gates read on this machine, and what was found there.
struct LocalRead {
  bool is_checkout = false;
  std::string path;
  std::optional<std::string> identity;  ///< the SHA-256 of a file, the commit of a checkout; none: it has none
  std::string trouble;                  ///< why it has none
};

/// Each once, files first.
std::vector<LocalRead> local_reads(const Preview& preview);

/// One object of the schema above, indented.
std::string render_json(const Preview& preview);

/// For a terminal. Addresses in full, with the names that the release gives them.
std::string render_text(const Preview& preview);

}  // namespace readyctl
