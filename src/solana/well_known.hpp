// Addresses and genesis hashes that everybody on Solana knows.
//
// Sources: solana-sdk sdk-ids and cluster-type; the `declare_id!` of each program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solana/pubkey.hpp"

namespace readyctl::known {

// Loaders: the owner of a program account says how the program is stored.
inline constexpr Pubkey native_loader = "NativeLoader1111111111111111111111111111111"_pubkey;
inline constexpr Pubkey loader_v1 = "BPFLoader1111111111111111111111111111111111"_pubkey;
inline constexpr Pubkey loader_v2 = "BPFLoader2111111111111111111111111111111111"_pubkey;
inline constexpr Pubkey loader_v3 = "BPFLoaderUpgradeab1e11111111111111111111111"_pubkey;
inline constexpr Pubkey loader_v4 = "LoaderV411111111111111111111111111111111111"_pubkey;

// Programs of the runtime.
inline constexpr Pubkey system_program = "11111111111111111111111111111111"_pubkey;
inline constexpr Pubkey feature_program = "Feature111111111111111111111111111111111111"_pubkey;
inline constexpr Pubkey compute_budget = "ComputeBudget111111111111111111111111111111"_pubkey;
inline constexpr Pubkey address_lookup_table = "AddressLookupTab1e1111111111111111111111111"_pubkey;
inline constexpr Pubkey ed25519_program = "Ed25519SigVerify111111111111111111111111111"_pubkey;
inline constexpr Pubkey secp256k1_program = "KeccakSecp256k11111111111111111111111111111"_pubkey;
inline constexpr Pubkey secp256r1_program = "Secp256r1SigVerify1111111111111111111111111"_pubkey;
inline constexpr Pubkey incinerator = "1nc1nerator11111111111111111111111111111111"_pubkey;

// Sysvars, and the program that owns them.
inline constexpr Pubkey sysvar_owner = "Sysvar1111111111111111111111111111111111111"_pubkey;
inline constexpr Pubkey clock = "SysvarC1ock11111111111111111111111111111111"_pubkey;
inline constexpr Pubkey rent = "SysvarRent111111111111111111111111111111111"_pubkey;
inline constexpr Pubkey epoch_schedule = "SysvarEpochSchedu1e111111111111111111111111"_pubkey;
inline constexpr Pubkey slot_hashes = "SysvarS1otHashes111111111111111111111111111"_pubkey;
inline constexpr Pubkey slot_history = "SysvarS1otHistory11111111111111111111111111"_pubkey;
inline constexpr Pubkey last_restart_slot = "SysvarLastRestartS1ot1111111111111111111111"_pubkey;
inline constexpr Pubkey recent_blockhashes = "SysvarRecentB1ockHashes11111111111111111111"_pubkey;
inline constexpr Pubkey epoch_rewards = "SysvarEpochRewards1111111111111111111111111"_pubkey;
inline constexpr Pubkey instructions_sysvar = "Sysvar1nstructions1111111111111111111111111"_pubkey;

// Text that stands in a transaction, in the program's two versions.
inline constexpr Pubkey memo = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"_pubkey;
inline constexpr Pubkey memo_v1 = "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo"_pubkey;

// Tokens.
inline constexpr Pubkey token = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"_pubkey;
inline constexpr Pubkey token_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"_pubkey;
inline constexpr Pubkey associated_token = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"_pubkey;
inline constexpr Pubkey wrapped_sol = "So11111111111111111111111111111111111111112"_pubkey;

// Custody, governance and metadata.
inline constexpr Pubkey squads_v4 = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf"_pubkey;
inline constexpr Pubkey squads_v3 = "SMPLecH534NA9acpos4G6x7uf3LWbCAwZQE9e8ZekMu"_pubkey;
inline constexpr Pubkey squads_v3_program_manager = "SMPLKTQhrgo22hFCVq2VGX1KAktTWjeizkhrdB1eauK"_pubkey;
inline constexpr Pubkey spl_governance = "GovER5Lthms3bLBqWub97yVrMmEogzX7xNjdXpPPCVZw"_pubkey;
inline constexpr Pubkey otter_verify = "verifycLy8mB96wd9wqq3WDXQwM4oU6r42Th37Db9fC"_pubkey;
inline constexpr Pubkey program_metadata = "ProgM6JCCvbYkfKqJYHePx4xxSUSqJp7rh8Lyv7nk7S"_pubkey;

}  // namespace readyctl::known

namespace readyctl {

/// What a well-known address is, for people: "System program", "SPL Token program". Empty for any other address.
std::string_view label_of(const Pubkey& key);

/// The names of the public clusters, for messages and schemas.
const std::vector<std::string>& public_clusters();

/// The genesis hash, in base58, of "mainnet-beta", "testnet" or "devnet". None for any other name: a local validator
/// has an arbitrary one.
std::optional<std::string_view> genesis_hash_of(std::string_view cluster);

/// The name of the public cluster with this genesis hash (base58); none for any other hash.
std::optional<std::string_view> cluster_of(std::string_view genesis_hash);

}  // namespace readyctl
