#include "support/spl_governance.hpp"

#include "report/inspecting.hpp"
#include "solana/derive.hpp"
#include "solana/squads_transactions.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

/// The multisig, and nothing that leads to it.
FakeSource chain() {
  FakeSource source;
  source.holds(multisig, autonomous());
  source.holds(lookalike, autonomous());
  source.answers(facts::genesis_hash().request, rpc_result("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"));
  has_history(source, vault, 0);
  source.answers(vault_transactions_request(vault), no_accounts());
  lists_nothing_else(source);
  return source;
}

}  // namespace

// A transaction that names vault and multisig is enough; the multisig is read to complete the proof.
TEST_CASE("a vault's multisig is found in its history", "[report]") {
  FakeSource source = chain();
  has_history(source, vault, 2);
  has_transaction(source, 0, transaction_of(0, {person, vault}));
  has_transaction(source, 1, transaction_of(1, {person, vault, lookalike, multisig, known::squads_v4}));
  const auto found = search(source, vault);
  REQUIRE(found);
  REQUIRE(found->vault());
  CHECK(found->vault()->multisig_address == multisig);
  CHECK(found->vault()->index == 0);
  CHECK(found->vault()->multisig.threshold == 2);
  CHECK(found->vault()->how == "found in its history");
  CHECK(source.rounds().size() == 3);  // the address and its signatures, both transactions, the multisig
}

// Squads transactions take most of their accounts out of lookup tables.
TEST_CASE("a multisig out of a lookup table is found", "[report]") {
  FakeSource source = chain();
  has_history(source, vault, 1);
  has_transaction(source, 0, transaction_of(0, {person, vault}, {multisig}));
  CHECK(search(source, vault)->vault()->multisig_address == multisig);
}

// Old transactions are asked for only when the newer ones did not help, eight at a time.
TEST_CASE("the history of a vault is read in parts", "[report]") {
  FakeSource source = chain();
  has_history(source, vault, 20);
  for (std::uint8_t i = 0; i < 20; ++i) has_transaction(source, i, transaction_of(i, {person, vault}));
  has_transaction(source, 9, transaction_of(9, {multisig}));
  CHECK(search(source, vault)->vault());
  REQUIRE(source.rounds().size() == 4);
  CHECK(source.rounds()[1].size() == 8);
  CHECK(source.rounds()[2].size() == 8);
}

// Somebody else's multisig in the same transaction is not taken for it, although it is a Squads multisig.
TEST_CASE("a lookalike is not accepted", "[report]") {
  FakeSource source = chain();
  has_history(source, vault, 1);
  has_transaction(source, 0, transaction_of(0, {person, vault, lookalike}));
  source.answers(vault_transactions_request(vault), one_account(person, key_bytes(lookalike)));
  source.answers(all_multisigs_request(), one_account(lookalike, {}));
  const auto found = search(source, vault, {.hint = lookalike, .ask_for_all = true});
  REQUIRE(found);
  CHECK_FALSE(found->keeper);
  CHECK(found->tried ==
        std::vector<std::string>{
            "what was named, " + to_string(lookalike) +
                ": none of its vaults 0 to 255 is this address, nor is it an authority of it or its native treasury",
            "its history: 1 transaction read, 3 accounts named in them, none of which has this address among its "
            "vaults or authorities 0 to 15 or as its native treasury",
            "Squads vault transactions that it pays for: 1 account found, none of a multisig with this vault",
            "all Squads v4 multisigs: 1 listed, none of which has this address among its vaults 0 to 15; "
            "all Squads v3 multisigs: 0 listed, none of which has this address among its authorities 0 to 15; "
            "all governances of " +
                to_string(known::spl_governance) +
                " (SPL Governance program): 0 listed, none of which has this address as its native treasury"});
}

// Where the history is gone, what members voted on still leads there.
TEST_CASE("a vault's multisig is found by its vault transactions", "[report]") {
  FakeSource source = chain();
  source.answers(vault_transactions_request(vault), one_account(person, key_bytes(multisig)));
  const auto found = search(source, vault);
  CHECK(found->vault()->multisig_address == multisig);
  CHECK(found->vault()->how == "found among the vault transactions that it pays for");
}

// The offset that the search rests on is where the official client puts the vault.
TEST_CASE("the first key of a vault transaction is at offset 94", "[report]") {
  const Bytes data = squads("VaultTransaction: loader-v3 Upgrade").data;
  const auto transaction = decode_vault_transaction(data);
  REQUIRE(transaction);
  CHECK(Bytes(data.begin() + 94, data.begin() + 126) == key_bytes(transaction->message.account_keys.front()));
  CHECK(transaction->message.account_keys.front() ==
        vault_address(transaction->multisig, transaction->vault_index).address);
}

