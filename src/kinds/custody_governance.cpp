// Custody by an SPL governance: the authority is the governance or its native treasury, for both of which its proposals
// sign, and the rules of governance and realm are strong enough.
//
// What is not read here: open proposals, who holds the votes, and who can replace the governance program itself.
#include "base/text.hpp"
#include "kinds/custody_squads.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

std::string words_for_governance(const SplGovernanceCustody& custody) {
  return "governance " + to_string(custody.governance) + " or its native treasury " +
         to_string(native_treasury_address(custody.program, custody.governance).address);
}

std::string not_the_governance(const SplGovernanceCustody& custody, const Control& control) {
  const std::string expected = words_for_governance(custody);
  if (!control.authority) return words_for_immutable(control) + ", expected upgrade authority " + expected;
  const Pubkey& authority = *control.authority;
  if (authority == custody.realm) {
    return "upgrade authority " + to_string(authority) + " is the realm itself and not " + expected +
           ": nothing signs for that address, so nobody can upgrade the program any more";
  }
  return "upgrade authority " + named(authority) + " is neither " + expected + " but " + sort_of_authority(authority);
}

// Which of the two it is.
std::string words_for_holder(const SplGovernanceCustody& custody, const Control& control) {
  const bool is_itself = control.authority == custody.governance;
  const std::string governance = "governance " + to_string(custody.governance);
  return is_itself ? governance
                   : "the native treasury of " + governance + " (" +
                         to_string(native_treasury_address(custody.program, custody.governance).address) + ")";
}

// The account's bytes, or a sentence about what is there instead.
tl::expected<ByteView, std::string> bytes_in(const std::string& name, const std::optional<Account>& account,
                                             const Pubkey& program) {
  if (!account) return tl::unexpected<std::string>(name + " does not exist");
  if (account->owner == program) return account->bytes();
  const bool may_be_a_treasury = account->owner == known::system_program;
  const std::string hint = may_be_a_treasury ? "; if this is a native treasury, name its governance instead" : "";
  return tl::unexpected<std::string>(name + " is owned by " + named(account->owner) + ", not by governance program " +
                                     named(program) + hint);
}

template <class T>
tl::expected<T, std::string> decoded_in(const std::string& name, const std::optional<Account>& account,
                                        const Pubkey& program, Result<T> (*decode)(ByteView)) {
  const auto bytes = bytes_in(name, account, program);
  if (!bytes) return tl::unexpected<std::string>(bytes.error());
  auto value = decode(*bytes);
  if (!value) return tl::unexpected<std::string>(name + " is none: " + value.error().what);
  return std::move(*value);
}

tl::expected<Governance, std::string> governance_in(const SplGovernanceCustody& custody,
                                                    const GovernanceAccounts& accounts) {
  const std::string name = "governance " + to_string(custody.governance);
  auto governance = decoded_in(name, accounts.governance, custody.program, decode_governance);
  if (!governance) return governance;
  if (governance_address(custody.program, *governance).address == custody.governance) return governance;
  return tl::unexpected<std::string>(name + " is not at the address that its realm and seed derive to");
}

tl::expected<Realm, std::string> realm_in(const SplGovernanceCustody& custody, const GovernanceAccounts& accounts) {
  return decoded_in("realm " + to_string(custody.realm), accounts.realm, custody.program, decode_realm);
}

template <class T>
void expect_account(Judgement& judgement, const std::string& what, const Pubkey& address,
                    const tl::expected<T, std::string>& found) {
  judgement.rests_on(AccountRequest{address});
  judgement.expect(found.has_value(), {what, "there", found ? "there" : found.error()}, found ? "" : found.error());
}

}  // namespace

Result<VoteShare> FieldType<VoteShare>::read(const Json& value, const Place& place) {
  if (value == "disabled") return VoteShare{};
  const bool in_range = value.is_number_integer() && value >= 1 && value <= 100;
  if (!in_range) return place.malformed("expected a " + words() + ", found " + value.dump());
  return VoteShare{value.get<std::uint8_t>()};
}

Json FieldType<VoteShare>::schema(Placeholders) {
  return {{"anyOf",
           Json::array({Json{{"type", "integer"}, {"minimum", 1}, {"maximum", 100}}, Json{{"const", "disabled"}}})}};
}

Result<VoteTipping> FieldType<VoteTipping>::read(const Json& value, const Place& place) {
  if (value == "strict") return VoteTipping::strict;
  if (value == "early") return VoteTipping::early;
  if (value == "disabled") return VoteTipping::disabled;
  return place.malformed("expected " + words() + ", found " + value.dump());
}

Json FieldType<VoteTipping>::schema(Placeholders) { return {{"enum", {"strict", "early", "disabled"}}}; }

VotingMints voting_mints(const SplGovernanceCustody& custody, const GovernanceAccounts& accounts) {
  const auto governance = governance_in(custody, accounts);
  const auto realm = realm_in(custody, accounts);
  if (!governance || !realm) return {};
  const GovernanceConfig rules = as_applied(governance->config);
  VotingMints mints;
  if (rules.community_vote_threshold.kind != VoteThreshold::Kind::disabled) mints.community = realm->community_mint;
  if (rules.council_vote_threshold.kind != VoteThreshold::Kind::disabled) mints.council = realm->council_mint;
  return mints;
}

Finding judge_custody(const SplGovernanceCustody& custody, const Control& control, const GovernanceAccounts& accounts) {
  Judgement judgement;
  const Pubkey treasury = native_treasury_address(custody.program, custody.governance).address;
  const bool holds = control.authority == custody.governance || control.authority == treasury;
  const auto governance = governance_in(custody, accounts);
  const auto realm = realm_in(custody, accounts);
  judgement.rests_on(control.seen_in);
  if (governance) {
    judgement.expect(holds, {"upgrade authority", words_for_governance(custody), named(control.authority)},
                     holds ? "" : not_the_governance(custody, control));
  } else {
    judgement.note("upgrade authority", named(control.authority));
    judgement.misnames(misnamed_holder(custody.governance));
  }
  if (!realm) judgement.misnames(misnamed_holder(custody.realm));
  expect_account(judgement, "governance " + to_string(custody.governance), custody.governance, governance);
  expect_account(judgement, "realm " + to_string(custody.realm), custody.realm, realm);
  if (!governance || !realm) return judgement.conclude("");

  judge_rules(custody, *governance, *realm, judgement);
  judge_voting_power(custody, *realm, accounts, judgement);
  if (custody.program != known::spl_governance) {
    judgement.caveat("governance program " + to_string(custody.program) +
                     " is not the default instance: whoever can replace it decides here, which is not read");
  }
  judgement.caveat(
      "proposals that passed already, who holds the votes, and who can replace the governance program were not read");
  return judgement.conclude("upgrade authority is " + words_for_holder(custody, control) + " of realm " +
                            printable(realm->name) + ": hold-up time " +
                            timelock_in_words(governance->config.hold_up_seconds));
}

}  // namespace readyctl
