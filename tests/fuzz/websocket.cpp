// What a server says over a WebSocket: its half of the handshake, frames, and JSON-RPC in them. The first byte tells
// where what arrives is cut in two.
#include "sources/websocket.hpp"

#include "base/base64.hpp"
#include "fuzz/property.hpp"
#include "sources/subscription.hpp"

using namespace readyctl;

namespace {

constexpr std::uint64_t id = 7;
constexpr std::size_t arrived_max = std::size_t{16} << 10;

const Endpoint& endpoint() {
  static const Endpoint one = [] {
    Endpoint made;
    made.name = "fuzz";
    made.url = Url::parse_http("http://127.0.0.1/").value();
    made.ws = Url::parse_websocket("ws://127.0.0.1/").value();
    return made;
  }();
  return one;
}

WebSocketTalk talk() {
  WebSocketTalk made = subscription_talk("{}", id);
  made.messages_bytes_max = 4096;
  return made;
}

}  // namespace

FUZZ_TARGET(websocket) {
  if (size < 2) return 0;
  const Bytes key(16, 0);
  WebSocket socket(endpoint(), talk(), key);
  const std::string said = fuzz::text_in(data, size).substr(1, arrived_max);
  const std::size_t cut = data[0] * said.size() / 255;
  socket.received(std::string_view(said).substr(0, cut));
  socket.received(std::string_view(said).substr(cut));
  socket.ended();
  const auto& outcome = socket.outcome();
  fuzz::require(outcome.has_value(), "a connection that ended has an outcome");
  if (!*outcome) return 0;

  HttpResponse response{200, "", std::nullopt, ""};
  response.messages = (*outcome)->messages;
  std::size_t heard = 0;
  for (const std::string& message : response.messages) heard += message.size();
  fuzz::require(heard <= talk().messages_bytes_max, "no more is kept than was asked for");
  const auto reply = notification_in(response, id, Time{0});
  fuzz::require(reply.has_value() || !reply.error().why.what.empty(), "what is refused has a reason");
  return 0;
}
