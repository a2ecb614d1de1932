// How a node writes an account: base58, base64, base64 of zstd, or parsed.

import zlib from "node:zlib";
import { encodeBase58 } from "../base58.mjs";
import { invalidParams, invalidRequest } from "./errors.mjs";
import { parsedData } from "./parsed.mjs";
import { unsigned } from "./params.mjs";

const ENCODINGS = ["binary", "base58", "base64", "jsonParsed", "base64+zstd"];
const MAX_BASE58_BYTES = 128;

/// Encoding and slice of a request, checked. Without an encoding the answer is the old bare base58 string.
export function encodingOf(config, fallback = "binary") {
  const encoding = config.encoding ?? fallback;
  if (!ENCODINGS.includes(encoding)) {
    const words = ENCODINGS.map((word) => `\`${word}\``).join(", ");
    throw invalidParams(`Invalid params: unknown variant \`${encoding}\`, expected one of ${words}.`);
  }
  let slice = null;
  if (config.dataSlice) {
    slice = { offset: Number(unsigned(config.dataSlice.offset, "dataSlice.offset")),
      length: Number(unsigned(config.dataSlice.length, "dataSlice.length")) };
  }
  return { encoding, slice };
}

/// `chain` is needed by jsonParsed alone: a token account does not say its mint's decimals.
export function encodeAccount(chain, account, { encoding, slice }) {
  const all = Buffer.from(account.data());
  return {
    data: encodeData(chain, account, all, encoding, slice),
    executable: account.executable(),
    lamports: account.lamports(),
    owner: encodeBase58(account.owner()),
    rentEpoch: account.rentEpoch(),
    space: all.length,
  };
}

function encodeData(chain, account, all, encoding, slice) {
  if (encoding === "jsonParsed") {
    const parsed = parsedData(chain, account, all);
    if (parsed) return parsed; // a slice does not apply to what was parsed
    encoding = "base64";
  }
  const bytes = slice ? all.subarray(slice.offset, slice.offset + slice.length) : all;
  switch (encoding) {
    case "base64": return [bytes.toString("base64"), "base64"];
    case "base64+zstd": return [zlib.zstdCompressSync(bytes).toString("base64"), "base64+zstd"];
    default:
      if (bytes.length > MAX_BASE58_BYTES) {
        throw invalidRequest("Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.");
      }
      return encoding === "binary" ? encodeBase58(bytes) : [encodeBase58(bytes), "base58"];
  }
}
