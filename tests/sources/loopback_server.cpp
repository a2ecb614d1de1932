#include "sources/loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "base/invariant.hpp"

namespace readyctl::test {
namespace {

int listen_on_loopback(int& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool listens =
      ::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listener, SOMAXCONN) == 0;
  invariant(listens && ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0,
            "loopback has a port");
  port = ntohs(address.sin_port);
  return listener;
}

void send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the client had enough
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t content_length(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + 16, nullptr, 10);
}

}  // namespace

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)), listener_(listen_on_loopback(port_)) {
  invariant(::pipe(stop_) == 0, "a pipe can be made");
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  invariant(::write(stop_[1], "x", 1) == 1, "a pipe can be written to");
  thread_.join();
  for (const Connection& connection : open_) ::close(connection.socket);
  for (const int file : {listener_, stop_[0], stop_[1]}) ::close(file);
}

std::vector<Seen> LoopbackServer::seen(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  std::vector<Seen> chosen;
  for (const Seen& one : seen_) {
    if (method.empty() || one.method() == method) chosen.push_back(one);
  }
  return chosen;
}

std::set<std::uint64_t> LoopbackServer::hung() const {
  const std::lock_guard lock(mutex_);
  return hung_;
}

unsigned LoopbackServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void LoopbackServer::serve() {
  for (;;) {
    std::vector<pollfd> waits{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Connection& connection : open_) waits.push_back({connection.socket, POLLIN, 0});
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) return;
    for (std::size_t i = waits.size(); i-- > 2;) {
      if (waits[i].revents == 0) continue;
      const auto connection = open_.begin() + static_cast<std::ptrdiff_t>(i - 2);
      if (read_some(*connection) && answer_all(*connection)) continue;
      ::close(connection->socket);
      open_.erase(connection);
    }
    if (waits[1].revents != 0) accept_one();
  }
}

void LoopbackServer::accept_one() {
  const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) return;
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  open_.push_back({socket, {}});
  const std::lock_guard lock(mutex_);
  ++connections_;
}

bool LoopbackServer::read_some(Connection& connection) {
  char buffer[65536];
  const ssize_t got = ::recv(connection.socket, buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  connection.arrived.append(buffer, static_cast<std::size_t>(got));
  return true;
}

// Answers every whole request that has arrived. False: the connection is to be closed.
bool LoopbackServer::answer_all(Connection& connection) {
  std::string& arrived = connection.arrived;
  const bool speaks_tls = arrived.starts_with('\x16');
  if (speaks_tls) return false;
  for (;;) {
    const std::size_t head_end = arrived.find("\r\n\r\n");
    if (head_end == std::string::npos) return true;
    Seen seen{arrived.substr(0, head_end + 2), {}, {}};
    const std::size_t size = content_length(seen.head);
    if (arrived.size() < head_end + 4 + size) return true;
    seen.text = arrived.substr(head_end + 4, size);
    seen.body = Json::parse(seen.text, nullptr, false);
    if (!seen.body.is_object()) seen.body = Json::object();
    arrived.erase(0, head_end + 4 + size);
    if (!answer(connection.socket, seen)) return false;
  }
}

bool LoopbackServer::answer(int socket, const Seen& seen) {
  const Response response = handler_(seen);
  {
    const std::lock_guard lock(mutex_);
    seen_.push_back(seen);
    if (response.hangs) hung_.insert(seen.id());
  }
  if (response.hangs) return true;
  std::string text = response.raw;
  if (text.empty()) {
    text = "HTTP/1.1 " + std::to_string(response.status) + " Whatever\r\n";
    for (const std::string& header : response.headers) text += header + "\r\n";
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" + response.body;
  }
  if (response.together == 0) {
    send_all(socket, text);
    return !response.closes;
  }
  waiting_.emplace_back(socket, text);
  if (waiting_.size() < response.together) return true;
  for (const auto& [to, words] : waiting_) send_all(to, words);
  waiting_.clear();
  return true;
}

std::string closed_url() {
  int port = 0;
  ::close(listen_on_loopback(port));
  return "http://127.0.0.1:" + std::to_string(port);
}

}  // namespace readyctl::test
