// rpc-health: can the endpoints that this release depends on be relied on right now?
//
// Reads     the list of endpoints with the release's cluster, and the wall clock (a round that needs no network); of
//           each endpoint its genesis hash, health, finalized slot and blockhash, Clock sysvar, and what the parameters
//           ask for; then the blockhashes of the others, and the block at a slot that all have. 3 rounds; 2 where no
//           endpoint can judge another
// pass      at least `minHealthy` endpoints are healthy, of at least `minProviders` providers and of as many as must
//           agree in the run, and their reads agree
// fail      fewer, and for each endpoint that is not it is said why; reads that differ; a gate that names
//           another cluster than the release
// Source    the JSON-RPC of Agave; Clock: solana-sdk clock
//
// An endpoint that does not answer is unhealthy: here that is an answer, not a missing one.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/endpoints.hpp"
#include "facts/local.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/compared_blocks.hpp"
#include "kinds/endpoint_agreement.hpp"
#include "kinds/endpoint_health.hpp"

namespace readyctl {
namespace {

/// 32 bytes by which a cluster is known.
struct GenesisHash {
  Pubkey bytes;
};

Result<GenesisHash> parse_genesis_hash(std::string_view text) {
  const auto bytes = parse_pubkey(text);
  if (!bytes) return malformed("", "no genesis hash: " + bytes.error().what);
  return GenesisHash{*bytes};
}

}  // namespace

template <>
struct FieldType<GenesisHash> : ParsedField<GenesisHash, parse_genesis_hash> {
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^[1-9A-HJ-NP-Za-km-z]{32,44}$"}}; }
  static std::string words() { return "genesis hash, base58"; }
};

namespace {

struct RpcHealth {
  std::uint32_t min_healthy = 0;
  std::uint32_t max_slot_lag = 0;
  std::uint32_t max_block_age_seconds = 0;
  std::optional<std::uint32_t> max_latency_ms;
  std::optional<LatencyBounds> latency;
  std::optional<std::uint32_t> max_block_height_lag;
  std::optional<std::uint32_t> min_certificate_days;
  bool compare_blocks = false;
  std::optional<std::uint32_t> min_providers;
  std::optional<GenesisHash> genesis_hash;
  std::vector<std::string> methods;
  std::vector<Pubkey> reads;
  std::optional<HistoryBounds> history;
  std::vector<Pubkey> parsed_token_accounts;
  bool websocket = false;

  static constexpr auto fields() {
    using Gate = RpcHealth;
    return std::tuple{
        required("minHealthy", &Gate::min_healthy, "how many endpoints must be healthy, 1 or more"),
        required("maxSlotLag", &Gate::max_slot_lag, "how many finalized slots one may be behind the highest seen"),
        required("maxBlockAgeSeconds", &Gate::max_block_age_seconds,
                 "how old its newest finalized block may be; also how far ahead of this machine's clock"),
        optional("maxLatencyMs", &Gate::max_latency_ms, "how long its slowest answer to a small question may take"),
        optional("latency", &Gate::latency, "percentiles of how long it takes, over several tries"),
        optional("maxBlockHeightLag", &Gate::max_block_height_lag,
                 "how many finalized blocks one may be below the highest seen"),
        optional("minCertificateDays", &Gate::min_certificate_days,
                 "for how many days the TLS certificate of each must still be valid; plain HTTP has none, and fails "
                 "where it leaves this machine"),
        optional(
            "compareBlocks", &Gate::compare_blocks,
            "whether all must have the same block at the newest finalized slot that each has reached, one made within "
            "maxBlockAgeSeconds"),
        optional("minProviders", &Gate::min_providers,
                 "how many providers the healthy ones must have; those without a provider count as none, or as one "
                 "where all are"),
        optional("genesisHash", &Gate::genesis_hash,
                 "the cluster that this gate is for; endpoints are held to the release's in any case, and a gate for "
                 "another one fails"),
        optional("methods", &Gate::methods, "JSON-RPC methods that must be served; they are called without parameters"),
        optional("reads", &Gate::reads, "accounts that each must serve, and the same of"),
        optional("history", &Gate::history, "how far back each must remember"),
        optional("parsedTokenAccounts", &Gate::parsed_token_accounts,
                 "token accounts that each must serve as JSON (jsonParsed)"),
        optional("webSocket", &Gate::websocket,
                 "whether each must tell of new slots over its WebSocket (slotSubscribe), within maxSlotLag of what it "
                 "answers"),
    };
  }
  Result<void> validate(const Place& place) const;

