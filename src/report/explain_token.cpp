// Tokens: mints, token accounts, and the token programs' own multisigs.
#include "base/text.hpp"
#include "report/inspect.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

constexpr unsigned decimals_max = 38;  // of more, the raw amount says as much

// "1.234567": exact, without trailing zeros.
std::string decimal_text(std::uint64_t amount, unsigned decimals) {
  std::string digits = std::to_string(amount);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  std::string fraction = digits.substr(digits.size() - decimals);
  digits.resize(digits.size() - decimals);
  while (fraction.ends_with('0')) fraction.pop_back();
  return digits + (fraction.empty() ? "" : "." + fraction);
}

std::string amount_words(std::uint64_t amount, const std::optional<std::uint8_t>& decimals) {
  const std::string raw = std::to_string(amount) + " base units";
  return decimals && *decimals <= decimals_max ? decimal_text(amount, *decimals) + " (" + raw + ")" : raw;
}

Json address_json(const std::optional<Pubkey>& address) { return address ? Json(to_string(*address)) : Json(); }

void add_extensions(Explanation& explanation, const std::vector<TokenExtension>& extensions) {
  Json list = Json::array();
  for (const TokenExtension& extension : extensions) {
    const std::string name = extension_name(extension.id);
    const std::string words = describe(extension);
    explanation.say(name, words);
    list.push_back({{"name", name}, {"words", words}});
  }
  explanation.json["extensions"] = list;
}

// Extensions with which somebody else decides over a holder's tokens.
void add_mint_dangers(Explanation& explanation, const Mint& mint) {
  for (const TokenExtension& extension : mint.extensions) {
    if (extension.id == token_extension::permanent_delegate) {
      if (const auto who = permanent_delegate(extension); who && *who) {
        explanation.dangers.push_back(to_string(**who) + " can move or burn anybody's tokens of this mint");
      }
    }
    if (extension.id == token_extension::transfer_hook) {
      if (const auto hook = transfer_hook(extension); hook && hook->program) {
        explanation.dangers.push_back("program " + to_string(*hook->program) +
                                      " runs in every transfer, and may refuse it");
      }
    }
    if (extension.id == token_extension::pausable) {
      if (const auto pause = pausable(extension); pause && pause->authority) {
        explanation.dangers.push_back(to_string(*pause->authority) + " can stop every transfer" +
                                      (pause->paused ? ", and has" : ""));
      }
    }
  }
  if (mint.freeze_authority) {
    explanation.dangers.push_back(to_string(*mint.freeze_authority) + " can freeze anybody's tokens of this mint");
  }
  if (mint.mint_authority) explanation.dangers.push_back(to_string(*mint.mint_authority) + " can mint any amount");
}

Explanation explain_mint(const Inspection& inspection, const Mint& mint) {
  Explanation explanation;
  explanation.kind = "mint";
  explanation.summary =
      named(inspection.address) + " is a mint: it defines a token of " + counted(mint.decimals, "decimal") + ".";
  explanation.json = {{"supply", std::to_string(mint.supply)},
                      {"decimals", mint.decimals},
                      {"isInitialized", mint.initialized},
                      {"mintAuthority", address_json(mint.mint_authority)},
                      {"freezeAuthority", address_json(mint.freeze_authority)}};
  if (!mint.initialized) explanation.say("state", "not initialized");
  explanation.say("supply", amount_words(mint.supply, mint.decimals));
  explanation.say("mint authority",
                  mint.mint_authority ? named(*mint.mint_authority) : "nobody: the supply cannot grow");
  explanation.say("freeze authority",
                  mint.freeze_authority ? named(*mint.freeze_authority) : "nobody: accounts cannot be frozen");
  add_extensions(explanation, mint.extensions);
  add_mint_dangers(explanation, mint);
  return explanation;
}

std::optional<std::uint8_t> decimals_of(const std::optional<Account>& mint, const Pubkey& token_program) {
  if (!mint || mint->owner != token_program) return std::nullopt;
  const auto decoded = decode_mint(mint->bytes());
  return decoded ? std::optional(decoded->decimals) : std::nullopt;
}

