#include "solana/token.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "solana/reader.hpp"

namespace readyctl {
namespace {

// Mint
//    0  u32  1 if a mint authority stands     36  u64  supply         46  u32  1 if a freeze authority stands
//    4  32B  mint authority                   44  u8   decimals       50  32B  freeze authority
//                                             45  u8   initialized
static_assert(4 + 32 + 8 + 1 + 1 + 4 + 32 == mint_bytes);

// Token account
//    0  32B  mint        72  u32  1 if a delegate stands          121  u64  delegated amount
//   32  32B  owner       76  32B  delegate                        129  u32  1 if a close authority stands
//   64  u64  amount     108  u8   state                           133  32B  close authority
//                       109  u32  1 if wrapped SOL, 113  u64  its rent reserve
static_assert(32 + 32 + 8 + (4 + 32) + 1 + (4 + 8) + 8 + (4 + 32) == token_account_bytes);

// With extensions, both:   … zeros for a mint …   165  u8  1 mint, 2 account     166  extensions …
constexpr std::size_t extensions_offset = token_account_bytes + 1;
constexpr std::uint8_t type_mint = 1;
constexpr std::uint8_t type_account = 2;

std::string words_for_type(std::uint8_t type) {
  if (type == type_mint) return "1 (mint)";
  if (type == type_account) return "2 (token account)";
  return std::to_string(type);
}

/// Refuses, by name, data that by its length or account type is something else than `type`.
void expect_kind(Reader& reader, ByteView data, std::size_t base_bytes, std::uint8_t type) {
  if (data.size() == base_bytes) return;
  const std::string found = counted(data.size(), "byte");
  if (data.size() == token_multisig_bytes) {
    reader.fail("found " + found + ", the length of a token multisig");
  } else if (data.size() == mint_bytes) {
    reader.fail("found " + found + ", the length of a mint");
  } else if (data.size() == token_account_bytes) {
    reader.fail("found " + found + ", the length of a token account");
  } else if (data.size() < extensions_offset) {
    reader.fail("expected " + std::to_string(base_bytes) + " bytes, or at least " + std::to_string(extensions_offset) +
                " with extensions, found " + found);
  } else if (data[token_account_bytes] != type) {
    reader.fail("expected account type " + words_for_type(type) + " at offset " + std::to_string(token_account_bytes) +
                ", found " + words_for_type(data[token_account_bytes]));
  }
}

std::vector<TokenExtension> read_extensions(Reader& reader, ByteView data) {
  if (!reader.ok() || data.size() <= extensions_offset) return {};
  auto extensions = decode_extensions(data.subspan(extensions_offset));
  if (extensions) return std::move(*extensions);
  reader.fail(extensions.error().what);
  return {};
}

}  // namespace

Result<TokenAccount> decode_token_account(ByteView data) {
  Reader reader("token account", data);
  expect_kind(reader, data, token_account_bytes, type_account);
  TokenAccount account;
  account.mint = reader.pubkey("mint");
  account.owner = reader.pubkey("owner");
  account.amount = reader.u64("amount");
  account.delegate = reader.coption_pubkey("delegate");
  const std::uint8_t state = reader.u8("state");
  if (state > 2) reader.fail("expected state 0, 1 or 2 at offset 108, found " + std::to_string(state));
  account.state = static_cast<TokenAccountState>(state);
  if (const auto reserve = reader.coption_u64("wrapped SOL reserve")) account.native_reserve = Lamports{*reserve};
  account.delegated_amount = reader.u64("delegated amount");
  account.close_authority = reader.coption_pubkey("close authority");
  account.extensions = read_extensions(reader, data);
  return reader.finish(std::move(account));
}

Result<Mint> decode_mint(ByteView data) {
  Reader reader("mint", data);
  expect_kind(reader, data, mint_bytes, type_mint);
  Mint mint;
  mint.mint_authority = reader.coption_pubkey("mint authority");
  mint.supply = reader.u64("supply");
  mint.decimals = reader.u8("decimals");
  mint.initialized = reader.boolean("initialized");
  mint.freeze_authority = reader.coption_pubkey("freeze authority");
  if (reader.ok() && data.size() > mint_bytes) {
    const ByteView padding = reader.bytes("padding", token_account_bytes - mint_bytes);
    if (std::ranges::any_of(padding, [](std::uint8_t byte) { return byte != 0; })) {
      reader.fail("expected zeros from offset " + std::to_string(mint_bytes) + " to " +
                  std::to_string(token_account_bytes));
    }
  }
  mint.extensions = read_extensions(reader, data);
  return reader.finish(std::move(mint));
}

}  // namespace readyctl
