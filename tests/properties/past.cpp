#include "properties/past.hpp"

#include "facts/local.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"
#include "support/history.hpp"
#include "support/sysvars.hpp"

namespace readyctl::test {
namespace {

const Pubkey buffer = "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte"_pubkey;          // of the next upgrade
const Pubkey strange_buffer = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;  // that names a key of ours
const Pubkey stranger = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;

// Transactions by number, and their slots.
constexpr std::uint8_t deployment = 1;
constexpr std::uint8_t upgrade = 2;
constexpr std::uint8_t unlisted = 3;
constexpr std::uint8_t making = 4;
constexpr std::uint64_t deployment_slot = 448'000'000;
constexpr std::uint64_t unlisted_slot = 448'500'000;
constexpr std::uint64_t upgrade_slot = 449'000'000;

const Bytes deploy_data{2, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0};
const Bytes upgrade_data{3, 0, 0, 0};
const Bytes initialize_data{0, 0, 0, 0};

constexpr auto pack_text = R"({
  "apiVersion": "readyctl.gates/v1",
  "name": "past",
  "gates": [
    {"id": "upgrade-is-recorded", "kind": "deployment-transaction",
     "params": {"program": "${program}", "signature": "SIGNATURE"}, "because": "-"},
    {"id": "upgrades-are-listed", "kind": "upgrade-history",
     "params": {"program": "${program}", "path": "upgrades.json"}, "because": "-"},
    {"id": "no-stray-buffers", "kind": "stray-buffers", "params": {"keys": ["${feePayer}"]}, "because": "-"},
    {"id": "next-upgrade-works", "kind": "upgrade-simulation",
     "params": {"program": "${program}", "multisig": "${multisig}", "buffer": "BUFFER"}, "because": "-"}
  ]
})";

std::string replaced(std::string text, const std::string& word, const std::string& by) {
  return text.replace(text.find(word), word.size(), by);
}

Json entry(std::uint8_t number, std::uint64_t slot) {
  return {{"signature", signature(number)}, {"slot", slot}, {"err", nullptr}};
}

void did(World& world, std::uint8_t number, std::uint64_t slot, const std::vector<Pubkey>& keys, const Told& told) {
  Json transaction = transaction_of(number, keys, {}, {told});
  transaction["slot"] = slot;
  world.transactions[signature(number)] = std::move(transaction);
}

void is_made_by(World& world, const Pubkey& maker) {
  did(world, making, unlisted_slot, {maker, strange_buffer, known::loader_v3}, {2, {1, 0}, initialize_data});
}

void put_account(World& world, const Pubkey& address, const Pubkey& owner, Bytes data) {
  const std::size_t space = data.size();
  const auto bytes = std::make_shared<const Bytes>(std::move(data));
  const Account account{address, owner, Lamports{100'000'000'000}, false, space, bytes, Slot{}};
  world.accounts.insert_or_assign(to_string(address), held(account));
}

Bytes buffer_head(const Pubkey& authority) {
  Bytes data{1, 0, 0, 0, 1};
  put(data, authority.bytes);
  return data;
}

void put_list(World& world, const Pubkey& program) {
  const Json list = {{"apiVersion", "readyctl.upgrades/v1"},
                     {"program", to_string(program)},
                     {"upgrades",
                      {{{"signature", signature(deployment)}, {"slot", std::to_string(deployment_slot)}},
                       {{"signature", signature(upgrade)}, {"slot", std::to_string(upgrade_slot)}}}}};
  const std::string text = list.dump();
  const auto bytes = std::make_shared<const Bytes>(text.begin(), text.end());
  const Observation seen{"local", std::nullopt, world.now, std::chrono::milliseconds(0), file_payload(bytes)};
  world.local.insert_or_assign(key_of(FileRequest{"upgrades.json"}), Answer{{seen}});
}

}  // namespace

PackFile pack_of_the_past() {
  const std::string text = replaced(replaced(pack_text, "SIGNATURE", signature(upgrade)), "BUFFER", to_string(buffer));
  return parse_pack(text, "past.gates.json").value();
}

void put_past(World& world, const std::string& multisig, const std::string& payer) {
  const Pubkey program = parse_pubkey(world.program).value();
  const Pubkey programdata = parse_pubkey(world.programdata).value();
  const Pubkey ours = parse_pubkey(payer).value();
  const Pubkey vault = vault_address(parse_pubkey(multisig).value(), 0).address;
  put_list(world, program);
  world.histories[world.programdata] = Json::array({entry(upgrade, upgrade_slot), entry(deployment, deployment_slot)});
  did(world, deployment, deployment_slot, {ours, programdata, known::loader_v3}, {2, {0, 1}, deploy_data});
  did(world, upgrade, upgrade_slot, {ours, programdata, known::loader_v3}, {2, {1}, upgrade_data});

  const Json account = {{"owner", to_string(known::loader_v3)}, {"data", {to_base64(buffer_head(ours)), "base64"}}};
  world.found = Json::array({{{"pubkey", to_string(strange_buffer)}, {"account", account}}});
  world.histories[to_string(strange_buffer)] = Json::array({entry(making, unlisted_slot)});
  is_made_by(world, stranger);

  put_account(world, buffer, known::loader_v3, padded(buffer_head(vault), 1000));
  put_account(world, vault, known::system_program, {});
  put_account(world, known::rent, known::sysvar_owner, rent_bytes_of(6960));
  world.simulated = {{"err", nullptr}, {"logs", Json::array()}, {"unitsConsumed", 2370U}};
}

std::vector<Broken> broken_pasts(const World& healthy, const std::string& payer) {
  const Pubkey ours = parse_pubkey(payer).value();
  const Pubkey programdata = parse_pubkey(healthy.programdata).value();
  return {
      {"upgrade-failed", "deployment-transaction",
       [](World& world) { world.transactions[signature(upgrade)]["meta"]["err"] = "AccountNotFound"; }},
      {"upgrade-of-nothing", "deployment-transaction",
       [=](World& world) {
         did(world, upgrade, upgrade_slot, {ours, programdata, known::loader_v3}, {2, {1}, {4, 0, 0, 0}});
       }},
      {"upgrade-not-listed", "upgrade-history",
       [=](World& world) {
         Json& history = world.histories[to_string(programdata)];
         history.insert(history.begin() + 1, entry(unlisted, unlisted_slot));
         did(world, unlisted, unlisted_slot, {stranger, programdata, known::loader_v3}, {2, {1}, upgrade_data});
       }},
      {"buffer-of-ours", "stray-buffers", [=](World& world) { is_made_by(world, ours); }},
      {"upgrade-would-fail", "upgrade-simulation",
       [](World& world) { world.simulated["err"] = {{"InstructionError", {0, "InvalidAccountData"}}}; }},
      {"buffer-missing", "upgrade-simulation", [](World& world) { world.accounts.erase(to_string(buffer)); }},
  };
}

}  // namespace readyctl::test
