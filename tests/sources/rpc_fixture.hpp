// What the tests of the live RPC source share: a chain behind loopback servers, and time that only moves when nothing
// else can happen.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "facts/accounts.hpp"
#include "sources/live_rpc.hpp"
#include "sources/loopback_server.hpp"

namespace readyctl::test {

inline const std::string our_genesis = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";
inline const std::string other_genesis = "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY";

/// An address of its own for each number.
Pubkey address(unsigned number);

/// `count` requests for whole accounts, address(0) and following.
std::vector<Request> account_requests(unsigned count);

/// An account object as a server writes it. `text` and `encoding` are its data.
Json account_json(const std::string& text, const std::string& encoding, std::size_t space);
/// The same for data in base64.
Json account_json(const Bytes& data);

/// Some bytes that do not compress to nothing, the same for the same arguments.
Bytes some_bytes(std::size_t count, unsigned seed = 1);

/// A reply with a result; with a value in a context; with an error.
Response result(const Seen& seen, const Json& value);
Response in_context(const Seen& seen, const Json& value, std::uint64_t slot = 1000);
Response rpc_error(const Seen& seen, std::int64_t code, const std::string& message, int status = 200);

/// A server that knows its genesis hash and some accounts (base64, whole or a slice). Anything else is -32601.
struct Chain {
  std::string genesis = our_genesis;
  std::uint64_t slot = 1000;
  std::map<std::string, Bytes> accounts;  ///< by address

  Response operator()(const Seen& seen) const;
};

/// A handler that says who it is and leaves everything else to `rest`.
LoopbackServer::Handler on_our_cluster(LoopbackServer::Handler rest);

/// A source over servers, named "one", "two", …, on a virtual clock.
class Bench {
 public:
  explicit Bench(const std::vector<const LoopbackServer*>& servers);

  RpcOptions options;  ///< to be changed before the first ask

  /// Asks, and turns the loop until everything is answered.
  std::map<std::string, Answer> ask(std::vector<Request> requests);
  Answer ask_one(const Request& request) { return ask({request}).at(key_of(request)); }

  RpcSource& source();

  /// How much virtual time has passed.
  std::chrono::milliseconds passed() const;

  /// Adds an endpoint that no server stands behind.
  void add_endpoint(const std::string& url);

 private:
  struct VirtualTime;
  class VirtualTransport;

  std::vector<const LoopbackServer*> servers_;
  std::shared_ptr<VirtualTime> time_;
  std::unique_ptr<RpcSource> source_;
};

/// "<from>: <cause>" of each observation, or "<from>: ok".
std::vector<std::string> summary(const Answer& answer);

/// Everything of an answer that a report or a log could show, as one text.
std::string all_text(const Answer& answer);

/// The account in an answer that has one.
Account account_in(const Answer& answer, const Pubkey& address);

}  // namespace readyctl::test
