// Endpoints: the JSON-RPC servers of a run, from a file or the command line.
//
//     {"endpoints": [{"name": "main", "provider": "acme", "url": "env:MAIN_RPC_URL",
//                     "headers": {"x-api-key": "file:keys/main"}, "limits": {"accountsPerRequest": 5}}]}
//
// An endpoint is known by its name and provider. URL, host and header values are secrets: see secrets.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/fields.hpp"
#include "facts/quorum.hpp"
#include "sources/url.hpp"

namespace readyctl {

/// What an endpoint can take.
struct EndpointLimits {
  std::uint32_t accounts_per_request = 100;  ///< addresses in one getMultipleAccounts, 1 to 100
  std::uint32_t requests_at_once = 32;       ///< requests under way, 1 to 1000

  static constexpr auto fields() {
    return std::tuple{
        optional("accountsPerRequest", &EndpointLimits::accounts_per_request,
                 "the most addresses in one getMultipleAccounts, 1 to 100"),
        optional("requestsAtOnce", &EndpointLimits::requests_at_once, "the most requests under way, 1 to 1000"),
    };
  }
  Result<void> validate(const Place& place) const;
};

struct Endpoint {
  std::string name;                     ///< lower-case letters, digits, `_` and `-`
  std::optional<std::string> provider;  ///< who runs it; endpoints of one provider are one opinion
  std::optional<std::string> role;
  Url url;
  std::optional<Url> ws;
  std::vector<std::pair<std::string, std::string>> headers;  ///< sent with every request; the values are secrets
  EndpointLimits limits;
  bool may_be_link_local = false;  ///< the operator said so: it may be at a link-local or metadata address
};

/// The most endpoints of one run.
inline constexpr std::size_t endpoints_max = 64;

/// The longest file of endpoints that is read.
inline constexpr std::size_t endpoints_file_bytes_max = std::size_t{1} << 20;

/// The endpoints of a file, in its order. `env:VAR` and `file:PATH` (relative to the file; one trailing newline is not
/// part of the value) are resolved. Errors, with line and pointer and without any value: everything that a field table
/// refuses, a bad or duplicate name, a URL that is none or that another one has, a header that is none, no endpoint at
/// all, a variable that is not set (kind `malformed`); the file or one it names cannot be read (kind `unreadable`).
Result<std::vector<Endpoint>> read_endpoints_file(const std::filesystem::path& path);

/// The same for a text. `folder` is what file: is relative to.
Result<std::vector<Endpoint>> parse_endpoints(std::string text, const std::string& name,
                                              const std::filesystem::path& folder);

/// One `--rpc` option: NAME=URL, NAME=env:VAR or NAME=@FILE (relative to the working directory). A literal URL with
/// userinfo, query or path shows in the process list and in the shell's history, so it is refused unless
/// `insecure_in_argv`. Errors (kinds `usage`, `unreadable`): never with the URL.
Result<Endpoint> parse_rpc_option(std::string_view text, bool insecure_in_argv);

/// Whose opinions are one: endpoints by index, those of one provider together, in the order of the first of each. An
/// endpoint that declares no provider belongs to whoever has the same registrable domain ("example.co.uk"), or the same
/// address.
std::vector<std::vector<std::size_t>> voters_among(const std::vector<Endpoint>& endpoints);

/// How many of them must agree when nobody says so: the majority of three or more, else one.
std::size_t usual_quorum(std::size_t voters);

/// The quorum of a run over these endpoints.
Quorum quorum_among(const std::vector<Endpoint>& endpoints, std::size_t needed);

/// Errors (kind `usage`): a name that two endpoints have; a URL that has two names; more than endpoints_max.
Result<void> check_distinct_names(const std::vector<Endpoint>& endpoints);

}  // namespace readyctl
