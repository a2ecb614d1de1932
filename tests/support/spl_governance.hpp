// SPL Governance accounts for a FakeSource, in the bytes that the program itself writes: tests/solana compares them
// with accounts that it wrote. The official SDK writes them too (tests/localnet/spl_governance.mjs), in JavaScript.
#pragma once

#include "solana/spl_governance_proposals.hpp"
#include "support/squads.hpp"

namespace readyctl::test {

inline void put_threshold(Bytes& out, const VoteThreshold& threshold) {
  out.push_back(static_cast<std::uint8_t>(threshold.kind));
  if (threshold.kind != VoteThreshold::Kind::disabled) out.push_back(threshold.percent);
}

inline Bytes governance_bytes(const Governance& governance) {
  const GovernanceConfig& config = governance.config;
  Bytes data{static_cast<std::uint8_t>(governance.type)};
  put(data, governance.realm.bytes);
  put(data, governance.seed.bytes);
  put_u32(data, 0);
  put_threshold(data, config.community_vote_threshold);
  put_u64(data, config.min_community_weight_to_create_proposal);
  put_u32(data, config.hold_up_seconds);
  put_u32(data, config.voting_seconds);
  data.push_back(static_cast<std::uint8_t>(config.community_vote_tipping));
  put_threshold(data, config.council_vote_threshold);
  put_threshold(data, config.council_veto_vote_threshold);
  put_u64(data, config.min_council_weight_to_create_proposal);
  data.push_back(static_cast<std::uint8_t>(config.council_vote_tipping));
  put_threshold(data, config.community_veto_vote_threshold);
  put_u32(data, config.cool_off_seconds);
  data.push_back(config.deposit_exempt_proposals);
  data.resize(data.size() + 119);
  data.push_back(governance.required_signatories);
  put_u64(data, governance.active_proposals.value_or(0));
  return padded(data, 236);
}

inline void put_optional_key(Bytes& out, const std::optional<Pubkey>& key) {
  out.push_back(key ? 1 : 0);
  if (key) put(out, key->bytes);
}

inline Bytes realm_bytes(const Realm& realm) {
  Bytes data{static_cast<std::uint8_t>(realm.type)};
  put(data, realm.community_mint.bytes);
  data.resize(data.size() + 8);
  put_u64(data, realm.min_community_weight_to_create_governance);
  data.push_back(static_cast<std::uint8_t>(realm.community_max_vote_weight.kind));
  put_u64(data, realm.community_max_vote_weight.value);
  put_optional_key(data, realm.council_mint);
  data.resize(data.size() + 8);
  put_optional_key(data, realm.authority);
  put_u32(data, static_cast<std::uint32_t>(realm.name.size()));
  put(data, bytes_of(realm.name));
  return padded(data, data.size() + 128);
}

inline void put_token_config(Bytes& out, const GoverningToken& token) {
  put_optional_key(out, token.voter_weight_addin);
  put_optional_key(out, token.max_voter_weight_addin);
  out.push_back(static_cast<std::uint8_t>(token.type));
  out.resize(out.size() + 4);
  put_u32(out, static_cast<std::uint32_t>(token.lock_authorities.size()));
  for (const Pubkey& one : token.lock_authorities) put(out, one.bytes);
}

inline Bytes realm_config_bytes(const RealmConfig& config) {
  Bytes data{static_cast<std::uint8_t>(GovernanceAccount::realm_config)};
  put(data, config.realm.bytes);
  put_token_config(data, config.community);
  put_token_config(data, config.council);
  return padded(data, 293);  // as if all four add-ins were set, however many are
}

/// With the room that version 2 reserves.
inline Bytes token_owner_record_bytes_of(const TokenOwnerRecord& record) {
  Bytes data{static_cast<std::uint8_t>(record.type)};
  put(data, record.realm.bytes);
  put(data, record.mint.bytes);
  put(data, record.owner.bytes);
  put_u64(data, record.deposit);
  put_u64(data, record.unrelinquished_votes);
  put(data, Bytes{record.outstanding_proposals, 1, 0, 0, 0, 0, 0, 0});
  put_optional_key(data, record.delegate);
  return padded(data, data.size() + 128);
}

}  // namespace readyctl::test
