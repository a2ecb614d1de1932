// spending-limits: is everybody who may spend from the vaults alone declared?
//
// Reads     the multisig, and the accounts of the Squads program that are spending limits of it: 1 round
// pass      every spending limit is declared, and as declared
// fail      one that is not declared; one that lets more or something else be spent than declared, from another vault,
//           more often, by others, or to others; one of somebody who is no member of the multisig (any more) and is not
//           declared by name
// Source    Squads-Protocol/v4 state/spending_limit.rs, instructions/spending_limit_use.rs: a member of a limit spends
//           alone, without a vote and without the time lock, and need not be a member of the multisig
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/history.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/anchor.hpp"
#include "solana/squads_spending.hpp"

namespace readyctl {

template <>
struct FieldType<SpendingPeriod> {
  static Result<SpendingPeriod> read(const Json& value, const Place& place) {
    if (value == "once") return SpendingPeriod::one_time;
    if (value == "day") return SpendingPeriod::day;
    if (value == "week") return SpendingPeriod::week;
    if (value == "month") return SpendingPeriod::month;
    return place.malformed("expected " + words());
  }
  static Json schema(Placeholders) { return {{"enum", {"once", "day", "week", "month"}}}; }
  static std::string words() { return "\"once\", \"day\", \"week\" or \"month\""; }
};

namespace {

// Of each account; lists of members and destinations that are longer do not decode, which fails.
constexpr std::uint32_t bytes_read = 16'384;

struct DeclaredLimit {
  Pubkey address;
  std::optional<Pubkey> mint;
  std::uint8_t vault_index = 0;
  SpendingPeriod period = SpendingPeriod::one_time;
  std::optional<Amount> max_amount;
  std::optional<std::vector<Pubkey>> members;
  std::optional<std::vector<Pubkey>> destinations;

  static constexpr auto fields() {
    return std::tuple{
        required("address", &DeclaredLimit::address, "the account of the limit"),
        optional("mint", &DeclaredLimit::mint, "the mint of the tokens that may be spent; SOL unless said"),
        optional("vaultIndex", &DeclaredLimit::vault_index, "the vault from which they may be spent; 0 unless said"),
        optional(
            "period", &DeclaredLimit::period,
            "after how long the limit is full again, a month being 30 days; \"once\", which is never, unless said"),
        optional("maxAmount", &DeclaredLimit::max_amount, "the most it may allow in a period: lamports, or base units"),
        optional("members", &DeclaredLimit::members,
                 "exactly who may spend, in any order; unsaid, any members of the multisig and nobody else"),
        optional("destinations", &DeclaredLimit::destinations, "exactly where to, in any order; [] for anywhere"),
    };
  }
};

struct SpendingLimits {
  Pubkey multisig;
  std::vector<DeclaredLimit> declared;

  static constexpr auto fields() {
    return std::tuple{
        required("multisig", &SpendingLimits::multisig, "address of the multisig account (not of its vault)"),
        optional("declared", &SpendingLimits::declared, "the limits that there may be; none unless said"),
    };
  }

