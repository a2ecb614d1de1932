// The accounts of a Squads v3 multisig. Its program does not run here: the bytes are put together from
// programs/squads-mpl/src/state.rs, and custody.test.mjs compares them with what Anchor's coder made by the IDL of
// @sqds/sdk (tests/solana/vectors.json).

import { PublicKey } from "@solana/web3.js";
import { SQUADS_V3 } from "./ids.mjs";

const MS = Buffer.from("4676096cfed71f78", "hex");
const ROOM = 10 * 32; // the program allocates for more members than there are

const number = (bytes, value) => { const out = Buffer.alloc(bytes); out.writeUIntLE(value, 0, bytes); return out; };
const derived = (...seeds) => PublicKey.findProgramAddressSync([Buffer.from("squad"), ...seeds], SQUADS_V3);

export const msAddress = (createKey) => derived(createKey.toBuffer(), Buffer.from("multisig"))[0];
/// The authority with this index; 1 is the default vault.
export const authorityAddress = (ms, index) => derived(ms.toBuffer(), number(4, index), Buffer.from("authority"))[0];

export function msData({ createKey, members, threshold, authorityIndex = 1, transactions = 0, changedAt = 0 }) {
  const [, bump] = derived(createKey.toBuffer(), Buffer.from("multisig"));
  const keys = [...members].sort((a, b) => Buffer.compare(a.toBuffer(), b.toBuffer()));
  return Buffer.concat([MS, number(2, threshold), number(2, authorityIndex), number(4, transactions), number(4, changedAt),
    number(1, bump), createKey.toBuffer(), number(1, 0), number(4, keys.length), ...keys.map((key) => key.toBuffer())]);
}

export function placeMs(chain, facts) {
  const data = Buffer.concat([msData(facts), Buffer.alloc(ROOM)]);
  chain.place(msAddress(facts.createKey), { data, owner: SQUADS_V3, lamports: chain.rentExempt(data.length) });
}
