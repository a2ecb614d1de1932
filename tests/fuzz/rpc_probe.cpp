// What one endpoint answers to a question put to it alone: from the body of its response to the value a gate gets.
#include "facts/endpoints.hpp"
#include "fuzz/property.hpp"
#include "sources/rpc_call.hpp"

using namespace readyctl;

namespace {

Call probe_call() {
  Call call;
  call.kind = Call::Kind::probe;
  call.requests.emplace_back(ProbeRequest{"fuzz", "getAccountInfo", Json::array()});
  call.id = 7;
  return call;
}

}  // namespace

FUZZ_TARGET(rpc_probe) {
  static const Call call = probe_call();
  const HttpResponse response{200, "application/json", std::nullopt, fuzz::text_in(data, size)};
  const auto reply = read_response(call, response, Secrets(), Time{0});
  if (!reply) return 0;
  fuzz::require(reply->payloads.size() == 1 && reply->payloads.front().has_value(), "a probe has one answer");

  const Observation seen{"fuzz", reply->slot, Time{0}, std::chrono::milliseconds(1), *reply->payloads.front()};
  const auto probe = facts::probe(std::get<ProbeRequest>(call.requests.front())).read(seen);
  fuzz::require(probe.has_value(), "what an endpoint answers, a fact reads");
  if (const auto hash = genesis_hash_in(*probe)) fuzz::require(probe->result == Json(to_string(*hash)), "a hash");
  if (const auto slot = slot_in(*probe)) fuzz::require(probe->result == Json(slot->value), "a slot");
  if (const auto health = health_in(*probe)) fuzz::require(*health == "ok", "health is ok or a fault");
  if (const auto clock = clock_in(*probe)) fuzz::require(clock->unix_timestamp >= 0, "a block time is after 1970");
  latest_blockhash_in(*probe);
  blockhash_validity_in(*probe);
  account_in(*probe, Pubkey{});
  return 0;
}
