#include "properties/mix.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "properties/dice.hpp"
#include "properties/lies.hpp"
#include "solana/sysvars.hpp"
#include "solana/well_known.hpp"
#include "sources/live_rpc.hpp"

namespace readyctl::test {
namespace {

using std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;

// Time that passes only while nothing else can happen.
struct VirtualTime {
  Instant now{};
  Time wall;

  void pass(Instant::duration span) {
    now += span;
    wall = wall + std::chrono::ceil<milliseconds>(span);
  }
};

// --- what an honest endpoint answers --------------------------------------------------------------------------------

Json account_json(const HeldAccount& held, const Json& options) {
  const Account& account = held.account;
  const bool zstd = options.value("encoding", "") == "base64+zstd";
  Json data = Json::array({zstd ? held.zstd_base64 : held.base64, zstd ? "base64+zstd" : "base64"});
  if (options.contains("dataSlice")) {
    const std::size_t begin = std::min(options["dataSlice"]["offset"].get<std::size_t>(), account.data->size());
    const std::size_t size = std::min(options["dataSlice"]["length"].get<std::size_t>(), account.data->size() - begin);
    data = Json::array({to_base64(account.bytes().subspan(begin, size)), "base64"});
  }
  return {{"lamports", account.lamports.value},
          {"owner", to_string(account.owner)},
          {"executable", account.executable},
          {"data", std::move(data)},
          {"rentEpoch", UINT64_MAX},
          {"space", account.space}};
}

class Node {
 public:
  Node(const World& world, Slot slot) : world_(world), slot_(slot) {}

  /// {"result": …} or {"error": …}.
  Json answer(const std::string& method, const Json& params) const {
    if (method == "getGenesisHash") return {{"result", world_.genesis_hash}};
    if (method == "getHealth") return {{"result", "ok"}};
    if (method == "getSlot") return {{"result", slot_.value}};
    if (method == "getBlockHeight") return {{"result", slot_.value}};
    if (method == "getBlock") return {{"result", {{"blockhash", world_.genesis_hash}, {"blockTime", time_of_chain()}}}};
    if (method == "isBlockhashValid") return in_context(true);
    if (method == "getLatestBlockhash") {
      return in_context({{"blockhash", world_.genesis_hash}, {"lastValidBlockHeight", slot_.value}});
    }
    if (method == "getSignaturesForAddress") return {{"result", said_of(world_.histories, params[0], Json::array())}};
    if (method == "getTransaction") return {{"result", said_of(world_.transactions, params[0], nullptr)}};
    if (method == "getProgramAccounts") return in_context(world_.found);
    if (method == "simulateTransaction") return in_context(simulated());
    if (method != "getAccountInfo" && method != "getMultipleAccounts") return error(-32601, "Method not found");
    const Json options = params.size() > 1 ? params[1] : Json::object();
    if (options.value("minContextSlot", std::uint64_t{0}) > slot_.value) {
      return error(-32016, "Minimum context slot has not been reached");
    }
    if (method == "getAccountInfo") return in_context(one(params[0], options));
    Json values = Json::array();
    for (const Json& address : params[0]) values.push_back(one(address, options));
    return in_context(values);
  }

  static Json error(std::int64_t code, const std::string& message) {
    return {{"error", {{"code", code}, {"message", message}}}};
  }

 private:
  Json one(const std::string& address, const Json& options) const {
    const auto found = world_.accounts.find(address);
    return found == world_.accounts.end() ? Json() : account_json(found->second, options);
  }
  std::int64_t time_of_chain() const {
    return decode_clock(world_.accounts.at(to_string(known::clock)).account.bytes())->unix_timestamp;
  }
  static Json said_of(const std::map<std::string, Json>& answers, const std::string& asked, Json otherwise) {
    const auto found = answers.find(asked);
    return found == answers.end() ? std::move(otherwise) : found->second;
  }
  // Each node simulates with a blockhash of its own.
  Json simulated() const {
    Json value = world_.simulated;
    value["replacementBlockhash"] = {{"blockhash", to_string(known::rent)}, {"lastValidBlockHeight", slot_.value}};
    return value;
  }
  Json in_context(Json value) const {
    return {{"result", {{"context", {{"slot", slot_.value}}}, {"value", std::move(value)}}}};
  }

