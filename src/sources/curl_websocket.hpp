// CurlWebSocket: a WebSocket over a connection that libcurl made, with its TLS, its proxies and its refusals.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <optional>

#include "sources/websocket.hpp"

namespace readyctl {

class CurlWebSocket {
 public:
  /// `easy` is connected (CURLOPT_CONNECT_ONLY), still in its multi handle, and outlives this.
  CurlWebSocket(CURL* easy, const Endpoint& endpoint, WebSocketTalk talk);

  /// For what the next turn must be waited for.
  curl_waitfd waits_for() const;

  /// Sends and receives what is possible without waiting. What came of the talk, once that is known.
  std::optional<WebSocketOutcome> turn();

  std::uint64_t received() const { return received_; }

 private:
  bool send_some();
  bool receive_some();

  CURL* easy_;
  WebSocket websocket_;
  std::uint64_t received_ = 0;
};

}  // namespace readyctl
