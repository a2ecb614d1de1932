// The spending limits of Squads v4.
#include "solana/squads_spending.hpp"

#include "fuzz/retrace.hpp"
#include "solana/squads.hpp"

using namespace readyctl;

FUZZ_TARGET(squads_spending_limit) {
  const auto limit = decode_spending_limit(ByteView(data, size));
  if (!limit) return 0;
  fuzz::require(squads_account(ByteView(data, size)) == SquadsAccount::spending_limit, "its discriminator says so");
  fuzz::require(!words_for(limit->period).empty(), "a period has a name");

  fuzz::Retrace retrace(ByteView(data, size));
  retrace.skip(8);
  retrace.key(limit->multisig);
  retrace.key(limit->create_key);
  retrace.number(limit->vault_index);
  retrace.nullable_key(limit->mint);
  retrace.number(limit->amount);
  retrace.number(static_cast<std::uint8_t>(limit->period));
  retrace.number(limit->remaining_amount);
  retrace.number(limit->last_reset);
  retrace.number(limit->bump);
  retrace.key_vec(limit->members);
  retrace.key_vec(limit->destinations);
  return 0;
}