  const World& world_;
  Slot slot_;
};

// --- what a faulty one makes of it ----------------------------------------------------------------------------------

using Outcome = tl::expected<HttpResponse, Unobtainable>;

HttpResponse page(int status, std::string body, std::string type = "text/html") {
  HttpResponse response{status, std::move(type), std::nullopt, std::move(body)};
  response.connection = ConnectionSeen{ConnectionSeen::Kind::plain_on_machine};
  return response;
}

HttpResponse json(const std::string& body) { return page(200, body, "application/json"); }

// Each account in the reply, wherever it stands.
template <class Change>
void change_accounts(Json& reply, Change change) {
  const Json::json_pointer at("/result/value");
  if (!reply.contains(at)) return;
  Json& value = reply[at];
  if (value.is_object() && value.contains("data")) change(value);
  if (!value.is_array()) return;
  for (Json& one : value) {
    if (one.is_object() && one.contains("data")) change(one);
  }
}

// A fault of the reply's JSON.
void spoil(Fault fault, Json& reply, Dice& dice) {
  switch (fault) {
    case Fault::both_result_and_error:
      reply["error"] = {{"code", -32005}, {"message", "Node is unhealthy"}};
      break;
    case Fault::other_id:
      reply["id"] = dice.percent(50) ? Json(reply["id"].get<std::uint64_t>() + 1) : Json(reply["id"].dump());
      break;
    case Fault::null_result:
      if (reply.contains("result")) reply["result"] = nullptr;
      break;
    case Fault::no_context:
      if (reply.contains("result") && reply["result"].is_object()) {
        reply["result"].erase("context");
        if (reply["result"].contains("value") && reply["result"]["value"].is_object())
          reply["result"]["value"] = nullptr;
      }
      break;
    case Fault::other_type:
      change_accounts(reply, [](Json& account) { account["lamports"] = account["lamports"].dump(); });
      break;
    case Fault::bad_base64:
      change_accounts(reply, [](Json& account) {
        auto& text = account["data"][0].get_ref<std::string&>();
        text = text.empty() ? "A" : text.substr(0, text.size() - 1) + "*";
      });
      break;
    case Fault::wrong_length:
      change_accounts(reply, [](Json& account) { account["space"] = account["space"].get<std::uint64_t>() + 1; });
      break;
    case Fault::short_list:
      if (reply.contains("result") && reply["result"].is_object() &&
          reply["result"].value("value", Json()).is_array()) {
        reply["result"]["value"].erase(0);
      }
      break;
    case Fault::slot_of_the_future:
      if (reply.contains(Json::json_pointer("/result/context/slot")))
        reply["result"]["context"]["slot"] = UINT64_MAX - 1;
      break;
    default:
      break;
  }
}

std::string text_of_reply(Fault fault, Json reply, Dice& dice) {
  spoil(fault, reply, dice);
  std::string text = reply.dump();
  switch (fault) {
    case Fault::half:
      return text.substr(0, dice.below(text.size()));
    case Fault::trailing:
      return text + text;
    case Fault::result_twice:
      text.insert(text.size() - 1, R"(,"result":null)");
      return text;
    case Fault::huge_number:
      return R"({"jsonrpc":"2.0","id":1e400,"result":18446744073709551616})";
    case Fault::empty:
      return "";
    default:
      return text;
  }
}

HttpResponse throttled(bool says_when) {
  HttpResponse response = page(429, "slow down");
  if (says_when) response.retry_after = "3";
  return response;
}

Json refusal(Fault fault) {
  switch (fault) {
    case Fault::node_behind:
      return Node::error(-32005, "Node is behind by 42 slots");
    case Fault::pruned:
      return Node::error(-32007, "Slot was skipped, or missing due to ledger jump to recent snapshot");
    case Fault::method_missing:
      return Node::error(-32601, "Method not found");
    default:
      return Node::error(-32602, "Invalid params");
  }
}

Outcome outcome_of(Fault fault, Json reply, Dice& dice) {
  switch (fault) {
    case Fault::reset:
      return tl::unexpected(Unobtainable{"unreachable", "the connection was reset", Retry::now});
    case Fault::html:
      return page(200, "<html>sign in</html>");
    case Fault::server_error:
      return page(502, "<html>bad gateway</html>");
    case Fault::too_many:
      return throttled(false);
    case Fault::too_many_for_a_while:
      return throttled(true);
    case Fault::forbidden:
      return page(403, "");
    case Fault::redirect:
      return page(302, "");
    case Fault::node_behind:
    case Fault::pruned:
    case Fault::method_missing:
    case Fault::refused_parameters: {
      reply.erase("result");
      reply.erase("error");
      reply.update(refusal(fault));
      return json(reply.dump());
    }
    default:
      return json(text_of_reply(fault, std::move(reply), dice));
  }
}

// --- the transport --------------------------------------------------------------------------------------------------

class FaultyTransport final : public Transport {
 public:
  FaultyTransport(const World& world, const World& told, const Mix& mix, std::shared_ptr<VirtualTime> time)
      : world_(world), told_(told), mix_(mix), time_(std::move(time)), begin_(time_->now), dice_(mix.seed) {
    for (const MixedEndpoint& one : mix.endpoints) is_elsewhere_.push_back(has(one, Fault::other_cluster));
  }

