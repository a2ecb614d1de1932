#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/well_known.hpp"
#include "support/gate.hpp"
#include "support/tokens.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace ext = token_extension;

namespace {

// A published vector: the associated token account of `wallet` for `mint` under SPL Token.
const Pubkey wallet = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const Pubkey mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"_pubkey;
const Pubkey address = "5LjDmvB4AgBNQ3hqwQcHzFVcAJp3AoxuSxDgndXxmC1e"_pubkey;
const Pubkey address_2022 = "BvHwNensXEpvVCtbtj2sDKbtCKNgg9cXcuFJhb4AyVxs"_pubkey;
const Pubkey stranger = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf"_pubkey;

TokenAccount treasury() {
  TokenAccount token;
  token.mint = mint;
  token.owner = wallet;
  token.amount = 500;
  token.state = TokenAccountState::initialized;
  return token;
}

TokenAccount treasury_with(const std::vector<TokenExtension>& extensions) {
  TokenAccount token = treasury();
  token.extensions = extensions;
  return token;
}

FakeSource holding(const TokenAccount& token, const Pubkey& program = known::token, const Pubkey& at = address) {
  FakeSource source;
  source.holds(at, {.owner = program, .data = bytes_of_account(token)});
  return source;
}

Json params(Json more = Json::object()) {
  more.emplace("address", to_string(address));
  more.emplace("mint", to_string(mint));
  more.emplace("owner", to_string(wallet));
  return more;
}

Finding verdict(FakeSource source, const Json& more = Json::object()) {
  return decide_gate(token_account(), params(more), source);
}

Finding verdict(const std::vector<TokenExtension>& extensions, const Json& rules) {
  return verdict(holding(treasury_with(extensions), known::token_2022), {{"extensions", rules}});
}

/// An account that the real token programs made, at `address`.
FakeSource recorded(const std::string& label, const Pubkey& program) {
  FakeSource source;
  source.holds(address, {.owner = program, .data = recorded_token(label)});
  return source;
}

}  // namespace

// Everything as declared, nobody else with any power: the finding says what is held, and under which program.
TEST_CASE("token-account passes on the declared account", "[kinds]") {
  const Finding finding =
      verdict(holding(treasury()), {{"associated", true}, {"minAmount", "500"}, {"maxAmount", "500"}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "token account " + to_string(address) + " holds 500 raw units of mint " + to_string(mint) +
                               " for " + to_string(wallet));
  CHECK(observed(finding, "token program").observed == to_string(known::token) + " (SPL Token program)");
  CHECK(observed(finding, "delegate").observed == "nobody");
  CHECK(observed(finding, "extensions").observed == "none");
}

// One round for one account, which every observation names.
TEST_CASE("token-account takes one round", "[kinds]") {
  FakeSource source = holding(treasury());
  const Finding finding = decide_gate(token_account(), params(), source);
  const std::string key = key_of(AccountRequest{address});
  CHECK(source.rounds() == std::vector<std::vector<std::string>>{{key}});
  CHECK(observed(finding, "close authority").fact == key);
}

// An account that a real token program made: every difference is said at once, each with what was expected.
TEST_CASE("token-account says all that is wrong", "[kinds]") {
  const Finding finding = verdict(recorded(recorded_account, known::token),
                                  {{"tokenProgram", to_string(known::token_2022)}, {"maxAmount", "1000000"}});
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary ==
        "token account " + to_string(address) + ": mint is HgTDK6PG6dAjfrQAY3gZ2qSsYrBcgtssLdHdFiBZQSKN, expected " +
            to_string(mint) + "; owner is 3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG, expected " + to_string(wallet) +
            "; token program is " + to_string(known::token) + " (SPL Token program), expected " +
            to_string(known::token_2022) + " (Token-2022 program)" +
            "; delegate is FVFdKAt6DLBFJ53pd9oiinxTwp4cy862BWtfwci2p4tU, expected nobody" +
            "; close authority is 7CZKn7f4yEfAUWPRAKkhi4trqKfafU33JNAzuAmZsfYc, expected nobody" +
            "; amount is 1234567, expected at most 1000000");
  CHECK(observed(finding, "delegated amount").observed == "1000");
}

