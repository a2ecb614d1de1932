#include "sources/rpc_fixture.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/invariant.hpp"

namespace readyctl::test {

using std::chrono::milliseconds;

Pubkey address(unsigned number) {
  Pubkey key;
  key.bytes[0] = 7;
  key.bytes[30] = static_cast<std::uint8_t>(number >> 8);
  key.bytes[31] = static_cast<std::uint8_t>(number);
  return key;
}

std::vector<Request> account_requests(unsigned count) {
  std::vector<Request> requests;
  for (unsigned i = 0; i < count; ++i) requests.push_back(AccountRequest{address(i), std::nullopt, false});
  return requests;
}

Json account_json(const std::string& text, const std::string& encoding, std::size_t space) {
  return {{"lamports", std::uint64_t{18446744073709551615U}},       {"data", Json::array({text, encoding})},
          {"owner", "BPFLoaderUpgradeab1e11111111111111111111111"}, {"executable", false},
          {"rentEpoch", std::uint64_t{18446744073709551615U}},      {"space", space}};
}

Json account_json(const Bytes& data) { return account_json(to_base64(data), "base64", data.size()); }

Bytes some_bytes(std::size_t count, unsigned seed) {
  Bytes bytes(count);
  std::uint32_t state = seed * 2654435761U + 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 28);
  }
  return bytes;
}

Response result(const Seen& seen, const Json& value) {
  return {200, Json{{"jsonrpc", "2.0"}, {"id", seen.id()}, {"result", value}}.dump()};
}

Response in_context(const Seen& seen, const Json& value, std::uint64_t slot) {
  return result(seen, {{"context", {{"slot", slot}}}, {"value", value}});
}

Response rpc_error(const Seen& seen, std::int64_t code, const std::string& message, int status) {
  const Json error = {{"code", code}, {"message", message}};
  return {status, Json{{"jsonrpc", "2.0"}, {"id", seen.id()}, {"error", error}}.dump()};
}

Response Chain::operator()(const Seen& seen) const {
  if (seen.method() == "getGenesisHash") return result(seen, genesis);
  if (seen.method() != "getMultipleAccounts" && seen.method() != "getAccountInfo") {
    return rpc_error(seen, -32601, "Method not found");
  }
  const Json params = seen.params();
  const Json slice = params[1].value("dataSlice", Json());
  const auto one = [&](const std::string& name) -> Json {
    const auto found = accounts.find(name);
    if (found == accounts.end()) return nullptr;
    const Bytes& data = found->second;
    if (slice.is_null()) return account_json(data);
    const std::size_t begin = std::min(slice["offset"].get<std::size_t>(), data.size());
    const std::size_t size = std::min(slice["length"].get<std::size_t>(), data.size() - begin);
    return account_json(to_base64(ByteView(data).subspan(begin, size)), "base64", data.size());
  };
  if (seen.method() == "getAccountInfo") return in_context(seen, one(params[0].get<std::string>()), slot);
  Json values = Json::array();
  for (const Json& name : params[0]) values.push_back(one(name.get<std::string>()));
  return in_context(seen, values, slot);
}

LoopbackServer::Handler on_our_cluster(LoopbackServer::Handler rest) {
  return [rest = std::move(rest)](const Seen& seen) {
    return seen.method() == "getGenesisHash" ? result(seen, our_genesis) : rest(seen);
  };
}

struct Bench::VirtualTime {
  std::chrono::steady_clock::time_point now{};
  Time wall{1'790'000'000'000};

  void pass(milliseconds span) {
    now += span;
    wall = wall + span;
  }
};

// libcurl's transport, but its waits cost virtual time, and only when nothing that is under way will ever be answered.
class Bench::VirtualTransport final : public Transport {
 public:
  VirtualTransport(std::shared_ptr<VirtualTime> time, std::vector<const LoopbackServer*> servers, HttpOptions options)
      : time_(std::move(time)), servers_(std::move(servers)), inner_(curl_transport(options)) {}

