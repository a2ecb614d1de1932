// What a node remembers of a transaction it has executed: enough to answer getTransaction,
// getSignaturesForAddress and getSignatureStatuses.

import { PublicKey, VersionedTransaction } from "@solana/web3.js";
import { encodeBase58 } from "./base58.mjs";
import { COMPUTE_BUDGET, TOKEN, TOKEN_2022 } from "./ids.mjs";

const LAMPORTS_PER_SIGNATURE = 5000n;
const DEFAULT_UNITS_PER_INSTRUCTION = 200_000n;
const MAX_UNITS = 1_400_000n;
const LOOKUP_TABLE_HEADER = 56;

/// The parts of a transaction that need the state of the chain to be known: the keys behind lookup tables.
export function readTransaction(svm, bytes) {
  const transaction = VersionedTransaction.deserialize(bytes);
  const { message } = transaction;
  const loaded = { writable: [], readonly: [] };
  for (const lookup of message.addressTableLookups ?? []) {
    const table = svm.getAccount(lookup.accountKey.toBytes())?.data() ?? new Uint8Array();
    const at = (i) => new PublicKey(table.slice(LOOKUP_TABLE_HEADER + 32 * i, LOOKUP_TABLE_HEADER + 32 * (i + 1)));
    const known = (i) => LOOKUP_TABLE_HEADER + 32 * (i + 1) <= table.length;
    loaded.writable.push(...lookup.writableIndexes.filter(known).map(at));
    loaded.readonly.push(...lookup.readonlyIndexes.filter(known).map(at));
  }
  const keys = [...message.staticAccountKeys, ...loaded.writable, ...loaded.readonly];
  return { transaction, message, keys, loaded, signature: encodeBase58(transaction.signatures[0]) };
}

/// Base fee by signatures, and the priority fee that ComputeBudget instructions ask for.
export function feeOf(message) {
  let price = 0n;
  let limit = null;
  let others = 0n;
  for (const { programIdIndex, data } of message.compiledInstructions) {
    if (!message.staticAccountKeys[programIdIndex]?.equals(COMPUTE_BUDGET)) { others += 1n; continue; }
    const bytes = Buffer.from(data);
    if (bytes[0] === 2 && bytes.length >= 5) limit = BigInt(bytes.readUInt32LE(1));
    if (bytes[0] === 3 && bytes.length >= 9) price = bytes.readBigUInt64LE(1);
  }
  let units = limit ?? others * DEFAULT_UNITS_PER_INSTRUCTION;
  if (units > MAX_UNITS) units = MAX_UNITS;
  const priority = (price * units + 999_999n) / 1_000_000n;
  return BigInt(message.header.numRequiredSignatures) * LAMPORTS_PER_SIGNATURE + priority;
}

/// Lamports and token amounts of `keys` as they are now: once before a transaction, once after.
export function balancesOf(svm, keys) {
  const lamports = [];
  const tokens = [];
  keys.forEach((pubkey, accountIndex) => {
    const account = svm.getAccount(pubkey.toBytes());
    lamports.push(account?.lamports() ?? 0n);
    if (!account) return;
    const programId = new PublicKey(account.owner());
    if (!programId.equals(TOKEN) && !programId.equals(TOKEN_2022)) return;
    const data = Buffer.from(account.data());
    const isTokenAccount = data.length === 165 || (data.length > 165 && data[165] === 2);
    if (!isTokenAccount || data[108] === 0) return;
    const mint = new PublicKey(data.subarray(0, 32));
    const decimals = svm.getAccount(mint.toBytes())?.data()[44] ?? 0;
    tokens.push({
      accountIndex,
      mint: mint.toBase58(),
      owner: new PublicKey(data.subarray(32, 64)).toBase58(),
      programId: programId.toBase58(),
      uiTokenAmount: tokenAmount(data.readBigUInt64LE(64), decimals),
    });
  });
  return { lamports, tokens };
}

/// UiTokenAmount: the amount as text, and as people write it.
export function tokenAmount(amount, decimals) {
  const digits = amount.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  const uiAmountString = fraction ? `${whole}.${fraction}` : whole;
  return { amount: amount.toString(), decimals, uiAmount: Number(uiAmountString), uiAmountString };
}
