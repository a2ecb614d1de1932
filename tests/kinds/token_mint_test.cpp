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

const Pubkey address = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"_pubkey;
const Pubkey authority = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
const Pubkey stranger = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf"_pubkey;

Mint fixed_supply() {
  Mint mint;
  mint.supply = 1000;
  mint.decimals = 6;
  mint.initialized = true;
  return mint;
}

FakeSource minted(const Mint& mint, const Pubkey& program = known::token) {
  FakeSource source;
  source.holds(address, {.owner = program, .data = bytes_of_mint(mint)});
  return source;
}

/// A mint that the real token programs made, at `address`.
FakeSource recorded(const std::string& label, const Pubkey& program) {
  FakeSource source;
  source.holds(address, {.owner = program, .data = recorded_token(label)});
  return source;
}

Json params(Json more = Json::object()) {
  more["address"] = to_string(address);
  return more;
}

Finding verdict(FakeSource source, const Json& more = Json::object()) {
  return decide_gate(token_mint(), params(more), source);
}

/// The verdict on a mint with this extension, under rules that do not mention it unless they are given.
Finding verdict_on(const TokenExtension& extension, const Json& rules = Json::object()) {
  Mint mint = fixed_supply();
  mint.extensions = {extension};
  return verdict(minted(mint, known::token_2022), {{"extensions", rules}});
}

/// A transfer fee that nobody may change: so many basis points from the first epoch on, so many later.
TokenExtension transfer_fee_of_nobody(std::uint8_t older, std::uint8_t newer) {
  TokenExtension extension = zeroed(ext::transfer_fee_config, 108);
  extension.value.at(72 + 8) = 100;  // largest fee
  extension.value.at(72 + 16) = older;
  extension.value.at(90 + 8) = 100;
  extension.value.at(90 + 16) = newer;
  return extension;
}

}  // namespace

// A mint over which nobody has power passes, and the finding says supply and decimals.
TEST_CASE("token-mint passes where nobody has power", "[kinds]") {
  const Finding finding =
      verdict(minted(fixed_supply()), {{"decimals", 6}, {"minSupply", "1000"}, {"maxSupply", "1000"}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary ==
        "mint " + to_string(address) + " has the declared powers and no other; supply 1000 raw units, 6 decimals");
  CHECK(observed(finding, "token program").observed == to_string(known::token) + " (SPL Token program)");
}

// One round for one account, which every observation names.
TEST_CASE("token-mint takes one round", "[kinds]") {
  FakeSource source = minted(fixed_supply());
  const Finding finding = decide_gate(token_mint(), params(), source);
  const std::string key = key_of(AccountRequest{address});
  CHECK(source.rounds() == std::vector<std::vector<std::string>>{{key}});
  CHECK(observed(finding, "supply").fact == key);
}

// A real mint: both authorities are said at once; removed, the old key in the bytes has no power.
TEST_CASE("token-mint judges the authorities of a real mint", "[kinds]") {
  const Finding finding = verdict(recorded(recorded_mint, known::token));
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "mint " + to_string(address) +
                               ": mint authority is 3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG, expected nobody"
                               "; freeze authority is C6QdRymgZoEhyFmenYczFgZH2UQ4BLSxTUmjDX3fpnD6, expected nobody");
  const Json freezer = {{"freezeAuthority", "C6QdRymgZoEhyFmenYczFgZH2UQ4BLSxTUmjDX3fpnD6"}};
  CHECK(verdict(recorded(recorded_mint_without_authority, known::token), freezer).outcome == Outcome::pass);
}

// Each statement fails alone, and only that one.
TEST_CASE("token-mint fails on each difference", "[kinds]") {
  Mint mint = fixed_supply();
  Json more = Json::object();
  std::string complaint;
  SECTION("token program") {
    more["tokenProgram"] = to_string(known::token_2022);
    complaint = "token program is " + to_string(known::token) + " (SPL Token program), expected " +
                to_string(known::token_2022) + " (Token-2022 program)";
  }
  SECTION("decimals") {
    more["decimals"] = 9;
    complaint = "decimals are 6, expected 9";
  }
  SECTION("too small a supply") {
    more["minSupply"] = "1001";
    complaint = "supply is 1000, expected at least 1001";
  }
  SECTION("too large a supply") {
    more["maxSupply"] = "999";
    complaint = "supply is 1000, expected at most 999";
  }
  SECTION("mint authority") {
    mint.mint_authority = authority;
    complaint = "mint authority is " + to_string(authority) + ", expected nobody";
  }
  SECTION("another mint authority") {
    mint.mint_authority = stranger;
    more["mintAuthority"] = to_string(authority);
    complaint = "mint authority is " + to_string(stranger) + " (Squads v4 program), expected " + to_string(authority);
  }
  SECTION("no mint authority where one is declared") {
    more["mintAuthority"] = to_string(authority);
    complaint = "mint authority is nobody, expected " + to_string(authority);
  }
  SECTION("freeze authority") {
    mint.freeze_authority = authority;
    more["freezeAuthority"] = nullptr;
    complaint = "freeze authority is " + to_string(authority) + ", expected nobody";
  }
  SECTION("not initialized") {
    mint.initialized = false;
    complaint = "it is not initialized";
  }
  const Finding finding = verdict(minted(mint), more);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "mint " + to_string(address) + ": " + complaint);
}