// Each statement fails alone, and only that one.
TEST_CASE("token-account fails on each difference", "[kinds]") {
  TokenAccount token = treasury();
  Json more = Json::object();
  std::string complaint;
  SECTION("mint") {
    token.mint = stranger;
    complaint = "mint is " + to_string(stranger) + " (Squads v4 program), expected " + to_string(mint);
  }
  SECTION("owner") {
    token.owner = stranger;
    complaint = "owner is " + to_string(stranger) + " (Squads v4 program), expected " + to_string(wallet);
  }
  SECTION("delegate") {
    token.delegate = stranger;
    complaint = "delegate is " + to_string(stranger) + " (Squads v4 program), expected nobody";
  }
  SECTION("close authority") {
    token.close_authority = wallet;
    complaint = "close authority is " + to_string(wallet) + ", expected nobody";
  }
  SECTION("no delegate where one is declared") {
    more["delegate"] = to_string(stranger);
    complaint = "delegate is nobody, expected " + to_string(stranger);
  }
  SECTION("frozen") {
    token.state = TokenAccountState::frozen;
    complaint = "state is frozen, expected initialized";
  }
  SECTION("uninitialized") {
    token.state = TokenAccountState::uninitialized;
    complaint = "state is uninitialized, expected initialized";
  }
  SECTION("not frozen") {
    more["state"] = "frozen";
    complaint = "state is initialized, expected frozen";
  }
  SECTION("too little") {
    more["minAmount"] = "501";
    complaint = "amount is 500, expected at least 501";
  }
  SECTION("too much") {
    more["maxAmount"] = "499";
    complaint = "amount is 500, expected at most 499";
  }
  const Finding finding = verdict(holding(token), more);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "token account " + to_string(address) + ": " + complaint);
}

// Powers that the pack mentions are accepted; "any" is, and a pass says who it is.
TEST_CASE("token-account accepts the powers that were mentioned", "[kinds]") {
  TokenAccount token = treasury();
  token.delegate = stranger;
  token.close_authority = wallet;
  const Finding finding = verdict(holding(token), {{"delegate", "any"}, {"closeAuthority", to_string(wallet)}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, "(any delegate was accepted, it is " + to_string(stranger) + " (Squads v4 program))"));
  CHECK(verdict(holding(token), {{"delegate", nullptr}, {"closeAuthority", "any"}}).outcome == Outcome::fail);
}

// The associated account is another one under each token program.
TEST_CASE("token-account derives the associated account", "[kinds]") {
  const Json at_2022 = {{"address", to_string(address_2022)}, {"associated", true}};
  CHECK(verdict(holding(treasury(), known::token_2022, address_2022), at_2022).outcome == Outcome::pass);
  const Finding finding = verdict(holding(treasury(), known::token, address_2022), at_2022);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "it is not the associated token account of " + to_string(wallet) + " for mint " +
                                  to_string(mint) + ", which is " + to_string(address)));
}

// What is no token account is a definite failure that says what it is.
TEST_CASE("token-account names what is no token account", "[kinds]") {
  FakeSource source;
  std::string sentence;
  SECTION("nothing") { sentence = "token account " + to_string(address) + " does not exist"; }
  SECTION("a wallet") {
    source.holds(address, {.owner = known::system_program, .data = {}});
    sentence = to_string(address) + " is no token account: it is owned by " + to_string(known::system_program) +
               " (System program), which is no token program";
  }
  SECTION("a mint") {
    source = recorded(recorded_mint, known::token);
    sentence = to_string(address) + " is no token account: token account: found 82 bytes, the length of a mint";
  }
  SECTION("a multisig") {
    source = recorded(recorded_multisig, known::token);
    sentence =
        to_string(address) + " is no token account: token account: found 355 bytes, the length of a token multisig";
  }
  SECTION("extensions under SPL Token") {
    source = recorded(recorded_rich_account, known::token);
    sentence = to_string(address) + " is no token account: under SPL Token it has 165 bytes, found 201";
  }
  SECTION("a state that does not exist") {
    Bytes data = bytes_of_account(treasury());
    data.at(108) = 3;
    source.holds(address, {.owner = known::token, .data = data});
    sentence =
        to_string(address) + " is no token account: token account: expected state 0, 1 or 2 at offset 108, found 3";
  }
  const Finding finding = verdict(source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == sentence);
}

// Of a real Token-2022 account: what its owner chose may stand, what its mint imposes must be allowed by name.
TEST_CASE("token-account judges the extensions of a real account", "[kinds]") {
  FakeSource source = recorded(recorded_rich_account, known::token_2022);
  Json more = {{"mint", "ABYxZ7rnH1Qwsw78WpkBNRpDWpqp2VE6mh8yH3LqTgRW"},
               {"owner", "3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG"}};
  const Finding finding = verdict(source, more);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary ==
        "token account " + to_string(address) +
            ": extension TransferFeeAmount is there and was not allowed: 0 withheld as transfer fees" +
            "; extension TransferHookAccount is there and was not allowed: transfers run the mint's hook" +
            "; extension PausableAccount is there and was not allowed: the account obeys a pause of the mint");
  CHECK(observed(finding, "extension CpiGuard").observed == "programs cannot act with the owner's signature");

  more["extensions"] = {{"allow", {"TransferFeeAmount", "TransferHookAccount", "PausableAccount"}}};
  CHECK(verdict(source, more).outcome == Outcome::pass);
}

