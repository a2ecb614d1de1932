#include "facts/tokens.hpp"

#include "solana/names.hpp"

namespace readyctl {
namespace {

bool is_token_program(const Pubkey& program) { return program == known::token || program == known::token_2022; }

// How one layout is read, and what it is called.
template <class T>
struct Layout {
  std::string_view name;
  std::size_t bytes;  ///< under SPL Token, which reads no other length
  Result<T> (*decode)(ByteView);
};

template <class T>
tl::expected<T, std::string> read_as(const Layout<T>& layout, const Account& account) {
  const bool classic = account.owner == known::token;
  if (!is_token_program(account.owner)) {
    return tl::unexpected("is no " + std::string(layout.name) + ": it is owned by " + named(account.owner) +
                          ", which is no token program");
  }
  auto value = layout.decode(account.bytes());
  if (!value) return tl::unexpected("is no " + std::string(layout.name) + ": " + value.error().what);
  if (classic && account.bytes().size() != layout.bytes) {
    return tl::unexpected("is no " + std::string(layout.name) + ": under SPL Token it has " +
                          std::to_string(layout.bytes) + " bytes, found " + std::to_string(account.bytes().size()));
  }
  return std::move(*value);
}

template <class Held, class T>
Fact<Held> held(const Pubkey& address, const Layout<T>& layout) {
  Fact<std::optional<Account>> fact = facts::account_if_any(address);
  return {fact.request, [read = std::move(fact.read), address, layout](const Observation& seen) -> Reading<Held> {
            auto account = read(seen);
            if (!account) return tl::unexpected<Refusal>(account.error());
            if (!*account) {
              return absent(std::string(layout.name) + " " + to_string(address) + " does not exist", to_string(address),
                            true);
            }
            auto value = read_as(layout, **account);
            if (!value) return absent(to_string(address) + " " + value.error());
            return Held{std::move(**account), std::move(*value)};
          }};
}

}  // namespace

namespace facts {

Fact<TokenHolding> token_account(const Pubkey& address) {
  return held<TokenHolding>(address, Layout<TokenAccount>{"token account", token_account_bytes, decode_token_account});
}

Fact<TokenMint> token_mint(const Pubkey& address) {
  return held<TokenMint>(address, Layout<Mint>{"mint", mint_bytes, decode_mint});
}

}  // namespace facts

Result<TokenProgram> FieldType<TokenProgram>::read(const Json& value, const Place& place) {
  const auto address = FieldType<Pubkey>::read(value, place);
  if (!address) return failure(address.error());
  if (is_token_program(*address)) return TokenProgram{*address};
  return place.malformed(named(*address) + " is no token program",
                         "SPL Token is " + to_string(known::token) + ", Token-2022 is " + to_string(known::token_2022));
}

Json FieldType<TokenProgram>::schema(Placeholders) {
  return {{"enum", {to_string(known::token), to_string(known::token_2022)}}};
}

}  // namespace readyctl
