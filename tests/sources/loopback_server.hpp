// A small HTTP server on loopback, in a thread of its own, whose every answer a test decides.
#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/json.hpp"

namespace readyctl::test {

/// A request as it arrived.
struct Seen {
  std::string head;  ///< request line and headers
  std::string text;
  Json body;  ///< an empty object when it is no JSON object

  std::uint64_t id() const { return body.is_object() ? body.value("id", std::uint64_t{0}) : 0; }
  std::string method() const { return body.is_object() ? body.value("method", "") : ""; }
  Json params() const { return body.value("params", Json::array()); }
};

/// What the server does about it.
struct Response {
  int status = 200;
  std::string body;
  std::vector<std::string> headers = {"Content-Type: application/json"};
  bool hangs = false;        ///< say nothing, ever
  bool closes = false;       ///< end the connection afterwards
  std::string raw = {};      ///< when not empty: exactly these bytes instead of status, headers and body
  std::size_t together = 0;  ///< wait until so many answers that do wait can be given together
};

class LoopbackServer {
 public:
  using Handler = std::function<Response(const Seen&)>;

  explicit LoopbackServer(Handler handler);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url(const std::string& path = "") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

  /// What arrived so far, in order; of one method only when it is named.
  std::vector<Seen> seen(const std::string& method = {}) const;

  /// The ids of the requests that will never be answered.
  std::set<std::uint64_t> hung() const;

  unsigned connections() const;

 private:
  struct Connection {
    int socket;
    std::string arrived;
  };

  void serve();
  void accept_one();
  bool read_some(Connection& connection);
  bool answer_all(Connection& connection);
  bool answer(int socket, const Seen& seen);

  Handler handler_;
  int port_ = 0;
  int listener_;  // opening it sets the port
  int stop_[2];
  std::vector<Connection> open_;
  std::vector<std::pair<int, std::string>> waiting_;  // answers, and the sockets they go to
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::set<std::uint64_t> hung_;
  unsigned connections_ = 0;
  std::thread thread_;
};

/// A URL at which nobody listens.
std::string closed_url();

}  // namespace readyctl::test