// "any" accepts every holder, and a pass says who it is.
TEST_CASE("token-mint says whom it accepted", "[kinds]") {
  Mint mint = fixed_supply();
  mint.mint_authority = authority;
  const Finding finding = verdict(minted(mint), {{"mintAuthority", "any"}, {"freezeAuthority", "any"}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, "(any mint authority was accepted, it is " + to_string(authority) +
                                  "; any freeze authority was accepted, it is nobody)"));
}

// What is no mint is a definite failure that says what it is.
TEST_CASE("token-mint names what is no mint", "[kinds]") {
  FakeSource source;
  std::string sentence;
  SECTION("nothing") { sentence = "mint " + to_string(address) + " does not exist"; }
  SECTION("an account of another program") {
    source.holds(address, {.owner = known::squads_v4, .data = Bytes(82)});
    sentence = to_string(address) + " is no mint: it is owned by " + to_string(known::squads_v4) +
               " (Squads v4 program), which is no token program";
  }
  SECTION("a token account") {
    source = recorded(recorded_account, known::token);
    sentence = to_string(address) + " is no mint: mint: found 165 bytes, the length of a token account";
  }
  SECTION("extensions under SPL Token") {
    source = recorded(recorded_rich_mint, known::token);
    sentence = to_string(address) + " is no mint: under SPL Token it has 82 bytes, found 584";
  }
  SECTION("a flag that does not exist") {
    Bytes data = bytes_of_mint(fixed_supply());
    data.at(45) = 2;
    source.holds(address, {.owner = known::token, .data = data});
    sentence = to_string(address) + " is no mint: mint: expected 0 or 1 for initialized at offset 45, found 2";
  }
  const Finding finding = verdict(source);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == sentence);
}

// A real mint with eight extensions: seven are powers and are named with who holds them, its metadata pointer is none.
TEST_CASE("token-mint judges the extensions of a real mint", "[kinds]") {
  const Json holders = {{"mintAuthority", "any"}, {"freezeAuthority", "any"}};
  const Finding finding = verdict(recorded(recorded_rich_mint, known::token_2022), holders);
  CHECK(finding.outcome == Outcome::fail);
  for (const char* name : {"TransferFeeConfig", "MintCloseAuthority", "DefaultAccountState", "InterestBearingConfig",
                           "PermanentDelegate", "TransferHook", "Pausable"}) {
    INFO(name);
    CHECK(says(finding.summary, "extension " + std::string(name) + " is there and was not allowed: "));
    CHECK_FALSE(observed(finding, "extension " + std::string(name)).holds);
  }
  CHECK_FALSE(says(finding.summary, "MetadataPointer"));
  CHECK(says(observed(finding, "extension MetadataPointer").observed, "the metadata is at"));
  CHECK(says(finding.summary, "may move or burn anybody's tokens"));
}

// What each extension of mints is worth where no pack mentions it and somebody holds its power.
TEST_CASE("token-mint accepts only harmless extensions by default", "[kinds]") {
  const std::vector<std::uint16_t> harmless = {ext::metadata_pointer,     ext::token_metadata,
                                               ext::group_pointer,        ext::token_group,
                                               ext::group_member_pointer, ext::token_group_member};
  for (std::uint16_t id = 1; id <= 29; ++id) {
    if (extension_host(id) == ExtensionHost::account) continue;
    INFO(extension_name(id));
    const bool accepted = std::ranges::find(harmless, id) != harmless.end();
    const std::size_t bytes = extension_bytes(id).value_or(0);
    const TokenExtension extension =
        id == ext::default_account_state ? TokenExtension{id, {2}} : held_by(id, authority, bytes);
    CHECK(verdict_on(extension).outcome == (accepted ? Outcome::pass : Outcome::fail));
    CHECK(says(verdict_on(extension).summary, "was not allowed") == !accepted);
    CHECK(verdict_on(extension, {{"allow", {extension_name(id)}}}).outcome == Outcome::pass);
    CHECK(verdict_on(extension, {{"deny", {extension_name(id)}}}).outcome == Outcome::fail);
  }
}

