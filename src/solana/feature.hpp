// Features: changes of the runtime, each an account at the address that names it. A proposed feature is pending until a
// boundary between epochs, and active from then on, for good.
//
// Sources: solana-sdk feature-gate-interface state.rs; keys: firedancer src/flamenco/features/feature_map.json.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/amounts.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

inline constexpr std::size_t feature_account_bytes = 9;

/// What the account of a feature holds.
struct FeatureAccount {
  std::optional<Slot> activated_at;  ///< none: pending
};

/// Errors (kind `malformed`): shorter than its value; a tag other than 0 or 1. Longer data is not read.
Result<FeatureAccount> decode_feature(ByteView data);

enum class FeatureStage { not_proposed, pending, active };

/// Where a feature stands on a cluster.
struct FeatureState {
  FeatureStage stage = FeatureStage::not_proposed;
  Slot since;  ///< active: the slot of its activation

  bool is_active() const { return stage == FeatureStage::active; }
  bool is_pending() const { return stage == FeatureStage::pending; }
};

/// What an account at the address of a feature says. One that the Feature program does not own is no proposal: anybody
/// can send lamports to any address. Errors as of decode_feature.
Result<FeatureState> feature_state(const Pubkey& owner, ByteView data);

/// "not proposed", "pending", "active since slot 7".
std::string words_for(const FeatureState& state);

namespace features {

/// Deploy, upgrade and finalize refuse code below SBPF v3. (SIMD-0500)
inline constexpr Pubkey disable_sbpf_v0_v1_v2_deployment = "B8JJXCy5amZyWG9r7EnUYLwzXSXTxG7GZ1qZ1qggo83g"_pubkey;
inline constexpr Pubkey enable_sbpf_v1 = "JE86WkYvTrzW8HgNmrHY7dFYpCmSptUpKupbo2AdQ9cG"_pubkey;
inline constexpr Pubkey enable_sbpf_v2 = "F6UVKh1ujTEFK3en2SyAL3cdVnqko1FVEXWhmdLRu6WP"_pubkey;
inline constexpr Pubkey enable_sbpf_v3 = "5cC3foj77CWun58pC51ebHFUWavHWKarWyR5UUik7dnC"_pubkey;
/// An extension must add 10 240 bytes, or all the room that is left. (SIMD-0431)
inline constexpr Pubkey loader_v3_minimum_extend_program_size = "YbbRLkvenrocjGPGyoQE4wjnvYzTgfsk38NFmcYK7a5"_pubkey;
/// Slots become shorter.
inline constexpr Pubkey reduce_slot_time_to_350ms = "iBRL5RuWhw4yqaAZu96RUULHckHTZAoe2b77qaV38JZ"_pubkey;
inline constexpr Pubkey reduce_slot_time_to_300ms = "iBRLL3k18HST852F1Mf3Lv83waTNQmmqvKDxvYGwQFL"_pubkey;
inline constexpr Pubkey reduce_slot_time_to_250ms = "iBRLMc81UjRa8fn8A6eE8bJTnRbgQoPTynM51akENCV"_pubkey;
inline constexpr Pubkey reduce_slot_time_to_200ms = "iBRLjhJnkmDZgNoZRDMW11d8ZV7HvsL3vAyRjZB5npW"_pubkey;

}  // namespace features

/// "feature enable_sbpf_v3 (5cC3…)", in full; "feature 9xQ…" for one whose name is not known here.
std::string feature_name(const Pubkey& address);

}  // namespace readyctl
