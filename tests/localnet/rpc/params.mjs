// Reading parameters as a node does: positional, with an optional configuration object last.

import { PublicKey } from "@solana/web3.js";
import { decodeBase58 } from "../base58.mjs";
import { invalidParams, minContextSlotNotReached } from "./errors.mjs";

const COMMITMENTS = ["processed", "confirmed", "finalized"];
const OLD_COMMITMENTS = { recent: "processed", single: "confirmed", singleGossip: "confirmed", root: "finalized", max: "finalized" };

export function required(params, count) {
  if (params.length < count) throw invalidParams(`\`params\` should have at least ${count} argument(s)`);
}

/// The configuration object at `index`; a bare null or nothing is an empty one.
export function configAt(params, index) {
  const config = params[index] ?? {};
  if (typeof config !== "object" || Array.isArray(config)) {
    throw invalidParams(`Invalid params: invalid type: ${typeof config}, expected a configuration object.`);
  }
  return config;
}

export function pubkey(text) {
  if (typeof text !== "string") throw invalidParams(`Invalid params: invalid type: ${typeof text}, expected a string.`);
  const bytes = text.length <= 44 ? decodeBase58(text) : null;
  if (text.length > 44) throw invalidParams("Invalid param: WrongSize");
  if (bytes === null) throw invalidParams("Invalid param: Invalid");
  if (bytes.length !== 32) throw invalidParams("Invalid param: WrongSize");
  return new PublicKey(bytes);
}

export function signature(text) {
  if (typeof text !== "string") throw invalidParams(`Invalid params: invalid type: ${typeof text}, expected a string.`);
  const bytes = text.length <= 88 ? decodeBase58(text) : Buffer.alloc(0);
  if (bytes === null) throw invalidParams("Invalid param: Invalid");
  if (bytes.length !== 64) throw invalidParams("Invalid param: WrongSize");
  return text;
}

/// A number that fits u64. Anything else is refused as serde would.
export function unsigned(value, what) {
  const ok = typeof value === "bigint" ? value >= 0n && value < 2n ** 64n : Number.isSafeInteger(value) && value >= 0;
  if (!ok) throw invalidParams(`Invalid params: invalid type or value for ${what}, expected u64.`);
  return value;
}

/// Every commitment gives the same state here, because everything is final as soon as it happens; a wrong word is
/// refused all the same.
export function commitment(config, { least = "processed" } = {}) {
  const given = config.commitment ?? "finalized";
  const word = OLD_COMMITMENTS[given] ?? given;
  if (!COMMITMENTS.includes(word)) {
    throw invalidParams(`Invalid params: unknown variant \`${given}\`, expected one of \`processed\`, \`confirmed\`, \`finalized\`.`);
  }
  if (COMMITMENTS.indexOf(word) < COMMITMENTS.indexOf(least)) {
    throw invalidParams("Method does not support commitment below `confirmed`");
  }
  return word;
}

/// Checks commitment and minContextSlot, and gives the slot that the answer speaks of.
export function contextSlot(node, config, options) {
  commitment(config, options);
  const slot = node.slot();
  if (config.minContextSlot !== undefined && config.minContextSlot !== null) {
    if (BigInt(slot) < BigInt(unsigned(config.minContextSlot, "minContextSlot"))) throw minContextSlotNotReached(slot);
  }
  return slot;
}

export const withContext = (node, slot, value) => ({ context: { apiVersion: node.version, slot }, value });
