// What an endpoint says of a transaction that it simulated: its answer, from the bytes of the response to the fact.
#include "facts/simulation.hpp"

#include <algorithm>

#include "fuzz/property.hpp"
#include "sources/rpc_call.hpp"

using namespace readyctl;

namespace {

bool is_harmless(const std::optional<std::string>& text) {
  const auto steers = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  // Four times: a byte that cannot be printed is spelled in four.
  return !text || (text->size() <= 4 * 200 + 3 && std::none_of(text->begin(), text->end(), steers));
}

}  // namespace

FUZZ_TARGET(simulation) {
  const auto fact = facts::simulation(Bytes{1, 2, 3});
  Call call;
  call.requests.push_back(fact.request);
  call.id = 7;
  const HttpResponse response{200, "application/json", std::nullopt, fuzz::text_in(data, size)};
  const auto reply = read_response(call, response, Secrets(), Time{0});
  if (!reply) return 0;
  fuzz::require(reply->payloads.size() == 1 && reply->payloads.front().has_value(), "a question has one answer");

  const Payload& payload = *reply->payloads.front();
  const auto simulation = fact.read({"fuzz", reply->slot, Time{0}, std::chrono::milliseconds(1), payload});
  if (!simulation) {
    fuzz::require(std::holds_alternative<Unobtainable>(simulation.error()), "a simulation is never absent");
    return 0;
  }
  fuzz::require(simulation->error || !simulation->reason, "only what failed has a reason");
  fuzz::require(is_harmless(simulation->error) && is_harmless(simulation->reason), "text is printable, and cut");
  const Json& value = payload.head.at("result").at("value");
  fuzz::require(value.at("err").is_null() == !simulation->error.has_value(), "an error is an error, and none is none");
  fuzz::require(!simulation->units || value.at("unitsConsumed") == *simulation->units, "units are those that it says");
  return 0;
}
