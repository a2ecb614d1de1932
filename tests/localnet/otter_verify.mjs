// Records of otter-verify: who says that a program was built from which source. The program does not run here and has no
// published serializer: the bytes are put together from BuildParams in its programs/otter-verify/src/lib.rs, and
// incidents.test.mjs compares them with those of tests/solana/vectors.json.

import { PublicKey } from "@solana/web3.js";
import { OTTER_VERIFY } from "./ids.mjs";

const BUILD_PARAMS = Buffer.from("ce65c2888771730c", "hex");

const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };
const string = (text) => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);
const derived = (signer, program) =>
  PublicKey.findProgramAddressSync([Buffer.from("otter_verify"), signer.toBuffer(), program.toBuffer()], OTTER_VERIFY);

export const recordAddress = (signer, program) => derived(signer, program)[0];

export function recordData({ signer, program, version = "0.4.11", repository, commit, args = [], slot }) {
  return Buffer.concat([BUILD_PARAMS, program.toBuffer(), signer.toBuffer(), string(version), string(repository), string(commit),
    u32(args.length), ...args.map(string), u64(slot), Buffer.from([derived(signer, program)[1]])]);
}

export function placeRecord(chain, record) {
  const data = recordData(record);
  chain.place(recordAddress(record.signer, record.program), { data, owner: OTTER_VERIFY, lamports: chain.rentExempt(data.length) });
}