  const DeclaredLimit* declaration_of(const Pubkey& address) const {
    const auto found = std::find_if(declared.begin(), declared.end(),
                                    [&](const DeclaredLimit& one) { return one.address == address; });
    return found == declared.end() ? nullptr : &*found;
  }
};

ProgramQuery limits_of(const Pubkey& multisig) {
  const Discriminator discriminator = anchor_account_discriminator("SpendingLimit");
  return {known::squads_v4,
          {{0, Bytes(discriminator.begin(), discriminator.end())},
           {8, Bytes(multisig.bytes.begin(), multisig.bytes.end())}},
          Slice{0, bytes_read}};
}

std::string listed(const std::vector<Pubkey>& keys, const std::string& nobody) {
  std::vector<std::string> words;
  for (const Pubkey& key : keys) words.push_back(named(key));
  return words.empty() ? nobody : join(words, ", ");
}

std::string words_for(const SpendingLimit& limit) {
  const std::string unit = limit.mint ? " base units of mint " + named(*limit.mint) : " lamports";
  return "each of " + listed(limit.members, "nobody") + " alone may spend " + std::to_string(limit.amount) + unit +
         " " + std::string(words_for(limit.period)) + " from vault " + std::to_string(limit.vault_index) + " to " +
         listed(limit.destinations, "anybody");
}

void judge_keys(const std::string& what, const std::vector<Pubkey>& found,
                const std::optional<std::vector<Pubkey>>& expected, const std::string& nobody, Judgement& judgement) {
  if (!expected) return;
  const bool same =
      std::set<Pubkey>(found.begin(), found.end()) == std::set<Pubkey>(expected->begin(), expected->end());
  judgement.expect(same, {what, listed(*expected, nobody), listed(found, nobody)},
                   what + " are " + listed(found, nobody) + ", expected " + listed(*expected, nobody));
}

// A limit outlives the membership of whoever holds it, and nothing but a look at both shows that. Whoever is declared
// by name may spend without being a member.
void judge_membership(const SpendingLimit& limit, const DeclaredLimit& declared, const Multisig& multisig,
                      Judgement& judgement) {
  const std::string name = "spending limit " + to_string(declared.address);
  for (const Pubkey& key : limit.members) {
    const bool is_member = std::any_of(multisig.members.begin(), multisig.members.end(),
                                       [&](const MultisigMember& one) { return one.key == key; });
    if (is_member) continue;
    const std::string spends = name + " lets " + named(key) + " spend, who is no member of the multisig";
    if (declared.members) {
      judgement.caveat(spends);
      continue;
    }
    judgement.expect(false, {"members of " + name, "members of the multisig", named(key) + ", no member"},
                     spends + ": remove the limit, or declare its \"members\"");
  }
}

// An amount says little without these.
void judge_terms(const std::string& name, const SpendingLimit& limit, const DeclaredLimit& declared,
                 Judgement& judgement) {
  const auto expect_same = [&](const std::string& what, const std::string& expected, const std::string& found) {
    judgement.expect(found == expected, {what + " of " + name, expected, found},
                     what + " of " + name + " is " + found + ", declared is " + expected);
  };
  const auto currency = [](const std::optional<Pubkey>& mint) { return mint ? named(*mint) : std::string("SOL"); };
  expect_same("mint", currency(declared.mint), currency(limit.mint));
  expect_same("vault", std::to_string(declared.vault_index), std::to_string(limit.vault_index));
  expect_same("period", std::string(words_for(declared.period)), std::string(words_for(limit.period)));
}

void judge_declared(const SpendingLimit& limit, const DeclaredLimit& declared, const Multisig& multisig,
                    Judgement& judgement) {
  const std::string name = "spending limit " + to_string(declared.address);
  judge_terms(name, limit, declared, judgement);
  if (declared.max_amount) {
    judgement.expect(
        limit.amount <= declared.max_amount->value,
        {"amount of " + name, "at most " + std::to_string(declared.max_amount->value), std::to_string(limit.amount)},
        name + " allows " + std::to_string(limit.amount) + ", declared are " +
            std::to_string(declared.max_amount->value));
  }
  judge_keys("members of " + name, limit.members, declared.members, "nobody", judgement);
  judge_keys("destinations of " + name, limit.destinations, declared.destinations, "anybody", judgement);
  judge_membership(limit, declared, multisig, judgement);
}

void judge_limit(const SpendingLimits& gate, const FoundAccount& account, const Multisig& multisig,
                 Judgement& judgement) {
  const std::string name = "spending limit " + to_string(account.address);
  const auto limit = decode_spending_limit(account.data);
  judgement.expect(limit.has_value(), {name, "can be read", limit ? "can be read" : limit.error().what},
                   name + " cannot be read");
  if (!limit) return;
  const DeclaredLimit* declared = gate.declaration_of(account.address);
  judgement.expect(declared != nullptr, {name, declared != nullptr ? "declared" : "none", words_for(*limit)},
                   name + " is not declared: " + words_for(*limit));
  if (declared != nullptr) judge_declared(*limit, *declared, multisig, judgement);
}

Task<Finding> evaluate(SpendingLimits gate) {
  const auto multisig_fact = facts::squads_multisig(gate.multisig);
  const auto limits_fact = facts::program_accounts(limits_of(gate.multisig));
  auto both = co_await all(multisig_fact, limits_fact);
  auto& [multisig, limits] = both;
  Judgement judgement;
  judgement.rests_on(limits_fact.request);
  judgement.note("spending limits", std::to_string(limits.size()));
  for (const FoundAccount& account : limits) judge_limit(gate, account, multisig, judgement);
  for (const DeclaredLimit& declared : gate.declared) {
    const bool exists = std::any_of(limits.begin(), limits.end(),
                                    [&](const FoundAccount& one) { return one.address == declared.address; });
    if (!exists) judgement.caveat("declared spending limit " + to_string(declared.address) + " does not exist");
  }
  const std::string subject = "multisig " + to_string(gate.multisig);
  const std::string count = limits.empty() ? "no spending limit" : "only the declared spending limits";
  co_return about(subject, judgement.conclude(subject + " has " + count));
}

}  // namespace

GateKind spending_limits() {
  return gate_kind<SpendingLimits>(
      {.name = "spending-limits",
       .asks = "Is everybody who may spend from the vaults alone declared?",
       .reads = "the multisig, and every spending limit of it, which some endpoints refuse to search for; one round",
       .passes = "every spending limit is declared, and as declared",
       .fails = "a spending limit that is not declared, or cannot be read; one of another mint, vault or period than "
                "declared, or that allows more; members or destinations that are not the declared ones; somebody who "
                "may spend, is no member of "
                "the multisig (any more), and is not declared by name",
       .why = "A spending limit lets one key move funds without a vote and without the time lock, and outlives the "
              "membership of whoever holds it.",
       .remedy = "remove the spending limit by a config transaction, or declare it",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
