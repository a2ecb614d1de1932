// The instructions of the upgradeable loader (v3), and how a program is deployed and upgraded with them.

import { PublicKey, SystemProgram, TransactionInstruction } from "@solana/web3.js";
import { CLOCK_SYSVAR, LOADER_V3, RENT_SYSVAR, SYSTEM } from "./ids.mjs";

const BUFFER_HEADER = 37;
const PROGRAM_SIZE = 36;
export const PROGRAMDATA_HEADER = 45;
const CHUNK = 1000; // what still fits a transaction of 1232 bytes beside its header

export const programdataOf = (program) => PublicKey.findProgramAddressSync([program.toBytes()], LOADER_V3)[0];

const meta = (flags, pubkey) => ({ pubkey, isWritable: flags.includes("w"), isSigner: flags.includes("s") });
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };
const instruction = (keys, ...data) =>
  new TransactionInstruction({ programId: LOADER_V3, keys, data: Buffer.concat(data) });

const initializeBuffer = (buffer, authority) => instruction([meta("w", buffer), meta("", authority)], u32(0));
const write = (buffer, authority, offset, bytes) =>
  instruction([meta("w", buffer), meta("s", authority)], u32(1), u32(offset), u64(bytes.length), bytes);
const deployWithMaxDataLen = (payer, program, buffer, authority, maxDataLen) =>
  instruction([meta("ws", payer), meta("w", programdataOf(program)), meta("w", program), meta("w", buffer),
    meta("", RENT_SYSVAR), meta("", CLOCK_SYSVAR), meta("", SYSTEM), meta("s", authority)], u32(2), u64(maxDataLen));
/// The instruction that replaces the code of `program` with what is in `buffer`.
export const upgradeFrom = (program, buffer, spill, authority) =>
  instruction([meta("w", programdataOf(program)), meta("w", program), meta("w", buffer), meta("w", spill),
    meta("", RENT_SYSVAR), meta("", CLOCK_SYSVAR), meta("s", authority)], u32(3));

/// Makes room for more code. Anybody may, who pays the rent.
export const extendProgram = (program, payer, bytes) =>
  instruction([meta("w", programdataOf(program)), meta("w", program), meta("", SYSTEM), meta("ws", payer)], u32(6), u32(bytes));

/// A new authority of null makes the program immutable.
export const setAuthority = (program, current, next) =>
  instruction([meta("w", programdataOf(program)), meta("s", current), ...(next ? [meta("", next)] : [])], u32(4));
export const close = (program, recipient, authority) =>
  instruction([meta("w", programdataOf(program)), meta("w", recipient), meta("s", authority), meta("w", program)], u32(5));

/// Puts `elf` into a buffer account, as `solana program write-buffer` does: one transaction makes the account,
/// then as many as it takes write it.
export function writeBuffer(chain, { buffer, elf, authority }) {
  const space = BUFFER_HEADER + elf.length;
  chain.send([
    SystemProgram.createAccount({ fromPubkey: authority.publicKey, newAccountPubkey: buffer.publicKey, space,
      lamports: chain.rentExempt(space), programId: LOADER_V3 }),
    initializeBuffer(buffer.publicKey, authority.publicKey),
  ], [authority, buffer]);
  for (let offset = 0; offset < elf.length; offset += CHUNK) {
    chain.send([write(buffer.publicKey, authority.publicKey, offset, elf.subarray(offset, offset + CHUNK))], [authority]);
  }
}

export function deploy(chain, { program, buffer, elf, authority, maxDataLen }) {
  writeBuffer(chain, { buffer, elf, authority });
  chain.send([
    SystemProgram.createAccount({ fromPubkey: authority.publicKey, newAccountPubkey: program.publicKey,
      space: PROGRAM_SIZE, lamports: chain.rentExempt(PROGRAM_SIZE), programId: LOADER_V3 }),
    deployWithMaxDataLen(authority.publicKey, program.publicKey, buffer.publicKey, authority.publicKey, maxDataLen),
  ], [authority, program]);
}

export function upgrade(chain, { program, buffer, elf, authority }) {
  writeBuffer(chain, { buffer, elf, authority });
  chain.send([upgradeFrom(program, buffer.publicKey, authority.publicKey, authority.publicKey)], [authority]);
}

/// A buffer always has an authority: only programs can lose theirs.
export const setBufferAuthority = (buffer, current, next) =>
  instruction([meta("w", buffer), meta("s", current), meta("", next)], u32(4));
