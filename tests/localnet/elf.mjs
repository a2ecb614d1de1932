// Real program binaries, taken at run time from those that litesvm bundles, so that none is committed.

import { LiteSvm } from "./svm.mjs";
import { ASSOCIATED_TOKEN, MEMO, TOKEN } from "./ids.mjs";
import { PublicKey } from "@solana/web3.js";

const PROGRAMDATA_HEADER = 45;

/// How long an ELF file is, by its own header: the section headers are the last thing in it. A file may end in
/// zeros that belong to it, so stripping zeros would not do.
function elfLength(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Number(view.getBigUint64(40, true)) + view.getUint16(58, true) * view.getUint16(60, true);
}

function bundled(program) {
  const svm = new LiteSvm();
  const account = svm.getAccount(program.toBytes());
  let bytes = account.data();
  if (bytes[0] !== 0x7f) { // loader v3: the program account points at its programdata
    const programdata = new PublicKey(bytes.subarray(4, 36));
    bytes = svm.getAccount(programdata.toBytes()).data().subarray(PROGRAMDATA_HEADER);
  }
  return Buffer.from(bytes.subarray(0, elfLength(bytes)));
}

const once = (make) => {
  let value;
  return () => Buffer.from((value ??= make())); // a copy, so that no world can change another's
};

/// The binary that is deployed first, the one that replaces it, and a small third one.
export const previousElf = once(() => bundled(TOKEN));
export const releaseElf = once(() => bundled(ASSOCIATED_TOKEN));
export const smallElf = once(() => bundled(MEMO));

/// The solana-verify convention: all trailing zero bytes removed before hashing.
export function withoutTrailingZeros(bytes) {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}
