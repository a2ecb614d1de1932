// Squads v4 spending limits: who may spend from a vault alone, without a vote and without the time lock.
//
// Source: Squads-Protocol/v4 state/spending_limit.rs. Bytes after the value are never read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// When a limit is full again. A month is 30 days.
enum class SpendingPeriod : std::uint8_t { one_time, day, week, month };

/// "once", "a day", "a week", "a month".
std::string_view words_for(SpendingPeriod period);

struct SpendingLimit {
  Pubkey multisig;
  Pubkey create_key;
  std::uint8_t vault_index = 0;
  std::optional<Pubkey> mint;          ///< none: SOL
  std::uint64_t amount = 0;            ///< of the limit: lamports, or base units of the mint
  std::uint64_t remaining_amount = 0;  ///< until the period ends
  SpendingPeriod period = SpendingPeriod::one_time;
  std::int64_t last_reset = 0;  ///< Unix seconds of the on-chain clock
  std::uint8_t bump = 0;
  std::vector<Pubkey> members;       ///< each may spend alone; need not be members of the multisig
  std::vector<Pubkey> destinations;  ///< empty: any destination
};

/// Errors (kind `malformed`): another Squads account, by name, or another discriminator; data that ends before the
/// value does; a list longer than the data; a period other than 0 to 3.
Result<SpendingLimit> decode_spending_limit(ByteView data);

}  // namespace readyctl
