// Endpoints of a run as they answer to rpc-health, healthy unless a test says otherwise.
#pragma once

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

#include "base/base64.hpp"
#include "kinds/catalogue.hpp"
#include "solana/well_known.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"

namespace readyctl::test {

inline const Time now = parse_time("2026-11-21T09:00:00Z").value();
inline const std::string mainnet(*genesis_hash_of("mainnet-beta"));
inline const std::string devnet(*genesis_hash_of("devnet"));
inline const Pubkey treasury = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;

// Any 32 bytes will do for a blockhash.
inline const std::string main_hash = "EkSnNWid2cvwEVnVx9aBqawnmiCNiDgp3gUdkDPTKN1N";
inline const std::string backup_hash = "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR";
inline const std::string third_hash = "CiDwVBFgWV9E5MvXWoLgnEgn2hK7rJikbvfWavzAQz3";

inline Payload result(Json value) { return {Json{{"result", std::move(value)}}, nullptr, nullptr}; }

inline Payload error(int code, const std::string& message) {
  return {Json{{"error", {{"code", code}, {"message", message}}}}, nullptr, nullptr};
}

inline Json in_context(std::uint64_t slot, Json value) {
  return {{"context", {{"slot", slot}}}, {"value", std::move(value)}};
}

inline Json account_json(const Pubkey& owner, const Bytes& data, std::uint64_t lamports = 5) {
  return {{"lamports", lamports},
          {"owner", to_string(owner)},
          {"executable", false},
          {"space", data.size()},
          {"data", {to_base64(data), "base64"}}};
}

inline Json clock_json(std::int64_t unix_seconds) {
  Bytes data;
  for (int i = 0; i < 4; ++i) put_u64(data, 0);
  put_u64(data, static_cast<std::uint64_t>(unix_seconds));
  return account_json(known::sysvar_owner, data);
}

inline ProbeRequest finalized(const std::string& endpoint, const std::string& method) {
  return {endpoint, method, Json::array({Json{{"commitment", "finalized"}}})};
}

inline ProbeRequest read_of(const std::string& endpoint, const Pubkey& address) {
  const Json how = {{"commitment", "finalized"}, {"encoding", "base64"}};
  return {endpoint, "getAccountInfo", Json::array({to_string(address), how})};
}

inline ProbeRequest validity(const std::string& judge, const std::string& hash) {
  return {judge, "isBlockhashValid", Json::array({hash, Json{{"commitment", "processed"}}})};
}

inline const ProbeRequest genesis_of_backup{"backup", "getGenesisHash"};
inline const ProbeRequest health_of_backup{"backup", "getHealth"};

// A healthy endpoint as it answers.
struct Node {
  std::string name;
  std::optional<std::string> provider;
  std::uint64_t slot;
  std::string hash;
  std::string genesis = mainnet;
  std::int64_t age_seconds = 12;
};

inline const Node main_node{"main", "acme", 1000, main_hash};
inline const Node backup_node{"backup", "other", 1002, backup_hash};

// A run of a release for mainnet with these endpoints, each of which knows the blockhashes of the others.
struct World {
  explicit World(const std::vector<Node>& nodes = {main_node, backup_node}) {
    Json names = Json::array();
    for (const Node& node : nodes) {
      names.push_back(
          {{"name", node.name}, {"provider", node.provider ? Json(*node.provider) : Json()}, {"role", nullptr}});
      answer(node);
      for (const Node& other : nodes) {
        source.answers(validity(node.name, other.hash), result(in_context(node.slot + 32, true)));
      }
    }
    endpoints = {{"endpoints", names}, {"genesisHash", mainnet}};
    source.answers(EndpointsRequest{}, {endpoints, nullptr, nullptr});
    source.is_now(now);
  }

  void answer(const Node& node) {
    source.answers(ProbeRequest{node.name, "getGenesisHash"}, result(node.genesis));
    source.answers(ProbeRequest{node.name, "getHealth"}, result("ok"));
    source.answers(finalized(node.name, "getSlot"), result(node.slot));
    const Json blockhash = {{"blockhash", node.hash}, {"lastValidBlockHeight", 900U}};
    source.answers(finalized(node.name, "getLatestBlockhash"), result(in_context(node.slot, blockhash)));
    const std::int64_t block_time = now.milliseconds / 1000 - node.age_seconds;
    source.answers(read_of(node.name, known::clock), result(in_context(node.slot, clock_json(block_time))));
  }

  void reads(const std::string& endpoint, std::uint64_t slot, const Json& account) {
    source.answers(read_of(endpoint, treasury), result(in_context(slot, account)));
  }

  // Nothing that the endpoint is asked comes back.
  void silences(const Node& node) {
    const Unobtainable why{"timeout", "no answer within 10 s", Retry::now};
    source.refuses(ProbeRequest{node.name, "getGenesisHash"}, why);
    source.refuses(ProbeRequest{node.name, "getHealth"}, why);
    source.refuses(finalized(node.name, "getSlot"), why);
    source.refuses(finalized(node.name, "getLatestBlockhash"), why);
    source.refuses(read_of(node.name, known::clock), why);
  }

  Finding decided(const Json& params) { return decide_gate(rpc_health(), params, source); }

  Json endpoints;  ///< as the run records them
  FakeSource source;
};

// Both endpoints must be healthy, unless `changes` says otherwise.
inline Json both(const Json& changes = Json::object()) {
  Json params = {{"minHealthy", 2}, {"maxSlotLag", 50}, {"maxBlockAgeSeconds", 60}, {"genesisHash", mainnet}};
  params.update(changes);
  return params;
}

// That the gate fails, and says this of endpoint backup alone.
inline void check_backup(const Finding& finding, const std::string& reasons) {
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "1 of 2 endpoints healthy, expected at least 2: endpoint backup: " + reasons);
}

}  // namespace readyctl::test