  void start(std::uint64_t id, HttpRequest request) override {
    under_way_.insert(id);
    if (request.talk) talks_.insert(id);
    inner_->start(id, std::move(request));
  }

  void cancel(std::uint64_t id) override {
    under_way_.erase(id);
    inner_->cancel(id);
  }

  std::uint64_t received(std::uint64_t id) const override { return inner_->received(id); }

  std::vector<HttpFinished> wait(milliseconds at_most) override {
    while (!only_hung()) {
      std::vector<HttpFinished> finished = inner_->wait(milliseconds(5));
      for (const HttpFinished& one : finished) under_way_.erase(one.id);
      if (!finished.empty()) return finished;
    }
    time_->pass(at_most);
    return {};
  }

 private:
  bool only_hung() const {
    std::set<std::uint64_t> hung;
    for (const LoopbackServer* server : servers_) hung.merge(server->hung());
    if (hung.contains(0)) hung.insert(talks_.begin(), talks_.end());  // a handshake carries no id
    return std::includes(hung.begin(), hung.end(), under_way_.begin(), under_way_.end());
  }

  std::shared_ptr<VirtualTime> time_;
  std::vector<const LoopbackServer*> servers_;
  std::unique_ptr<Transport> inner_;
  std::set<std::uint64_t> under_way_;
  std::set<std::uint64_t> talks_;
};

Bench::Bench(const std::vector<const LoopbackServer*>& servers)
    : servers_(servers), time_(std::make_shared<VirtualTime>()) {
  for (const LoopbackServer* server : servers) add_endpoint(server->url());
  options.genesis_hash = our_genesis;
  options.seams.now = [time = time_] { return time->now; };
  options.seams.wall_clock = [time = time_] { return time->wall; };
  options.seams.chance = [] { return 1.0; };
}

void Bench::add_endpoint(const std::string& url) {
  static const std::vector<std::string> names{"one", "two", "three", "four", "five"};
  options.endpoints.push_back({names.at(options.endpoints.size()), {}, {}, Url::parse_http(url).value(), {}, {}, {}});
}

RpcSource& Bench::source() {
  if (!source_) {
    options.seams.transport = [this] { return std::make_unique<VirtualTransport>(time_, servers_, options.http); };
    source_ = std::make_unique<RpcSource>(options);
  }
  return *source_;
}

std::map<std::string, Answer> Bench::ask(std::vector<Request> requests) {
  const std::size_t count = requests.size();
  source().ask(std::move(requests));
  std::map<std::string, Answer> answers;
  while (answers.size() < count) {
    std::vector<Answered> arrived = source().next();
    invariant(!arrived.empty(), "the source answers everything");
    for (Answered& one : arrived) {
      const bool is_new = answers.emplace(key_of(one.request), std::move(one.answer)).second;
      invariant(is_new, "the source answers each request once");
    }
  }
  return answers;
}

milliseconds Bench::passed() const {
  return std::chrono::duration_cast<milliseconds>(time_->now - std::chrono::steady_clock::time_point{});
}

std::vector<std::string> summary(const Answer& answer) {
  std::vector<std::string> lines;
  for (const Observation& seen : answer.observations) {
    lines.push_back(seen.from + ": " + (seen.outcome ? "ok" : seen.outcome.error().cause));
  }
  return lines;
}

std::string all_text(const Answer& answer) {
  std::string text;
  for (const Observation& seen : answer.observations) {
    text += seen.from + "\n";
    text += seen.outcome ? seen.outcome->head.dump() : seen.outcome.error().cause + ": " + seen.outcome.error().what;
    text += "\n";
    if (seen.outcome && seen.outcome->body) text += text_of(*seen.outcome->body);
  }
  return text;
}

Account account_in(const Answer& answer, const Pubkey& address) {
  const Observation& seen = answer.deciding();
  auto account = read_account(seen.outcome.value(), seen, address);
  return account.value().value();
}

}  // namespace readyctl::test
