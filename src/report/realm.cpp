#include "report/realm.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/history.hpp"
#include "facts/network_text.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

// Where a token owner record names its realm and its mint.
constexpr std::uint32_t record_realm_offset = 1;
constexpr std::uint32_t record_mint_offset = 33;

Bytes bytes_in(const Pubkey& key) { return {key.bytes.begin(), key.bytes.end()}; }

ProgramQuery voters_of(const Pubkey& program, const Pubkey& realm, const Pubkey& mint) {
  return {program,
          {{record_realm_offset, bytes_in(realm)}, {record_mint_offset, bytes_in(mint)}},
          Slice{0, token_owner_record_bytes}};
}

// The account's value, or what is there instead.
template <class T>
Result<T> decoded(const std::optional<Account>& account, const Pubkey& program, Result<T> (*decode)(ByteView)) {
  if (!account) return malformed("", "does not exist");
  if (account->owner != program) return malformed("", "is owned by " + named(account->owner));
  return decode(account->bytes());
}

Result<Mint> mint_in(const std::optional<Account>& account) {
  if (!account) return malformed("", "does not exist");
  if (account->owner != known::token && account->owner != known::token_2022) {
    return malformed("", "is owned by " + named(account->owner) + ", which is no token program");
  }
  return decode_mint(account->bytes());
}

// A governance named for a mint has the same bytes at both offsets, so what is no record is left out.
std::vector<TokenOwnerRecord> records_in(const RealmSeen& realm, const Pubkey& mint,
                                         const std::vector<FoundAccount>& found) {
  std::vector<TokenOwnerRecord> records;
  for (const FoundAccount& one : found) {
    auto record = decode_token_owner_record(one.data);
    if (!record || record->deposit == 0) continue;
    const GoverningTokenOf of{realm.program, realm.address, mint};
    if (token_owner_record_address(of, record->owner).address == one.address) records.push_back(*record);
  }
  std::sort(records.begin(), records.end(),
            [](const auto& a, const auto& b) { return std::tie(b.deposit, a.owner) < std::tie(a.deposit, b.owner); });
  return records;
}

std::optional<std::uint64_t> all_votes(const Electorate& electorate, const std::optional<MaxVoteWeight>& weight) {
  if (electorate.token && electorate.token->max_voter_weight_addin) return std::nullopt;
  if (electorate.mint == nullptr || !electorate.mint->mint) return std::nullopt;
  const std::uint64_t supply = electorate.mint->mint->supply;
  return weight ? weight->of_supply(supply) : supply;
}

}  // namespace

Task<RealmSeen> read_realm(Pubkey program, Pubkey realm) {
  RealmSeen seen;
  seen.program = program;
  seen.address = realm;
  const Pubkey config_address = realm_config_address(program, realm).address;
  const std::vector first{facts::account_if_any(realm), facts::account_if_any(config_address)};
  const std::vector<std::optional<Account>> accounts = co_await each(first);
  seen.realm = decoded(accounts[0], program, decode_realm);
  if (accounts[1]) seen.config = decoded(accounts[1], program, decode_realm_config);
  if (!seen.realm) co_return seen;

  const Pubkey community = seen.realm->community_mint;
  if (!seen.realm->council_mint) {
    const std::optional<Account> mint = co_await facts::account_if_any(community);
    seen.community = VotingMint{community, mint_in(mint)};
    co_return seen;
  }
  const Pubkey council = *seen.realm->council_mint;
  const std::vector wanted{facts::account_if_any(community), facts::account_if_any(council)};
  const auto search = maybe(facts::program_accounts(voters_of(program, realm, council)));
  const auto both = co_await all(wanted, search);
  const std::vector<std::optional<Account>>& mints = std::get<0>(both);
  const Reading<std::vector<FoundAccount>>& found = std::get<1>(both);
  seen.community = VotingMint{community, mint_in(mints[0])};
  seen.council = VotingMint{council, mint_in(mints[1])};
  if (found) {
    seen.council_members = records_in(seen, council, *found);
  } else {
    seen.council_members = malformed("", words_for(found.error()));
  }
  co_return seen;
}

std::optional<Governance> governance_at(const std::optional<Account>& account) {
  if (!account) return std::nullopt;
  auto governance = decode_governance(account->bytes());
  if (!governance || governance_address(account->owner, *governance).address != account->address) return std::nullopt;
  return *governance;
}

std::optional<Pubkey> realm_of(const Account& account) {
  const Pubkey& program = account.owner;
  const ByteView data = account.bytes();
  if (const auto governance = governance_at(account)) return governance->realm;
  if (const auto realm = decode_realm(data)) {
    const auto derived = realm_address(program, realm->name);
    return derived && derived->address == account.address ? std::optional(account.address) : std::nullopt;
  }
  if (const auto config = decode_realm_config(data)) {
    const bool is_there = realm_config_address(program, config->realm).address == account.address;
    return is_there ? std::optional(config->realm) : std::nullopt;
  }
  if (const auto record = decode_token_owner_record(data)) {
    const GoverningTokenOf of{program, record->realm, record->mint};
    const bool is_there = token_owner_record_address(of, record->owner).address == account.address;
    return is_there ? std::optional(record->realm) : std::nullopt;
  }
  return std::nullopt;
}

std::vector<Electorate> electorates_of(const Governance& governance, const RealmSeen& realm) {
  if (!realm.realm) return {};
  const GovernanceConfig rules = as_applied(governance.config);
  const bool has_config = realm.config && *realm.config;
  std::vector<Electorate> electorates;
  electorates.push_back({"community", realm.community ? &*realm.community : nullptr, rules.community_vote_threshold,
                         rules.community_veto_vote_threshold, rules.community_vote_tipping,
                         rules.min_community_weight_to_create_proposal, std::nullopt,
                         has_config ? std::optional((*realm.config)->community) : std::nullopt});
  electorates.back().all_votes = all_votes(electorates.back(), realm.realm->community_max_vote_weight);
  if (!realm.council) return electorates;
  electorates.push_back({"council", &*realm.council, rules.council_vote_threshold, rules.council_veto_vote_threshold,
                         rules.council_vote_tipping, rules.min_council_weight_to_create_proposal, std::nullopt,
                         has_config ? std::optional((*realm.config)->council) : std::nullopt});
  electorates.back().all_votes = all_votes(electorates.back(), std::nullopt);
  return electorates;
}

std::string words_for(const Electorate& electorate) {
  if (electorate.threshold.kind == VoteThreshold::Kind::disabled) return "may not vote";
  std::string words = words_for(electorate.threshold);
  if (!electorate.all_votes) return words + " of votes whose number is not known";
  if (*electorate.all_votes == 0) return words + ", and there are no votes: nothing passes";
  const auto needed = votes_needed(electorate.threshold, *electorate.all_votes);
  if (!needed) return words + ", which the program does not count: nothing can pass";
  return words + ": at least " + std::to_string(*needed) + " of " + counted(*electorate.all_votes, "vote");
}

std::string words_for(const RealmSeen& realm) {
  if (!realm.realm) return "of realm " + to_string(realm.address) + ", which " + realm.realm.error().what;
  return "of realm \"" + printable(realm.realm->name) + "\" (" + to_string(realm.address) + ")";
}

}  // namespace readyctl
