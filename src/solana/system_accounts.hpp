// Accounts of the runtime's own programs that a person meets: durable nonces, address lookup tables.
//
// Sources: solana-sdk nonce (state.rs, versions.rs), address-lookup-table-interface.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/amounts.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

inline constexpr std::size_t nonce_account_bytes = 80;

/// A value that stands in for a blockhash and does not expire: a transaction that was signed with it stays valid.
struct NonceAccount {
  bool legacy = false;       ///< version 0, which durable transactions may no longer use
  bool initialized = false;  ///< else there is nothing after it
  Pubkey authority;          ///< who may advance the nonce and withdraw
  Pubkey nonce;              ///< a hash: 32 bytes, as an address has
};

/// Errors (kind `malformed`): shorter than 80 bytes; a version or state other than 0 or 1.
Result<NonceAccount> decode_nonce(ByteView data);

inline constexpr std::size_t lookup_table_header_bytes = 56;

/// Addresses that transactions name by one byte each.
struct LookupTable {
  std::optional<Slot> deactivated_at;  ///< none: active
  Slot last_extended;
  std::optional<Pubkey> authority;  ///< who may add addresses; none: frozen
  std::vector<Pubkey> addresses;
};

/// Errors (kind `malformed`): another state; shorter than its header; an authority tag other than 0 or 1; addresses
/// that are no multiple of 32 bytes.
Result<LookupTable> decode_lookup_table(ByteView data);

}  // namespace readyctl
