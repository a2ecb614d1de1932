#include "facts/simulation.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "facts/json_member.hpp"
#include "facts/network_text.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {
namespace {

constexpr auto simulate_transaction = "simulateTransaction";

tl::unexpected<Refusal> bad_answer(const std::string& what) {
  return unobtainable(
      {"malformed", std::string(simulate_transaction) + " answered what it must not: " + what, Retry::other_endpoint});
}

// "Program <address> invoke [1]", "… success", "… failed: …": the runtime's own lines around those of programs.
bool is_frame(const std::string& line) {
  constexpr std::string_view program = "Program ";
  if (!line.starts_with(program)) return false;
  const std::string address = line.substr(program.size(), line.find(' ', program.size()) - program.size());
  return parse_pubkey(address).has_value();
}

std::optional<std::string> reason_in(const Json& logs) {
  for (auto line = logs.rbegin(); line != logs.rend(); ++line) {
    const auto& text = line->get_ref<const std::string&>();
    if (!is_frame(text)) return shown(text);
  }
  return std::nullopt;
}

bool are_lines(const Json& logs) {
  return logs.is_array() && std::all_of(logs.begin(), logs.end(), [](const Json& line) { return line.is_string(); });
}

Reading<Simulation> read_simulation(const Json& result) {
  const Json& slot = member(member(result, "context"), "slot");
  const Json& value = member(result, "value");
  const Json& logs = member(value, "logs");
  const Json& units = member(value, "unitsConsumed");
  if (!slot.is_number_unsigned()) return bad_answer("no context slot");
  if (!value.is_object() || !value.contains("err")) return bad_answer("nothing that says whether there was an error");
  const Json& error = value["err"];
  if (!error.is_null() && !error.is_string() && !error.is_object()) return bad_answer("an error that is none");
  if (!logs.is_null() && !are_lines(logs)) return bad_answer("a log that is no list of lines");
  if (!units.is_null() && !units.is_number_unsigned()) return bad_answer("compute units that are no number");

  Simulation simulation;
  simulation.slot = Slot{slot.get<std::uint64_t>()};
  if (!units.is_null()) simulation.units = units.get<std::uint64_t>();
  if (error.is_null()) return simulation;
  simulation.error =
      shown(error.is_string() ? error.get<std::string>() : error.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!logs.is_null()) simulation.reason = reason_in(logs);
  return simulation;
}

}  // namespace

namespace facts {

Fact<Simulation> simulation(ByteView transaction) {
  const Json options = {
      {"commitment", "finalized"}, {"encoding", "base64"}, {"replaceRecentBlockhash", true}, {"sigVerify", false}};
  const RpcRequest request{simulate_transaction, Json::array({to_base64(transaction), options})};
  return fact_of<Simulation>(request, [](const Payload& payload, const Observation&) {
    return read_simulation(member(payload.head, "result"));
  });
}

}  // namespace facts
}  // namespace readyctl
