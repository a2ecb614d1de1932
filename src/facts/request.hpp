// Requests: what can be asked of the world. Plain values that compare by what they ask, never by whom.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// A range of an account's data, in bytes. What lies past the end of the data is simply not there.
struct Slice {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  auto operator<=>(const Slice&) const = default;
};

/// An account as the cluster has it at finalized commitment: lamports, owner, executable, size, and its data, whole or
/// in part.
struct AccountRequest {
  Pubkey address;
  std::optional<Slice> slice{};  ///< nullopt: all of the data
  bool expects_code = false;     ///< the data may be megabytes: worth a request and a compression of its own
  bool once_more = false;        ///< read again when a run has read everything else: a fact of its own
};

/// Any other question that one endpoint answers for all: history, filtered accounts. Parameters as JSON-RPC has them.
struct RpcRequest {
  std::string method;
  Json params = Json::array();
};

/// A question to one endpoint about itself: it is asked of that endpoint and of no other.
struct ProbeRequest {
  std::string endpoint;
  std::string method;
  Json params = Json::array();
  /// 0, or which of several times the same is asked, from 1: how long an endpoint takes differs from time to time.
  /// Those of one endpoint are asked one after the other.
  std::uint32_t sample = 0;
  /// Whether it is asked over WebSocket: the method subscribes, and the answer is the first notification.
  bool over_websocket = false;
  /// Whether the answer tells how long the certificate is valid of the TLS connection over which it came.
  bool with_certificate = false;
};

/// Which endpoints this run was given: names, providers, roles. Never URLs.
struct EndpointsRequest {};

/// A file beneath the release's folder.
struct FileRequest {
  std::string path;
};

/// The state of a git checkout beneath the release's folder.
struct GitRequest {
  std::string checkout = ".";
  std::optional<std::string> tag;  ///< a tag to resolve
  std::vector<std::string> paths;  ///< the part of the tree that is the release; empty for all of it
};

/// The wall clock of the machine that decides.
struct ClockRequest {};

using Request =
    std::variant<AccountRequest, RpcRequest, ProbeRequest, EndpointsRequest, FileRequest, GitRequest, ClockRequest>;

/// The identity of a request, and the key of its evidence record: canonical JSON such as
/// `{"account":"9xQ…","slice":[0,45]}`.
std::string key_of(const Request& request);

/// The request whose answer holds the answer of this one too: all of an account for a slice of it, otherwise itself.
/// What is read once more is covered by nothing that was read before.
Request covering(const Request& request);

/// Whether an endpoint answers it, and not this machine.
bool asks_an_endpoint(const Request& request);

/// What a request asks, for a person: "account 9xQ…", "file target/deploy/vault.so".
std::string words_for(const Request& request);

}  // namespace readyctl
