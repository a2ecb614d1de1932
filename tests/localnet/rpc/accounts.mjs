// The methods that read accounts.

import { decodeBase58, encodeBase58 } from "../base58.mjs";
import { TOKEN, TOKEN_2022 } from "../ids.mjs";
import { tokenAmount } from "../history.mjs";
import { encodeAccount, encodingOf } from "./encoding.mjs";
import { invalidParams } from "./errors.mjs";
import { configAt, contextSlot, pubkey, required, unsigned, withContext } from "./params.mjs";
import { kindOf } from "./parsed.mjs";

const MAX_ACCOUNTS = 100;
const MAX_FILTERS = 4;
const MAX_MEMCMP_BYTES = 128;

/// A predicate over account data for one filter of getProgramAccounts.
function filter(spec) {
  if (spec?.dataSize !== undefined) {
    const size = BigInt(unsigned(spec.dataSize, "dataSize"));
    return (data) => BigInt(data.length) === size;
  }
  if (spec?.tokenAccountState !== undefined) return (data) => kindOf(data) === "account" && data[108] !== 0;
  if (!spec?.memcmp) throw invalidParams(`Invalid params: unknown filter ${JSON.stringify(spec)}`);
  const { offset, bytes, encoding = "base58" } = spec.memcmp;
  const at = Number(unsigned(offset, "memcmp.offset"));
  let wanted = null;
  if (Array.isArray(bytes)) wanted = Buffer.from(bytes);
  else if (encoding === "base58") wanted = bytes.length <= 175 ? decodeBase58(bytes) : Buffer.alloc(MAX_MEMCMP_BYTES + 1);
  else if (encoding === "base64") wanted = Buffer.from(bytes, "base64");
  if (wanted === null) throw invalidParams("Invalid param: failed to decode memcmp bytes");
  if (wanted.length > MAX_MEMCMP_BYTES) throw invalidParams("Invalid param: encoded binary data should be less than 129 bytes");
  return (data) => wanted.equals(data.subarray(at, at + wanted.length));
}

function listed(node, found, config) {
  const encoding = encodingOf(config);
  return found.map(({ address, account }) =>
    ({ account: encodeAccount(node.chain, account, encoding), pubkey: address.toBase58() }));
}

function tokenAccountsOf(node, params, field) {
  required(params, 2);
  const who = pubkey(params[0]);
  const config = configAt(params, 2);
  const slot = contextSlot(node, config);
  const { mint, programId } = params[1] ?? {};
  let programs = [TOKEN, TOKEN_2022];
  if (mint !== undefined) {
    const account = node.chain.account(pubkey(mint));
    const owner = account && programs.find((program) => program.toBase58() === encodeBase58(account.owner()));
    if (!account) throw invalidParams("Invalid param: could not find mint");
    if (!owner) throw invalidParams("Invalid param: not a Token mint");
    programs = [owner];
  } else if (programId !== undefined) {
    const wanted = pubkey(programId);
    programs = programs.filter((program) => program.equals(wanted));
    if (programs.length === 0) throw invalidParams("Invalid param: unrecognized Token program id");
  } else {
    throw invalidParams("Invalid params: expected `mint` or `programId`.");
  }
  const found = programs.flatMap((program) => node.chain.programAccounts(program)).filter(({ account }) => {
    const data = Buffer.from(account.data());
    return kindOf(data) === "account" && data[108] !== 0 && field(data, who)
      && (mint === undefined || pubkey(mint).toBuffer().equals(data.subarray(0, 32)));
  });
  return withContext(node, slot, listed(node, found, config));
}

export const accountMethods = {
  getAccountInfo(node, params) {
    required(params, 1);
    const address = pubkey(params[0]);
    const config = configAt(params, 1);
    const slot = contextSlot(node, config);
    const encoding = encodingOf(config);
    const account = node.chain.account(address);
    return withContext(node, slot, account && encodeAccount(node.chain, account, encoding));
  },

  getMultipleAccounts(node, params) {
    required(params, 1);
    const config = configAt(params, 1);
    if (!Array.isArray(params[0])) throw invalidParams("Invalid params: invalid type, expected a sequence.");
    if (params[0].length > MAX_ACCOUNTS) throw invalidParams(`Too many inputs provided; max ${MAX_ACCOUNTS}`);
    const addresses = params[0].map(pubkey);
    const slot = contextSlot(node, config);
    const encoding = encodingOf(config, "base64");
    return withContext(node, slot, addresses.map((address) => {
      const account = node.chain.account(address);
      return account && encodeAccount(node.chain, account, encoding);
    }));
  },

  getProgramAccounts(node, params) {
    required(params, 1);
    const program = pubkey(params[0]);
    const config = configAt(params, 1);
    const filters = config.filters ?? [];
    if (filters.length > MAX_FILTERS) throw invalidParams(`Too many filters provided; max ${MAX_FILTERS}`);
    const tests = filters.map(filter);
    const slot = contextSlot(node, config);
    const found = node.chain.programAccounts(program).filter(({ account }) => {
      const data = Buffer.from(account.data());
      return tests.every((test) => test(data));
    });
    if (config.sortResults ?? true) found.sort((a, b) => Buffer.compare(a.address.toBuffer(), b.address.toBuffer()));
    const accounts = listed(node, found, config);
    return config.withContext ? withContext(node, slot, accounts) : accounts;
  },

  getBalance(node, params) {
    required(params, 1);
    const address = pubkey(params[0]);
    const slot = contextSlot(node, configAt(params, 1));
    return withContext(node, slot, node.chain.account(address)?.lamports() ?? 0n);
  },

  getTokenAccountBalance(node, params) {
    required(params, 1);
    const account = node.chain.account(pubkey(params[0]));
    const slot = contextSlot(node, configAt(params, 1));
    if (!account) throw invalidParams("Invalid param: could not find account");
    const data = Buffer.from(account.data());
    const owner = encodeBase58(account.owner());
    const isToken = owner === TOKEN.toBase58() || owner === TOKEN_2022.toBase58();
    if (!isToken || kindOf(data) !== "account") throw invalidParams("Invalid param: not a Token account");
    const mint = node.chain.account(pubkey(encodeBase58(data.subarray(0, 32))));
    if (!mint) throw invalidParams("Invalid param: could not find mint");
    return withContext(node, slot, tokenAmount(data.readBigUInt64LE(64), mint.data()[44]));
  },

  getTokenSupply(node, params) {
    required(params, 1);
    const account = node.chain.account(pubkey(params[0]));
    const slot = contextSlot(node, configAt(params, 1));
    if (!account) throw invalidParams("Invalid param: could not find account");
    const data = Buffer.from(account.data());
    if (kindOf(data) !== "mint") throw invalidParams("Invalid param: not a Token mint");
    return withContext(node, slot, tokenAmount(data.readBigUInt64LE(36), data[44]));
  },

  getTokenAccountsByOwner: (node, params) =>
    tokenAccountsOf(node, params, (data, owner) => owner.toBuffer().equals(data.subarray(32, 64))),
  getTokenAccountsByDelegate: (node, params) =>
    tokenAccountsOf(node, params, (data, delegate) => data.readUInt32LE(72) === 1 && delegate.toBuffer().equals(data.subarray(76, 108))),
};