// All multisigs are asked for only when somebody wants that.
TEST_CASE("all multisigs are a last resort", "[report]") {
  FakeSource source = chain();
  source.answers(all_multisigs_request(), one_account(multisig, {}));
  CHECK(search(source, vault)->tried.back() ==
        "not the lists of all Squads multisigs and SPL governances, many megabytes: --all-multisigs asks for them");
  FakeSource again = chain();
  again.answers(all_multisigs_request(), one_account(multisig, {}));
  CHECK(search(again, vault, {.hint = {}, .ask_for_all = true})->vault()->how == "found among all Squads v4 multisigs");
}

// On a public cluster nobody downloads that list by accident; on a cluster of one's own it is short.
TEST_CASE("all multisigs of a cluster of one's own are asked for", "[report]") {
  FakeSource source = chain();
  source.answers(all_multisigs_request(), one_account(multisig, {}));
  CHECK_FALSE(explained(source, vault));
  FakeSource own = chain();
  own.answers(all_multisigs_request(), one_account(multisig, {}));
  own.answers(facts::genesis_hash().request, rpc_result(to_string(person)));
  CHECK(explained(own, vault)->kind == "squads-v4-vault");
}

// A multisig that somebody names is proven without any search, for every vault that it can have.
TEST_CASE("a named multisig is proven directly", "[report]") {
  FakeSource source = chain();
  const auto found = search(source, vault_255, {.hint = multisig});
  REQUIRE(found->vault());
  CHECK(found->vault()->index == 255);
  CHECK(source.rounds().size() == 2);
}

// What derives to the vault and is no multisig proves nothing, and ends nothing: whoever sends a transaction can name
// any account in it.
TEST_CASE("a candidate that is no multisig is told, and the search goes on", "[report]") {
  FakeSource source = chain();
  const auto impostor_is = [&](const std::string& what) {
    return to_string(multisig) + ", of which this address would be vault 0 if it were a Squads v4 multisig: " + what;
  };
  SECTION("where it was named") {
    source.holds(multisig, {.owner = known::token, .data = autonomous().data});
    const auto found = search(source, vault, {.hint = multisig});
    REQUIRE(found);
    CHECK_FALSE(found->keeper);
    CHECK(found->tried.size() == 4);
    CHECK(found->tried[0] == "what was named, " + to_string(multisig) + ", which is not what it should be; " +
                                 impostor_is("it is owned by " + to_string(known::token) + " (SPL Token program)"));
  }
  SECTION("where it does not exist") {
    FakeSource empty;
    has_history(empty, vault, 0);
    empty.answers(vault_transactions_request(vault), one_account(person, key_bytes(multisig)));
    const auto found = search(empty, vault);
    REQUIRE(found);
    CHECK(found->tried[1] ==
          "Squads vault transactions that it pays for: 1 account found, none of a multisig with this vault; " +
              impostor_is("it does not exist"));
  }
  SECTION("where another Squads account is there") {
    source.holds(multisig, squads("VaultTransaction: loader-v3 Upgrade"));
    has_history(source, vault, 1);
    has_transaction(source, 0, transaction_of(0, {person, multisig}));
    const auto found = search(source, vault);
    REQUIRE(found);
    CHECK(says(found->tried[0], impostor_is("Squads Multisig: expected discriminator")));
    CHECK(explained(source, vault).error().kind == ErrorKind::unreadable);
  }
}

// What cannot be read at all may be the multisig: nothing is said of who holds the vault.
TEST_CASE("a candidate that cannot be had ends the search", "[report]") {
  FakeSource source = chain();
  source.refuses(AccountRequest{multisig});
  const auto found = search(source, vault, {.hint = multisig});
  REQUIRE_FALSE(found);
  CHECK(says(found.error().what, "no answer within 10 s"));
}

namespace {

/// So many accounts that nobody has a key of, other ones for each number.
std::vector<Pubkey> strangers(std::uint8_t number, std::size_t count) {
  std::vector<Pubkey> keys;
  for (std::size_t i = 0; keys.size() < count; ++i) {
    Pubkey key{{1, number, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)}};
    if (!is_on_curve(key)) keys.push_back(key);
  }
  return keys;
}

/// The answer that finds a vault transaction of each multisig.
Payload one_of_each(const std::vector<Pubkey>& multisigs) {
  Json list = Json::array();
  for (const Pubkey& one : multisigs) {
    const Json account = {{"owner", to_string(known::squads_v4)}, {"data", {to_base64(key_bytes(one)), "base64"}}};
    list.push_back({{"pubkey", to_string(person)}, {"account", account}});
  }
  return rpc_result({{"context", {{"slot", 100U}}}, {"value", list}});
}

std::size_t requests_of(const FakeSource& source) {
  std::size_t requests = 0;
  for (const auto& round : source.rounds()) requests += round.size();
  return requests;
}

}  // namespace

