// Squads v4 transactions that change the multisig itself, and batches.
//
// Source: Squads-Protocol/v4 state/config_transaction.rs, state/batch.rs. Bytes after a value are never read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/reader.hpp"
#include "solana/squads.hpp"
#include "solana/squads_spending.hpp"

namespace readyctl {

struct AddMember {
  MultisigMember member;
};
struct RemoveMember {
  Pubkey key;
};
struct ChangeThreshold {
  std::uint16_t threshold = 0;
};
struct SetTimeLock {
  std::uint32_t seconds = 0;
};
struct AddSpendingLimit {
  Pubkey create_key;
  std::uint8_t vault_index = 0;
  std::optional<Pubkey> mint;  ///< none: SOL
  std::uint64_t amount = 0;    ///< lamports, or base units of the mint
  SpendingPeriod period = SpendingPeriod::one_time;
  std::vector<Pubkey> members;       ///< each may spend alone
  std::vector<Pubkey> destinations;  ///< empty: any destination
};
struct RemoveSpendingLimit {
  Pubkey address;
};
struct SetRentCollector {
  std::optional<Pubkey> key;
};

/// One change, in the order of the tags with which it is stored.
using ConfigAction = std::variant<AddMember, RemoveMember, ChangeThreshold, SetTimeLock, AddSpendingLimit,
                                  RemoveSpendingLimit, SetRentCollector>;

/// "set the time lock to 3600 s", "add member 9xQ… who may vote".
std::string words_for(const ConfigAction& action);

/// Reads the fields of the action with this tag, as accounts and instructions hold them; for a tag that is none the
/// reader fails.
ConfigAction read_config_action(Reader& reader, std::uint8_t tag);

/// A list of actions, each behind its tag.
std::vector<ConfigAction> read_config_actions(Reader& reader);

struct ConfigTransaction {
  Pubkey multisig;
  Pubkey creator;
  std::uint64_t index = 0;
  std::uint8_t bump = 0;
  std::vector<ConfigAction> actions;  ///< all of them, or none, in this order
};

/// Errors (kind `malformed`): another Squads account, by name, or another discriminator; data that ends before the
/// value does; an action or a period that the program does not have; a list longer than the data.
Result<ConfigTransaction> decode_config_transaction(ByteView data);

/// Several vault transactions under one vote. Item 1 to `size` each has an account of its own.
struct Batch {
  Pubkey multisig;
  Pubkey creator;
  std::uint64_t index = 0;
  std::uint8_t bump = 0;
  std::uint8_t vault_index = 0;
  std::uint8_t vault_bump = 0;
  std::uint32_t size = 0;
  std::uint32_t executed = 0;  ///< of its items, the first ones
};

/// Errors as decode_config_transaction.
Result<Batch> decode_batch(ByteView data);

}  // namespace readyctl
