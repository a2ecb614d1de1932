#include "sources/rehearsal.hpp"

#include <limits>

#include "base/invariant.hpp"

namespace readyctl {
namespace {

// Reads back what this process wrote a moment ago.
FirstCall read_call(const std::string& endpoint, const std::string& body) {
  const auto json = parse_json(body, "request");
  invariant(json.has_value(), "a request that is written is JSON");
  FirstCall call{endpoint, json->at("method").get<std::string>(), body.size(), {}};
  if (call.method != "getMultipleAccounts" && call.method != "getAccountInfo") return call;
  const Json& params = json->at("params");
  const Json addresses = params.at(0).is_array() ? params.at(0) : Json::array({params.at(0)});
  call.accounts = addresses.get<std::vector<std::string>>();
  const Json config = params.size() > 1 ? params.at(1) : Json::object();
  if (!config.contains("dataSlice")) return call;
  call.data_bytes_max = call.accounts.size() * config.at("dataSlice").at("length").get<std::uint64_t>();
  return call;
}

// Takes note of what is sent, and never answers.
class SilentTransport final : public Transport {
 public:
  explicit SilentTransport(std::shared_ptr<std::vector<FirstCall>> calls) : calls_(std::move(calls)) {}

  void start(std::uint64_t /*id*/, HttpRequest request) override {
    const std::string& text = request.talk ? request.talk->message : request.body;
    calls_->push_back(read_call(request.endpoint->name, text));
  }
  void cancel(std::uint64_t /*id*/) override {}
  std::uint64_t received(std::uint64_t /*id*/) const override { return 0; }
  std::vector<HttpFinished> wait(std::chrono::milliseconds /*at_most*/) override { return {}; }

 private:
  std::shared_ptr<std::vector<FirstCall>> calls_;
};

RpcOptions silenced(RpcOptions options, const std::shared_ptr<std::vector<FirstCall>>& calls) {
  options.seams.transport = [calls] { return std::make_unique<SilentTransport>(calls); };
  // No deadline passes while files are read, and nothing is waited for.
  options.seams.now = [] { return std::chrono::steady_clock::time_point{}; };
  options.interrupted = [] { return true; };
  // What an endpoint has no place for yet is sent to it all the same, when others have been answered.
  for (Endpoint& endpoint : options.endpoints) {
    endpoint.limits.requests_at_once = std::numeric_limits<std::uint32_t>::max();
  }
  return options;
}

}  // namespace

Result<std::unique_ptr<Rehearsal>> Rehearsal::open(LiveOptions options) {
  std::unique_ptr<Rehearsal> rehearsal(new Rehearsal());
  if (options.rpc) options.rpc = silenced(std::move(*options.rpc), rehearsal->calls_);
  auto live = LiveSource::open(std::move(options));
  if (!live) return failure(live.error());
  rehearsal->live_ = std::move(*live);
  return rehearsal;
}

std::vector<Answered> Rehearsal::next() {
  std::vector<Answered> answered = live_->next();
  is_over_ = answered.empty();
  return answered;
}

}  // namespace readyctl
