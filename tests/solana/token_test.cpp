#include "solana/token.hpp"

#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& account_case(const std::string& label) {
  return case_named(vectors("token_accounts").at("cases"), label);
}
Bytes data_of(const std::string& label) { return unhex(account_case(label).at("hex")); }
const Vectors& decoded(const std::string& label) { return account_case(label).at("decoded"); }

const std::string plain_mint = "spl-token Mint, supply 1234567, decimals 6, mint+freeze authority set";
const std::string plain_account = "spl-token Account with delegate and close authority";
const std::string rich_mint = "Token-2022 Mint with many extensions";
const std::string rich_account = "Token-2022 Account with extensions";
const std::string multisig = "spl-token Multisig 2 of 3";

/// The extensions as the vector lists them.
std::vector<TokenExtension> listed(const Vectors& list) {
  std::vector<TokenExtension> extensions;
  for (const Vectors& one : list) extensions.push_back({one.at("type"), unhex(one.at("value_hex"))});
  return extensions;
}

}  // namespace

// A mint of SPL Token, and the same mint after its authority was removed: the old key stays in the bytes, not in the
// mint.
TEST_CASE("SPL Token mints are read", "[solana]") {
  for (const std::string& label :
       {plain_mint, std::string("same Mint after mint authority set to None (note: stale key bytes)")}) {
    INFO(label);
    const Mint mint = decode_mint(data_of(label)).value();
    CHECK(mint.mint_authority == maybe_key(decoded(label).at("mint_authority")));
    CHECK(std::to_string(mint.supply) == text(decoded(label).at("supply")));
    CHECK(mint.decimals == decoded(label).at("decimals").get<int>());
    CHECK(mint.initialized == decoded(label).at("is_initialized").get<bool>());
    CHECK(mint.freeze_authority == maybe_key(decoded(label).at("freeze_authority")));
    CHECK(mint.extensions.empty());
  }
}

// A token account of SPL Token with everything that can be set.
TEST_CASE("SPL Token accounts are read", "[solana]") {
  const TokenAccount account = decode_token_account(data_of(plain_account)).value();
  const Vectors& expected = decoded(plain_account);
  CHECK(account.mint == key(expected.at("mint")));
  CHECK(account.owner == key(expected.at("owner")));
  CHECK(std::to_string(account.amount) == text(expected.at("amount")));
  CHECK(account.delegate == maybe_key(expected.at("delegate")));
  CHECK(account.state == TokenAccountState::initialized);
  CHECK_FALSE(account.native_reserve.has_value());
  CHECK(std::to_string(account.delegated_amount) == text(expected.at("delegated_amount")));
  CHECK(account.close_authority == maybe_key(expected.at("close_authority")));
  CHECK(account.extensions.empty());
}

// Wrapped SOL keeps its rent apart from its amount.
TEST_CASE("wrapped SOL accounts are read", "[solana]") {
  const std::string label = "wrapped-SOL token Account (is_native = rent reserve)";
  const TokenAccount account = decode_token_account(data_of(label)).value();
  CHECK(account.mint == known::wrapped_sol);
  CHECK(std::to_string(account.amount) == text(decoded(label).at("amount")));
  CHECK(to_string(account.native_reserve.value()) == text(decoded(label).at("is_native")));
  CHECK_FALSE(account.delegate.has_value());
}

// Every extension of a Token-2022 mint is kept, in order, with its exact bytes.
TEST_CASE("Token-2022 mints are read with their extensions", "[solana]") {
  const Mint mint = decode_mint(data_of(rich_mint)).value();
  CHECK(mint.decimals == decoded(rich_mint).at("decimals").get<int>());
  CHECK(mint.extensions == listed(decoded(rich_mint).at("extensions")));

  const std::string with_metadata = "same mint after TokenMetadata Initialize (variable-length ext 19 appended)";
  const Mint grown = decode_mint(data_of(with_metadata)).value();
  CHECK(grown.extensions.size() == mint.extensions.size() + 1);
  CHECK(grown.extensions.back() == listed(decoded(with_metadata).at("extensions_tail")).at(0));

  const std::string scaled = "Token-2022 Mint NonTransferable + ScaledUiAmount(1.5)";
  CHECK(decode_mint(data_of(scaled)).value().extensions == listed(decoded(scaled).at("extensions")));
}