  void start(std::uint64_t id, HttpRequest request) override {
    const auto index = static_cast<std::size_t>(std::stoul(request.endpoint->name.substr(1)));
    const Json asked = Json::parse(request.body);
    const std::optional<Fault> fault = fault_of(mix_.endpoints[index]);
    if (fault == Fault::hang) return;
    auto outcome = answer(index, asked, fault);
    const auto latency = milliseconds(1 + dice_.below(200));
    under_way_.emplace(id, Pending{time_->now + latency, latency, std::move(outcome)});
  }

  void cancel(std::uint64_t id) override { under_way_.erase(id); }
  std::uint64_t received(std::uint64_t) const override { return 0; }

  std::vector<HttpFinished> wait(milliseconds at_most) override {
    Instant until = time_->now + std::max(at_most, milliseconds(1));
    for (const auto& [id, pending] : under_way_) until = std::min(until, pending.due);
    if (until > time_->now) time_->pass(until - time_->now);
    std::vector<HttpFinished> finished;
    for (auto item = under_way_.begin(); item != under_way_.end();) {
      if (item->second.due > time_->now) {
        ++item;
        continue;
      }
      finished.push_back({item->first, std::move(item->second.outcome), item->second.elapsed});
      item = under_way_.erase(item);
    }
    return finished;
  }

 private:
  struct Pending {
    Instant due;
    milliseconds elapsed;
    Outcome outcome;
  };

  static bool has(const MixedEndpoint& endpoint, Fault fault) {
    return std::find(endpoint.faults.begin(), endpoint.faults.end(), fault) != endpoint.faults.end();
  }

  std::optional<Fault> fault_of(const MixedEndpoint& endpoint) {
    if (endpoint.faults.empty() || !dice_.percent(endpoint.percent)) return std::nullopt;
    return endpoint.faults[dice_.below(endpoint.faults.size())];
  }

  // The newest slot: the chain goes on while endpoints are waited for.
  Slot newest() const {
    constexpr milliseconds slot_time{400};
    return Slot{world_.slot.value + static_cast<std::uint64_t>((time_->now - begin_) / slot_time)};
  }

  Outcome answer(std::size_t index, const Json& asked, std::optional<Fault> fault) {
    const std::uint64_t behind = fault == Fault::lagging ? 100 + dice_.below(1000) : dice_.below(3);
    const Node node(fault == Fault::other_release ? told_ : world_, Slot{newest().value - behind});
    const std::string method = asked["method"];
    Json reply = node.answer(method, asked.value("params", Json::array()));
    reply["jsonrpc"] = "2.0";
    reply["id"] = asked["id"];
    if (is_elsewhere_[index] && method == "getGenesisHash") {
      reply["result"] = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";
    }
    if (!fault || *fault == Fault::other_cluster) return json(reply.dump());
    if (is_lie(*fault)) tell(*fault, method, reply, time_->wall, dice_);
    return outcome_of(*fault, std::move(reply), dice_);
  }

  const World& world_;
  const World& told_;
  const Mix& mix_;
  std::shared_ptr<VirtualTime> time_;
  Instant begin_;
  Dice dice_;
  std::vector<bool> is_elsewhere_;
  std::map<std::uint64_t, Pending> under_way_;
};

}  // namespace

std::string_view to_string(Fault fault) {
  static constexpr std::array<std::string_view, fault_count> words{"hang",
                                                                   "reset",
                                                                   "html",
                                                                   "server-error",
                                                                   "too-many",
                                                                   "too-many-for-a-while",
                                                                   "forbidden",
                                                                   "redirect",
                                                                   "empty",
                                                                   "half",
                                                                   "trailing",
                                                                   "both-result-and-error",
                                                                   "result-twice",
                                                                   "other-id",
                                                                   "node-behind",
                                                                   "pruned",
                                                                   "method-missing",
                                                                   "refused-parameters",
                                                                   "null-result",
                                                                   "no-context",
                                                                   "other-type",
                                                                   "huge-number",
                                                                   "bad-base64",
                                                                   "wrong-length",
                                                                   "short-list",
                                                                   "lagging",
                                                                   "slot-of-the-future",
                                                                   "other-cluster",
                                                                   "other-release",
                                                                   "no-account",
                                                                   "invented-account",
                                                                   "other-owner",
                                                                   "other-lamports",
                                                                   "other-data",
                                                                   "other-slot",
                                                                   "other-blockhash",
                                                                   "other-clock",
                                                                   "fresh-clock",
                                                                   "empty-list",
                                                                   "entry-left-out",
                                                                   "entry-made-up",
                                                                   "other-transaction",
                                                                   "other-simulation"};
  return words.at(static_cast<std::size_t>(fault));
}

std::string Mix::words() const {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (endpoints[i].faults.empty()) continue;
    std::vector<std::string> names;
    for (const Fault fault : endpoints[i].faults) names.emplace_back(to_string(fault));
    parts.push_back("endpoint " + std::to_string(i) + " of " + std::to_string(endpoints.size()) + ", provider " +
                    std::to_string(endpoints[i].provider) + ": " + join(names, ", ") + " in " +
                    std::to_string(endpoints[i].percent) + " % of its answers");
  }
  return join(parts, "; ");
}

