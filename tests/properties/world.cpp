#include "properties/world.hpp"

#include <zstd.h>

#include "attest/envelope.hpp"
#include "base/base64.hpp"
#include "base/files.hpp"
#include "facts/endpoints.hpp"
#include "facts/local.hpp"
#include "kinds/catalogue.hpp"
#include "properties/past.hpp"
#include "report/statement.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"
#include "sources/evidence.hpp"
#include "sources/live_rpc.hpp"

namespace readyctl::test {
namespace {

const std::string folder = READYCTL_SOURCE_DIR;

Bytes compressed(ByteView data) {
  Bytes frame(ZSTD_compressBound(data.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), data.data(), data.size(), 1));
  return frame;
}

std::shared_ptr<const Bytes> shared(Bytes bytes) { return std::make_shared<const Bytes>(std::move(bytes)); }

// The account that a record's head and data tell of. Of one that was read in part the rest is zeros.
Account account_of(const Pubkey& address, const Json& head, Bytes data) {
  data.resize(head.at("space").get<std::size_t>());
  const auto size = data.size();
  return {address,
          parse_pubkey(head.at("owner").get<std::string>()).value(),
          Lamports{std::stoull(head.at("lamports").get<std::string>())},
          head.at("executable").get<bool>(),
          size,
          shared(std::move(data)),
          Slot{}};
}

void put_account(World& world, const std::string& address, const Json& head, Bytes data) {
  world.accounts.erase(address);
  if (head.at("exists") == false) return;
  world.accounts.emplace(address, held(account_of(parse_pubkey(address).value(), head, std::move(data))));
}

void put_record(World& world, const std::string& key, const Observation& seen) {
  const Payload& payload = seen.outcome.value();
  const Json named = Json::parse(key);
  if (named.contains("account")) {
    return put_account(world, named["account"], payload.head, payload.data ? *payload.data : Bytes{});
  }
  world.local.insert_or_assign(key, Answer{{seen}});
}

// What the first endpoint said of itself: where the chain was, and its clock.
void put_probe(World& world, const Json& key, const Observation& seen) {
  if (key.at("probe") == "getSlot") world.slot = Slot{seen.outcome->head.at("result").get<std::uint64_t>()};
  if (key.at("probe") != "getAccountInfo" || key.at("params")[0] != to_string(known::clock)) return;
  const ProbeRequest request{"", "getAccountInfo", Json::array()};
  const Probe probe{request, seen.outcome->head.at("result"), std::chrono::milliseconds(0), Time{}};
  const AccountSeen clock = account_in(probe, known::clock).value();
  world.accounts.insert_or_assign(to_string(known::clock), held(*clock.account));
}

struct Base {
  World world;
  Json values;  ///< of release.json
};

Base healthy_release() {
  const std::string path = folder + "/tests/evidence/go/report.json";
  const Envelope envelope = parse_envelope(read_text_file(path).value(), path).value();
  const Statement statement = parse_statement(text_of(envelope.payload), path).value();
  const Evidence evidence = parse_evidence(read_file(path + ".evidence").value(), path).value();
  Base base{{}, Json::parse(statement.manifest_text).at("values")};
  base.world.name = "healthy";
  base.world.now = statement.decided_at;
  base.world.genesis_hash = statement.genesis_hash;
  base.world.program = statement.program;
  base.world.programdata = to_string(programdata_address(parse_pubkey(statement.program).value()).address);
  for (const auto& [text, answer] : evidence.facts) {
    const Json key = Json::parse(text);
    if (key.contains("account") || key.contains("file") || key.contains("git")) {
      put_record(base.world, text, answer.deciding());
    } else if (key.contains("probe") && key.at("endpoint") == "primary") {
      put_probe(base.world, key, answer.deciding());
    }
  }
  put_past(base.world, base.values.at("multisig"), base.values.at("feePayer"));
  PlanInputs inputs = inputs_of(statement).value();
  inputs.packs.push_back(pack_of_the_past());
  base.world.plan = make_plan(inputs, catalogue()).value();
  return base;
}

// --- what can be wrong with a release

using Change = decltype(Broken::change);

void change_data(World& world, const std::string& address, const std::function<void(Bytes&)>& change) {
  Account account = world.accounts.at(address).account;
  Bytes data = *account.data;
  change(data);
  account.data = shared(std::move(data));
  world.accounts.insert_or_assign(address, held(std::move(account)));
}

Change byte_flipped(std::string address, std::size_t at) {
  return [address = std::move(address), at](World& world) {
    change_data(world, address, [at](Bytes& data) { data.at(at) ^= 1; });
  };
}

Change bytes_put(std::string address, std::size_t at, Bytes bytes) {
  return [address = std::move(address), at, bytes = std::move(bytes)](World& world) {
    change_data(world, address, [&](Bytes& data) {
      std::copy(bytes.begin(), bytes.end(), data.begin() + static_cast<std::ptrdiff_t>(at));
    });
  };
}

Change without(std::string address) {
  return [address = std::move(address)](World& world) { world.accounts.erase(address); };
}

Change owned_by(std::string address, const Pubkey& owner) {
  return [address = std::move(address), owner](World& world) { world.accounts.at(address).account.owner = owner; };
}

Change holding(std::string address, std::uint64_t lamports) {
  return [address = std::move(address), lamports](World& world) {
    world.accounts.at(address).account.lamports = Lamports{lamports};
  };
}

Change artifact_changed() {
  return [](World& world) {
    for (auto& [key, answer] : world.local) {
      if (!Json::parse(key).contains("file")) continue;
      Bytes bytes = *answer.deciding().outcome->data;
      bytes.at(bytes.size() / 2) ^= 1;
      answer.observations.back().outcome = file_payload(shared(std::move(bytes)));
    }
  };
}

// Offsets: loader-v3 ProgramData (authority at 13, code from 45), Squads v4 Multisig (config authority at 40, threshold
// at 72, time lock at 74), SPL Token Mint (authority at 4, supply at 36, freeze authority at 46) and Account (mint at
// 0, owner at 32, amount at 64, delegate at 72, state at 108).
std::vector<Broken> broken_releases(const World& healthy, const Json& values) {
  const auto at = [&](const char* name) { return values.at(name).get<std::string>(); };
  const std::string program = healthy.program;
  const std::string programdata = healthy.programdata;
  const std::string multisig = at("multisig");
  const std::string mint = at("treasuryMint");
  const std::string holding_account = at("treasuryTokenAccount");
  return {
      {"deployed-one-byte", "program-hash", byte_flipped(programdata, 5000)},
      {"authority-other", "upgrade-authority", byte_flipped(programdata, 13)},
      {"authority-none", "upgrade-authority", bytes_put(programdata, 12, {0})},
      {"deployed-slot", "program-state", byte_flipped(programdata, 4)},
      {"program-missing", "program-state", without(program)},
      {"programdata-missing", "program-state", without(programdata)},
      {"program-of-another", "program-state", owned_by(program, known::system_program)},
      {"multisig-missing", "upgrade-authority", without(multisig)},
      {"multisig-of-another", "upgrade-authority", owned_by(multisig, known::system_program)},
      {"config-authority", "upgrade-authority", bytes_put(multisig, 40, {7})},
      {"threshold-one", "upgrade-authority", bytes_put(multisig, 72, {1, 0})},
      {"no-time-lock", "upgrade-authority", bytes_put(multisig, 74, {0, 0, 0, 0})},
      {"mint-authority", "token-mint", byte_flipped(mint, 4)},
      {"mint-supply", "token-mint", byte_flipped(mint, 43)},
      {"mint-freeze", "token-mint", bytes_put(mint, 46, {1, 0, 0, 0, 7})},
      {"mint-missing", "token-mint", without(mint)},
      {"reward-mint-missing", "token-mint", without(at("rewardMint"))},
      {"account-mint", "token-account", byte_flipped(holding_account, 0)},
      {"account-owner", "token-account", byte_flipped(holding_account, 32)},
      {"account-empty", "token-account", bytes_put(holding_account, 64, Bytes(8, 0))},
      {"account-delegate", "token-account", bytes_put(holding_account, 72, {1, 0, 0, 0, 7})},
      {"account-frozen", "token-account", bytes_put(holding_account, 108, {2})},
      {"account-missing", "token-account", without(holding_account)},
      {"payer-poor", "balance", holding(at("feePayer"), 1)},
      {"payer-missing", "balance", without(at("feePayer"))},
      {"artifact-one-byte", "artifact-hash", artifact_changed()},
  };
}

// A chain whose newest block is an hour old.
World on_a_stale_chain(const Base& base) {
  World world = base.world;
  world.name = "chain-stale";
  world.owner = "rpc-health";
  Account clock = world.accounts.at(to_string(known::clock)).account;
  Bytes data = *clock.data;
  constexpr std::size_t time_at = 32;  // the last field of five: unix seconds
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < 8; ++i) seconds |= std::uint64_t{data[time_at + i]} << (8 * i);
  seconds -= 3600;
  for (std::size_t i = 0; i < 8; ++i) data[time_at + i] = static_cast<std::uint8_t>(seconds >> (8 * i));
  clock.data = shared(std::move(data));
  world.accounts.insert_or_assign(to_string(known::clock), held(clock));
  return world;
}

}  // namespace

