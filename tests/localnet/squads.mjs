// The accounts of a Squads v4 multisig: their bytes come from the official SDK's own serializers, at the addresses that
// the program would have used. The program itself is not bundled with litesvm, so no instruction of it runs here; what
// it wrote when it did run is in tests/solana/vectors.json, and custody.test.mjs compares.

import * as squads from "@sqds/multisig";
import { PublicKey, TransactionMessage } from "@solana/web3.js";
import { SQUADS_V4 } from "./ids.mjs";

const { ConfigTransaction, Multisig, Proposal, SpendingLimit, VaultTransaction } = squads.accounts;
export const ALL_PERMISSIONS = 7; // Initiate 1, Vote 2, Execute 4

export const multisigAddress = (createKey) => squads.getMultisigPda({ createKey })[0];
export const vaultAddress = (multisigPda, index) => squads.getVaultPda({ multisigPda, index })[0];

/// `members` as [{ key, mask }]. They are sorted by key as the program keeps them; a duplicate is kept, which the
/// program would refuse.
/// Of its `transactions` the first `stale` were created under older rules.
export function multisigData({ createKey, members, threshold, timeLock, configAuthority, rentCollector, transactions = 4, stale = 2 }) {
  const [, bump] = squads.getMultisigPda({ createKey });
  const sorted = [...members].sort((a, b) => Buffer.compare(a.key.toBuffer(), b.key.toBuffer()));
  const [bytes] = Multisig.fromArgs({
    createKey,
    configAuthority: configAuthority ?? PublicKey.default,
    threshold,
    timeLock,
    transactionIndex: transactions,
    staleTransactionIndex: stale,
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

/// What a config authority tells the program, without a vote of the multisig.
export const setTimeLock = (multisigPda, configAuthority, timeLock) =>
  squads.instructions.multisigSetTimeLock({ multisigPda, configAuthority, timeLock });

const transactionPda = (multisigPda, index) => squads.getTransactionPda({ multisigPda, index: BigInt(index) });
export const transactionAddress = (multisigPda, index) => transactionPda(multisigPda, index)[0];
export const proposalAddress = (multisigPda, index) => squads.getProposalPda({ multisigPda, transactionIndex: BigInt(index) })[0];
export const spendingLimitAddress = (multisigPda, createKey) => squads.getSpendingLimitPda({ multisigPda, createKey })[0];
const placeSquads = (chain, address, [data]) =>
  chain.place(address, { data, owner: SQUADS_V4, lamports: chain.rentExempt(data.length) });

/// A transaction of a vault as `vault_transaction_create` stores it: the message that web3.js compiles, which takes
/// what it can from `tables`.
export function placeVaultTransaction(chain, { multisigPda, index, creator, instructions, vaultIndex = 0, tables = [] }) {
  const [address, bump] = transactionPda(multisigPda, index);
  const [vault, vaultBump] = squads.getVaultPda({ multisigPda, index: vaultIndex });
  const message = new TransactionMessage({ payerKey: vault, recentBlockhash: PublicKey.default.toBase58(), instructions })
    .compileToV0Message(tables);
  const { numRequiredSignatures, numReadonlySignedAccounts, numReadonlyUnsignedAccounts } = message.header;
  const keys = message.staticAccountKeys;
  placeSquads(chain, address, VaultTransaction.fromArgs({
    multisig: multisigPda, creator, index, bump, vaultIndex, vaultBump, ephemeralSignerBumps: new Uint8Array(),
    message: {
      numSigners: numRequiredSignatures,
      numWritableSigners: numRequiredSignatures - numReadonlySignedAccounts,
      numWritableNonSigners: keys.length - numRequiredSignatures - numReadonlyUnsignedAccounts,
      accountKeys: keys,
      instructions: message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) =>
        ({ programIdIndex, accountIndexes: Uint8Array.from(accountKeyIndexes), data })),
      addressTableLookups: message.addressTableLookups.map(({ accountKey, writableIndexes, readonlyIndexes }) =>
        ({ accountKey, writableIndexes: Uint8Array.from(writableIndexes), readonlyIndexes: Uint8Array.from(readonlyIndexes) })),
    },
  }).serialize());
}

/// A transaction that changes the multisig itself. `actions` are the SDK's, as [{ __kind: "SetTimeLock", newTimeLock: 0 }].
export function placeConfigTransaction(chain, { multisigPda, index, creator, actions }) {
  const [address, bump] = transactionPda(multisigPda, index);
  placeSquads(chain, address, ConfigTransaction.fromArgs({ multisig: multisigPda, creator, index, bump, actions }).serialize());
}

/// What members voted: `status` is "Draft", "Active", "Approved", …, since `since`, in Unix seconds. On chain the account
/// has room for every vote of every member.
export function placeProposal(chain, { multisigPda, index, status, since, approved = [], members = 3 }) {
  const [address, bump] = squads.getProposalPda({ multisigPda, transactionIndex: BigInt(index) });
  const [bytes] = Proposal.fromArgs({
    multisig: multisigPda, transactionIndex: index, status: { __kind: status, timestamp: since }, bump,
    approved, rejected: [], cancelled: [],
  }).serialize();
  placeSquads(chain, address, [Buffer.concat([bytes, Buffer.alloc(32 * (3 * members - approved.length))])]);
}

/// Who may spend from a vault alone: `amount` lamports a day, to anywhere; the day began at `lastReset`, in Unix seconds.
export function placeSpendingLimit(chain, { multisigPda, createKey, amount, members, lastReset = 0 }) {
  const [address, bump] = squads.getSpendingLimitPda({ multisigPda, createKey });
  placeSquads(chain, address, SpendingLimit.fromArgs({
    multisig: multisigPda, createKey, vaultIndex: 0, mint: PublicKey.default, amount, period: squads.types.Period.Day,
    remainingAmount: amount, lastReset, bump, members, destinations: [],
  }).serialize());
}
