// balance: does this account hold enough, and not too much?
//
// Reads     the account, without its data, and the Rent sysvar when `rentExempt` is asked: 1 round
// pass      its lamports are within the bounds, pay its rent, and its owner is the declared one
// fail      too few; too many; not rent exempt; another owner; no account
// Source    rent: (128 + bytes of data) × lamports per byte × threshold, as the Rent sysvar has them
#include "engine/kind.hpp"
#include "facts/heads.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {
namespace {

struct Balance {
  Pubkey address;
  std::optional<Lamports> min_lamports;
  std::optional<Lamports> max_lamports;
  bool rent_exempt = false;
  std::optional<Pubkey> owner;

  static constexpr auto fields() {
    return std::tuple{
        required("address", &Balance::address, "the account"),
        optional("minLamports", &Balance::min_lamports, "the least it may hold"),
        optional("maxLamports", &Balance::max_lamports, "the most it may hold"),
        optional("rentExempt", &Balance::rent_exempt, "true: it must hold what an account of its size must, or more"),
        optional("owner", &Balance::owner, "the program that must own it; that of wallets is the System program"),
    };
  }
  static Result<void> check_keys(const Json& given, const Place& place) {
    if (has_any(given, {"minLamports", "maxLamports", "rentExempt", "owner"})) return {};
    return expects_nothing(place);
  }
  Result<void> validate(const Place& place) const {
    if (!min_lamports && !max_lamports && !rent_exempt && !owner) return expects_nothing(place);
    return check_bounds(bounds(), "minLamports", "maxLamports", place);
  }

  Bounds<Lamports> bounds() const { return {min_lamports, max_lamports}; }

 private:
  static Result<void> expects_nothing(const Place& place) {
    return place.malformed("expects nothing of the account",
                           "give \"minLamports\", \"maxLamports\", \"rentExempt\": true, or \"owner\"");
  }
};

void judge_account(const Balance& gate, const Account& account, Judgement& judgement) {
  judgement.rests_on(facts::account_head(gate.address).request);
  expect_between(judgement, "balance", account.lamports, gate.bounds());
  expect_address(judgement, "owner", account.owner, gate.owner);
}

void judge_rent(const Account& account, const Rent& rent, Judgement& judgement) {
  const Lamports least = minimum_balance(rent, account.space);
  const std::string bytes = std::to_string(account.space) + " bytes";
  judgement.rests_on(facts::rent().request);
  judgement.expect(account.lamports >= least,
                   {"rent exemption of " + bytes, "at least " + words_for(least), words_for(account.lamports)},
                   "balance is " + words_for(account.lamports) + ", and rent exemption of its " + bytes + " takes " +
                       words_for(least));
}

Finding conclude(const Account& account, const Judgement& judgement) {
  const std::string subject = "account " + named(account.address);
  return about(subject, judgement.conclude(subject + " holds " + words_for(account.lamports)));
}

Task<Finding> without_rent(Balance gate) {
  const Account account = co_await facts::account_head(gate.address);
  Judgement judgement;
  judge_account(gate, account, judgement);
  co_return conclude(account, judgement);
}

Task<Finding> with_rent(Balance gate) {
  auto both = co_await all(facts::account_head(gate.address), facts::rent());
  const Account& account = std::get<0>(both);
  Judgement judgement;
  judge_account(gate, account, judgement);
  judge_rent(account, std::get<1>(both), judgement);
  co_return conclude(account, judgement);
}

Task<Finding> evaluate(Balance gate) { return gate.rent_exempt ? with_rent(gate) : without_rent(gate); }

}  // namespace

GateKind balance() {
  return gate_kind<Balance>(
      {.name = "balance",
       .asks = "Does this account hold enough, and not too much?",
       .reads = "the account, without its data, and the Rent sysvar when `rentExempt` is asked; one round",
       .passes =
           "its lamports are within the bounds, both ends included, pay its rent, and its owner is the declared one",
       .fails = "too few lamports; too many; not rent exempt; another owner; an account that does not exist",
       .why = "A deployer that runs dry stops in the middle; a hot wallet that holds much is worth attacking.",
       .remedy = "solana transfer to or from the account",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
