// One node's view of a chain, and the methods about the node and the cluster. Two nodes may look at the same chain
// and differ: one may lag, be on a fork, or belong (so it says) to another cluster.

import { BLOCKHASH_AGE, GENESIS_HASH, SLOTS_PER_EPOCH } from "../chain.mjs";
import { address } from "../keys.mjs";
import { blockNotAvailable, invalidParams, nodeUnhealthy } from "./errors.mjs";
import { commitment, configAt, contextSlot, pubkey, required, unsigned, withContext } from "./params.mjs";

export class Node {
  version = "4.0.2";

  /// behind: slots that this node lags; fork: a name, other nodes do not know its blockhashes; unhealthy: what
  /// getHealth says, as a number of slots.
  constructor(chain, { name = "primary", genesisHash = GENESIS_HASH, behind = 0, fork = "", unhealthy = null } = {}) {
    Object.assign(this, { chain, name, genesisHash, behind, fork, unhealthy });
  }

  slot() {
    return this.chain.slot() - this.behind;
  }
}

const blockhashOf = (node, slot) => node.chain.blockhash(slot, node.fork);

export const nodeMethods = {
  getHealth(node) {
    if (node.unhealthy !== null) throw nodeUnhealthy(node.unhealthy);
    return "ok";
  },
  getVersion: (node) => ({ "feature-set": 3_640_012_085, "solana-core": node.version }),
  getGenesisHash: (node) => node.genesisHash,
  getIdentity: (node) => ({ identity: address(`node ${node.name}`).toBase58() }),
  getFirstAvailableBlock: () => 0,
  minimumLedgerSlot: () => 0,

  getSlot: (node, params) => contextSlot(node, configAt(params, 0)),
  getBlockHeight: (node, params) => node.chain.blockHeight(contextSlot(node, configAt(params, 0))),
  getTransactionCount(node, params) {
    contextSlot(node, configAt(params, 0));
    return node.chain.history.size;
  },

  getEpochInfo(node, params) {
    const slot = contextSlot(node, configAt(params, 0));
    return { absoluteSlot: slot, blockHeight: node.chain.blockHeight(slot), epoch: Math.floor(slot / SLOTS_PER_EPOCH),
      slotIndex: slot % SLOTS_PER_EPOCH, slotsInEpoch: SLOTS_PER_EPOCH, transactionCount: node.chain.history.size };
  },
  getEpochSchedule: () => ({ firstNormalEpoch: 0, firstNormalSlot: 0, leaderScheduleSlotOffset: SLOTS_PER_EPOCH,
    slotsPerEpoch: SLOTS_PER_EPOCH, warmup: false }),

  getLatestBlockhash(node, params) {
    const slot = contextSlot(node, configAt(params, 0));
    return withContext(node, slot, { blockhash: blockhashOf(node, slot),
      lastValidBlockHeight: node.chain.blockHeight(slot) + BLOCKHASH_AGE });
  },
  isBlockhashValid(node, params) {
    required(params, 1);
    const blockhash = pubkey(params[0]).toBase58(); // a hash is 32 bytes of base58 too
    const slot = contextSlot(node, configAt(params, 1));
    return withContext(node, slot, node.chain.slotOfBlockhash(blockhash, slot, node.fork) !== null);
  },

  getBlockTime(node, params) {
    required(params, 1);
    const slot = Number(unsigned(params[0], "slot"));
    if (slot > node.slot()) throw blockNotAvailable(slot);
    return node.chain.blockTime(slot);
  },

  /// A block without what is in it: of transactions and rewards this chain keeps no order.
  getBlock(node, params) {
    required(params, 1);
    const slot = Number(unsigned(params[0], "slot"));
    const config = configAt(params, 1);
    commitment(config, { least: "confirmed" });
    if ((config.transactionDetails ?? "full") !== "none" || (config.rewards ?? true)) {
      throw invalidParams("This cluster gives blocks with transactionDetails \"none\" and rewards false only");
    }
    if (slot > node.slot()) throw blockNotAvailable(slot);
    return { blockHeight: node.chain.blockHeight(slot), blockTime: node.chain.blockTime(slot), blockhash: blockhashOf(node, slot),
      parentSlot: slot - 1, previousBlockhash: blockhashOf(node, slot - 1) };
  },

  getMinimumBalanceForRentExemption(node, params) {
    required(params, 1);
    return node.chain.rentExempt(unsigned(params[0], "data length"));
  },
  getRecentPrioritizationFees(node, params) {
    const addresses = params[0] ?? [];
    if (addresses.length > 128) throw invalidParams("Too many inputs provided; max 128");
    addresses.forEach(pubkey);
    const slot = node.slot();
    return Array.from({ length: BLOCKHASH_AGE }, (_, i) => ({ prioritizationFee: 0, slot: slot - BLOCKHASH_AGE + 1 + i }));
  },
};