HeldAccount held(Account account) {
  std::string base64 = to_base64(account.bytes());
  std::string zstd_base64 = to_base64(compressed(account.bytes()));
  return {std::move(account), std::move(base64), std::move(zstd_base64)};
}

std::vector<World> worlds() {
  const Base base = healthy_release();
  std::vector<World> all{base.world, on_a_stale_chain(base)};
  std::vector<Broken> broken_worlds = broken_releases(base.world, base.values);
  for (Broken& one : broken_pasts(base.world, base.values.at("feePayer"))) broken_worlds.push_back(std::move(one));
  for (const Broken& broken : broken_worlds) {
    World& world = all.emplace_back(base.world);
    world.name = broken.name;
    world.owner = broken.owner;
    broken.change(world);
  }
  return all;
}

void WorldSource::ask(std::vector<Request> requests) {
  std::vector<Request> for_the_chain;
  for (Request& request : requests) {
    if (RpcSource::accepts(request)) {
      for_the_chain.push_back(std::move(request));
      continue;
    }
    const auto known = world_.local.find(key_of(request));
    Observation seen{"local", std::nullopt, world_.now, std::chrono::milliseconds(0), clock_payload(world_.now)};
    if (!std::holds_alternative<ClockRequest>(request)) {
      if (known != world_.local.end()) {
        seen = known->second.deciding();
      } else {
        seen.outcome = tl::unexpected(Unobtainable{"missing", "no world holds " + key_of(request), Retry::never});
      }
    }
    answered_.push_back({std::move(request), {{std::move(seen)}}});
  }
  if (!for_the_chain.empty()) chain_.ask(std::move(for_the_chain));
}

std::vector<Answered> WorldSource::next() { return answered_.empty() ? chain_.next() : std::exchange(answered_, {}); }

}  // namespace readyctl::test
