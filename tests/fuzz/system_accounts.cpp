// Durable nonces and address lookup tables.
#include "solana/system_accounts.hpp"

#include "fuzz/retrace.hpp"

using namespace readyctl;

namespace {

void retrace_nonce(fuzz::Retrace retrace, const NonceAccount& nonce) {
  retrace.number(std::uint32_t{!nonce.legacy});
  retrace.number(std::uint32_t{nonce.initialized});
  retrace.key(nonce.authority);
  retrace.key(nonce.nonce);
  retrace.skip(8);
}

void retrace_table(fuzz::Retrace retrace, const LookupTable& table) {
  retrace.number(std::uint32_t{1});
  retrace.number(table.deactivated_at ? table.deactivated_at->value : ~std::uint64_t{0});
  retrace.number(table.last_extended.value);
  retrace.skip(1);
  retrace.wide_option_key<std::uint8_t>(table.authority);
  retrace.skip(2);
  for (const Pubkey& address : table.addresses) retrace.key(address);
  fuzz::require(retrace.rest().empty(), "every address was read");
}

}  // namespace

FUZZ_TARGET(system_accounts) {
  const ByteView account(data, size);
  if (const auto nonce = decode_nonce(account)) retrace_nonce(fuzz::Retrace(account), *nonce);
  if (const auto table = decode_lookup_table(account)) retrace_table(fuzz::Retrace(account), *table);
  return 0;
}
