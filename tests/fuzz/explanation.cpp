// Explanations of accounts: any bytes under any owner that readyctl knows. The first byte chooses the owner
// and the address.
#include "report/explanation.hpp"

#include <algorithm>
#include <array>

#include "fuzz/property.hpp"
#include "report/inspect.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;

namespace {

constexpr Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;

Account account_of(const Pubkey& address, const Pubkey& owner, ByteView data) {
  const auto bytes = std::make_shared<const Bytes>(data.begin(), data.end());
  return {address, owner, Lamports{5}, true, bytes->size(), bytes, Slot{9}};
}

// The same bytes as transaction and proposal, under rules that are sane.
std::optional<SquadsVote> vote_with(const Account& account) {
  const auto of = vote_of(account);
  if (!of) return std::nullopt;
  SquadsVote vote;
  vote.multisig.emplace();
  vote.multisig->threshold = 1;
  vote.multisig->time_lock_seconds = 3600;
  vote.transaction = queued_transaction(of->multisig, of->index, account, account);
  vote.clock.emplace();
  return vote;
}

// A transaction of Squads v3 under a multisig that is sane.
std::optional<SquadsV3Seen> squads_v3_with(const Account& account) {
  const auto transaction = decode_squads_v3_transaction(account.bytes());
  if (account.owner != known::squads_v3 || !transaction) return std::nullopt;
  SquadsV3Seen seen{account.address, SquadsV3Multisig{}, 1, {}};
  seen.votes.push_back({{transaction->index, account.address, *transaction, "Active"}, true, {}});
  return seen;
}

// The same bytes as governance, realm, voter and proposal.
std::optional<GovernanceSeen> governance_with(const Account& account) {
  if (account.owner != known::spl_governance) return std::nullopt;
  const ByteView data = account.bytes();
  GovernanceSeen seen;
  seen.governance_address = account.address;
  seen.realm.program = account.owner;
  seen.realm.address = account.address;
  seen.realm.realm = decode_realm(data);
  if (seen.realm.realm) {
    seen.realm.community = VotingMint{seen.realm.realm->community_mint, Mint{}};
    seen.realm.config = decode_realm_config(data);
  }
  if (auto governance = decode_governance(data)) seen.governance = *governance;
  if (auto proposal = decode_governance_proposal(data)) {
    seen.governance.emplace();
    seen.proposal.emplace();
    seen.proposal->proposal = std::move(*proposal);
    seen.proposal->clock.emplace();
  }
  return seen;
}

}  // namespace

FUZZ_TARGET(explanation) {
  static constexpr std::array owners{known::system_program,
                                     known::loader_v1,
                                     known::loader_v2,
                                     known::loader_v3,
                                     known::loader_v4,
                                     known::token,
                                     known::token_2022,
                                     known::squads_v4,
                                     known::sysvar_owner,
                                     known::feature_program,
                                     known::address_lookup_table,
                                     known::native_loader,
                                     known::squads_v3,
                                     known::spl_governance};
  static constexpr std::array addresses{program, known::clock, known::rent, known::epoch_schedule};
  if (size == 0) return 0;
  const Pubkey owner = owners.at(data[0] % owners.size());
  const Pubkey address = addresses.at(data[0] / owners.size() % addresses.size());
  const Account account = account_of(address, owner, ByteView(data + 1, size - 1));
  // The same bytes wherever a second account may belong.
  const Inspection inspection{.address = address,
                              .genesis_hash = {},
                              .account = account,
                              .programdata = account,
                              .mint = account,
                              .custody = {},
                              .holders = {},
                              .pending = {},
                              .vote = vote_with(account),
                              .squads_v3 = squads_v3_with(account),
                              .governance = governance_with(account)};

  const auto explanation = explain(inspection);
  fuzz::require(explanation.has_value(), "every account that exists is explained");
  fuzz::require(parse_json(render_json(*explanation), "fuzz").has_value(), "an explanation is JSON");
  const std::string text = render_text(*explanation);
  fuzz::require(
      std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }),
      "nothing in it steers a terminal");
  return 0;
}
