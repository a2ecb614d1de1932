// Token accounts and mints for a FakeSource: those that the real token programs made, and layouts built field by field.
#pragma once

#include "facts/tokens.hpp"
#include "solana/vectors.hpp"
#include "support/fake_source.hpp"
#include "support/programs.hpp"

namespace readyctl::test {

/// The bytes of an account that the real token programs made, by its label in vectors.json.
inline Bytes recorded_token(const std::string& label) {
  return unhex(case_named(vectors("token_accounts").at("cases"), label).at("hex"));
}

inline const std::string recorded_account = "spl-token Account with delegate and close authority";
inline const std::string recorded_wrapped_sol = "wrapped-SOL token Account (is_native = rent reserve)";
inline const std::string recorded_rich_account = "Token-2022 Account with extensions";
inline const std::string recorded_mint = "spl-token Mint, supply 1234567, decimals 6, mint+freeze authority set";
inline const std::string recorded_mint_without_authority =
    "same Mint after mint authority set to None (note: stale key bytes)";
inline const std::string recorded_rich_mint = "Token-2022 Mint with many extensions";
inline const std::string recorded_multisig = "spl-token Multisig 2 of 3";

inline void put_option(Bytes& out, const std::optional<Pubkey>& key) {
  put_u32(out, key ? 1 : 0);
  put(out, key.value_or(Pubkey{}).bytes);
}

// Account type at offset 165, then the extensions one after the other; nothing when there are none.
inline Bytes with_extensions(Bytes base, std::uint8_t account_type, const std::vector<TokenExtension>& extensions) {
  if (extensions.empty()) return base;
  Bytes data = padded(std::move(base), token_account_bytes);
  data.push_back(account_type);
  for (const TokenExtension& extension : extensions) {
    put_u16(data, extension.id);
    put_u16(data, static_cast<std::uint16_t>(extension.value.size()));
    put(data, extension.value);
  }
  return data;
}

inline Bytes bytes_of_account(const TokenAccount& token) {
  Bytes data;
  put(data, token.mint.bytes);
  put(data, token.owner.bytes);
  put_u64(data, token.amount);
  put_option(data, token.delegate);
  data.push_back(static_cast<std::uint8_t>(token.state));
  put_u32(data, token.native_reserve ? 1 : 0);
  put_u64(data, token.native_reserve.value_or(Lamports{}).value);
  put_u64(data, token.delegated_amount);
  put_option(data, token.close_authority);
  return with_extensions(std::move(data), 2, token.extensions);
}

inline Bytes bytes_of_mint(const Mint& mint) {
  Bytes data;
  put_option(data, mint.mint_authority);
  put_u64(data, mint.supply);
  data.push_back(mint.decimals);
  data.push_back(mint.initialized ? 1 : 0);
  put_option(data, mint.freeze_authority);
  return with_extensions(std::move(data), 1, mint.extensions);
}

/// A value of so many zeros: in most extensions, a power that nobody holds.
inline TokenExtension zeroed(std::uint16_t id, std::size_t bytes) { return {id, Bytes(bytes)}; }

/// An extension of so many bytes, of which the first are the address of who holds its power.
inline TokenExtension held_by(std::uint16_t id, const Pubkey& holder, std::size_t bytes) {
  Bytes value(holder.bytes.begin(), holder.bytes.end());
  value.resize(bytes);
  return {id, value};
}

}  // namespace readyctl::test