// What each extension of token accounts is worth where no pack mentions it.
TEST_CASE("token-account accepts only harmless extensions by default", "[kinds]") {
  const std::vector<std::uint16_t> harmless = {ext::immutable_owner, ext::memo_transfer, ext::cpi_guard};
  for (std::uint16_t id = 1; id <= 29; ++id) {
    if (extension_host(id) == ExtensionHost::mint) continue;
    INFO(extension_name(id));
    const bool accepted = std::ranges::find(harmless, id) != harmless.end();
    const Finding finding = verdict({zeroed(id, extension_bytes(id).value_or(0))}, Json::object());
    CHECK(finding.outcome == (accepted ? Outcome::pass : Outcome::fail));
    CHECK(says(finding.summary, "was not allowed") == !accepted);
  }
}

// An extension newer than readyctl fails, unless it is allowed by its number.
TEST_CASE("token-account fails on an unknown extension", "[kinds]") {
  const Finding finding = verdict({zeroed(4711, 2)}, Json::object());
  CHECK(says(finding.summary, "extension unknown-4711 is there and was not allowed: not known to readyctl, 2 bytes"));
  CHECK(verdict({zeroed(4711, 2)}, {{"allow", {"unknown-4711"}}}).outcome == Outcome::pass);
  CHECK(verdict({zeroed(4711, 2)}, {{"allow", {"unknown-4712"}}}).outcome == Outcome::fail);
}

// "any" lets everything be and says so; what is denied stays denied, and what is required must be there.
TEST_CASE("token-account follows its extension rules", "[kinds]") {
  const std::vector<TokenExtension> both = {zeroed(ext::immutable_owner, 0), zeroed(ext::pausable_account, 0)};
  const Finding any = verdict(both, {{"allow", "any"}});
  CHECK(any.outcome == Outcome::pass);
  CHECK(says(any.summary, "(any extension was accepted)"));

  const Finding denied = verdict(both, {{"allow", "any"}, {"deny", {"ImmutableOwner"}}});
  CHECK(
      says(denied.summary, "extension ImmutableOwner is there and was denied: the owner of the account cannot change"));
  const Finding missing = verdict(both, {{"allow", "any"}, {"require", {"CpiGuard"}}});
  CHECK(says(missing.summary, "extension CpiGuard is missing"));
  CHECK(verdict(both, {{"require", {"PausableAccount"}}}).outcome == Outcome::pass);
}

// Wrapped SOL as a real program wrote it: the reserve is told apart, and what came in without being wrapped.
TEST_CASE("token-account explains wrapped SOL", "[kinds]") {
  FakeSource source;
  source.holds(address, {.owner = known::token,
                         .data = recorded_token(recorded_wrapped_sol),
                         .lamports = Lamports{2'039'280 + 5'000 + 7}});
  const Finding finding = verdict(
      source, {{"mint", to_string(known::wrapped_sol)}, {"owner", "3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG"}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "wrapped SOL").observed ==
        "0.000005 SOL, besides a reserve of 2039280 lamports (0.00203928 SOL)");
  CHECK(observed(finding, "not yet wrapped").observed == "7 lamports (0.000000007 SOL)");
}

// No answer is no verdict on the account.
TEST_CASE("token-account is inconclusive without an answer", "[kinds]") {
  FakeSource source = holding(treasury());
  source.refuses(AccountRequest{address});
  const Finding finding = verdict(source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "timeout");
}

// Definitions that cannot be meant are refused, each with its place and the nearest name.
TEST_CASE("token-account refuses what cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& more) { return refusal_of(token_account(), params(more)); };
  CHECK(says(refusal({{"state", "frosen"}}), "did you mean \"frozen\"?"));
  CHECK(says(refusal({{"tokenProgram", to_string(stranger)}}), "(Squads v4 program) is no token program"));
  CHECK(says(refusal({{"minAmount", "2"}, {"maxAmount", "1"}}), "\"minAmount\" is greater than \"maxAmount\""));
  const auto rules = [&](const Json& extensions) { return refusal({{"extensions", extensions}}); };
  CHECK(says(rules({{"allow", {"CpiGard"}}}), "did you mean \"CpiGuard\"?"));
  CHECK(says(rules({{"allow", {"CpiGard"}}}), "/extensions/allow/0"));
  CHECK(
      says(rules({{"deny", {"PermanentDelegate"}}}), "\"PermanentDelegate\" stands on mints, never on token accounts"));
  CHECK(says(rules({{"allow", {"CpiGuard"}}, {"deny", {"CpiGuard"}}}),
             "\"CpiGuard\" is denied here and allowed beside it"));
  CHECK(says(rules({{"allow", {"unknown-5"}}}), "no Token-2022 extension is named \"unknown-5\""));
  CHECK(says(rules({{"allow", "all"}}), "expected a list"));
}
