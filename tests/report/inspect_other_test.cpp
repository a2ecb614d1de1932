#include "report/inspecting.hpp"
#include "support/tokens.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Explanation of(const Pubkey& owner, const Bytes& data, const Pubkey& address = multisig) {
  FakeSource source;
  source.holds(address, {.owner = owner, .data = data});
  return explained(source, address).value();
}

}  // namespace

// Amounts are told in tokens once the mint is known, and raw always.
TEST_CASE("inspect explains a token account", "[report]") {
  FakeSource source;
  source.holds(multisig, {.owner = known::token, .data = recorded_token(recorded_account)});
  source.holds("HgTDK6PG6dAjfrQAY3gZ2qSsYrBcgtssLdHdFiBZQSKN"_pubkey,
               {.owner = known::token, .data = recorded_token(recorded_mint)});
  const auto explanation = explained(source, multisig);
  REQUIRE(explanation);
  CHECK(explanation->kind == "token-account");
  CHECK(line(*explanation, "amount") == "1.234567 (1234567 base units)");
  CHECK(explanation->json["mint"] == "HgTDK6PG6dAjfrQAY3gZ2qSsYrBcgtssLdHdFiBZQSKN");
  CHECK(explanation->json["tokenOwner"] == "3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG");
  CHECK(explanation->json["amount"] == "1234567");
  CHECK(explanation->json["isAssociated"] == false);
  CHECK(has_danger(*explanation, "the delegate FVFdKAt6DLBFJ53pd9oiinxTwp4cy862BWtfwci2p4tU can move tokens"));
  CHECK(has_danger(*explanation, "the close authority"));
}

// A mint that is not there leaves the amount raw rather than wrong.
TEST_CASE("inspect does not guess decimals", "[report]") {
  const Explanation explanation = of(known::token, recorded_token(recorded_account));
  CHECK(line(explanation, "amount") == "1234567 base units");
  CHECK(explanation.json["decimals"].is_null());
}

// The owner's own address for the mint is recognised.
TEST_CASE("inspect recognises an associated token account", "[report]") {
  TokenAccount token;
  token.mint = known::wrapped_sol;
  token.owner = person;
  token.state = TokenAccountState::initialized;
  const Pubkey associated =
      associated_token_address({.wallet = person, .mint = token.mint, .token_program = known::token}).address;
  CHECK(of(known::token, bytes_of_account(token), associated).json["isAssociated"] == true);
  CHECK(of(known::token, bytes_of_account(token)).json["isAssociated"] == false);
}

// Supply, powers and extensions of a mint, each in words.
TEST_CASE("inspect explains a mint", "[report]") {
  const Explanation explanation = of(known::token, recorded_token(recorded_mint));
  CHECK(explanation.kind == "mint");
  CHECK(line(explanation, "supply") == "1.234567 (1234567 base units)");
  CHECK(explanation.json["mintAuthority"] == "3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG");
  CHECK(has_danger(explanation, "can mint any amount"));
  CHECK(has_danger(explanation, "can freeze anybody's tokens"));

  const Explanation rich = of(known::token_2022, recorded_token(recorded_rich_mint));
  CHECK(rich.kind == "mint");
  CHECK(says(line(rich, "PermanentDelegate"), "may"));
  CHECK(has_danger(rich, "can move or burn anybody's tokens of this mint"));
  CHECK(rich.json["extensions"].size() > 5);

  CHECK(line(of(known::token, recorded_token(recorded_mint_without_authority)), "mint authority") ==
        "nobody: the supply cannot grow");
}

// The token programs have a multisig of their own.
TEST_CASE("inspect explains a token multisig", "[report]") {
  const Explanation explanation = of(known::token, recorded_token(recorded_multisig));
  CHECK(explanation.kind == "token-multisig");
  CHECK(explanation.json["numRequiredSigners"] == 2);
  CHECK(explanation.json["signers"] ==
        Json::array({"7hJu4zi2wQPPTZ9cid21bwfVAhPVVTBz5MHsLykrtfws", "C1QAmzWFy2FZ1frPBiQpDTr5rwm244EArnbFAmyZoUCy",
                     "Hmi7JuGLTxAQ1rUcfV1njkicNVW34uDdR4eT3f5yH1ex"}));
}

