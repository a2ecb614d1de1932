#include "sources/websocket.hpp"

#include <openssl/evp.h>
#include <unistd.h>
#include <wslay/wslay.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/base64.hpp"
#include "base/invariant.hpp"
#include "sources/http_text.hpp"
#include "sources/lower_case.hpp"

namespace readyctl {
namespace {

constexpr std::size_t head_bytes_max = std::size_t{16} << 10;

std::string handshake_of(const Endpoint& endpoint, const std::string& key) {
  const Url& url = *endpoint.ws;
  const std::string query = url.secret_query().empty() ? "" : "?" + url.secret_query();
  std::string text = "GET " + url.secret_path() + query + " HTTP/1.1\r\nHost: " + url.secret_authority() +
                     "\r\nUser-Agent: readyctl\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
                     "13\r\nSec-WebSocket-Key: " +
                     key + "\r\n";
  if (!url.secret_user().empty() || !url.secret_password().empty()) {
    const std::string credential = percent_decoded(url.secret_user()) + ":" + percent_decoded(url.secret_password());
    text += "Authorization: Basic " + to_base64(bytes_of(credential)) + "\r\n";
  }
  for (const auto& [name, value] : endpoint.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

bool has_token(std::string_view list, std::string_view token) {
  const std::string text = "," + lower_case(list) + ",";
  const auto is_edge = [](char c) { return c == ',' || c == ' ' || c == '\t'; };
  for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at + 1)) {
    if (is_edge(text[at - 1]) && is_edge(text[at + token.size()])) return true;
  }
  return false;
}

// The head of a response: its status, and its headers by their names in lower case.
struct Head {
  int status = 0;
  std::map<std::string, std::string> headers;

  std::string_view operator[](const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }

