// Token accounts and mints of SPL Token and Token-2022.
//
// Source: token interface/src/state.rs; token-2022 interface/src/extension/mod.rs. The two programs share the base
// layouts; the owner of the account says which program it is, and is for the caller to check.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/amounts.hpp"
#include "solana/pubkey.hpp"
#include "solana/token_extensions.hpp"

namespace readyctl {

inline constexpr std::size_t mint_bytes = 82;
inline constexpr std::size_t token_account_bytes = 165;
inline constexpr std::size_t token_multisig_bytes = 355;

/// Amounts are in base units: 10^decimals of the mint make one token.
struct TokenAccount {
  Pubkey mint;
  Pubkey owner;
  std::uint64_t amount = 0;
  std::optional<Pubkey> delegate;  ///< may move up to `delegated_amount`
  std::uint64_t delegated_amount = 0;
  TokenAccountState state = TokenAccountState::uninitialized;
  std::optional<Lamports> native_reserve;  ///< wrapped SOL only: the rent reserve that `amount` excludes
  std::optional<Pubkey> close_authority;   ///< none: the owner closes
  std::vector<TokenExtension> extensions;  ///< in the order of the account; empty for SPL Token
};

struct Mint {
  std::optional<Pubkey> mint_authority;  ///< none: the supply is fixed
  std::uint64_t supply = 0;
  std::uint8_t decimals = 0;
  bool initialized = false;
  std::optional<Pubkey> freeze_authority;  ///< none: accounts cannot be frozen
  std::vector<TokenExtension> extensions;  ///< in the order of the account; empty for SPL Token
};

/// A token account: exactly 165 bytes, or longer with account type 2 at offset 165 and extensions after it. Errors
/// (kind `malformed`): another length; a mint or a token multisig (355 bytes), by name; an option tag other than 0 or
/// 1, a state other than 0, 1, 2; extensions that decode_extensions refuses.
Result<TokenAccount> decode_token_account(ByteView data);

/// A mint: exactly 82 bytes, or at least 166 with zeros from 82 to 165, account type 1 at offset 165 and extensions
/// after it. Errors (kind `malformed`): another length; a token account or a token multisig (355 bytes), by name; an
/// option tag or flag other than 0 or 1; padding that is not zero; extensions that decode_extensions refuses.
Result<Mint> decode_mint(ByteView data);

}  // namespace readyctl