// Anybody can send transactions that name the address. Of a long history the latest are read, and that is said.
TEST_CASE("an address that was named often costs no more than so many requests", "[report]") {
  FakeSource source = chain();
  has_history(source, vault, history_searched_max);
  for (std::uint8_t i = 0; i < history_searched_max; ++i)
    has_transaction(source, i, transaction_of(i, {person, vault}));
  const auto found = search(source, vault);
  REQUIRE(found);
  CHECK_FALSE(found->keeper);
  CHECK(says(found->tried[0],
             "no more than its latest 40 transactions are looked at, and whether an older one leads "
             "further is not established"));
  CHECK(requests_of(source) == history_searched_max + 3);  // the address, its signatures, the vault transactions
  FakeSource shorter = chain();
  has_history(shorter, vault, history_searched_max - 1);
  CHECK_FALSE(says(search(shorter, vault)->tried[0], "not established"));
}

// Transactions can be full of accounts, each of which is tried; after so many the search is cut, and says so.
TEST_CASE("a history that names too many accounts is cut", "[report]") {
  FakeSource source = chain();
  has_history(source, vault, 24);
  for (std::uint8_t i = 0; i < 24; ++i)
    has_transaction(source, i, transaction_of(i, {person, vault}, strangers(i, 37)));
  has_transaction(source, 23, transaction_of(23, {person, vault, multisig}));
  const auto found = search(source, vault);
  REQUIRE(found);
  CHECK_FALSE(found->keeper);
  CHECK(says(found->tried[0], "its history: 8 transactions read, "));
  CHECK(says(found->tried[0],
             "more accounts than are tried, so the search was cut there, and whether another account "
             "or an older transaction leads further is not established"));
  CHECK(search(source, vault, {.hint = multisig})->vault());
}

// So can multisigs: whoever makes one can have a transaction of it name the vault as payer.
TEST_CASE("an address that many multisigs name as payer is tried with so many", "[report]") {
  const auto tried_with = [](std::size_t count) {
    FakeSource source = chain();
    source.answers(vault_transactions_request(vault), one_of_each(strangers(0, count)));
    return search(source, vault)->tried[1];
  };
  CHECK(tried_with(few_paying_multisigs) ==
        "Squads vault transactions that it pays for: 16 accounts found, none of a multisig with this vault");
  CHECK(tried_with(few_paying_multisigs + 1) ==
        "Squads vault transactions that it pays for: 17 accounts found of 17 multisigs, none of which has this address "
        "among its vaults or authorities 0 to 15");
  CHECK(tried_with(paying_multisigs_max + 1) ==
        "Squads vault transactions that it pays for: 201 accounts found of 201 multisigs, of which 200 were tried "
        "and none has this address among its vaults or authorities 0 to 15; the search was cut there, and whether one "
        "of the others has is not established");
  FakeSource source = chain();
  std::vector<Pubkey> multisigs = strangers(0, paying_multisigs_max);
  multisigs.push_back(multisig);  // behind all of them
  source.answers(vault_transactions_request(vault), one_of_each(multisigs));
  CHECK_FALSE(search(source, vault)->keeper);
}

// A transaction that names a governance without its program does not hide it in one that names both.
TEST_CASE("a governance is tried with every instance beside which it is named", "[report]") {
  FakeSource source = chain();
  Governance own;
  own.realm = lookalike;
  const Pubkey governance = governance_address(program, own).address;
  const Pubkey treasury = native_treasury_address(program, governance).address;
  source.holds(governance, {.owner = program, .data = governance_bytes(own)});
  has_history(source, treasury, 2);
  has_transaction(source, 0, transaction_of(0, {person, treasury, governance}));
  has_transaction(source, 1, transaction_of(1, {person, treasury, governance, program}));
  const auto found = search(source, treasury);
  REQUIRE(found);
  REQUIRE(found->governance());
  CHECK(found->governance()->address == governance);
}

// What endpoints refuse is said, and does not end the search.
TEST_CASE("refused searches are told", "[report]") {
  FakeSource source;
  has_history(source, vault, 2);
  has_transaction(source, 0, nullptr);
  source.refuses(facts::transaction(signature(1)).request, {"rpc-error", "error -32015: version 1", Retry::never});
  source.refuses(vault_transactions_request(vault),
                 {"rpc-error", "error -32010: excluded\x1b[2J", Retry::other_endpoint});
  const auto found = search(source, vault);
  REQUIRE(found);
  CHECK(found->tried[0] ==
        "its history: 0 transactions read, 2 not to be had, 0 accounts named in them, none of which has this "
        "address among its vaults or authorities 0 to 15 or as its native treasury");
  CHECK(found->tried[1] == "Squads vault transactions that it pays for: error -32010: excluded\\x1b[2J");
}

// What stands at an address can rule out that it is a vault; then nothing is searched.
TEST_CASE("what cannot be a vault is not searched", "[report]") {
  FakeSource source = chain();
  const auto account = search(source, multisig);
  CHECK(account->is_multisig);
  CHECK(account->tried.front() == "nothing: it is owned by " + to_string(known::squads_v4) +
                                      " (Squads v4 program), and a vault belongs to the System program");
  CHECK(search(source, person)->tried.front() == "nothing: it is on the curve, and a vault is off it");
  CHECK_FALSE(search(source, person)->is_multisig);
}
