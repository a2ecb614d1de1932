#include "facts/endpoints.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/base64.hpp"
#include "facts/json_member.hpp"
#include "facts/network_text.hpp"
#include "facts/probe_reading.hpp"
#include "facts/unix_time.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// What can go wrong between us and an endpoint, or in what it says. Any other cause is about this run or its evidence.
constexpr std::array<std::string_view, 13> faults_of_an_endpoint{
    "behind",    "http-status", "malformed", "not-json-rpc", "pruned",      "rate-limited", "refused",
    "rpc-error", "timeout",     "tls",       "too-large",    "unreachable", "wrong-cluster"};

tl::unexpected<Refusal> bad_record(const std::string& what) { return unobtainable({"malformed", what, Retry::never}); }

std::optional<Bytes> base64_in(const Json& data) {
  const bool shaped = data.is_array() && data.size() == 2 && data[0].is_string() && data[1] == "base64";
  if (!shaped) return std::nullopt;
  auto bytes = from_base64(data[0].get_ref<const std::string&>());
  return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

Reading<Probe> read_probe(const ProbeRequest& request, const Payload& payload, const Observation& seen) {
  const Json& head = payload.head;
  Probe probe{request, Json(), seen.elapsed, seen.at};
  std::size_t members = 1;
  if (request.with_certificate) {
    const Json& recorded = member(head, "connection");
    if (recorded.is_null()) {
      return unobtainable({"missing", "the certificate of endpoint " + request.endpoint + " was not seen", Retry::now});
    }
    probe.connection = connection_in(recorded);
    if (!probe.connection) return bad_record("the record of " + words_for(Request(request)) + " tells no connection");
    ++members;
  }
  if (head.is_object() && head.size() == members && head.contains("result")) {
    probe.result = head["result"];
    return probe;
  }
  const Json& error = member(head, "error");
  const Json& code = member(error, "code");
  const Json& message = member(error, "message");
  if (head.size() != members || !code.is_number_integer() || !message.is_string()) {
    return bad_record("the record of " + words_for(Request(request)) + " is neither a result nor an error");
  }
  const std::string what = "error " + code.dump() + ": " + shown(message.get_ref<const std::string&>());
  probe.result = tl::unexpected(NoResult{code.get<std::int64_t>(), what});
  return probe;
}

std::optional<EndpointInfo> endpoint_in(const Json& value) {
  const auto is_text_or_null = [](const Json& text) { return text.is_null() || text.is_string(); };
  const Json& name = member(value, "name");
  const Json& provider = member(value, "provider");
  const Json& role = member(value, "role");
  if (!name.is_string() || name.empty() || !is_text_or_null(provider) || !is_text_or_null(role)) return std::nullopt;
  const auto text = [](const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<std::string>());
  };
  return EndpointInfo{name.get<std::string>(), text(provider), text(role)};
}

Reading<RunEndpoints> read_endpoints(const Json& head) {
  const Json& list = member(head, "endpoints");
  const auto genesis_hash = base58_in(member(head, "genesisHash"));
  if (!list.is_array()) return bad_record("the record of the endpoints is no list");
  if (!genesis_hash) return bad_record("the record of the endpoints does not say for which cluster the release is");
  if (list.empty()) return unobtainable({"no-endpoint", "this run has no endpoint to ask", Retry::never});
  RunEndpoints endpoints{{}, *genesis_hash};
  std::set<std::string> names;
  for (const Json& one : list) {
    auto endpoint = endpoint_in(one);
    if (!endpoint) return bad_record("the record of the endpoints holds one without name");
    if (!names.insert(endpoint->name).second) return bad_record("the record of the endpoints holds one name twice");
    endpoints.list.push_back(std::move(*endpoint));
  }
  return endpoints;
}

}  // namespace

Json json_of(const ConnectionSeen& connection) {
  switch (connection.kind) {
    case ConnectionSeen::Kind::tls:
      return {{"tls", {{"notAfter", to_string(connection.certificate_until)}}}};
    case ConnectionSeen::Kind::plain_on_machine:
      return {{"plain", "on this machine"}};
    case ConnectionSeen::Kind::plain:
      break;
  }
  return {{"plain", "over a network"}};
}

std::optional<ConnectionSeen> connection_in(const Json& recorded) {
  for (const auto kind : {ConnectionSeen::Kind::plain_on_machine, ConnectionSeen::Kind::plain}) {
    const ConnectionSeen plain{kind};
    if (recorded == json_of(plain)) return plain;
  }
  const Json& until = member(member(recorded, "tls"), "notAfter");
  const auto time = parse_time(until.is_string() ? until.get<std::string>() : "");
  if (!time) return std::nullopt;
  const ConnectionSeen tls{ConnectionSeen::Kind::tls, *time};
  return recorded == json_of(tls) ? std::optional(tls) : std::nullopt;
}

std::string words_for(const ProbeRequest& request) {
  const Json first = request.params.empty() ? Json() : request.params[0];
  if (request.method == "getAccountInfo" && first.is_string()) {
    const bool is_parsed = request.params.size() > 1 && member(request.params[1], "encoding") == "jsonParsed";
    return request.method + (is_parsed ? " as JSON of " : " of ") + first.get<std::string>();
  }
  if (request.method == "getBlock" && first.is_number_unsigned()) return request.method + " of slot " + first.dump();
  return request.method;
}