namespace {

// A lie that is told in few answers, or among many faults, misleads nobody: half of the mixes are of liars alone, some
// of whom tell one story throughout.
void put_faults(MixedEndpoint& endpoint, bool lies, bool is_one_story, Dice& dice) {
  endpoint.percent = is_one_story || dice.percent(40) ? 100 : static_cast<unsigned>(10 + dice.below(90));
  if (is_one_story) return endpoint.faults.push_back(Fault::other_release);
  for (std::uint64_t count = 1 + dice.below(4); count > 0; --count) {
    const std::uint64_t first = lies ? first_lie : 0;
    endpoint.faults.push_back(static_cast<Fault>(first + dice.below(fault_count - first)));
  }
}

// Two endpoints of one provider: the second is known by its domain.
RpcOptions options_for(const Mix& mix) {
  RpcOptions options;
  std::set<std::size_t> named;
  for (std::size_t i = 0; i < mix.endpoints.size(); ++i) {
    const std::string provider = "provider-" + std::to_string(mix.endpoints[i].provider);
    const std::string name = "e" + std::to_string(i);
    Endpoint endpoint{name, {}, {}, Url::parse_http("http://" + name + "." + provider + ".com").value(), {}, {}, {}};
    if (named.insert(mix.endpoints[i].provider).second) endpoint.provider = provider;
    options.endpoints.push_back(std::move(endpoint));
  }
  options.quorum = usual_quorum(voters_among(options.endpoints).size());
  return options;
}

}  // namespace

Mix mix_of(std::uint64_t seed) {
  Dice dice(seed);
  const std::size_t providers = 3 + dice.below(3);
  Mix mix = honest(providers);
  mix.seed = seed;
  mix.tale = dice.percent(50) ? 0 : dice.below(1000);
  for (std::size_t provider = 0; provider < providers; ++provider) {
    if (dice.percent(20)) mix.endpoints.push_back({provider, {}, 0});
  }
  const bool lies = dice.percent(50);
  const bool is_one_story = lies && dice.percent(30);
  std::set<std::size_t> faulty;
  const std::size_t wanted = 1 + dice.below((providers - 1) / 2);
  while (faulty.size() < wanted) faulty.insert(dice.below(providers));
  for (MixedEndpoint& endpoint : mix.endpoints) {
    if (faulty.contains(endpoint.provider)) put_faults(endpoint, lies, is_one_story, dice);
  }
  return mix;
}

Mix honest(std::size_t count) {
  Mix mix;
  for (std::size_t i = 0; i < count; ++i) mix.endpoints.push_back({i, {}, 0});
  return mix;
}

Mix one_of_three(Fault fault, std::size_t which) {
  Mix mix = honest(3);
  mix.endpoints.at(which).faults = {fault};
  mix.endpoints.at(which).percent = 100;
  return mix;
}

Run decide_under(const World& world, const World& told, const Mix& mix) {
  const auto time = std::make_shared<VirtualTime>(VirtualTime{{}, world.now});
  RpcOptions options = options_for(mix);
  options.genesis_hash = world.genesis_hash;
  options.seams.now = [time] { return time->now; };
  options.seams.wall_clock = [time] { return time->wall; };
  options.seams.chance = [] { return 0.5; };
  options.seams.transport = [&, time] { return std::make_unique<FaultyTransport>(world, told, mix, time); };
  RpcSource chain(options);
  WorldSource source(world, chain);
  return decide_plan_live(world.plan, source);
}

}  // namespace readyctl::test
