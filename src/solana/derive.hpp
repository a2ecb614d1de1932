// Addresses that are computed rather than generated: program-derived addresses, seeded addresses, and the ones that
// readyctl needs by name.
//
// Sources: solana-sdk address (syscalls.rs, lib.rs); curve25519-dalek CompressedEdwardsY::decompress for the curve
// test; Squads v4 state/seeds.rs. Functions that take several addresses take them by name.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

inline constexpr std::size_t seeds_max = 16;       ///< a bump counts as one
inline constexpr std::size_t seed_bytes_max = 32;  ///< of one seed; an empty seed is allowed

/// An address and the bump seed that moved it off the curve.
struct Derived {
  Pubkey address;
  std::uint8_t bump = 0;
  auto operator<=>(const Derived&) const = default;
};

/// Whether the runtime takes these bytes for a point of the ed25519 curve, exactly as dalek decompresses: y is reduced
/// modulo p, the sign bit never rejects, small-order points count. Off the curve proves that no ed25519 key exists; on
/// the curve proves nothing. Never fails.
bool is_on_curve(const Pubkey& key);

/// SHA-256 of seeds, program and a marker, without a bump. Errors (kind `malformed`): more than seeds_max seeds or one
/// longer than seed_bytes_max (MaxSeedLengthExceeded); a result on the curve (InvalidSeeds).
Result<Pubkey> create_program_address(const std::vector<ByteView>& seeds, const Pubkey& program);

/// The first address off the curve with a bump of 255, 254, … 1 after the seeds. Errors (kind `malformed`): more than
/// 15 seeds, a seed longer than seed_bytes_max, no bump that works.
Result<Derived> find_program_address(const std::vector<ByteView>& seeds, const Pubkey& program);

struct SeededAddress {
  Pubkey base;
  std::string_view seed;  ///< UTF-8, at most seed_bytes_max bytes
  Pubkey owner;           ///< the program that will own the account
};

/// SHA-256 of base, seed and owner; no curve test. Errors (kind `malformed`): a seed that is too long
/// (MaxSeedLengthExceeded); an owner whose last 21 bytes are the marker of program addresses (IllegalOwner).
Result<Pubkey> create_with_seed(const SeededAddress& from);

struct AssociatedToken {
  Pubkey wallet;  ///< who owns the tokens; may itself be a program-derived address
  Pubkey mint;
  Pubkey token_program;  ///< known::token or known::token_2022: the owner of the mint account
};

// The following never fail: their seeds have fixed lengths, and no bump working has a chance of 2^-255.

/// The associated token account of a wallet for a mint.
Derived associated_token_address(const AssociatedToken& of);

/// The loader-v3 ProgramData account of a program.
Derived programdata_address(const Pubkey& program);

// --- Squads v4 (program known::squads_v4)
// -----------------------------------------------------------------------------

/// The one account with the settings of the Squads program itself.
Derived squads_program_config_address();

/// The multisig that was created with this key.
Derived multisig_address(const Pubkey& create_key);

/// The vault of a multisig. The vault holds funds and authorities, never the multisig account; index 0 is the default.
Derived vault_address(const Pubkey& multisig, std::uint8_t index);

/// The vault, config or batch transaction with this index; the first has index 1.
Derived transaction_address(const Pubkey& multisig, std::uint64_t index);

/// The proposal that is voted on for the transaction with this index.
Derived proposal_address(const Pubkey& multisig, std::uint64_t index);

struct BatchItem {
  std::uint64_t batch_index = 0;
  std::uint32_t transaction_index = 0;  ///< within the batch; the first has index 1
};

/// One transaction of a batch.
Derived batch_transaction_address(const Pubkey& multisig, const BatchItem& item);

struct SpendingLimitOf {
  Pubkey multisig;
  Pubkey create_key;
};

/// A spending limit of a multisig.
Derived spending_limit_address(const SpendingLimitOf& of);

/// A signer that exists only while one vault transaction executes; `transaction` is that transaction's address.
Derived ephemeral_signer_address(const Pubkey& transaction, std::uint8_t index);

struct TransactionBufferOf {
  Pubkey multisig;
  Pubkey creator;
  std::uint8_t index = 0;
};

/// The buffer in which a member stages a large transaction message.
Derived transaction_buffer_address(const TransactionBufferOf& of);

}  // namespace readyctl
