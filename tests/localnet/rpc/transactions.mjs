// The methods that take a transaction or a message: fee, simulation, sending, and the faucet.

import { ComputeBudgetProgram, SystemProgram, VersionedMessage, VersionedTransaction } from "@solana/web3.js";
import { decodeBase58 } from "../base58.mjs";
import { BLOCKHASH_AGE } from "../chain.mjs";
import { feeOf } from "../history.mjs";
import { key } from "../keys.mjs";
import { encodeAccount, encodingOf } from "./encoding.mjs";
import { invalidParams, preflightFailure, signatureVerificationFailure } from "./errors.mjs";
import { configAt, contextSlot, pubkey, required, unsigned, withContext } from "./params.mjs";

const MAX_TRANSACTION = 1232;

/// The bytes of a transaction in the encoding that the configuration names (base58 when it names none).
function transactionBytes(text, encoding = "base58") {
  if (typeof text !== "string") throw invalidParams(`Invalid params: invalid type: ${typeof text}, expected a string.`);
  if (encoding !== "base58" && encoding !== "base64") {
    throw invalidParams(`unsupported encoding: ${encoding}. Supported encodings: base58, base64`);
  }
  const bytes = encoding === "base64" ? Buffer.from(text, "base64") : decodeBase58(text);
  if (bytes === null) throw invalidParams("invalid base58 encoding: InvalidCharacter");
  if (bytes.length > MAX_TRANSACTION) {
    throw invalidParams(`decoded VersionedTransaction too large: ${bytes.length} bytes (max: ${MAX_TRANSACTION} bytes)`);
  }
  try {
    VersionedTransaction.deserialize(bytes);
  } catch (error) {
    throw invalidParams(`failed to deserialize VersionedTransaction: ${error.message}`);
  }
  return bytes;
}

/// What simulation says, in the shape of RpcSimulateTransactionResult.
function simulationValue(node, result, { accounts = null, innerInstructions = false, replacementBlockhash = null } = {}) {
  return {
    accounts,
    err: result.err,
    fee: result.fee,
    innerInstructions: innerInstructions
      ? result.inner.map((instructions, index) => ({ index, instructions })).filter((entry) => entry.instructions.length > 0) : null,
    loadedAccountsDataSize: result.keys.reduce((sum, address) => sum + (node.chain.account(address)?.data().length ?? 0), 0),
    logs: result.logs,
    replacementBlockhash,
    returnData: result.returnData,
    unitsConsumed: result.units,
  };
}

/// Simulates, with the blockhash checked first as a bank would.
function simulate(node, bytes, slot, { verify }) {
  const { message } = VersionedTransaction.deserialize(bytes);
  const result = node.chain.simulate(bytes, { verify });
  if (node.chain.slotOfBlockhash(message.recentBlockhash, slot, node.fork) === null && result.err !== "SignatureFailure") {
    return { ...result, err: "BlockhashNotFound", logs: [], inner: [], units: 0n, returnData: null, postAccounts: new Map() };
  }
  return result;
}

let airdrops = 0; // two equal airdrops in one slot would be one transaction; their limits tell them apart

export const transactionMethods = {
  getFeeForMessage(node, params) {
    required(params, 1);
    let message;
    try {
      message = VersionedMessage.deserialize(Buffer.from(params[0], "base64"));
    } catch (error) {
      throw invalidParams(`failed to deserialize VersionedMessage: ${error.message}`);
    }
    const slot = contextSlot(node, configAt(params, 1));
    const known = node.chain.slotOfBlockhash(message.recentBlockhash, slot, node.fork) !== null;
    return withContext(node, slot, known ? feeOf(message) : null);
  },

  simulateTransaction(node, params) {
    required(params, 1);
    const config = configAt(params, 1);
    if (config.sigVerify && config.replaceRecentBlockhash) throw invalidParams("sigVerify may not be used with replaceRecentBlockhash");
    let bytes = transactionBytes(params[0], config.encoding);
    const slot = contextSlot(node, config);
    let replacementBlockhash = null;
    if (config.replaceRecentBlockhash) {
      const transaction = VersionedTransaction.deserialize(bytes);
      transaction.message.recentBlockhash = node.chain.blockhash(slot, node.fork);
      replacementBlockhash = { blockhash: transaction.message.recentBlockhash,
        lastValidBlockHeight: node.chain.blockHeight(slot) + BLOCKHASH_AGE };
      bytes = transaction.serialize();
    }
    const result = simulate(node, bytes, slot, { verify: config.sigVerify ?? false });
    if (result.err === "SignatureFailure") throw signatureVerificationFailure();
    let accounts = null;
    if (config.accounts) {
      const encoding = encodingOf(config.accounts, "base64");
      if (["binary", "base58"].includes(encoding.encoding)) throw invalidParams("base58 encoding not supported");
      const addresses = config.accounts.addresses ?? [];
      if (addresses.length > result.keys.length) throw invalidParams(`Too many accounts provided; max ${result.keys.length}`);
      accounts = addresses.map((text) => {
        const account = result.postAccounts.get(pubkey(text).toBase58());
        return result.err === null && account && account.lamports() > 0n ? encodeAccount(node.chain, account, encoding) : null;
      });
    }
    return withContext(node, slot, simulationValue(node, result,
      { accounts, innerInstructions: config.innerInstructions ?? false, replacementBlockhash }));
  },

  sendTransaction(node, params) {
    required(params, 1);
    const config = configAt(params, 1);
    const bytes = transactionBytes(params[0], config.encoding);
    const slot = contextSlot(node, { ...config, commitment: config.preflightCommitment });
    if (!config.skipPreflight) {
      const simulated = simulate(node, bytes, slot, { verify: true });
      if (simulated.err === "SignatureFailure") throw signatureVerificationFailure();
      if (simulated.err !== null) throw preflightFailure(simulated.err, simulationValue(node, simulated));
    }
    // Without preflight a node forwards whatever it is given and answers with the signature; a leader then drops
    // what is stale or wrongly signed, and nobody hears of it again.
    const { message } = VersionedTransaction.deserialize(bytes);
    const fresh = node.chain.slotOfBlockhash(message.recentBlockhash, slot, node.fork) !== null;
    return fresh ? node.chain.execute(bytes).signature : node.chain.simulate(bytes, { verify: false }).signature;
  },

  requestAirdrop(node, params) {
    required(params, 2);
    const to = pubkey(params[0]);
    const lamports = unsigned(params[1], "lamports");
    airdrops += 1;
    try {
      return node.chain.send([
        ComputeBudgetProgram.setComputeUnitLimit({ units: 10_000 + airdrops }),
        SystemProgram.transfer({ fromPubkey: key("faucet").publicKey, toPubkey: to, lamports }),
      ], [key("faucet")]).signature;
    } catch (error) {
      throw invalidParams(`airdrop request failed: ${error.message.split("\n")[0]}`);
    }
  },
};
