// Http: requests to endpoints, many at once, on one thread. The only file that moves bytes over the network.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "facts/answer.hpp"
#include "facts/endpoints.hpp"
#include "sources/endpoints.hpp"
#include "sources/websocket.hpp"

namespace readyctl {

/// A POST of JSON to an endpoint, unless it says otherwise. The endpoint must outlive the transfer.
struct HttpRequest {
  const Endpoint* endpoint = nullptr;
  std::string body;
  std::size_t response_bytes_max = 0;      ///< for the body as it travels, and again for the body inflated
  bool expects_megabytes = false;          ///< worth larger buffers
  std::optional<WebSocketTalk> talk = {};  ///< nothing is posted: this is said to the endpoint's `ws`, which it has
};

struct HttpResponse {
  int status = 0;
  std::string content_type;                       ///< as the server says; empty when it does not
  std::optional<std::string> retry_after;         ///< the header of that name, as sent
  std::string body;                               ///< inflated
  std::optional<std::string> date = {};           ///< the header of that name, as sent
  std::string proxy = {};                         ///< the environment variable that names a proxy; empty when none does
  std::optional<ConnectionSeen> connection = {};  ///< none: over TLS, with a certificate that was not looked at
  std::vector<std::string> messages = {};  ///< of a talk, with status 200; of one that was refused its HTTP status
};

/// A transfer that ended: with a whole response, or not (causes unreachable, tls, too-large, malformed). `what` may
/// hold secrets: redact it.
struct HttpFinished {
  std::uint64_t id = 0;
  tl::expected<HttpResponse, Unobtainable> outcome;
  /// From the moment the request could be sent to the last byte of the response; a WebSocket's handshake counts. Name
  /// resolution, connection and TLS set-up and waiting for a free connection are not in it.
  std::chrono::milliseconds elapsed{0};
  std::uint64_t received = 0;  ///< bytes of the response, headers included, as they travelled
};

/// What moves requests and responses. Tests have one of their own.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Begins a transfer and returns. `id` is the caller's, and not in use.
  virtual void start(std::uint64_t id, HttpRequest request) = 0;

  /// Ends a transfer; nothing more is heard of it. No effect when it is over.
  virtual void cancel(std::uint64_t id) = 0;

  /// How many bytes of a transfer's response have arrived so far, as they travel; 0 when it is over.
  virtual std::uint64_t received(std::uint64_t id) const = 0;

  /// Waits until a transfer ended, or `at_most` passed, or a signal came. Returns all that ended.
  virtual std::vector<HttpFinished> wait(std::chrono::milliseconds at_most) = 0;
};

/// How CurlTransport behaves beyond what an HttpRequest says.
struct HttpOptions {
  std::chrono::milliseconds connect_timeout{5000};  ///< for name resolution, connection and TLS together
};

/// Over libcurl: keep-alive, HTTP/2 where TLS offers it, every compression that libcurl can undo, no redirects, TLS 1.2
/// or later and always verified, http and https only, and WebSocket over connections that are made the same way.
/// Proxies by the usual environment variables; SSL_CERT_FILE names the certificates to trust instead of the system's.
/// Initialises libcurl.
std::unique_ptr<Transport> curl_transport(HttpOptions options = {});

}  // namespace readyctl
