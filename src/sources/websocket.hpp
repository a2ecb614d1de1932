// WebSocket: one conversation of a client by RFC 6455, from the handshake on. It moves no bytes itself: who drives it
// says what arrived, and sends what it is told to.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "facts/answer.hpp"
#include "sources/endpoints.hpp"

namespace readyctl {

/// What is said over a WebSocket, and when enough was heard.
struct WebSocketTalk {
  std::string message;                                             ///< text, sent once the server has agreed
  std::function<bool(const std::string& message)> is_enough_with;  ///< called for each message, in their order
  /// Of all that the server says. With its headers and frames it may send 16 KiB more than twice that.
  std::size_t messages_bytes_max = std::size_t{64} << 10;
};

/// What came of it: the messages of the server, or the HTTP status with which it refused to speak WebSocket at all.
struct WebSocketHeard {
  int status = 101;
  std::optional<std::string> retry_after;  ///< the header of that name, as sent
  std::optional<std::string> date;         ///< the header of that name, as sent
  std::vector<std::string> messages;
};

using WebSocketOutcome = tl::expected<WebSocketHeard, Unobtainable>;

class WebSocket {
 public:
  /// For the `ws` of an endpoint, which must have one, with its headers. `secret_key` is 16 random bytes.
  WebSocket(const Endpoint& endpoint, WebSocketTalk talk, ByteView secret_key);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  /// What is to be sent now; empty when nothing is.
  std::string_view to_send() const;
  /// So much of it was sent.
  void sent(std::size_t bytes);

  /// These bytes arrived.
  void received(std::string_view bytes);
  /// No more bytes will.
  void ended();

  /// What came of it, once that is known. Causes: unreachable (it closed the connection), malformed (it does not speak
  /// WebSocket), too-large.
  const std::optional<WebSocketOutcome>& outcome() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// The Sec-WebSocket-Accept of a server that was sent this Sec-WebSocket-Key.
std::string websocket_accept(std::string_view key);

}  // namespace readyctl
