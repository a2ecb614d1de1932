// Keys that are the same on every machine and in every run: each is the SHA-256 of its label.
// They guard nothing; never send value to them on a real cluster.

import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { PublicKey } from "@solana/web3.js";

export const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

// RFC 8410: the fixed bytes before the 32 bytes of an Ed25519 seed in a PKCS#8 document.
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

const made = new Map();

/// A signer { label, publicKey, seed, sign(bytes) }. OpenSSL signs some twenty times faster than
/// JavaScript does, which matters when a deployment is two hundred transactions.
export function key(label) {
  if (!made.has(label)) {
    const seed = sha256("readyctl localnet key: ", label);
    const secret = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: "der", type: "pkcs8" });
    const publicKey = new PublicKey(createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32));
    made.set(label, Object.freeze({ label, publicKey, seed, sign: (bytes) => sign(null, bytes, secret) }));
  }
  return made.get(label);
}

/// The address alone, for parties that never sign here.
export const address = (label) => key(label).publicKey;