  HealthBounds bounds(const Pubkey& cluster) const {
    return {cluster,
            max_slot_lag,
            max_block_age_seconds,
            max_latency_ms,
            max_block_height_lag,
            min_certificate_days,
            reads,
            methods,
            {history.value_or(HistoryBounds{}), parsed_token_accounts, websocket, max_slot_lag},
            latency.value_or(LatencyBounds{})};
  }
};

Result<void> RpcHealth::validate(const Place& place) const {
  if (min_healthy == 0)
    return (place / "minHealthy").malformed("expects no endpoint to be healthy", "ask for 1 or more");
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (std::all_of(methods[i].begin(), methods[i].end(), is_letter)) continue;
    return (place / "methods" / i).malformed("\"" + printable(methods[i]) + "\" is no name of a method");
  }
  return {};
}

using Endpoints = std::vector<EndpointHealth>;

// --- the first look ---

std::vector<Fact<Probe>> questions_for(const std::vector<EndpointInfo>& endpoints, const HealthBounds& bounds) {
  std::vector<Fact<Probe>> questions;
  for (const EndpointInfo& endpoint : endpoints) {
    const auto own = health_questions(endpoint.name, bounds);
    questions.insert(questions.end(), own.begin(), own.end());
  }
  return questions;
}

Endpoints first_look(const std::vector<EndpointInfo>& infos, const HealthBounds& bounds,
                     const std::vector<Probe>& probes, Time now) {
  Endpoints endpoints;
  const auto each = static_cast<std::ptrdiff_t>(probes.size() / infos.size());
  auto next = probes.begin();
  for (const EndpointInfo& info : infos) {
    endpoints.emplace_back(info, bounds, std::vector<Probe>(next, next + each), now);
    next += each;
  }
  Slot highest;
  for (const EndpointHealth& one : endpoints) {
    if (one.is_on_right_cluster() && one.slot()) highest = std::max(highest, *one.slot());
  }
  for (EndpointHealth& one : endpoints) one.judge_lag(highest);
  std::uint64_t highest_block = 0;
  for (const EndpointHealth& one : endpoints) {
    if (one.is_on_right_cluster()) highest_block = std::max(highest_block, one.block_height().value_or(0));
  }
  for (EndpointHealth& one : endpoints) one.judge_height_lag(highest_block);
  return endpoints;
}

// The endpoints are held to the release's cluster. A gate that was written for another one does not fit the release.
void judge_cluster(const RpcHealth& gate, const Pubkey& genesis_hash, Judgement& judgement) {
  if (!gate.genesis_hash) return;
  const std::string expected = cluster_in_words(genesis_hash);
  const std::string found = cluster_in_words(gate.genesis_hash->bytes);
  judgement.expect(gate.genesis_hash->bytes == genesis_hash, {"cluster of the gate", expected, found},
                   "the gate is for the cluster " + found + ", the release for " + expected);
}

// --- how many ---

struct Healthy {
  std::vector<const EndpointHealth*> endpoints;
  std::vector<std::string> troubles;  ///< of the others
  std::set<std::string> providers;

  explicit Healthy(const Endpoints& all) {
    for (const EndpointHealth& one : all) {
      if (!one.is_healthy()) {
        troubles.push_back(one.words());
        continue;
      }
      endpoints.push_back(&one);
      if (one.provider()) providers.insert(*one.provider());
    }
  }