// A power that nobody holds any more is no power; one that nobody can take back is.
TEST_CASE("token-mint lets powers of nobody be", "[kinds]") {
  const auto outcome = [](const TokenExtension& extension) { return verdict_on(extension).outcome; };
  CHECK(outcome(zeroed(ext::permanent_delegate, 32)) == Outcome::pass);
  CHECK(outcome(zeroed(ext::mint_close_authority, 32)) == Outcome::pass);
  CHECK(outcome({ext::default_account_state, {1}}) == Outcome::pass);
  CHECK(outcome(zeroed(ext::permissioned_burn, 32)) == Outcome::fail);

  CHECK(outcome(zeroed(ext::transfer_hook, 64)) == Outcome::pass);
  TokenExtension hook = zeroed(ext::transfer_hook, 64);
  hook.value.at(40) = 1;  // a program, and nobody to change it
  CHECK(outcome(hook) == Outcome::fail);

  CHECK(outcome(zeroed(ext::pausable, 33)) == Outcome::pass);
  TokenExtension paused = zeroed(ext::pausable, 33);
  paused.value.at(32) = 1;
  CHECK(outcome(paused) == Outcome::fail);

  CHECK(outcome(transfer_fee_of_nobody(0, 0)) == Outcome::pass);
  CHECK(outcome(transfer_fee_of_nobody(5, 0)) == Outcome::fail);
  CHECK(outcome(transfer_fee_of_nobody(0, 5)) == Outcome::fail);
  CHECK(verdict_on(zeroed(ext::permanent_delegate, 32), {{"deny", {"PermanentDelegate"}}}).outcome == Outcome::fail);
}

// An extension newer than readyctl fails, unless it is allowed by its number.
TEST_CASE("token-mint fails on an unknown extension", "[kinds]") {
  CHECK(says(verdict_on(zeroed(900, 3)).summary, "extension unknown-900 is there and was not allowed"));
  CHECK(verdict_on(zeroed(900, 3), {{"allow", {"unknown-900"}}}).outcome == Outcome::pass);
}

// "any" lets everything be and says so; what is required must be there.
TEST_CASE("token-mint follows its extension rules", "[kinds]") {
  const TokenExtension delegate = held_by(ext::permanent_delegate, authority, 32);
  const Finding any = verdict_on(delegate, {{"allow", "any"}});
  CHECK(any.outcome == Outcome::pass);
  CHECK(says(any.summary, "(any extension was accepted)"));
  CHECK(observed(any, "extension PermanentDelegate").observed ==
        to_string(authority) + " may move or burn anybody's tokens");
  CHECK(says(verdict(minted(fixed_supply()), {{"extensions", {{"require", {"TokenMetadata"}}}}}).summary,
             "extension TokenMetadata is missing"));
  CHECK(verdict_on(delegate, {{"require", {"PermanentDelegate"}}}).outcome == Outcome::pass);
}

// No answer is no verdict on the mint.
TEST_CASE("token-mint is inconclusive without an answer", "[kinds]") {
  FakeSource source = minted(fixed_supply());
  source.refuses(AccountRequest{address});
  CHECK(verdict(source).outcome == Outcome::inconclusive);
}

// Definitions that cannot be meant are refused, each with its place.
TEST_CASE("token-mint refuses what cannot be meant", "[kinds]") {
  const auto refusal = [](const Json& more) { return refusal_of(token_mint(), params(more)); };
  CHECK(says(refusal({{"minSupply", "2"}, {"maxSupply", "1"}}), "\"minSupply\" is greater than \"maxSupply\": 2 > 1"));
  CHECK(says(refusal({{"decimals", 256}}), "/decimals"));
  CHECK(says(refusal({{"tokenProgram", to_string(stranger)}}), "is no token program"));
  CHECK(says(refusal({{"extensions", {{"require", {"CpiGuard"}}}}}),
             "\"CpiGuard\" stands on token accounts, never on mints"));
  CHECK(says(refusal({{"extensions", {{"require", {"Pausable"}}, {"deny", {"PausableConfig"}}}}}),
             "\"Pausable\" is denied here and required beside it"));
}
