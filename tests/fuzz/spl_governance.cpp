// Governances, realms and realm configs of SPL Governance.
#include "solana/spl_governance.hpp"

#include "fuzz/retrace.hpp"

using namespace readyctl;

namespace {

void retrace_threshold(fuzz::Retrace& retrace, const VoteThreshold& threshold) {
  retrace.number(static_cast<std::uint8_t>(threshold.kind));
  if (threshold.kind != VoteThreshold::Kind::disabled) retrace.number(threshold.percent);
  fuzz::require(!words_for(threshold).empty(), "a threshold has words");
}

void retrace_governance(fuzz::Retrace& retrace, const Governance& governance) {
  retrace.number(static_cast<std::uint8_t>(governance.type));
  retrace.key(governance.realm);
  retrace.key(governance.seed);
  retrace.skip(4);
  const GovernanceConfig& config = governance.config;
  retrace_threshold(retrace, config.community_vote_threshold);
  retrace.number(config.min_community_weight_to_create_proposal);
  retrace.number(config.hold_up_seconds);
  retrace.number(config.voting_seconds);
  retrace.number(static_cast<std::uint8_t>(config.community_vote_tipping));
  retrace_threshold(retrace, config.council_vote_threshold);
  retrace_threshold(retrace, config.council_veto_vote_threshold);
  retrace.number(config.min_council_weight_to_create_proposal);
  retrace.number(static_cast<std::uint8_t>(config.council_vote_tipping));
  retrace_threshold(retrace, config.community_veto_vote_threshold);
  retrace.number(config.cool_off_seconds);
  retrace.number(config.deposit_exempt_proposals);
  const GovernanceConfig applied = as_applied(config);
  fuzz::require(applied.hold_up_seconds == config.hold_up_seconds, "what is applied holds up as what is stored");
}

void retrace_realm(fuzz::Retrace& retrace, const Realm& realm) {
  retrace.number(static_cast<std::uint8_t>(realm.type));
  retrace.key(realm.community_mint);
  retrace.skip(8);
  retrace.number(realm.min_community_weight_to_create_governance);
  retrace.number(static_cast<std::uint8_t>(realm.community_max_vote_weight.kind));
  retrace.number(realm.community_max_vote_weight.value);
  retrace.option_key(realm.council_mint);
  retrace.skip(8);
  retrace.option_key(realm.authority);
  retrace.count(realm.name.size());
  retrace.bytes(bytes_of(realm.name));
}

void retrace_token(fuzz::Retrace& retrace, const GoverningToken& token) {
  retrace.option_key(token.voter_weight_addin);
  retrace.option_key(token.max_voter_weight_addin);
  retrace.number(static_cast<std::uint8_t>(token.type));
  retrace.skip(4);
  retrace.count(token.lock_authorities.size());
  for (const Pubkey& one : token.lock_authorities) retrace.key(one);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView account(data, size);
  fuzz::Retrace retrace(account);
  const auto governance = decode_governance(account);
  const auto realm = decode_realm(account);
  const auto config = decode_realm_config(account);
  fuzz::require(governance.has_value() + realm.has_value() + config.has_value() <= 1, "an account is one thing");
  if (governance) retrace_governance(retrace, *governance);
  if (realm) retrace_realm(retrace, *realm);
  if (config) {
    retrace.number(std::uint8_t{11});
    retrace.key(config->realm);
    retrace_token(retrace, config->community);
    retrace_token(retrace, config->council);
  }
  return 0;
}
