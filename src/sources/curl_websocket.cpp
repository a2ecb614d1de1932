#include "sources/curl_websocket.hpp"

#include <unistd.h>

#include <array>

#include "base/invariant.hpp"

namespace readyctl {
namespace {

Bytes random_key() {
  Bytes key(16);
  invariant(::getentropy(key.data(), key.size()) == 0, "there is randomness");
  return key;
}

}  // namespace

CurlWebSocket::CurlWebSocket(CURL* easy, const Endpoint& endpoint, WebSocketTalk talk)
    : easy_(easy), websocket_(endpoint, std::move(talk), random_key()) {}

curl_waitfd CurlWebSocket::waits_for() const {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &socket);
  const int events = CURL_WAIT_POLLIN | (websocket_.to_send().empty() ? 0 : CURL_WAIT_POLLOUT);
  return {socket, static_cast<short>(events), 0};
}

std::optional<WebSocketOutcome> CurlWebSocket::turn() {
  while (!websocket_.outcome() && (send_some() || receive_some())) {
  }
  if (websocket_.outcome()) send_some();  // a last word, if it can be said at once
  return websocket_.outcome();
}

bool CurlWebSocket::send_some() {
  const std::string_view text = websocket_.to_send();
  if (text.empty()) return false;
  std::size_t sent = 0;
  const CURLcode code = curl_easy_send(easy_, text.data(), text.size(), &sent);
  if (code != CURLE_OK && code != CURLE_AGAIN) websocket_.ended();
  websocket_.sent(sent);
  return sent > 0;
}

bool CurlWebSocket::receive_some() {
  std::array<char, 16384> buffer{};
  std::size_t got = 0;
  const CURLcode code = curl_easy_recv(easy_, buffer.data(), buffer.size(), &got);
  if (code == CURLE_AGAIN) return false;
  if (code != CURLE_OK || got == 0) {
    websocket_.ended();
    return false;
  }
  received_ += got;
  websocket_.received({buffer.data(), got});
  return true;
}

}  // namespace readyctl
