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

const u16 = (n) => { const b = Buffer.alloc(2); b.writeUInt16LE(n); return b; };
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };

function elfHeader({ version, entry, sectionsAt, sections }) {
  return Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), Buffer.alloc(8), u16(3), u16(247), u32(1), u64(entry),
    u64(64), u64(sectionsAt), u32(version), u16(64), u16(56), u16(0), u16(64), u16(sections), u16(sections - 1)]);
}

/// A program of SBPF v0 to v2 whose first instruction calls `syscall`, by relocation: small enough to be read by eye,
/// and code to the real loader.
export function programCalling(syscall, version = 0) {
  const symbols = Buffer.concat([Buffer.alloc(24), u32(1), u32(0x10), u64(0), u64(0)]);
  const sections = [ // name, type, flags, data; the first begins at 64
    [".text", 1, 6, Buffer.from("85100000ffffffff9500000000000000", "hex")],
    [".dynamic", 6, 3, Buffer.concat([17, 192, 18, 16, 19, 16, 6, 144].map(u64))],
    [".dynsym", 11, 2, symbols],
    [".rel.dyn", 9, 2, Buffer.concat([u64(64), u32(10), u32(1)])],
    [".dynstr", 3, 2, Buffer.from(`\0${syscall}\0`)],
  ];
  const names = Buffer.from(`\0${[...sections.map(([name]) => name), ".shstrtab"].join("\0")}\0`);
  let at = 64;
  const bodies = [];
  const headers = [Buffer.alloc(64)];
  for (const [name, type, flags, data] of [...sections, [".shstrtab", 3, 0, names]]) {
    headers.push(Buffer.concat([u32(names.indexOf(`\0${name}\0`) + 1), u32(type), u64(flags), u64(flags ? at : 0), u64(at),
      u64(data.length), Buffer.alloc(24)]));
    const room = Buffer.alloc(Math.ceil(data.length / 8) * 8);
    data.copy(room);
    bodies.push(room);
    at += room.length;
  }
  return Buffer.concat([elfHeader({ version, entry: 64, sectionsAt: at, sections: headers.length }), ...bodies, ...headers]);
}
