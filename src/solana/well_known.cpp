#include "solana/well_known.hpp"

#include <algorithm>
#include <array>

namespace readyctl {
namespace {

struct Label {
  Pubkey key;
  std::string_view text;
};

constexpr std::array labels = {
    Label{known::native_loader, "native loader"},
    Label{known::loader_v1, "BPF loader v1"},
    Label{known::loader_v2, "BPF loader v2"},
    Label{known::loader_v3, "upgradeable loader v3"},
    Label{known::loader_v4, "loader v4"},
    Label{known::system_program, "System program"},
    Label{known::feature_program, "Feature program"},
    Label{known::compute_budget, "Compute Budget program"},
    Label{known::address_lookup_table, "Address Lookup Table program"},
    Label{known::ed25519_program, "Ed25519 program"},
    Label{known::secp256k1_program, "secp256k1 program"},
    Label{known::secp256r1_program, "secp256r1 program"},
    Label{known::incinerator, "incinerator"},
    Label{known::sysvar_owner, "sysvar owner"},
    Label{known::clock, "Clock sysvar"},
    Label{known::rent, "Rent sysvar"},
    Label{known::epoch_schedule, "EpochSchedule sysvar"},
    Label{known::slot_hashes, "SlotHashes sysvar"},
    Label{known::slot_history, "SlotHistory sysvar"},
    Label{known::last_restart_slot, "LastRestartSlot sysvar"},
    Label{known::recent_blockhashes, "RecentBlockhashes sysvar"},
    Label{known::epoch_rewards, "EpochRewards sysvar"},
    Label{known::instructions_sysvar, "Instructions sysvar"},
    Label{known::token, "SPL Token program"},
    Label{known::token_2022, "Token-2022 program"},
    Label{known::associated_token, "Associated Token Account program"},
    Label{known::wrapped_sol, "wrapped SOL mint"},
    Label{known::squads_v4, "Squads v4 program"},
    Label{known::squads_v3, "Squads v3 program"},
    Label{known::squads_v3_program_manager, "Squads v3 program manager"},
    Label{known::spl_governance, "SPL Governance program"},
    Label{known::otter_verify, "OtterVerify program"},
    Label{known::memo, "Memo program"},
    Label{known::memo_v1, "Memo program v1"},
    Label{known::program_metadata, "Program Metadata program"},
};

struct Genesis {
  std::string_view cluster;
  std::string_view hash;
};

constexpr std::array clusters = {
    Genesis{"mainnet-beta", "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"},
    Genesis{"testnet", "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"},
    Genesis{"devnet", "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"},
};

}  // namespace

std::string_view label_of(const Pubkey& key) {
  const auto found = std::ranges::find(labels, key, &Label::key);
  return found == labels.end() ? std::string_view() : found->text;
}

const std::vector<std::string>& public_clusters() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Genesis& one : clusters) all.emplace_back(one.cluster);
    return all;
  }();
  return names;
}

std::optional<std::string_view> genesis_hash_of(std::string_view cluster) {
  const auto found = std::ranges::find(clusters, cluster, &Genesis::cluster);
  return found == clusters.end() ? std::nullopt : std::optional(found->hash);
}

std::optional<std::string_view> cluster_of(std::string_view genesis_hash) {
  const auto found = std::ranges::find(clusters, genesis_hash, &Genesis::hash);
  return found == clusters.end() ? std::nullopt : std::optional(found->cluster);
}

}  // namespace readyctl