  // The beginning of a header's value, which is no longer than that in earnest.
  std::optional<std::string> short_value(const std::string& name) const {
    const auto found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    return found->second.substr(0, 100);
  }
};

std::optional<Head> read_head(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!text.starts_with("HTTP/1.") || text.size() < 12) return std::nullopt;
  const std::string_view code = text.substr(9, 3);
  if (!std::all_of(code.begin(), code.end(), is_digit)) return std::nullopt;
  Head head{(code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'), {}};
  for (std::size_t at = text.find("\r\n"); at != std::string_view::npos;) {
    const std::size_t end = text.find("\r\n", at + 2);
    const std::string_view line = text.substr(at + 2, end == std::string_view::npos ? end : end - at - 2);
    if (line.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;  // where programs differ
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      std::string& value = head.headers[lower_case(line.substr(0, colon))];
      value += (value.empty() ? "" : ",") + std::string(trimmed(line.substr(colon + 1)));
    }
    at = end;
  }
  return head;
}

// What is wrong with the server's consent; empty when nothing is.
std::string objection_to(const Head& head, const std::string& key) {
  if (lower_case(head["upgrade"]) != "websocket" || !has_token(head["connection"], "upgrade")) {
    return "it answered HTTP 101 without upgrading to WebSocket";
  }
  if (head["sec-websocket-accept"] != websocket_accept(key)) return "it did not prove that it speaks WebSocket";
  const bool wants_more = !head["sec-websocket-extensions"].empty() || !head["sec-websocket-protocol"].empty();
  return wants_more ? "it chose an extension or protocol that it was not offered" : "";
}

}  // namespace

class WebSocket::State {
 public:
  State(const Endpoint& endpoint, WebSocketTalk talk, ByteView secret_key)
      : talk_(std::move(talk)), key_(to_base64(secret_key)), outgoing_(handshake_of(endpoint, key_)) {}
  ~State() {
    if (frames_ != nullptr) wslay_event_context_free(frames_);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void received(std::string_view bytes) {
    if (outcome) return;
    // Frames without text count too: whoever sends them without end is answered without end.
    received_bytes_ += bytes.size();
    if (received_bytes_ > head_bytes_max + 2 * talk_.messages_bytes_max) {
      return fail("too-large", "it says more than was asked");
    }
    incoming_ += bytes;
    if (frames_ == nullptr) read_handshake();
    if (frames_ != nullptr) read_frames();
  }

  void ended() {
    if (!outcome) fail("unreachable", "it closed the WebSocket before it had said what was asked");
  }

  std::string_view to_send() const { return outgoing_; }
  void sent(std::size_t bytes) { outgoing_.erase(0, bytes); }

  std::optional<WebSocketOutcome> outcome;

 private:
  void fail(std::string cause, std::string what) {
    outcome = tl::unexpected(Unobtainable{std::move(cause), std::move(what), Retry::other_endpoint});
  }

  void read_handshake() {
    const std::size_t end = incoming_.find("\r\n\r\n");
    if (std::min(end, incoming_.size()) > head_bytes_max)
      return fail("too-large", "its headers are longer than 16 KiB");
    if (end == std::string::npos) return;
    const std::optional<Head> head = read_head(std::string_view(incoming_).substr(0, end));
    incoming_.erase(0, end + 4);
    if (!head) return fail("malformed", "it does not speak HTTP");
    heard_ = {head->status, head->short_value("retry-after"), head->short_value("date"), {}};
    if (head->status != 101) {
      outcome = heard_;
      return;
    }
    const std::string objection = objection_to(*head, key_);
    if (!objection.empty()) return fail("malformed", objection);
    begin_frames();
  }

  void begin_frames() {
    const wslay_event_callbacks callbacks{
        &State::give_bytes, &State::take_bytes, &State::make_mask, nullptr, nullptr, nullptr, &State::take_message};
    invariant(wslay_event_context_client_init(&frames_, &callbacks, this) == 0, "there is memory for a WebSocket");
    wslay_event_config_set_max_recv_msg_length(frames_, talk_.messages_bytes_max);
    const wslay_event_msg message{WSLAY_TEXT_FRAME, reinterpret_cast<const std::uint8_t*>(talk_.message.data()),
                                  talk_.message.size()};
    invariant(wslay_event_queue_msg(frames_, &message) == 0, "there is memory for a message");
    wslay_event_send(frames_);
  }

  void read_frames() {
    const int failed = wslay_event_recv(frames_);
    const bool says_goodbye = outcome && wslay_event_get_close_sent(frames_) == 0;
    if (says_goodbye) wslay_event_queue_close(frames_, WSLAY_CODE_NORMAL_CLOSURE, nullptr, 0);
    wslay_event_send(frames_);  // pongs, and a last word
    if (outcome) return;
    if (wslay_event_get_close_received(frames_) != 0) return ended();
    // What breaks the protocol is not read on, and the library's own close says why.
    const bool is_over = failed != 0 || wslay_event_get_read_enabled(frames_) == 0;
    const bool is_too_big = wslay_event_get_status_code_sent(frames_) == WSLAY_CODE_MESSAGE_TOO_BIG;
    if (is_over && is_too_big) return fail("too-large", "it says more than was asked");
    if (is_over) fail("malformed", "it broke the WebSocket protocol");
  }

  void take_text(std::string_view text) {
    if (outcome) return;
    heard_bytes_ += text.size();
    if (heard_bytes_ > talk_.messages_bytes_max) return fail("too-large", "it says more than was asked");
    heard_.messages.emplace_back(text);
    if (talk_.is_enough_with(heard_.messages.back())) outcome = heard_;
  }

  static State& self(void* user) { return *static_cast<State*>(user); }

  static ssize_t give_bytes(wslay_event_context_ptr frames, std::uint8_t* buffer, std::size_t size, int, void* user) {
    std::string& incoming = self(user).incoming_;
    if (incoming.empty()) {
      wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
      return -1;
    }
    const std::size_t count = std::min(size, incoming.size());
    std::copy_n(incoming.data(), count, buffer);
    incoming.erase(0, count);
    return static_cast<ssize_t>(count);
  }
  static ssize_t take_bytes(wslay_event_context_ptr, const std::uint8_t* bytes, std::size_t size, int, void* user) {
    self(user).outgoing_.append(reinterpret_cast<const char*>(bytes), size);
    return static_cast<ssize_t>(size);
  }
  static int make_mask(wslay_event_context_ptr, std::uint8_t* buffer, std::size_t size, void*) {
    return ::getentropy(buffer, size);
  }
  static void take_message(wslay_event_context_ptr, const wslay_event_on_msg_recv_arg* seen, void* user) {
    if (seen->opcode != WSLAY_TEXT_FRAME && seen->opcode != WSLAY_BINARY_FRAME) return;
    self(user).take_text({reinterpret_cast<const char*>(seen->msg), seen->msg_length});
  }

  WebSocketTalk talk_;
  std::string key_;
  std::string outgoing_;
  std::string incoming_;
  wslay_event_context_ptr frames_ = nullptr;  // from the moment the server has agreed
  WebSocketHeard heard_;
  std::size_t heard_bytes_ = 0;
  std::size_t received_bytes_ = 0;
};

WebSocket::WebSocket(const Endpoint& endpoint, WebSocketTalk talk, ByteView secret_key)
    : state_(std::make_unique<State>(endpoint, std::move(talk), secret_key)) {}

WebSocket::~WebSocket() = default;

std::string_view WebSocket::to_send() const { return state_->to_send(); }
void WebSocket::sent(std::size_t bytes) { state_->sent(bytes); }
void WebSocket::received(std::string_view bytes) { state_->received(bytes); }
void WebSocket::ended() { state_->ended(); }
const std::optional<WebSocketOutcome>& WebSocket::outcome() const { return state_->outcome; }

std::string websocket_accept(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  Bytes digest(20);
  unsigned size = 0;
  const int done = EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  invariant(done == 1 && size == digest.size(), "OpenSSL has SHA-1");
  return to_base64(digest);
}

}  // namespace readyctl