// The accounts of the runtime itself, each by name.
TEST_CASE("inspect explains accounts of the runtime", "[report]") {
  Bytes clock(40);
  clock[32] = 60;
  const Explanation sysvar = of(known::sysvar_owner, clock, known::clock);
  CHECK(sysvar.kind == "sysvar");
  CHECK(line(sysvar, "clock") == "slot 0, epoch 0, 1970-01-01T00:01:00Z");

  const Explanation active = of(known::feature_program, unhex("010700000000000000"));
  CHECK(active.kind == "feature");
  CHECK(active.json["activatedAt"] == 7);
  CHECK(of(known::feature_program, Bytes(9)).json["activatedAt"].is_null());

  const Explanation nonce = of(known::system_program, unhex(vectors("nonce").at("hex")));
  CHECK(nonce.kind == "nonce");
  CHECK(nonce.json["authority"] == "FfUJoQxNmFSuN552tJo4AjuJh6on4kh1YEFxY5zFU8xv");
  CHECK(has_danger(nonce, "does not expire"));

  const auto& table = case_named(vectors("address_lookup_table").at("cases"), "active table, 3 addresses");
  const Explanation lookup = of(known::address_lookup_table, unhex(table.at("hex")));
  CHECK(lookup.kind == "address-lookup-table");
  CHECK(lookup.json["addresses"] == Json(table.at("decoded").at("addresses")));
}

// A wallet holds lamports; one that no key holds was looked up as a vault.
TEST_CASE("inspect explains system accounts", "[report]") {
  CHECK(of(known::system_program, {}, person).kind == "system-account");
  CHECK(of(known::system_program, {}, person).json["onCurve"] == true);
  const Explanation derived = of(known::system_program, {}, vault);
  CHECK(derived.kind == "system-account");
  CHECK(derived.json["custody"]["kind"] == "unknown");
  CHECK(derived.json["custody"]["tried"].size() == 3);
}

// What nobody knows is told as owner, size and first bytes.
TEST_CASE("inspect explains what it does not know", "[report]") {
  Bytes data(100, 0xab);
  const Explanation explanation = of(program, data);
  CHECK(explanation.kind == "unknown");
  CHECK(line(explanation, "size") == "100 bytes");
  CHECK(explanation.json["firstBytes"] == to_hex(Bytes(64, 0xab)));
  CHECK(explanation.json["owner"] == to_string(program));
  CHECK(of(known::token, data).kind == "unknown");
}

// An address without account is an error that says so; one that a program signs for also says what was tried.
TEST_CASE("inspect says when there is no account", "[report]") {
  FakeSource source;
  const auto missing = explained(source, person);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::unreadable);
  CHECK(to_string(missing.error()).starts_with("account " + to_string(person) + ": does not exist"));
  const auto derived = explained(source, vault);
  REQUIRE_FALSE(derived);
  CHECK(says(derived.error().hint, "Squads vault transactions that it pays for"));
}

// An account that cannot be read is an error with the cause, never an account that does not exist.
TEST_CASE("inspect says when an account cannot be read", "[report]") {
  FakeSource source;
  source.refuses(AccountRequest{person});
  const auto refused = explained(source, person);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unreadable);
  CHECK(refused.error().what.ends_with("could not be read; fake: no answer within 10 s"));
}

// Nothing that came from the chain steers a terminal, and JSON stays JSON whatever the bytes.
TEST_CASE("explanations are printable", "[report]") {
  Explanation explanation;
  explanation.kind = "unknown";
  explanation.summary = "it is \x1b[31m red.";
  explanation.say("name", "two\nlines\xff");
  explanation.dangers.emplace_back("\x07");
  const std::string text = render_text(explanation);
  CHECK(text == "it is \\x1b[31m red.\n\n  name  two\\nlines\\xff\n\nDanger: \\x07\n");
  explanation.json["bytes"] = "\xff";
  CHECK(Json::parse(render_json(explanation)).at("kind") == "unknown");
}