  // An endpoint that does not name its provider may be of one of those that do.
  std::size_t provider_count() const { return providers.empty() && !endpoints.empty() ? 1 : providers.size(); }
};

void judge_numbers(const RpcHealth& gate, const Healthy& healthy, std::size_t all, Judgement& judgement) {
  const std::size_t count = healthy.endpoints.size();
  const std::string found = std::to_string(count) + " of " + counted(all, "endpoint") + " healthy";
  const std::string expected = "at least " + std::to_string(gate.min_healthy);
  const std::string why = healthy.troubles.empty() ? "" : ": " + join(healthy.troubles, "; ");
  judgement.rests_on(EndpointsRequest{});
  judgement.expect(count >= gate.min_healthy, {"healthy endpoints", expected, found},
                   found + ", expected " + expected + why);
  if (!gate.min_providers) return;

  const std::vector<std::string> names(healthy.providers.begin(), healthy.providers.end());
  const std::string providers =
      counted(healthy.provider_count(), "provider") + (names.empty() ? ", not named" : ": " + join(names, ", "));
  const std::string least = "at least " + std::to_string(*gate.min_providers);
  judgement.expect(healthy.provider_count() >= *gate.min_providers,
                   {"providers of healthy endpoints", least, providers},
                   "the healthy endpoints have " + providers + "; expected " + least);
}

// Fewer than must agree may lie alike, and would pass by their own word.
void judge_voices(const Quorum& quorum, const Healthy& healthy, Judgement& judgement) {
  if (quorum.needed <= 1) return;
  std::set<std::size_t> voters;
  for (const EndpointHealth* one : healthy.endpoints) {
    if (const auto voter = quorum.voter_of(one->name())) voters.insert(*voter);
  }
  const std::string found = counted(voters.size(), "provider");
  const std::string least = std::to_string(quorum.needed) + " of " + std::to_string(quorum.voters.size());
  judgement.expect(voters.size() >= quorum.needed, {"providers that could agree", least, found},
                   "the healthy endpoints are of " + found + ", and " + least + " must agree in this run");
}

void add_caveats(const Healthy& healthy, const std::set<std::string>& known_blockhashes, Judgement& judgement) {
  for (const std::string& trouble : healthy.troubles) judgement.caveat("unhealthy " + trouble);
  if (healthy.endpoints.size() == 1) {
    return judgement.caveat("this rests on the word of one endpoint: there is no other to compare it with");
  }
  for (const EndpointHealth* one : healthy.endpoints) {
    if (known_blockhashes.contains(one->name())) continue;
    judgement.caveat("no other endpoint could say whether the blockhash of " + one->name() + " is valid");
  }
}

Finding conclude(const RpcHealth& gate, const RunEndpoints& run, const Quorum& quorum, const Endpoints& endpoints,
                 const std::set<std::string>& known_blockhashes, const ComparedBlocks& blocks) {
  Judgement judgement;
  const Healthy healthy(endpoints);
  judge_numbers(gate, healthy, endpoints.size(), judgement);
  judge_voices(quorum, healthy, judgement);
  judge_cluster(gate, run.genesis_hash, judgement);
  judge_reads(endpoints, gate.max_slot_lag, judgement);
  blocks.judge(judgement);
  add_caveats(healthy, known_blockhashes, judgement);

  std::vector<std::string> names;
  for (const EndpointHealth* one : healthy.endpoints) names.push_back(one->name());
  Finding finding = judgement.conclude(std::to_string(names.size()) + " of " + counted(endpoints.size(), "endpoint") +
                                       " healthy: " + join(names, ", "));
  for (const EndpointHealth& one : endpoints) {
    finding.observations.insert(finding.observations.end(), one.observations().begin(), one.observations().end());
  }
  return finding;
}

Task<Finding> evaluate(RpcHealth gate) {
  auto start = co_await all(facts::endpoints(), facts::quorum(), facts::now());
  const auto& [run, quorum, now] = start;
  const HealthBounds bounds = gate.bounds(run.genesis_hash);

  const std::vector<Fact<Probe>> questions = questions_for(run.list, bounds);
  const std::vector<Probe> answers = co_await each(questions);
  Endpoints endpoints = first_look(run.list, bounds, answers, now);

  const std::vector<Confirmation> confirmations = confirmations_among(endpoints);
  ComparedBlocks blocks(gate.compare_blocks, endpoints);
  std::vector<Fact<Probe>> doubts = questions_for(confirmations, endpoints);
  blocks.add_questions(endpoints, doubts);
  const std::vector<Probe> judged = co_await each(doubts);
  const std::set<std::string> known_blockhashes = judge_blockhashes(confirmations, judged, endpoints);
  blocks.take({judged.begin() + static_cast<std::ptrdiff_t>(confirmations.size()), judged.end()}, now, endpoints);
  co_return conclude(gate, run, quorum, endpoints, known_blockhashes, blocks);
}

}  // namespace

GateKind rpc_health() {
  return gate_kind<RpcHealth>(
      {.name = "rpc-health",
       .asks = "Can the endpoints that this release depends on be relied on right now?",
       .reads =
           "the list of endpoints and the wall clock; of each endpoint its genesis hash, health, finalized slot, "
           "blockhash and clock, and what the parameters ask for; then the blockhashes of the others, and the block "
           "at a slot that all have; three rounds, the first without network",
       .passes =
           "enough endpoints are healthy, of enough providers (with a quorum, of as many as must agree), and what "
           "they serve agrees. Healthy: on the "
           "release's cluster, says so itself, fresh, with a blockhash that others know, answers in time, remembers "
           "and serves what is declared",
       .fails =
           "fewer; each endpoint that is not healthy is named with everything that is wrong with it: another "
           "cluster, no answer, a malformed answer, unhealthy, behind in slots or blocks, an old block, a clock that "
           "disagrees, a blockhash that others do not know, too slow, a method not served, a history that begins "
           "too late, a transaction not known, token accounts not served as JSON, a WebSocket that is not declared, is "
           "silent or "
           "elsewhere than its endpoint, a certificate that runs out too soon; also: reads or finalized blocks "
           "that differ between endpoints, too few providers, a gate that names another cluster than the release",
       .why = "A cutover through an endpoint that lags, or is on another cluster, confirms what did not happen.",
       .remedy = "use another endpoint, or wait until it has caught up and run again",
       .valid_for = std::nullopt},
      evaluate);
}

}  // namespace readyctl
