// Token accounts of SPL Token and Token-2022, with their extensions.
#include "fuzz/token_extensions.hpp"
#include "solana/token.hpp"

using namespace readyctl;

FUZZ_TARGET(token_account) {
  const auto account = decode_token_account(ByteView(data, size));
  if (!account) return 0;
  fuzz::require(!decode_mint(ByteView(data, size)), "a token account is no mint");

  fuzz::Retrace retrace(ByteView(data, size));
  retrace.key(account->mint);
  retrace.key(account->owner);
  retrace.number(account->amount);
  retrace.wide_option_key<std::uint32_t>(account->delegate);
  retrace.number(static_cast<std::uint8_t>(account->state));
  retrace.number(std::uint32_t{account->native_reserve.has_value()});
  if (account->native_reserve) {
    retrace.number(account->native_reserve->value);
  } else {
    retrace.skip(8);
  }
  retrace.number(account->delegated_amount);
  retrace.wide_option_key<std::uint32_t>(account->close_authority);
  if (account->extensions.empty()) return 0;
  retrace.number(std::uint8_t{2});
  fuzz::retrace_extensions(retrace, account->extensions);
  return 0;
}
