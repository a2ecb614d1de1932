// The account of the Program Metadata program in which a program's IDL lies. The program does not run here: the header is
// that of an account which the official client wrote (tests/solana/vectors.json), with the address of the program under
// test and the length and content of the case put into its fields.

import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { PublicKey } from "@solana/web3.js";
import { PROGRAM_METADATA } from "./ids.mjs";

const HEADER = 96;
const SEED = Buffer.concat([Buffer.from("idl"), Buffer.alloc(13)]);
const recorded = JSON.parse(readFileSync(new URL("../solana/vectors.json", import.meta.url), "utf8")).program_metadata.metadata_account;

export const idlAddress = (program) => PublicKey.findProgramAddressSync([program.toBuffer(), SEED], PROGRAM_METADATA)[0];

/// `compression` as the header names it: 0 none, 1 gzip, 2 zlib.
export function idlData(program, content, { compression = 2, compress = deflateSync } = {}) {
  const data = compress(JSON.stringify(content));
  const header = Buffer.from(recorded.hex, "hex").subarray(0, HEADER);
  program.toBuffer().copy(header, 1);
  header.writeUInt8(compression, 84);
  header.writeUInt32LE(data.length, 87);
  return Buffer.concat([header, data]);
}
