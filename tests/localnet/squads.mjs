// A Squads v4 multisig account: its bytes come from the official SDK's own serializer, at the address that the
// program would have used. The program itself is not bundled with litesvm, so no instruction of it runs here.

import * as squads from "@sqds/multisig";
import { PublicKey } from "@solana/web3.js";
import { SQUADS_V4 } from "./ids.mjs";

const { Multisig } = squads.accounts;
export const ALL_PERMISSIONS = 7; // Initiate 1, Vote 2, Execute 4

export const multisigAddress = (createKey) => squads.getMultisigPda({ createKey })[0];
export const vaultAddress = (multisigPda, index) => squads.getVaultPda({ multisigPda, index })[0];

/// `members` as [{ key, mask }]. They are sorted by key as the program keeps them; a duplicate is kept, which the
/// program would refuse.
export function multisigData({ createKey, members, threshold, timeLock, configAuthority, rentCollector }) {
  const [, bump] = squads.getMultisigPda({ createKey });
  const sorted = [...members].sort((a, b) => Buffer.compare(a.key.toBuffer(), b.key.toBuffer()));
  const [bytes] = Multisig.fromArgs({
    createKey,
    configAuthority: configAuthority ?? PublicKey.default,
    threshold,
    timeLock,
    transactionIndex: 4,
    staleTransactionIndex: 2,
    rentCollector: rentCollector ?? null,
    bump,
    members: sorted.map(({ key, mask }) => ({ key, permissions: { mask } })),
  }).serialize();
  // On chain the account is sized as if a rent collector were set: the room for it stays zero at the end.
  const onChain = Buffer.alloc(132 + 33 * sorted.length);
  bytes.copy(onChain);
  return onChain;
}

export function placeMultisig(chain, facts) {
  const data = multisigData(facts);
  chain.place(multisigAddress(facts.createKey), { data, owner: SQUADS_V4, lamports: chain.rentExempt(data.length) });
}
