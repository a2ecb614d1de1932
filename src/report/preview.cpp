#include "report/preview.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/printable_json.hpp"

namespace readyctl {
namespace {

bool is_local(const Request& request) {
  return std::holds_alternative<FileRequest>(request) || std::holds_alternative<GitRequest>(request) ||
         std::holds_alternative<ClockRequest>(request);
}

bool asks_an_endpoint(const Trace& trace) {
  return std::any_of(trace.begin(), trace.end(),
                     [](const auto& wait) { return !std::all_of(wait.begin(), wait.end(), is_local); });
}

Outlook outlook_of(const Preview& preview, std::size_t gate) {
  switch (preview.plan.gates[gate].disposition) {
    case Disposition::skip:
      return Outlook::skipped;
    case Disposition::leave_out:
      return Outlook::not_selected;
    case Disposition::decide:
      break;
  }
  if (preview.first.findings[gate].outcome == Outcome::not_run) return Outlook::waits;
  const bool is_missed = preview.endpoints.empty() && asks_an_endpoint(preview.first.traces[gate]);
  return is_missed ? Outlook::has_no_endpoint : Outlook::asks_no_endpoint;
}

// How a read of this machine came out, from the record that a run would keep of it.
LocalRead read_of(const Request& request, const std::string& path, const FactStore& facts) {
  const bool is_checkout = std::holds_alternative<GitRequest>(request);
  LocalRead read{is_checkout, path, std::nullopt, is_checkout ? "has no commit" : "does not exist"};
  const auto found = facts.find(key_of(request));
  if (found == facts.end()) return read;
  const Observation& seen = found->second.deciding();
  if (!seen.outcome) {
    read.trouble = seen.outcome.error().what;
    return read;
  }
  const Json identity = seen.outcome->head.value(is_checkout ? "commit" : "sha256", Json());
  if (identity.is_string()) read.identity = identity.get<std::string>();
  return read;
}

std::string word_for(Outlook outlook) {
  switch (outlook) {
    case Outlook::waits:
      return "waits";
    case Outlook::asks_no_endpoint:
      return "asks-no-endpoint";
    case Outlook::has_no_endpoint:
      return "has-no-endpoint";
    case Outlook::skipped:
      return "skipped";
    case Outlook::not_selected:
      break;
  }
  return "not-selected";
}

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

Json json_of_gates(const Preview& preview) {
  const std::vector<Outlook> outlooks = outlooks_of(preview);
  Json list = Json::array();
  for (std::size_t i = 0; i < outlooks.size(); ++i) {
    const PlannedGate& gate = preview.plan.gates[i];
    std::set<std::string> asks;
    for (const auto& wait : preview.first.traces[i]) {
      for (const Request& request : wait) asks.insert(key_of(request));
    }
    list.push_back({{"gate", gate.id},
                    {"kind", gate.definition.kind},
                    {"severity", gate.definition.severity == Severity::blocking ? "blocking" : "advisory"},
                    {"runs", gate.disposition == Disposition::decide},
                    {"outlook", word_for(outlooks[i])},
                    {"asks", asks}});
  }
  return list;
}

Json json_of_endpoints(const std::vector<EndpointInfo>& endpoints) {
  Json list = Json::array();
  for (const EndpointInfo& one : endpoints) {
    list.push_back({{"name", one.name}, {"provider", or_null(one.provider)}, {"role", or_null(one.role)}});
  }
  return list;
}

Json json_of_calls(const Preview& preview) {
  Json requests = Json::array();
  std::uint64_t sent_bytes = 0;
  for (const CallCount& count : counts_of(preview)) {
    sent_bytes += count.sent_bytes;
    requests.push_back({{"endpoint", count.endpoint},
                        {"method", count.method},
                        {"count", count.calls},
                        {"sentBytes", count.sent_bytes},
                        {"accounts", count.accounts},
                        {"dataBytesMax", count.data_bytes_max ? Json(*count.data_bytes_max) : Json()}});
  }
  return {{"requests", std::move(requests)},
          {"count", preview.calls.size()},
          {"sentBytes", sent_bytes},
          {"distinctAccounts", distinct_accounts(preview.calls)}};
}

Json json_of_local(const Preview& preview) {
  Json files = Json::array();
  Json checkouts = Json::array();
  for (const LocalRead& read : local_reads(preview)) {
    const Json trouble = read.identity ? Json() : Json(read.trouble);
    (read.is_checkout ? checkouts : files)
        .push_back({{"path", read.path},
                    {read.is_checkout ? "commit" : "sha256", or_null(read.identity)},
                    {"trouble", trouble}});
  }
  return {{"files", std::move(files)}, {"checkouts", std::move(checkouts)}};
}

}  // namespace

std::vector<Outlook> outlooks_of(const Preview& preview) {
  std::vector<Outlook> outlooks;
  for (std::size_t i = 0; i < preview.plan.gates.size(); ++i) outlooks.push_back(outlook_of(preview, i));
  return outlooks;
}

std::vector<CallCount> counts_of(const Preview& preview) {
  const auto position = [&](const std::string& name) {
    const auto found = std::find_if(preview.endpoints.begin(), preview.endpoints.end(),
                                    [&](const EndpointInfo& one) { return one.name == name; });
    return found - preview.endpoints.begin();
  };
  std::map<std::tuple<std::ptrdiff_t, std::string, bool>, CallCount> counts;
  for (const FirstCall& call : preview.calls) {
    CallCount& count = counts[{position(call.endpoint), call.method, call.data_bytes_max.has_value()}];
    count.endpoint = call.endpoint;
    count.method = call.method;
    ++count.calls;
    count.sent_bytes += call.sent_bytes;
    count.accounts += call.accounts.size();
    if (call.data_bytes_max) count.data_bytes_max = count.data_bytes_max.value_or(0) + *call.data_bytes_max;
  }
  std::vector<CallCount> list;
  for (auto& [key, count] : counts) list.push_back(std::move(count));
  return list;
}

std::size_t distinct_accounts(const std::vector<FirstCall>& calls) {
  std::set<std::string> accounts;
  for (const FirstCall& call : calls) accounts.insert(call.accounts.begin(), call.accounts.end());
  return accounts.size();
}

std::vector<LocalRead> local_reads(const Preview& preview) {
  std::map<std::pair<bool, std::string>, LocalRead> reads;
  for (const Trace& trace : preview.first.traces) {
    for (const auto& wait : trace) {
      for (const Request& request : wait) {
        const auto* file = std::get_if<FileRequest>(&request);
        const auto* git = std::get_if<GitRequest>(&request);
        if (file == nullptr && git == nullptr) continue;
        const std::string& path = file != nullptr ? file->path : git->checkout;
        reads.try_emplace({git != nullptr, path}, read_of(request, path, preview.first.facts));
      }
    }
  }
  std::vector<LocalRead> list;
  for (auto& [key, read] : reads) list.push_back(std::move(read));
  return list;
}

std::string render_json(const Preview& preview) {
  const Release& release = preview.manifest.release;
  Json to_sign = Json::array();
  for (const Signing& signing : preview.signings) to_sign.push_back(json_of(explain_signing(signing)));
  const Json json = {{"apiVersion", preview_schema},
                     {"release", release.name},
                     {"releaseId", to_string(preview.manifest.id)},
                     {"cluster", {{"name", release.cluster.name}, {"genesisHash", release.cluster.genesis_hash}}},
                     {"program", to_string(release.program)},
                     {"phase", or_null(preview.plan.phase)},
                     {"partial", preview.plan.partial},
                     {"gates", json_of_gates(preview)},
                     {"endpoints", json_of_endpoints(preview.endpoints)},
                     {"quorum", preview.quorum},
                     {"firstRound", json_of_calls(preview)},
                     {"local", json_of_local(preview)},
                     {"toSign", std::move(to_sign)}};
  return printable_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace readyctl
