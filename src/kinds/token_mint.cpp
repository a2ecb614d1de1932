// token-mint: who can change this token under those who hold it?
//
// Reads     the mint: 1 round
// pass      decimals, supply and token program are the declared ones; nobody has a power that the pack does not mention
// fail      anything else, all of it at once; an account that is no mint
// Source    token interface/src/state.rs Mint; token-2022 interface/src/extension
#include "engine/kind.hpp"
#include "facts/tokens.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/extension_rules.hpp"

namespace readyctl {
namespace {

struct TokenMintGate {
  Pubkey address;
  std::optional<TokenProgram> token_program;
  std::optional<std::uint8_t> decimals;
  std::optional<Amount> min_supply;
  std::optional<Amount> max_supply;
  Holder mint_authority;
  Holder freeze_authority;
  ExtensionRules extensions;

  static constexpr auto fields() {
    using Gate = TokenMintGate;
    return std::tuple{
        required("address", &Gate::address, "the mint"),
        optional("tokenProgram", &Gate::token_program,
                 "SPL Token or Token-2022; unsaid, either, and the finding tells which"),
        optional("decimals", &Gate::decimals, "10 to this power raw units make one token"),
        optional("minSupply", &Gate::min_supply, "the least supply there may be"),
        optional("maxSupply", &Gate::max_supply, "the largest supply there may be"),
        optional("mintAuthority", &Gate::mint_authority, "who may make more tokens; nobody unless said"),
        optional("freezeAuthority", &Gate::freeze_authority, "who may freeze anybody's account; nobody unless said"),
        optional("extensions", &Gate::extensions,
                 "Token-2022 extensions; unsaid, only those of metadata and groups may be there, and those whose power "
                 "nobody holds any more"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (const auto fine = check_bounds(supply(), "minSupply", "maxSupply", place); !fine) return fine;
    return extensions.check_host(ExtensionHost::mint, place / "extensions");
  }

  Bounds<Amount> supply() const { return {min_supply, max_supply}; }
};

void judge(const TokenMintGate& gate, const TokenMint& found, Judgement& judgement) {
  const Mint& mint = found.mint;
  judgement.expect(mint.initialized, {"initialized", "yes", mint.initialized ? "yes" : "no"}, "it is not initialized");
  expect_token_program(judgement, found.account.owner, gate.token_program);
  if (gate.decimals) {
    judgement.expect(mint.decimals == *gate.decimals,
                     {"decimals", std::to_string(*gate.decimals), std::to_string(mint.decimals)},
                     "decimals are " + std::to_string(mint.decimals) + ", expected " + std::to_string(*gate.decimals));
  } else {
    judgement.note("decimals", std::to_string(mint.decimals));
  }
  expect_between(judgement, "supply", Amount{mint.supply}, gate.supply());
  expect_holder(judgement, "mint authority", mint.mint_authority, gate.mint_authority);
  expect_holder(judgement, "freeze authority", mint.freeze_authority, gate.freeze_authority);
  expect_extensions(judgement, mint.extensions, gate.extensions, ExtensionHost::mint);
}

Task<Finding> evaluate(TokenMintGate gate) {
  const TokenMint mint = co_await facts::token_mint(gate.address);

  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.address});
  judge(gate, mint, judgement);
  const std::string subject = "mint " + named(gate.address);
  co_return about(subject, judgement.conclude(subject + " has the declared powers and no other; supply " +
                                              std::to_string(mint.mint.supply) + " raw units, " +
                                              std::to_string(mint.mint.decimals) + " decimals"));
}

}  // namespace

GateKind token_mint() {
  return gate_kind<TokenMintGate>(
      {.name = "token-mint",
       .asks = "Who can change this token under those who hold it?",
       .reads = "the mint; one round",
       .passes = "decimals, supply and token program are the declared ones, and nobody has a power that the pack does "
                 "not mention",
       .fails =
           "another token program; other decimals; too small or too large a supply; a mint or freeze authority that "
           "was not mentioned; an extension that was not allowed, was denied, or is missing; not initialized; no "
           "account, or none that is a mint",
       .why =
           "A mint authority can dilute, a freeze authority can lock, and a permanent delegate can take every token.",
       .remedy =
           "spl-token authorize … mint --disable, spl-token authorize … freeze --disable; what an extension can do "
           "stays, so allow it in the pack or take another mint",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
