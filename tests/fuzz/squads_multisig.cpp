// The multisig account of Squads v4.
#include "fuzz/retrace.hpp"
#include "solana/squads.hpp"

using namespace readyctl;

FUZZ_TARGET(squads_multisig) {
  const auto multisig = decode_multisig(ByteView(data, size));
  if (!multisig) return 0;
  fuzz::require(squads_account(ByteView(data, size)) == SquadsAccount::multisig, "its discriminator says multisig");
  fuzz::require(multisig->voters() <= multisig->members.size(), "voters are members");

  fuzz::Retrace retrace(ByteView(data, size));
  retrace.skip(8);
  retrace.key(multisig->create_key);
  retrace.key(multisig->config_authority);
  retrace.number(multisig->threshold);
  retrace.number(multisig->time_lock_seconds);
  retrace.number(multisig->transaction_index);
  retrace.number(multisig->stale_transaction_index);
  retrace.option_key(multisig->rent_collector);
  retrace.number(multisig->bump);
  retrace.count(multisig->members.size());
  for (const MultisigMember& member : multisig->members) {
    retrace.key(member.key);
    retrace.number(member.permissions.mask);
  }
  return 0;
}
