#include "solana/squads_spending.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& limit_case() { return case_named(vectors("squads_v4_accounts").at("cases"), "SpendingLimit"); }

}  // namespace

// A weekly limit in SOL, partly spent, as the Squads SDK wrote it.
TEST_CASE("Squads spending limits are read", "[solana]") {
  const Vectors& expected = limit_case().at("decoded");
  const SpendingLimit limit = decode_spending_limit(unhex(limit_case().at("hex"))).value();
  CHECK(limit.multisig == key(vectors("squads_v4_pda").at("multisig")[0]));
  CHECK(limit.create_key == key(vectors("squads_v4_pda").at("spending_limits")[0].at("create_key")));
  CHECK(limit.vault_index == expected.at("vault_index").get<int>());
  CHECK_FALSE(limit.mint.has_value());
  CHECK(std::to_string(limit.amount) == text(expected.at("amount")));
  CHECK(limit.period == SpendingPeriod::week);
  CHECK(words_for(limit.period) == "a week");
  CHECK(std::to_string(limit.remaining_amount) == text(expected.at("remaining_amount")));
  CHECK(limit.last_reset == expected.at("last_reset").get<std::int64_t>());
  CHECK(limit.bump == vectors("squads_v4_pda").at("spending_limits")[0].at("bump").get<int>());
  CHECK(limit.members == keys(expected.at("members")));
  CHECK(limit.destinations == keys(expected.at("destinations")));
}

// A period that the program does not have is refused at its offset.
TEST_CASE("unknown spending periods are refused", "[solana]") {
  Bytes data = unhex(limit_case().at("hex"));
  data.at(113) = 4;
  CHECK(trouble(decode_spending_limit(data)) == "Squads SpendingLimit: expected period 0 to 3 at offset 113, found 4");
}
