// Squads v4: who may act for a multisig, and how long that takes.
//
// Source: Squads-Protocol/v4 state/multisig.rs. Accounts are longer than the value they hold (room for a rent
// collector, for members who left), so bytes after the value are never read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// The accounts of the Squads v4 program, by their discriminator.
enum class SquadsAccount {
  multisig,
  proposal,
  vault_transaction,
  config_transaction,
  batch,
  vault_batch_transaction,
  spending_limit,
  program_config,
  transaction_buffer,
};

/// What the first eight bytes say; none for fewer bytes or any other discriminator.
std::optional<SquadsAccount> squads_account(ByteView data);

/// The account's name in the program: "Multisig", "VaultTransaction".
std::string_view words_for(SquadsAccount account);

/// What one member may do.
struct Permissions {
  std::uint8_t mask = 0;

  constexpr bool can_initiate() const { return (mask & 1) != 0; }
  constexpr bool can_vote() const { return (mask & 2) != 0; }
  constexpr bool can_execute() const { return (mask & 4) != 0; }
  /// The program refuses masks above 7; one that is above was not written by the program we know.
  constexpr bool has_unknown_bits() const { return (mask & ~7) != 0; }
  auto operator<=>(const Permissions&) const = default;
};

/// "initiate", "vote", "execute", and "unknown permissions 9" where there are such bits.
std::vector<std::string> names_of(Permissions permissions);

/// "may initiate, vote", "may do nothing".
std::string words_for(Permissions permissions);

struct MultisigMember {
  Pubkey key;
  Permissions permissions;
  auto operator<=>(const MultisigMember&) const = default;
};

struct Multisig {
  Pubkey create_key;
  Pubkey config_authority;                    ///< all zeros: autonomous. Else this key alone may change everything
  std::uint16_t threshold = 0;                ///< approvals a proposal needs
  std::uint32_t time_lock_seconds = 0;        ///< from approval to execution
  std::uint64_t transaction_index = 0;        ///< of the last transaction created; 0: none yet
  std::uint64_t stale_transaction_index = 0;  ///< transactions up to this one were created under older rules
  std::optional<Pubkey> rent_collector;
  std::uint8_t bump = 0;
  std::vector<MultisigMember> members;  ///< as stored: neither sorted nor made unique here

  /// Whether the rules change only by vote of the members.
  bool is_autonomous() const { return is_zero(config_authority); }
  /// Members with the permission in question. For a k-of-n claim, n is voters(), not members.
  std::size_t proposers() const;
  std::size_t voters() const;
  std::size_t executors() const;
};

/// Errors (kind `malformed`): another Squads account, by name, or another discriminator; data that ends before the
/// value does; more members than the data has room for; a rent collector tag other than 0 or 1.
Result<Multisig> decode_multisig(ByteView data);

}  // namespace readyctl
