#include "solana/system_accounts.hpp"

#include <limits>

#include "solana/reader.hpp"

namespace readyctl {
namespace {

bool flag_of_four_bytes(Reader& reader, std::string_view field) {
  const std::uint32_t value = reader.u32(field);
  if (value > 1) reader.fail(std::string(field) + " is " + std::to_string(value) + ", expected 0 or 1");
  return value == 1;
}

}  // namespace

Result<NonceAccount> decode_nonce(ByteView data) {
  Reader reader("nonce account", data);
  NonceAccount nonce;
  nonce.legacy = !flag_of_four_bytes(reader, "version");
  nonce.initialized = flag_of_four_bytes(reader, "state");
  nonce.authority = reader.pubkey("authority");
  nonce.nonce = reader.pubkey("nonce");
  reader.u64("lamports per signature");
  return reader.finish(nonce);
}

//   0  u32  state = 1            20  u8   first address of the last extension   56  addresses, 32 bytes each
//   4  u64  deactivation slot    21  u8   1 if an authority follows, else 0
//  12  u64  last extended slot   22  32B  authority
Result<LookupTable> decode_lookup_table(ByteView data) {
  Reader reader("address lookup table", data);
  LookupTable table;
  if (reader.u32("state") != 1) reader.fail("is not initialized");
  const std::uint64_t deactivation = reader.u64("deactivation slot");
  if (deactivation != std::numeric_limits<std::uint64_t>::max()) table.deactivated_at = Slot{deactivation};
  table.last_extended = Slot{reader.u64("last extended slot")};
  reader.u8("start index");
  table.authority = reader.wide_option_pubkey("authority");
  reader.bytes("padding", 2);
  if (reader.rest().size() % 32 != 0) reader.fail("the addresses are no multiple of 32 bytes");
  while (reader.ok() && !reader.rest().empty()) table.addresses.push_back(reader.pubkey("address"));
  return reader.finish(std::move(table));
}

}  // namespace readyctl
