// token-account: is this token account what we think, and does nobody else have power over it?
//
// Reads     the token account: 1 round
// pass      mint, owner, token program, state, amount and extensions are the declared ones; nobody has a power that the
//           pack does not mention
// fail      anything else, all of it at once; an account that is no token account
// Source    token interface/src/state.rs Account; token-2022 interface/src/extension
#include "engine/kind.hpp"
#include "facts/tokens.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/extension_rules.hpp"
#include "solana/derive.hpp"

namespace readyctl {
namespace {

/// A state that a token account can be expected in.
struct ExpectedState {
  TokenAccountState state = TokenAccountState::initialized;
};

}  // namespace

template <>
struct FieldType<ExpectedState> {
  static std::vector<std::string> names() { return {"initialized", "frozen"}; }

  static Result<ExpectedState> read(const Json& value, const Place& place) {
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    for (const auto state : {TokenAccountState::initialized, TokenAccountState::frozen}) {
      if (*text == words_for(state)) return ExpectedState{state};
    }
    return place.malformed("no token account can be expected to be \"" + printable(*text) + "\"",
                           suggestion(*text, names()));
  }
  static Json schema(Placeholders) { return {{"enum", names()}}; }
  static std::string words() { return "\"initialized\" or \"frozen\""; }
};

namespace {

struct TokenAccountGate {
  Pubkey address;
  Pubkey mint;
  Pubkey owner;
  std::optional<TokenProgram> token_program;
  bool associated = false;
  ExpectedState state;
  Holder delegate;
  Holder close_authority;
  std::optional<Amount> min_amount;
  std::optional<Amount> max_amount;
  ExtensionRules extensions;

  static constexpr auto fields() {
    using Gate = TokenAccountGate;
    return std::tuple{
        required("address", &Gate::address, "the token account (not the wallet that owns it)"),
        required("mint", &Gate::mint, "the mint of its tokens"),
        required("owner", &Gate::owner, "who may move its tokens: a wallet, a vault, a PDA; not the token program"),
        optional("tokenProgram", &Gate::token_program,
                 "SPL Token or Token-2022; unsaid, either, and the finding tells which"),
        optional("associated", &Gate::associated,
                 "true: it must be the associated token account of `owner` for `mint`"),
        optional("state", &Gate::state, "\"initialized\" unless said; a frozen account can neither pay nor be paid"),
        optional("delegate", &Gate::delegate, "who may move its tokens besides the owner; nobody unless said"),
        optional("closeAuthority", &Gate::close_authority, "who may close it instead of the owner; nobody unless said"),
        optional("minAmount", &Gate::min_amount, "the least it may hold"),
        optional("maxAmount", &Gate::max_amount, "the most it may hold"),
        optional("extensions", &Gate::extensions,
                 "Token-2022 extensions; unsaid, only ImmutableOwner, MemoTransfer and CpiGuard may be there"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (const auto fine = check_bounds(bounds(), "minAmount", "maxAmount", place); !fine) return fine;
    return extensions.check_host(ExtensionHost::account, place / "extensions");
  }

  Bounds<Amount> bounds() const { return {min_amount, max_amount}; }
};

void judge_identity(const TokenAccountGate& gate, const TokenHolding& holding, Judgement& judgement) {
  const Pubkey& token_program = holding.account.owner;
  expect_address(judgement, "mint", holding.token.mint, gate.mint);
  expect_address(judgement, "owner", holding.token.owner, gate.owner);
  expect_token_program(judgement, token_program, gate.token_program);
  if (!gate.associated) return;

  const Pubkey associated = associated_token_address({gate.owner, gate.mint, token_program}).address;
  judgement.expect(associated == gate.address,
                   {"associated token account", to_string(associated), to_string(gate.address)},
                   "it is not the associated token account of " + named(gate.owner) + " for mint " + named(gate.mint) +
                       ", which is " + to_string(associated));
}

void judge_powers(const TokenAccountGate& gate, const TokenAccount& token, Judgement& judgement) {
  const std::string state(words_for(token.state));
  const std::string expected(words_for(gate.state.state));
  judgement.expect(token.state == gate.state.state, {"state", expected, state},
                   "state is " + state + ", expected " + expected);
  expect_holder(judgement, "delegate", token.delegate, gate.delegate);
  if (token.delegate) judgement.note("delegated amount", std::to_string(token.delegated_amount));
  expect_holder(judgement, "close authority", token.close_authority, gate.close_authority);
}

// Lamports that arrived without a SyncNative are in the account and not yet in the amount.
void note_wrapped_sol(const TokenHolding& holding, Judgement& judgement) {
  if (!holding.token.native_reserve) return;
  const std::uint64_t reserve = holding.token.native_reserve->value;
  judgement.note("wrapped SOL", sol_text(Lamports{holding.token.amount}) + ", besides a reserve of " +
                                    words_for(*holding.token.native_reserve));
  const std::uint64_t lamports = holding.account.lamports.value;
  const bool synced = lamports < reserve || lamports - reserve <= holding.token.amount;
  if (synced) return;
  judgement.note("not yet wrapped", words_for(Lamports{lamports - reserve - holding.token.amount}));
}

Task<Finding> evaluate(TokenAccountGate gate) {
  const TokenHolding holding = co_await facts::token_account(gate.address);

  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.address});
  judge_identity(gate, holding, judgement);
  judge_powers(gate, holding.token, judgement);
  expect_between(judgement, "amount", Amount{holding.token.amount}, gate.bounds());
  note_wrapped_sol(holding, judgement);
  expect_extensions(judgement, holding.token.extensions, gate.extensions, ExtensionHost::account);
  const std::string subject = "token account " + to_string(gate.address);
  co_return about(subject, judgement.conclude(subject + " holds " + std::to_string(holding.token.amount) +
                                              " raw units of mint " + named(gate.mint) + " for " + named(gate.owner)));
}

}  // namespace

GateKind token_account() {
  return gate_kind<TokenAccountGate>(
      {.name = "token-account",
       .asks = "Is this token account what we think, and does nobody else have power over it?",
       .reads = "the token account; one round",
       .passes = "mint, owner, token program, state, amount and extensions are the declared ones, and nobody has a "
                 "power that the pack does not mention",
       .fails =
           "another mint, owner or token program; not the associated account; uninitialized; frozen; a delegate or "
           "close authority that was not mentioned; too little or too much; an extension that was not allowed, was "
           "denied, or is missing; no account, or none that is a token account",
       .why = "A delegate can empty a treasury, and revenue sent to the account of another owner is gone.",
       .remedy = "spl-token revoke, spl-token authorize … close --disable, spl-token thaw; otherwise correct the pack",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