Said<Pubkey> genesis_hash_in(const Probe& probe) {
  const auto result = result_in(probe);
  if (!result) return tl::unexpected(result.error());
  const auto hash = base58_in(**result);
  if (!hash) return not_as_expected(probe, "it is no hash in base58");
  return *hash;
}

Said<std::string> health_in(const Probe& probe) {
  const auto result = result_in(probe);
  if (!result) return tl::unexpected(result.error());
  if (**result != "ok")
    return not_as_expected(
        probe, "expected \"ok\", found " + shown((*result)->dump(-1, ' ', false, Json::error_handler_t::replace)));
  return (*result)->get<std::string>();
}

Said<std::uint64_t> number_in(const Probe& probe) {
  const auto result = result_in(probe);
  if (!result) return tl::unexpected(result.error());
  if (!(*result)->is_number_unsigned()) {
    return not_as_expected(probe, "expected a whole number, found " + std::string(words_for_type(**result)));
  }
  if (!is_nameable(**result)) return not_as_expected(probe, "it is a number beyond 2^53, where no cluster gets");
  return (*result)->get<std::uint64_t>();
}

Said<Slot> slot_in(const Probe& probe) {
  return number_in(probe).map([](std::uint64_t number) { return Slot{number}; });
}

Said<LatestBlockhash> latest_blockhash_in(const Probe& probe) {
  const auto found = context_in(probe);
  if (!found) return tl::unexpected(found.error());
  const auto hash = base58_in(member(*found->value, "blockhash"));
  if (!hash) return not_as_expected(probe, "it has no blockhash in base58");
  if (!member(*found->value, "lastValidBlockHeight").is_number_unsigned()) {
    return not_as_expected(probe, "it has no last valid block height");
  }
  return LatestBlockhash{to_string(*hash), found->slot};
}

Said<BlockhashValidity> blockhash_validity_in(const Probe& probe) {
  const auto found = context_in(probe);
  if (!found) return tl::unexpected(found.error());
  if (!found->value->is_boolean()) return not_as_expected(probe, "it says neither true nor false");
  return BlockhashValidity{found->value->get<bool>(), found->slot};
}

Said<AccountSeen> account_in(const Probe& probe, const Pubkey& address) {
  const auto found = context_in(probe);
  if (!found) return tl::unexpected(found.error());
  if (found->value->is_null()) return AccountSeen{std::nullopt, found->slot};
  const auto owner = base58_in(member(*found->value, "owner"));
  auto data = base64_in(member(*found->value, "data"));
  const Json& lamports = member(*found->value, "lamports");
  const Json& executable = member(*found->value, "executable");
  const Json& space = member(*found->value, "space");  // old servers leave it out
  if (!owner || !data || !lamports.is_number_unsigned() || !executable.is_boolean()) {
    return not_as_expected(probe, "it is no account in base64");
  }
  if (!space.is_null() && space != data->size()) {
    return not_as_expected(probe, "it holds " + std::to_string(data->size()) + " bytes and claims another size");
  }
  const std::size_t size = data->size();
  const Account account{address,
                        *owner,
                        Lamports{lamports.get<std::uint64_t>()},
                        executable.get<bool>(),
                        size,
                        std::make_shared<const Bytes>(std::move(*data)),
                        found->slot};
  return AccountSeen{account, found->slot};
}

Said<Clock> clock_in(const Probe& probe) {
  const auto seen = account_in(probe, known::clock);
  if (!seen) return tl::unexpected(seen.error());
  if (!seen->account || seen->account->owner != known::sysvar_owner) {
    return not_as_expected(probe, "there is no Clock sysvar");
  }
  const auto clock = decode_clock(seen->account->bytes());
  if (!clock) return not_as_expected(probe, clock.error().what);
  if (!time_of_unix(clock->unix_timestamp)) {
    return not_as_expected(probe, "the block time is " + std::to_string(clock->unix_timestamp) + " s since 1970");
  }
  return *clock;
}

namespace facts {

Fact<RunEndpoints> endpoints() {
  return fact_of<RunEndpoints>(EndpointsRequest{},
                               [](const Payload& payload, const Observation&) { return read_endpoints(payload.head); });
}

Fact<Quorum> quorum() {
  return fact_of<Quorum>(EndpointsRequest{}, [](const Payload& payload, const Observation&) -> Reading<Quorum> {
    return quorum_in(payload.head);
  });
}

Fact<Probe> probe(ProbeRequest request) {
  return {request, [request](const Observation& seen) -> Reading<Probe> {
            if (seen.outcome) return read_probe(request, *seen.outcome, seen);
            const Unobtainable& why = seen.outcome.error();
            const bool is_its_fault = std::find(faults_of_an_endpoint.begin(), faults_of_an_endpoint.end(),
                                                why.cause) != faults_of_an_endpoint.end();
            if (!is_its_fault) return unobtainable(why);
            return Probe{request, tl::unexpected(NoResult{std::nullopt, why.what}), seen.elapsed, seen.at};
          }};
}

}  // namespace facts
}  // namespace readyctl
