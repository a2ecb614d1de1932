#include "report/first_transactions.hpp"

#include <catch2/catch.hpp>

#include "report/explain_message.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;

namespace {

const Pubkey person = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey other = "E1Ukeo3ajAuTHqAu7TbXa7DgXT5KvXa8ws1Eu4ayZvpt"_pubkey;

/// A message that names these to the Squads program, `times` over.
Message telling_squads(std::vector<Pubkey> keys, std::size_t times) {
  CompiledInstruction vote;
  for (std::size_t i = 0; i < keys.size(); ++i) vote.account_indexes.push_back(static_cast<std::uint8_t>(i));
  vote.program_id_index = static_cast<std::uint8_t>(keys.size());
  keys.push_back(known::squads_v4);
  Message message;
  message.keys = std::move(keys);
  message.instructions.assign(times, vote);
  return message;
}

std::optional<std::vector<NumberedTransaction>> named_in(const Message& message, FirstTransactions& transactions) {
  return transactions_named(message, accounts_of(message), transactions);
}

}  // namespace

// No further than is needed, and nothing twice.
TEST_CASE("first transactions are derived as they are needed", "[report]") {
  FirstTransactions transactions(5);
  CHECK(transactions.find(multisig, proposal_address(multisig, 2).address) ==
        NumberedTransaction{2, transaction_address(multisig, 2).address});
  CHECK(transactions.derived() == 2);
  CHECK(transactions.find(multisig, transaction_address(multisig, 1).address)->index == 1);
  CHECK(transactions.derived() == 2);
  CHECK_FALSE(transactions.find(multisig, person));
  CHECK(transactions.derived() == 5);
  CHECK_FALSE(transactions.find(multisig, transaction_address(multisig, 6).address));
  CHECK(transactions.derived() == 5);
  CHECK(transactions.find(other, transaction_address(other, 1).address)->index == 1);
  CHECK(transactions.derived() == 6);
}

// A message can name one multisig in a hundred instructions, and in each three addresses that are no transaction of it.
TEST_CASE("a message of many votes derives the transactions of its multisig once", "[report]") {
  FirstTransactions transactions(transactions_searched);
  const Message votes = telling_squads({multisig, vault_address(multisig, 1).address,
                                        vault_address(multisig, 2).address, vault_address(multisig, 3).address},
                                       140);
  const auto none = named_in(votes, transactions);
  REQUIRE(none);
  CHECK(none->empty());
  CHECK(transactions.derived() == transactions_searched);
}

// Each is named once; a key is none and is not looked for; a message for other programs has none.
TEST_CASE("the transactions that a message names", "[report]") {
  FirstTransactions transactions(5);
  const NumberedTransaction third{3, transaction_address(multisig, 3).address};
  CHECK(named_in(telling_squads({multisig, proposal_address(multisig, 3).address}, 2), transactions) ==
        std::vector{third});
  CHECK(transactions.derived() == 3);
  CHECK(named_in(telling_squads({multisig, person}, 1), transactions)->empty());
  CHECK(transactions.derived() == 3);
  Message memo = telling_squads({multisig, third.address}, 1);
  memo.keys.back() = known::memo;
  CHECK_FALSE(named_in(memo, transactions));
}
