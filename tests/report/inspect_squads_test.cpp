#include "report/inspecting.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Explanation of(const Holding& holding) {
  FakeSource source;
  source.holds(multisig, holding);
  return explained(source, multisig).value();
}

}  // namespace

// Who may act, how many must, after how long; and where authorities belong.
TEST_CASE("inspect explains a multisig", "[report]") {
  const Explanation explanation = of(autonomous());
  CHECK(explanation.kind == "squads-v4-multisig");
  CHECK(line(explanation, "threshold") == "2 of 3 voters must approve");
  CHECK(line(explanation, "time lock") == "1d 0h (86400 seconds) from approval to execution");
  CHECK(line(explanation, "config authority") == "none: settings change only by vote of the members");
  CHECK(line(explanation, "members") == "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4 may initiate, vote, execute");
  CHECK(line(explanation, "transactions") == "7 so far, stale up to 3");
  CHECK(line(explanation, "vault 0") == to_string(vault));
  CHECK(explanation.json["vaults"][0] == to_string(vault));
  CHECK(explanation.json["voters"] == 3);
  CHECK(explanation.json["members"][3]["permissions"] == Json::array({"initiate", "execute"}));
  CHECK(explanation.json["configAuthority"].is_null());
  CHECK(explanation.json["transactionIndex"] == "7");
  CHECK_FALSE(has_danger(explanation, "config authority"));
  CHECK(says(line(explanation, "this account"), "authorities and funds go to a vault"));
  // The observer of this vector is off the curve.
  CHECK(explanation.dangers ==
        std::vector<std::string>{"nobody knows who is behind member H8HVxNVSsEi5augWsAeYvU3hVDtc9RFwAZzkJYrS1K2A"});
}

// One key over the settings is one key over everything.
TEST_CASE("inspect warns of a config authority and of no time lock", "[report]") {
  const Explanation explanation = of(controlled());
  const std::string authority = "5x4gkkK6E9cNo71KoQXh3bcnEh4X83mwvipGypprCmHG";
  CHECK(line(explanation, "config authority") == authority);
  CHECK(has_danger(explanation,
                   "the config authority " + authority + " alone can change members, threshold and time lock"));
  CHECK(has_danger(explanation, "no time lock"));
  CHECK(explanation.json["transactionIndex"] == "18446744073709551615");
}

// A threshold of one, and one that voters cannot reach, are dangers of their own.
TEST_CASE("inspect warns of thresholds", "[report]") {
  Holding one = autonomous();
  one.data.at(72) = 1;
  CHECK(has_danger(of(one), "one member alone can approve"));
  Holding four = autonomous();
  four.data.at(72) = 4;
  CHECK(has_danger(of(four), "nothing can ever be approved"));
  CHECK_FALSE(has_danger(of(autonomous()), "approve"));
}

// A vault that was proven is explained as one, also when nothing was sent to it yet.
TEST_CASE("inspect explains a vault", "[report]") {
  FakeSource source;
  source.holds(multisig, autonomous());
  const auto empty = explained(source, vault, {.hint = multisig});
  REQUIRE(empty);
  CHECK(empty->kind == "squads-v4-vault");
  CHECK(empty->json["multisig"] == to_string(multisig));
  CHECK(empty->json["vaultIndex"] == 0);
  CHECK(empty->json["exists"] == false);
  CHECK(says(line(*empty, "account"), "none yet"));

  source.holds(vault, {.owner = known::system_program, .data = {}});
  const auto funded = explained(source, vault, {.hint = multisig});
  CHECK(funded->kind == "squads-v4-vault");
  CHECK(funded->json["exists"] == true);
  CHECK(line(*funded, "balance") == "1000000 lamports (0.001 SOL)");
}

// Every other account of the program is named, with the multisig that it belongs to.
TEST_CASE("inspect names the accounts of Squads", "[report]") {
  const Explanation proposal = of(squads("Proposal Approved"));
  CHECK(proposal.kind == "squads-v4-proposal");
  CHECK(proposal.json["status"] == "Approved");
  CHECK(proposal.json["multisig"] == to_string(multisig));
  CHECK(says(line(proposal, "status"), "Approved since 20"));

  const Explanation transaction = of(squads("VaultTransaction: loader-v3 Upgrade"));
  CHECK(transaction.kind == "squads-v4-vault-transaction");
  CHECK(transaction.json["vault"] ==
        to_string(vault_address(multisig, transaction.json["vaultIndex"].get<std::uint8_t>()).address));
  const std::string upgrade = line(transaction, "instruction 1");
  CHECK(says(upgrade,
             "upgrade program CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw from buffer "
             "DTwcGeQLbvsRJcpxc66Mr3k7udoc5J9WWFrpxxYCtYKV by authority "));
  CHECK(transaction.json["instructions"] == Json::array({upgrade}));
  const Explanation looked_up = of(squads("VaultTransaction: two instructions, ALT lookup, 2 ephemeral signers"));
  CHECK(says(line(looked_up, "instruction 2"), "(System program) with 3 accounts and no data"));

  const Explanation limit = of(squads("SpendingLimit"));
  CHECK(limit.kind == "squads-v4-spending-limit");
  CHECK(has_danger(limit, "alone, with no vote and no time lock"));

  const Explanation config = of(squads("ConfigTransaction SetTimeLock"));
  CHECK(config.kind == "squads-v4-config-transaction");
  CHECK(line(config, "action 1") == "set the time lock to 3600 s");
  CHECK(line(of(squads("Batch")), "multisig") == to_string(multisig));
  CHECK(of(squads("ProgramConfig")).kind == "squads-v4-ProgramConfig");
}

// Bytes that Squads did not write are not explained as if it had.
TEST_CASE("inspect does not trust the owner alone", "[report]") {
  Holding cut = autonomous();
  cut.data.resize(90);
  CHECK(of(cut).kind == "unknown");
  CHECK(of({.owner = known::squads_v4, .data = Bytes(100)}).kind == "unknown");
}

// A multisig that was named and is not the one is said not to be it, however the right one was found.
TEST_CASE("a multisig that was named in vain is not passed over", "[report]") {
  FakeSource source;
  source.holds(multisig, autonomous());
  source.holds(lookalike, autonomous());
  source.answers(facts::genesis_hash().request, rpc_result(to_string(person)));  // on no public cluster
  has_history(source, vault, 0);
  source.answers(vault_transactions_request(vault),
                 rpc_result({{"context", {{"slot", 100U}}}, {"value", Json::array()}}));
  const Json found = Json::array(
      {{{"pubkey", to_string(multisig)},
        {"account",
         {{"owner", to_string(known::squads_v4)}, {"data", {"", "base64"}}, {"lamports", 1}, {"space", 0}}}}});
  source.answers(all_multisigs_request(), rpc_result({{"context", {{"slot", 100U}}}, {"value", found}}));
  const auto explanation = explained(source, vault, {.hint = lookalike});
  REQUIRE(explanation);
  const std::string text = render_text(*explanation);
  CAPTURE(text);
  CHECK(text.find("what was named, " + to_string(lookalike) + ", is not it") != std::string::npos);
  CHECK(text.find("listed without being asked for") != std::string::npos);
  const auto right = explained(source, vault, {.hint = multisig});
  CHECK(render_text(*right).find("is not it") == std::string::npos);
}
