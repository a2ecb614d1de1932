#include "sources/rpc_call.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/invariant.hpp"
#include "sources/subscription.hpp"

namespace readyctl {
namespace {

constexpr std::size_t accounts_per_call_max = 100;

const Pubkey& address_of(const Request& request) { return std::get<AccountRequest>(request).address; }

Call make_call(Call::Kind kind, Request request) {
  Call call;
  call.kind = kind;
  call.requests.push_back(std::move(request));
  return call;
}

// The slot of a result that carries a context.
std::optional<Slot> context_slot(const Json& result) {
  if (!result.is_object()) return std::nullopt;
  const Json context = result.value("context", Json());
  if (!context.is_object()) return std::nullopt;
  const Json slot = context.value("slot", Json());
  if (!slot.is_number_unsigned()) return std::nullopt;
  return Slot{slot.get<std::uint64_t>()};
}

// The head as it will be read back from the evidence, so that a gate that is replayed sees what it saw live: a record
// cannot tell -0.0 from 0, nor 1.0 from 1, and there are depths that it cannot hold.
CallOutcome one_payload(const Json& head) {
  auto recorded = parse_json("[[[" + exact_json(head) + "]]]", "");  // as deep as it stands in a record
  if (!recorded) {
    return tl::unexpected<Trouble>(malformed_answer("it nests too deep to be kept"));
  }
  Json kept = std::move((*recorded)[0][0][0]);
  CallReply reply{kept.contains("result") ? context_slot(kept["result"]) : std::nullopt, {}};
  reply.payloads.emplace_back(Payload{std::move(kept), nullptr, nullptr});
  return reply;
}

CallOutcome read_probe(const Call& call, const HttpResponse& response, const Secrets& secrets, Time now) {
  const auto reply = is_over_websocket(call) ? notification_in(response, call.id, now)
                                             : reply_of(response, response.body, call.id, now);
  if (!reply) return tl::unexpected<Trouble>(reply.error());
  Json head = Json::object();
  const bool tells_connection = std::get<ProbeRequest>(call.requests.front()).with_certificate && response.connection;
  if (tells_connection) head["connection"] = json_of(*response.connection);
  if (!reply->error) {
    head["result"] = secrets.redact_json(reply->result);
    return one_payload(head);
  }
  Trouble trouble = trouble_of(*reply->error, response.status);
  if (!reply->is_identified || trouble.why.cause == "rate-limited") return tl::unexpected<Trouble>(std::move(trouble));
  head["error"] = {{"code", reply->error->code}, {"message", secrets.redact(reply->error->message)}};
  return one_payload(head);
}

CallOutcome read_account_response(const Call& call, HttpResponse response, Time now) {
  auto answer = read_accounts(std::move(response), call.id, call.question, now);
  if (!answer) return tl::unexpected<Trouble>(std::move(answer.error()));
  CallReply reply{answer->slot, std::move(answer->accounts)};
  for (std::size_t i = 0; i < reply.payloads.size(); ++i) {
    auto& payload = reply.payloads[i];
    if (!payload)
      payload =
          tl::unexpected<std::string>("account " + to_string(call.question.addresses[i]) + ": " + payload.error());
  }
  return reply;
}

}  // namespace

bool is_over_websocket(const Call& call) {
  return call.kind == Call::Kind::probe && std::get<ProbeRequest>(call.requests.front()).over_websocket;
}

std::vector<Call> calls_for(std::vector<Request> requests) {
  std::vector<Call> calls;
  std::map<std::optional<Slice>, std::vector<Request>> together;
  for (Request& request : requests) {
    if (const auto* account = std::get_if<AccountRequest>(&request)) {
      if (account->expects_code && !account->slice) {
        calls.push_back(make_call(Call::Kind::code, std::move(request)));
      } else {
        together[account->slice].push_back(std::move(request));
      }
    } else if (std::holds_alternative<ProbeRequest>(request)) {
      calls.push_back(make_call(Call::Kind::probe, std::move(request)));
    } else {
      invariant(std::holds_alternative<RpcRequest>(request), "a request that becomes a call is one for an RPC server");
      calls.push_back(make_call(Call::Kind::rpc, std::move(request)));
    }
  }
  for (auto& [slice, accounts] : together) {
    Call call;
    call.kind = Call::Kind::accounts;
    call.requests = std::move(accounts);
    while (std::optional<Call> rest = split(call, accounts_per_call_max)) {
      calls.push_back(std::move(call));
      call = std::move(*rest);
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

std::optional<Call> split(Call& call, std::size_t accounts_max) {
  if (call.kind != Call::Kind::accounts || call.requests.size() <= accounts_max) return std::nullopt;
  std::vector<Request> requests = std::exchange(call.requests, {});
  Call rest = call;
  const auto cut = requests.begin() + static_cast<std::ptrdiff_t>(accounts_max);
  rest.requests.assign(std::make_move_iterator(cut), std::make_move_iterator(requests.end()));
  requests.erase(cut, requests.end());
  call.requests = std::move(requests);
  return rest;
}

std::string body_of(Call& call, bool with_zstd, std::optional<Slot> min_slot) {
  if (call.kind == Call::Kind::genesis) return rpc_body(call.id, "getGenesisHash", Json::array());
  if (call.kind == Call::Kind::health) return rpc_body(call.id, "getHealth", Json::array());
  const Request& first = call.requests.front();
  call.question = {{}, std::nullopt, false, false, min_slot};
  if (const auto* rpc = std::get_if<RpcRequest>(&first)) return rpc_body(call.id, rpc->method, rpc->params);
  if (const auto* probe = std::get_if<ProbeRequest>(&first)) return rpc_body(call.id, probe->method, probe->params);

  const bool single = call.kind == Call::Kind::code;
  call.question = {{}, std::get<AccountRequest>(first).slice, single, single && with_zstd, min_slot};
  std::transform(call.requests.begin(), call.requests.end(), std::back_inserter(call.question.addresses), address_of);
  return accounts_body(call.id, call.question);
}

std::size_t answer_bytes_max(const Call& call) {
  constexpr std::size_t of_one_word = std::size_t{1} << 20;
  if (call.kind == Call::Kind::genesis || call.kind == Call::Kind::health) return of_one_word;
  const bool of_accounts = call.kind == Call::Kind::accounts || call.kind == Call::Kind::code;
  return of_accounts ? accounts_answer_bytes_max(call.requests.size()) : reply_text_bytes_max;
}

CallOutcome read_response(const Call& call, HttpResponse response, const Secrets& secrets, Time now) {
  switch (call.kind) {
    case Call::Kind::accounts:
    case Call::Kind::code:
      return read_account_response(call, std::move(response), now);
    case Call::Kind::probe:
      return read_probe(call, response, secrets, now);
    case Call::Kind::rpc:
    case Call::Kind::genesis:
    case Call::Kind::health:
      break;
  }
  const auto result = result_of(response, response.body, call.id, now);
  if (!result) return tl::unexpected<Trouble>(result.error());
  const std::optional<Slot> slot = context_slot(*result);
  if (slot && slot < call.question.min_slot) return tl::unexpected<Trouble>(behind(*slot, *call.question.min_slot));
  return one_payload({{"result", secrets.redact_json(*result)}});
}

}  // namespace readyctl
