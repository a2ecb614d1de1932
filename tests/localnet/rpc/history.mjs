// The methods that tell of transactions already executed.

import { encodeBase58 } from "../base58.mjs";
import { BLOCKHASH_AGE } from "../chain.mjs";
import { invalidParams, unsupportedVersion } from "./errors.mjs";
import { commitment, configAt, contextSlot, pubkey, required, signature, unsigned, withContext } from "./params.mjs";

const MAX_SIGNATURES = 1000;
const MAX_STATUSES = 256;
const MEMO_PROGRAMS = ["MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr", "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo"];

const status = (err) => (err === null ? { Ok: null } : { Err: err });

/// What this node has seen, newest first: a node that lags has not seen the newest.
const seen = (node) => [...node.chain.history.values()].filter((record) => record.slot <= node.slot()).reverse();

function memo(record) {
  const texts = record.message.compiledInstructions
    .filter(({ programIdIndex }) => MEMO_PROGRAMS.includes(record.keys[programIdIndex]?.toBase58()))
    .map(({ data }) => `[${data.length}] ${Buffer.from(data).toString("utf8")}`);
  return texts.length === 0 ? null : texts.join("; ");
}

function instructionOf(record, { programIdIndex, accountKeyIndexes, data }, parsed) {
  if (!parsed) return { accounts: [...accountKeyIndexes], data: encodeBase58(data), programIdIndex, stackHeight: 1 };
  const name = (index) => record.keys[index].toBase58();
  return { accounts: [...accountKeyIndexes].map(name), data: encodeBase58(data), programId: name(programIdIndex), stackHeight: 1 };
}

function innerInstructions(record, parsed) {
  return record.inner.map((list, index) => ({
    index,
    instructions: list.map(({ programIdIndex, accounts, data, stackHeight }) => {
      if (!parsed) return { accounts, data, programIdIndex, stackHeight };
      const name = (i) => record.keys[i].toBase58();
      return { accounts: accounts.map(name), data, programId: name(programIdIndex), stackHeight };
    }),
  })).filter(({ instructions }) => instructions.length > 0);
}

function accountKeys(record, parsed) {
  const { message } = record;
  if (!parsed) return message.staticAccountKeys.map((pubkeyOf) => pubkeyOf.toBase58());
  return record.keys.map((pubkeyOf, index) => ({
    pubkey: pubkeyOf.toBase58(),
    signer: index < message.header.numRequiredSignatures,
    source: index < message.staticAccountKeys.length ? "transaction" : "lookupTable",
    writable: message.isAccountWritable(index),
  }));
}

function lookups(message) {
  return message.addressTableLookups.map((lookup) => ({ accountKey: lookup.accountKey.toBase58(),
    readonlyIndexes: [...lookup.readonlyIndexes], writableIndexes: [...lookup.writableIndexes] }));
}

function encodeTransaction(record, encoding) {
  if (encoding === "base64") return [record.bytes.toString("base64"), "base64"];
  if (encoding === "base58") return [encodeBase58(record.bytes), "base58"];
  if (encoding === "binary") return encodeBase58(record.bytes);
  const parsed = encoding === "jsonParsed";
  const { message, transaction } = record;
  return {
    message: {
      accountKeys: accountKeys(record, parsed),
      ...(message.version !== "legacy" && { addressTableLookups: lookups(message) }),
      ...(!parsed && { header: message.header }),
      instructions: message.compiledInstructions.map((entry) => instructionOf(record, entry, parsed)),
      recentBlockhash: message.recentBlockhash,
    },
    signatures: transaction.signatures.map(encodeBase58),
  };
}

function metaOf(record, encoding) {
  return {
    computeUnitsConsumed: record.units,
    err: record.err,
    fee: record.fee,
    innerInstructions: innerInstructions(record, encoding === "jsonParsed"),
    ...(encoding !== "jsonParsed" && { loadedAddresses: {
      readonly: record.loaded.readonly.map((key) => key.toBase58()),
      writable: record.loaded.writable.map((key) => key.toBase58()),
    } }),
    logMessages: record.logs,
    postBalances: record.after.lamports,
    postTokenBalances: record.after.tokens,
    preBalances: record.before.lamports,
    preTokenBalances: record.before.tokens,
    ...(record.returnData && { returnData: record.returnData }),
    rewards: [],
    status: status(record.err),
  };
}

export const historyMethods = {
  getTransaction(node, params) {
    required(params, 1);
    const wanted = signature(params[0]);
    const config = typeof params[1] === "string" ? { encoding: params[1] } : configAt(params, 1);
    commitment(config, { least: "confirmed" });
    const encoding = config.encoding ?? "json";
    if (!["json", "jsonParsed", "base64", "base58", "binary"].includes(encoding)) {
      throw invalidParams(`Invalid params: unknown variant \`${encoding}\`, expected one of \`binary\`, \`base64\`, \`base58\`, \`json\`, \`jsonParsed\`.`);
    }
    const record = node.chain.history.get(wanted);
    if (!record || record.slot > node.slot()) return null;
    const versions = config.maxSupportedTransactionVersion;
    const { version } = record.message;
    if (version !== "legacy" && (versions === undefined || versions === null || version > versions)) throw unsupportedVersion(version);
    return {
      blockTime: node.chain.blockTime(record.slot),
      meta: metaOf(record, encoding),
      slot: record.slot,
      transaction: encodeTransaction(record, encoding),
      ...(versions !== undefined && versions !== null && { version }),
    };
  },

  getSignaturesForAddress(node, params) {
    required(params, 1);
    const address = pubkey(params[0]);
    const config = configAt(params, 1);
    contextSlot(node, config, { least: "confirmed" });
    const limit = Number(unsigned(config.limit ?? MAX_SIGNATURES, "limit"));
    if (limit === 0 || limit > MAX_SIGNATURES) throw invalidParams(`Invalid limit; max ${MAX_SIGNATURES}`);
    let records = seen(node);
    if (config.before) {
      const before = signature(config.before);
      const index = records.findIndex((record) => record.signature === before);
      records = index < 0 ? [] : records.slice(index + 1);
    }
    if (config.until) {
      const until = signature(config.until);
      const index = records.findIndex((record) => record.signature === until);
      if (index >= 0) records = records.slice(0, index);
    }
    return records.filter((record) => record.keys.some((key) => key.equals(address))).slice(0, limit)
      .map((record) => ({ blockTime: node.chain.blockTime(record.slot), confirmationStatus: "finalized", err: record.err,
        memo: memo(record), signature: record.signature, slot: record.slot }));
  },

  getSignatureStatuses(node, params) {
    required(params, 1);
    if (!Array.isArray(params[0])) throw invalidParams("Invalid params: invalid type, expected a sequence.");
    if (params[0].length > MAX_STATUSES) throw invalidParams(`Too many inputs provided; max ${MAX_STATUSES}`);
    const signatures = params[0].map(signature);
    const { searchTransactionHistory = false } = configAt(params, 1);
    const slot = node.slot();
    return withContext(node, slot, signatures.map((wanted) => {
      const record = node.chain.history.get(wanted);
      if (!record || record.slot > slot) return null;
      // A node's cache of statuses reaches as far back as a blockhash lives; older ones are in its ledger.
      if (!searchTransactionHistory && record.slot <= slot - BLOCKHASH_AGE) return null;
      return { confirmationStatus: "finalized", confirmations: null, err: record.err, slot: record.slot, status: status(record.err) };
    }));
  },
};
