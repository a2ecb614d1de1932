// Facts about tokens: a token account or a mint, read the way the token program that owns it reads it.
#pragma once

#include "facts/accounts.hpp"
#include "facts/field_types.hpp"

namespace readyctl {

/// SPL Token or Token-2022, by address.
struct TokenProgram {
  Pubkey address;
};

/// A token account. `account.owner` is its token program; `token.owner` is whose tokens they are.
struct TokenHolding {
  Account account;
  TokenAccount token;
};

/// A mint. `account.owner` is its token program.
struct TokenMint {
  Account account;
  Mint mint;
};

namespace facts {

/// A token account of SPL Token or Token-2022. Absent: no account; an account of another program; a mint, a token
/// multisig or another layout; extensions under SPL Token, which has none.
Fact<TokenHolding> token_account(const Pubkey& address);

/// A mint of SPL Token or Token-2022. Absent: likewise.
Fact<TokenMint> token_mint(const Pubkey& address);

}  // namespace facts

template <>
struct FieldType<TokenProgram> {
  static Result<TokenProgram> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "address of SPL Token or of Token-2022"; }
};

}  // namespace readyctl