Explanation explain_token_account(const Inspection& inspection, const TokenAccount& token) {
  const Pubkey& program = inspection.account->owner;
  const auto decimals = decimals_of(inspection.mint, program);
  const Derived associated =
      associated_token_address({.wallet = token.owner, .mint = token.mint, .token_program = program});
  const bool is_associated = associated.address == inspection.address;
  Explanation explanation;
  explanation.kind = "token-account";
  explanation.summary =
      to_string(inspection.address) + " holds tokens of mint " + named(token.mint) + " for " + named(token.owner) + ".";
  explanation.json = {{"mint", to_string(token.mint)},
                      {"tokenOwner", to_string(token.owner)},
                      {"amount", std::to_string(token.amount)},
                      {"decimals", decimals ? Json(*decimals) : Json()},
                      {"state", words_for(token.state)},
                      {"delegate", address_json(token.delegate)},
                      {"delegatedAmount", std::to_string(token.delegated_amount)},
                      {"closeAuthority", address_json(token.close_authority)},
                      {"isNative", token.native_reserve.has_value()},
                      {"isAssociated", is_associated}};
  explanation.say("mint", named(token.mint));
  explanation.say("whose tokens", named(token.owner));
  explanation.go_on(is_on_curve(token.owner) ? "on the curve: a key may hold it"
                                             : "off the curve: a program signs for it");
  explanation.say("amount", amount_words(token.amount, decimals));
  explanation.say("state", std::string(words_for(token.state)));
  explanation.say("associated", is_associated ? "yes: this is the owner's associated token account"
                                              : "no: the owner's is " + to_string(associated.address));
  explanation.say("delegate", token.delegate ? named(*token.delegate) + " may move " +
                                                   amount_words(token.delegated_amount, decimals)
                                             : "nobody");
  explanation.say("close authority", token.close_authority ? named(*token.close_authority) : "nobody but the owner");
  add_extensions(explanation, token.extensions);
  if (token.delegate)
    explanation.dangers.push_back("the delegate " + to_string(*token.delegate) + " can move tokens out of it");
  if (token.close_authority)
    explanation.dangers.push_back("the close authority " + to_string(*token.close_authority) +
                                  " can close it and take its lamports");
  if (token.state == TokenAccountState::frozen)
    explanation.dangers.emplace_back("it is frozen: nothing can move until the freeze authority thaws it");
  return explanation;
}

// 0 u8 signatures needed, 1 u8 signers, 2 u8 initialized, 3 eleven addresses. (token interface/src/state.rs)
Explanation explain_token_multisig(const Inspection& inspection) {
  const ByteView data = inspection.account->bytes();
  Explanation explanation;
  explanation.kind = "token-multisig";
  explanation.summary = to_string(inspection.address) +
                        " is a multisig of the token program: " + std::to_string(data[0]) + " of " +
                        counted(data[1], "signer") + ".";
  explanation.json = {{"numRequiredSigners", data[0]}, {"numValidSigners", data[1]}};
  for (std::size_t i = 0; i < std::min<std::size_t>(data[1], 11); ++i) {
    Pubkey signer;
    const ByteView bytes = data.subspan(3 + 32 * i, 32);
    std::copy(bytes.begin(), bytes.end(), signer.bytes.begin());
    explanation.say("signer " + std::to_string(i + 1), named(signer));
    explanation.json["signers"].push_back(to_string(signer));
  }
  return explanation;
}

}  // namespace

Explanation explain_token(const Inspection& inspection) {
  const ByteView data = inspection.account->bytes();
  if (data.size() == token_multisig_bytes) return explain_token_multisig(inspection);
  if (const auto token = decode_token_account(data)) return explain_token_account(inspection, *token);
  const auto mint = decode_mint(data);
  return mint ? explain_mint(inspection, *mint)
              : explain_unknown(inspection, "neither mint nor token account: " + mint.error().what);
}

}  // namespace readyctl
