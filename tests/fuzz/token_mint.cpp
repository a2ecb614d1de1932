// Mints of SPL Token and Token-2022, with their extensions.
#include "fuzz/token_extensions.hpp"
#include "solana/token.hpp"

using namespace readyctl;

FUZZ_TARGET(token_mint) {
  const auto mint = decode_mint(ByteView(data, size));
  if (!mint) return 0;
  fuzz::require(!decode_token_account(ByteView(data, size)), "a mint is no token account");

  fuzz::Retrace retrace(ByteView(data, size));
  retrace.wide_option_key<std::uint32_t>(mint->mint_authority);
  retrace.number(mint->supply);
  retrace.number(mint->decimals);
  retrace.number(std::uint8_t{mint->initialized});
  retrace.wide_option_key<std::uint32_t>(mint->freeze_authority);
  if (mint->extensions.empty()) return 0;
  retrace.bytes(Bytes(token_account_bytes - mint_bytes, 0));
  retrace.number(std::uint8_t{1});
  fuzz::retrace_extensions(retrace, mint->extensions);
  return 0;
}