// The same for a token account.
TEST_CASE("Token-2022 accounts are read with their extensions", "[solana]") {
  const TokenAccount account = decode_token_account(data_of(rich_account)).value();
  CHECK(account.owner == key(decoded(rich_account).at("owner")));
  CHECK(account.mint == key(decoded(rich_account).at("mint")));
  CHECK(account.state == TokenAccountState::initialized);
  CHECK(account.extensions == listed(decoded(rich_account).at("extensions")));
}

// Nothing is read as what it is not; the error says what it is instead.
TEST_CASE("other token accounts are refused by name", "[solana]") {
  CHECK(trouble(decode_mint(data_of(multisig))) == "mint: found 355 bytes, the length of a token multisig");
  CHECK(trouble(decode_token_account(data_of(multisig))) ==
        "token account: found 355 bytes, the length of a token multisig");
  CHECK(trouble(decode_mint(data_of(plain_account))) == "mint: found 165 bytes, the length of a token account");
  CHECK(trouble(decode_token_account(data_of(plain_mint))) == "token account: found 82 bytes, the length of a mint");
  CHECK(trouble(decode_mint(data_of(rich_account))) ==
        "mint: expected account type 1 (mint) at offset 165, found 2 (token account)");
  CHECK(trouble(decode_token_account(data_of(rich_mint))) ==
        "token account: expected account type 2 (token account) at offset 165, found 1 (mint)");
  CHECK(trouble(decode_mint(Bytes(100))) ==
        "mint: expected 82 bytes, or at least 166 with extensions, found 100 bytes");
  CHECK(trouble(decode_token_account({})) ==
        "token account: expected 165 bytes, or at least 166 with extensions, found 0 bytes");
}

// Even with the account type of a mint, 355 bytes are a multisig.
TEST_CASE("355 bytes are never a mint or an account", "[solana]") {
  for (const std::string& label : {rich_mint, rich_account}) {
    Bytes data = data_of(label);
    data.resize(token_multisig_bytes);
    CHECK_FALSE(decode_mint(data).has_value());
    CHECK_FALSE(decode_token_account(data).has_value());
  }
}

// Tags, states and padding have few values; any other is an error at its offset.
TEST_CASE("values out of range in token accounts are refused", "[solana]") {
  const auto spoiled = [](const std::string& label, std::size_t at, std::uint8_t value) {
    Bytes data = data_of(label);
    data.at(at) = value;
    return data;
  };
  CHECK(trouble(decode_token_account(spoiled(plain_account, 108, 3))) ==
        "token account: expected state 0, 1 or 2 at offset 108, found 3");
  CHECK(trouble(decode_token_account(spoiled(plain_account, 72, 2))) ==
        "token account: expected 0 or 1 for delegate at offset 72, found 2");
  CHECK(trouble(decode_token_account(spoiled(plain_account, 111, 1))) ==
        "token account: expected 0 or 1 for wrapped SOL reserve at offset 109, found 65536");
  CHECK(trouble(decode_token_account(spoiled(plain_account, 129, 9))) ==
        "token account: expected 0 or 1 for close authority at offset 129, found 9");
  CHECK(trouble(decode_mint(spoiled(plain_mint, 45, 2))) ==
        "mint: expected 0 or 1 for initialized at offset 45, found 2");
  CHECK(trouble(decode_mint(spoiled(rich_mint, 120, 1))) == "mint: expected zeros from offset 82 to 165");
  CHECK(decode_token_account(spoiled(plain_account, 108, 2)).value().state == TokenAccountState::frozen);
}
