// The accounts of a Squads v3 multisig. Its program does not run here: the bytes are put together from
// programs/squads-mpl/src/state.rs, and custody.test.mjs compares them with what Anchor's coder made by the IDL of
// @sqds/sdk (tests/solana/vectors.json).

import { PublicKey } from "@solana/web3.js";
import { SQUADS_V3 } from "./ids.mjs";

const MS = Buffer.from("4676096cfed71f78", "hex");
const MS_TRANSACTION = Buffer.from("b69768d8ff01139d", "hex");
const MS_INSTRUCTION = Buffer.from("eeb97e95bd59ff5c", "hex");
const STATUS = ["Draft", "Active", "ExecuteReady", "Executed", "Rejected", "Cancelled"];
const ROOM = 10 * 32; // as after a member was added: the program makes room for ten

const number = (bytes, value) => { const out = Buffer.alloc(bytes); out.writeUIntLE(value, 0, bytes); return out; };
const keysOf = (list) => [number(4, list.length), ...list.map((key) => key.toBuffer())];
const derived = (...seeds) => PublicKey.findProgramAddressSync([Buffer.from("squad"), ...seeds], SQUADS_V3);
const transactionPda = (ms, index) => derived(ms.toBuffer(), number(4, index), Buffer.from("transaction"));
const instructionPda = (transaction, index) => derived(transaction.toBuffer(), number(1, index), Buffer.from("instruction"));

export const msAddress = (createKey) => derived(createKey.toBuffer(), Buffer.from("multisig"))[0];
/// The authority with this index; 1 is the default vault.
export const authorityAddress = (ms, index) => derived(ms.toBuffer(), number(4, index), Buffer.from("authority"))[0];

export function msData({ createKey, members, threshold, authorityIndex = 1, transactions = 0, changedAt = 0 }) {
  const [, bump] = derived(createKey.toBuffer(), Buffer.from("multisig"));
  const keys = [...members].sort((a, b) => Buffer.compare(a.toBuffer(), b.toBuffer()));
  return Buffer.concat([MS, number(2, threshold), number(2, authorityIndex), number(4, transactions), number(4, changedAt),
    number(1, bump), createKey.toBuffer(), number(1, 0), ...keysOf(keys)]);
}

export const msTransactionAddress = (ms, index) => transactionPda(ms, index)[0];

/// What members vote on: `count` instructions by an authority; `executed` is the last one that ran on its own.
export function msTransactionData({ ms, index, creator, status, count, authority = 1, approved = [], rejected = [], executed = 0 }) {
  const [, authorityBump] = derived(ms.toBuffer(), number(4, authority), Buffer.from("authority"));
  return Buffer.concat([MS_TRANSACTION, creator.toBuffer(), ms.toBuffer(), number(4, index), number(4, authority),
    number(1, authorityBump), number(1, STATUS.indexOf(status)), number(1, count), number(1, transactionPda(ms, index)[1]),
    ...keysOf(approved), ...keysOf(rejected), ...keysOf([]), number(1, executed)]);
}

/// Instruction `index`, counted from 1, of a transaction.
export function msInstructionData({ ms, transaction, index, instruction: { programId, keys, data } }) {
  const metas = keys.flatMap(({ pubkey, isSigner, isWritable }) => [pubkey.toBuffer(), number(1, Number(isSigner)), number(1, Number(isWritable))]);
  const [, bump] = instructionPda(msTransactionAddress(ms, transaction), index);
  return Buffer.concat([MS_INSTRUCTION, programId.toBuffer(), number(4, keys.length), ...metas, number(4, data.length), data,
    number(1, index), number(1, bump), number(1, 0)]);
}

const placeOf = (chain) => (at, data) => chain.place(at, { data, owner: SQUADS_V3, lamports: chain.rentExempt(data.length) });

export function placeMs(chain, facts) {
  placeOf(chain)(msAddress(facts.createKey), Buffer.concat([msData(facts), Buffer.alloc(ROOM)]));
}

/// A transaction with its instructions, which are web3.js's and run as `authority`.
export function placeMsTransaction(chain, { ms, index, instructions, ...facts }) {
  const place = placeOf(chain);
  const at = msTransactionAddress(ms, index);
  place(at, msTransactionData({ ms, index, count: instructions.length, ...facts }));
  instructions.forEach((instruction, i) =>
    place(instructionPda(at, i + 1)[0], msInstructionData({ ms, transaction: index, index: i + 1, instruction })));
}
