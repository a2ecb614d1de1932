// Features: changes of the runtime, each an account at the address that names it. A proposed feature is pending until a
// boundary between epochs, and active from then on, for good.
//
// Sources: solana-sdk feature-gate-interface state.rs; names and keys: anza-xyz/agave feature-set/src/lib.rs,
// version 4.3. A feature that was not activated anywhere can be given another key, so keys are those of a version. That
// the runtime of that version heeds those of syscalls is tested on litesvm (tests/acceptance/upgrade_fit.test.mjs).
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
/// Agave 4.3 no longer asks for these three: version 3 is active on every public cluster.
inline constexpr Pubkey enable_sbpf_v1_deployment_and_execution = "JE86WkYvTrzW8HgNmrHY7dFYpCmSptUpKupbo2AdQ9cG"_pubkey;
inline constexpr Pubkey enable_sbpf_v2_deployment_and_execution = "F6UVKh1ujTEFK3en2SyAL3cdVnqko1FVEXWhmdLRu6WP"_pubkey;
inline constexpr Pubkey enable_sbpf_v3_deployment_and_execution = "5cC3foj77CWun58pC51ebHFUWavHWKarWyR5UUik7dnC"_pubkey;
/// An extension must add 10 240 bytes, or all the room that is left. (SIMD-0431)
inline constexpr Pubkey loader_v3_minimum_extend_program_size = "YbbRLkvenrocjGPGyoQE4wjnvYzTgfsk38NFmcYK7a5"_pubkey;
/// A transaction may name 128 accounts in place of 64.
inline constexpr Pubkey increase_tx_account_lock_limit = "9LZdXeKGeBV6hRLdxS1rHbHoEUsKqesCC2ZAPTPKJAbK"_pubkey;
/// Slots become shorter.
inline constexpr Pubkey reduce_slot_time_to_350ms = "iBRL5RuWhw4yqaAZu96RUULHckHTZAoe2b77qaV38JZ"_pubkey;
inline constexpr Pubkey reduce_slot_time_to_300ms = "iBRLL3k18HST852F1Mf3Lv83waTNQmmqvKDxvYGwQFL"_pubkey;
inline constexpr Pubkey reduce_slot_time_to_250ms = "iBRLMc81UjRa8fn8A6eE8bJTnRbgQoPTynM51akENCV"_pubkey;
inline constexpr Pubkey reduce_slot_time_to_200ms = "iBRLjhJnkmDZgNoZRDMW11d8ZV7HvsL3vAyRjZB5npW"_pubkey;

// Syscalls that a new program may call, or no longer.
inline constexpr Pubkey blake3_syscall_enabled = "HTW2pSyErTj4BV6KBM9NZ9VBUJVxt7sacNWcf76wtzb3"_pubkey;
inline constexpr Pubkey curve25519_syscall_enabled = "7rcw5UtqgDTBBv2EcynNfYckgdAaH1MAsCjKgXMkN7Ri"_pubkey;
inline constexpr Pubkey enable_bls12_381_syscall = "b1sgUiJ3qu7hYm3tNDyyqZNQd6gLGJmJppnLNa93PCQ"_pubkey;
inline constexpr Pubkey last_restart_slot_sysvar = "HooKD5NC9QNxk25QuzCssB8ecrEzGt6eXEPBUxWp1LaR"_pubkey;
inline constexpr Pubkey enable_alt_bn128_syscall = "A16q37opZdQMCbe5qJ6xpBB9usykfv8jZaMkxvZQi4GJ"_pubkey;
inline constexpr Pubkey enable_alt_bn128_compression_syscall = "EJJewYSddEEtSZHiqugnvhQHiWyZKjkFDQASd7oKSagn"_pubkey;
inline constexpr Pubkey enable_big_mod_exp_syscall = "expH2ppKPW2ANEdEmAjfhSEcnBQJfmoX4FjuNpe9ttg"_pubkey;
inline constexpr Pubkey enable_poseidon_syscall = "FL9RsQA6TVUoh5xJQ9d936RHSebA1NLQqe3Zv9sXZRpr"_pubkey;
inline constexpr Pubkey enable_sha512_syscall = "s512oDwgx8hjMnaQjXfqqrZroVj4HvC6TkN3iSSWXCh"_pubkey;
inline constexpr Pubkey remaining_compute_units_syscall_enabled = "5TuppMutoyzhUSfuYdhgzD47F92GL1g89KpCZQKqedxP"_pubkey;
inline constexpr Pubkey get_sysvar_syscall_enabled = "CLCoTADvV64PSrnR6QXty6Fwrt9Xc6EdxSJE4wLRePjq"_pubkey;
inline constexpr Pubkey enable_get_epoch_stake_syscall = "FKe75t4LXxGaQnVHdUKM6DSFifVVraGZ8LyNo7oPwy1Z"_pubkey;
inline constexpr Pubkey disable_fees_sysvar = "JAN1trEUEtZjgXYzNBYHU9DYd7GnThhXfFP7SzPXkPsG"_pubkey;

}  // namespace features

/// "feature enable_sbpf_v3_deployment_and_execution (5cC3…)", in full; "feature 9xQ…" for one whose name is not known
/// here.
std::string feature_name(const Pubkey& address);

}  // namespace readyctl
