#include "solana/squads_spending.hpp"

#include <array>
#include <string>

#include "solana/squads_reader.hpp"

namespace readyctl {
namespace {

//    0  8B   discriminator     72  u8   vault index     113  u8   period               130  u8   bump
//    8  32B  multisig          73  32B  mint            114  u64  remaining amount     131  vec  members, 32B each
//   40  32B  create key       105  u64  amount          122  i64  last reset                vec  destinations
static_assert(8 + 32 + 32 == 72 && 72 + 1 + 32 + 8 == 113 && 113 + 1 + 8 + 8 + 1 == 131);

}  // namespace

std::string_view words_for(SpendingPeriod period) {
  static constexpr std::array<std::string_view, 4> words = {"once", "a day", "a week", "a month"};
  return words.at(static_cast<std::size_t>(period));
}

SpendingPeriod read_spending_period(Reader& reader) {
  const std::size_t offset = reader.offset();
  const std::uint8_t period = reader.u8("period");
  if (period > static_cast<std::uint8_t>(SpendingPeriod::month)) {
    reader.fail("expected period 0 to 3 at offset " + std::to_string(offset) + ", found " + std::to_string(period));
  }
  return static_cast<SpendingPeriod>(period);
}

Result<SpendingLimit> decode_spending_limit(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::spending_limit, data);
  SpendingLimit limit;
  limit.multisig = reader.pubkey("multisig");
  limit.create_key = reader.pubkey("create key");
  limit.vault_index = reader.u8("vault index");
  limit.mint = reader.nullable_pubkey("mint");
  limit.amount = reader.u64("amount");
  limit.period = read_spending_period(reader);
  limit.remaining_amount = reader.u64("remaining amount");
  limit.last_reset = reader.i64("last reset");
  limit.bump = reader.u8("bump");
  limit.members = reader.pubkey_vec("members");
  limit.destinations = reader.pubkey_vec("destinations");
  return reader.finish(std::move(limit));
}

}  // namespace readyctl
