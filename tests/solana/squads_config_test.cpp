#include "solana/squads_config.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& account_case(const std::string& name) {
  return case_named(vectors("squads_v4_accounts").at("cases"), name);
}

ConfigAction action_of(const std::string& name) {
  const auto transaction =
      decode_config_transaction(unhex(account_case("ConfigTransaction " + name).at("hex"))).value();
  REQUIRE(transaction.actions.size() == 1);
  CHECK(transaction.index == 9);
  CHECK(transaction.bump == 254);
  return transaction.actions.front();
}

const Vectors& expected(const std::string& name) {
  return account_case("ConfigTransaction " + name).at("decoded").at("actions")[0];
}

}  // namespace

// Each change that the official SDK can write.
TEST_CASE("config transactions are read", "[solana]") {
  const auto added = std::get<AddMember>(action_of("AddMember"));
  CHECK(added.member.key == key(expected("AddMember").at("newMember").at("key")));
  CHECK(added.member.permissions.mask == 3);
  CHECK(std::get<RemoveMember>(action_of("RemoveMember")).key == key(expected("RemoveMember").at("oldMember")));
  CHECK(std::get<ChangeThreshold>(action_of("ChangeThreshold")).threshold == 3);
  CHECK(std::get<SetTimeLock>(action_of("SetTimeLock")).seconds == 3600);
  const auto limit = std::get<AddSpendingLimit>(action_of("AddSpendingLimit"));
  CHECK(limit.create_key == key(expected("AddSpendingLimit").at("createKey")));
  CHECK(limit.vault_index == 1);
  CHECK_FALSE(limit.mint.has_value());
  CHECK(limit.amount == 1'000'000'000);
  CHECK(limit.period == SpendingPeriod::day);
  CHECK(limit.members == keys(expected("AddSpendingLimit").at("members")));
  CHECK(limit.destinations == keys(expected("AddSpendingLimit").at("destinations")));
  CHECK(std::get<RemoveSpendingLimit>(action_of("RemoveSpendingLimit")).address ==
        key(expected("RemoveSpendingLimit").at("spendingLimit")));
  CHECK_FALSE(std::get<SetRentCollector>(action_of("SetRentCollector")).key.has_value());
  CHECK(std::get<SetRentCollector>(action_of("SetRentCollector Some")).key ==
        key(expected("SetRentCollector Some").at("newRentCollector")));
}

// A person reads what would change.
TEST_CASE("config actions have words", "[solana]") {
  CHECK(words_for(action_of("AddMember")) ==
        "add member AqucC3s7thko11SGHdYyosX1Kjo4LJo4Pm8E1GzED3Nz who may initiate, vote");
  CHECK(words_for(action_of("ChangeThreshold")) == "change the threshold to 3");
  CHECK(words_for(action_of("SetTimeLock")) == "set the time lock to 3600 s");
  CHECK(
      words_for(action_of("AddSpendingLimit")) ==
      "let each of 2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4 alone spend 1000000000 lamports a day from vault 1 to "
      "EGxLvFxMTq4Z3xs6TBkgtcovxewEa5iAktdfi527Zhte");
  CHECK(words_for(action_of("SetRentCollector")) == "let nobody collect rent");
}

// What the program does not have is refused; nothing is guessed.
TEST_CASE("unknown config actions are refused", "[solana]") {
  Bytes data = unhex(account_case("ConfigTransaction ChangeThreshold").at("hex"));
  data.at(85) = 7;
  CHECK(trouble(decode_config_transaction(data)) ==
        "Squads ConfigTransaction: expected an action with tag 0 to 6, found 7");
  Bytes many = unhex(account_case("ConfigTransaction ChangeThreshold").at("hex"));
  many.at(84) = 0x7f;
  CHECK_FALSE(decode_config_transaction(many).has_value());
  for (std::size_t size = 0; size < data.size(); ++size) {
    CHECK_FALSE(decode_config_transaction(ByteView(data).first(size)).has_value());
  }
}

TEST_CASE("batches are read", "[solana]") {
  const Bytes data = unhex(account_case("Batch").at("hex"));
  const Batch batch = decode_batch(data).value();
  CHECK(batch.index == 3);
  CHECK(batch.vault_index == 1);
  CHECK(batch.vault_bump == 252);
  CHECK(batch.size == 2);
  CHECK(batch.executed == 1);
  CHECK_FALSE(decode_batch(ByteView(data).first(90)).has_value());
  CHECK_FALSE(decode_config_transaction(data).has_value());
}
