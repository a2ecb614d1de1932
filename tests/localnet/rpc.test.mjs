// The front's own edges: what the official clients do not ask, and what a node says when it refuses.

import { call, post, serve } from "./testing.mjs";
import assert from "node:assert/strict";
import http from "node:http";
import { before, describe, test } from "node:test";
import zlib from "node:zlib";
import { decodeBase58, encodeBase58 } from "./base58.mjs";
import { GENESIS_HASH, SLOTS } from "./chain.mjs";
import { names, buildWorld } from "./world.mjs";

const text = (name) => names[name].toBase58();
const error = async (front, method, ...params) => (await call(front, method, ...params)).error;

let chain;
before(() => {
  chain = buildWorld();
  chain.start();
});

describe("accounts", () => {
  // Integers of 64 bits arrive to the last digit.
  test("are exact", async (context) => {
    const front = await serve(context, chain);
    const response = await post(front.url, { jsonrpc: "2.0", id: 1, method: "getAccountInfo", params: [text("treasury"), { encoding: "base64" }] });
    assert.match(await response.text(), /"rentEpoch":18446744073709551615[,}]/);
    const { result } = await call(front, "getAccountInfo", text("treasury"), { encoding: "base64" });
    assert.deepEqual(Object.keys(result.value).sort(), ["data", "executable", "lamports", "owner", "rentEpoch", "space"]);
    assert.equal(result.value.rentEpoch, 2n ** 64n - 1n);
  });

  // The same bytes in every encoding; base58 ends at 128 bytes, of the slice where there is one.
  test("come in every encoding", async (context) => {
    const front = await serve(context, chain);
    const get = async (config) => (await call(front, "getAccountInfo", text("multisig"), config)).result.value;
    const [plain] = (await get({ encoding: "base64" })).data;
    const bytes = Buffer.from(plain, "base64");
    const [packed, name] = (await get({ encoding: "base64+zstd" })).data;
    assert.equal(name, "base64+zstd");
    assert.deepEqual(zlib.zstdDecompressSync(Buffer.from(packed, "base64")), bytes);
    const dataSlice = { offset: 8, length: 128 };
    const sliced = await get({ encoding: "base58", dataSlice });
    assert.deepEqual(decodeBase58(sliced.data[0]), bytes.subarray(8, 136));
    assert.equal(sliced.space, bytes.length);
    assert.equal((await get({ dataSlice })).data, sliced.data[0]); // without an encoding: the bare old string
    assert.deepEqual((await get({ encoding: "base64", dataSlice: { offset: 9999, length: 5 } })).data, ["", "base64"]);
    assert.deepEqual(await error(front, "getAccountInfo", text("multisig"), { encoding: "base58" }), { code: -32600,
      message: "Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding." });
    assert.equal((await error(front, "getAccountInfo", text("multisig"), { encoding: "base65" })).code, -32602);
  });

  // A hundred at once and no more; order kept; absent ones null.
  test("are limited to a hundred", async (context) => {
    const front = await serve(context, chain);
    const keys = Array.from({ length: 100 }, (_, i) => (i === 99 ? text("program") : encodeBase58(Buffer.alloc(32, i + 1))));
    const { result } = await call(front, "getMultipleAccounts", keys, { encoding: "base64" });
    assert.equal(result.value.length, 100);
    assert.deepEqual(result.value.slice(0, 99), Array(99).fill(null));
    assert.equal(result.value[99].executable, true);
    assert.deepEqual(await error(front, "getMultipleAccounts", [...keys, text("program")]),
      { code: -32602, message: "Too many inputs provided; max 100" });
  });

  // Filters are a conjunction, at most four; a context comes only when asked for.
  test("are filtered", async (context) => {
    const front = await serve(context, chain);
    const token = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
    const all = (await call(front, "getProgramAccounts", token, { encoding: "base64" })).result;
    assert.deepEqual(all.map(({ pubkey }) => pubkey).sort(), [text("rewardMint"), text("rewardReserve"), text("rewardTokenAccount")].sort());
    const filters = [{ dataSize: 170 }, { memcmp: { offset: 32, bytes: text("vault") } }];
    const some = (await call(front, "getProgramAccounts", token, { encoding: "base64", filters, withContext: true })).result;
    assert.ok(some.context.slot >= SLOTS.now);
    assert.deepEqual(some.value.map(({ pubkey }) => pubkey), [text("rewardTokenAccount")]);
    assert.match((await error(front, "getProgramAccounts", token, { filters: Array(5).fill({ dataSize: 1 }) })).message, /max 4/);
  });
});

describe("refusals", () => {
  // A block is that of its slot, the same from each node of a chain and another one on a fork; one to come is not there.
  test("give blocks without what is in them", async (context) => {
    const front = await serve(context, chain);
    const [slot, how] = [SLOTS.now, { transactionDetails: "none", rewards: false, maxSupportedTransactionVersion: 0 }];
    const { result } = await call(front, "getBlock", slot, how);
    assert.equal(result.blockhash, chain.blockhash(slot));
    assert.equal(result.blockTime, chain.blockTime(slot));
    assert.equal(result.blockHeight, chain.blockHeight(slot));
    assert.equal((await error(front, "getBlock", slot * 2, how)).code, -32004);
    assert.equal((await error(front, "getBlock", slot)).code, -32602);
  });

  // Each has the code and the text that a node gives.
  test("say what was wrong", async (context) => {
    const front = await serve(context, chain);
    assert.deepEqual(await error(front, "getEverything"), { code: -32601, message: "Method not found" });
    assert.deepEqual(await error(front, "getAccountInfo"), { code: -32602, message: "`params` should have at least 1 argument(s)" });
    assert.equal((await error(front, "getAccountInfo", "1".repeat(33))).message, "Invalid param: WrongSize");
    assert.equal((await error(front, "getAccountInfo", "0OIl")).message, "Invalid param: Invalid");
    assert.equal((await error(front, "getSlot", { commitment: "rooted" })).code, -32602);
    assert.equal((await error(front, "getSignaturesForAddress", text("program"), { commitment: "processed" })).message,
      "Method does not support commitment below `confirmed`");
    assert.equal((await error(front, "getTokenAccountBalance", text("program"))).message, "Invalid param: not a Token account");
    assert.equal((await error(front, "getBlockTime", SLOTS.now * 2)).code, -32004);
  });

  // A floor for the context that the node has not reached, even one beyond 2^53.
  test("give the slot when minContextSlot is ahead", async (context) => {
    const front = await serve(context, chain);
    const body = `{"jsonrpc":"2.0","id":1,"method":"getBalance","params":["${text("treasury")}",{"minContextSlot":18446744073709551615}]}`;
    const reply = await (await post(front.url, body)).json();
    assert.equal(reply.error.code, -32016);
    assert.equal(reply.error.message, "Minimum context slot has not been reached");
    assert.ok(reply.error.data.contextSlot >= SLOTS.now);
  });
});

describe("transport", () => {
  // Batches are answered in order, notifications not at all, and a body that is no JSON with a parse error.
  test("speaks JSON-RPC 2.0", async (context) => {
    const front = await serve(context, chain);
    const batch = await (await post(front.url, [
      { jsonrpc: "2.0", id: "a", method: "getGenesisHash" },
      { jsonrpc: "2.0", method: "getSlot" },
      { jsonrpc: "2.0", id: 2, method: "nope", params: [] },
    ])).json();
    assert.deepEqual(batch, [
      { jsonrpc: "2.0", result: GENESIS_HASH, id: "a" },
      { jsonrpc: "2.0", error: { code: -32601, message: "Method not found" }, id: 2 },
    ]);
    assert.equal((await (await post(front.url, "{")).json()).error.code, -32700);
    assert.equal((await (await post(front.url, { id: 1, method: "getSlot" })).json()).error.code, -32600);
    assert.equal((await post(front.url, { jsonrpc: "2.0", id: 1, method: "getSlot", padding: "x".repeat(51_200) })).status, 413);
    assert.equal((await fetch(front.url)).status, 405);
    assert.equal(await (await fetch(`${front.url}/health`)).text(), "ok");
    assert.equal((await post(front.url, "{}", { "content-type": "text/plain" })).status, 415);
  });

  // One connection serves many requests, and an answer is compressed only for who asks.
  test("keeps connections and compresses on request", async (context) => {
    const front = await serve(context, chain);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    context.after(() => agent.destroy());
    const ask = (headers) => new Promise((resolve, reject) => {
      const request = http.request(front.url, { method: "POST", agent, headers: { "content-type": "application/json", ...headers } });
      request.on("error", reject).on("response", async (response) => {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ bytes: Buffer.concat(chunks), encoding: response.headers["content-encoding"], port: request.socket.localPort });
      });
      request.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getGenesisHash" }));
    });
    const plain = await ask({});
    const packed = await ask({ "accept-encoding": "gzip" });
    assert.equal(plain.port, packed.port);
    assert.equal(plain.encoding, undefined);
    assert.equal(packed.encoding, "gzip");
    assert.deepEqual(zlib.gunzipSync(packed.bytes), plain.bytes);
  });

  // A test can make one method fail, once or always, and see what was asked.
  test("misbehaves as told, and logs", async (context) => {
    const front = await serve(context, chain);
    front.override({ method: "getSlot", times: 1, reply: 5 });
    front.override({ method: "getHealth", error: { code: -32005, message: "Node is unhealthy", data: { numSlotsBehind: null } } });
    front.override({ method: "getVersion", status: 429, headers: { "retry-after": "1" }, body: "slow down" });
    front.override({ method: "getGenesisHash", cut: true });
    front.override({ method: "getBalance", change: (result) => ({ ...result, value: 0 }) });
    front.override({ method: "getIdentity", hang: true });
    assert.equal((await call(front, "getSlot")).result, 5);
    assert.ok((await call(front, "getSlot")).result >= SLOTS.now);
    assert.equal((await error(front, "getHealth")).code, -32005);
    const limited = await post(front.url, { jsonrpc: "2.0", id: 1, method: "getVersion" });
    assert.deepEqual([limited.status, limited.headers.get("retry-after"), await limited.text()], [429, "1", "slow down"]);
    await assert.rejects(call(front, "getGenesisHash"));
    assert.equal((await call(front, "getBalance", text("feePayer"))).result.value, 0);
    const waiting = fetch(front.url, { method: "POST", headers: { "content-type": "application/json" }, signal: AbortSignal.timeout(50),
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getIdentity" }) });
    await assert.rejects(waiting, { name: "TimeoutError" });
    assert.deepEqual(front.log.map(({ method }) => method),
      ["getSlot", "getSlot", "getHealth", "getVersion", "getGenesisHash", "getBalance", "getIdentity"]);
  });
});

// Two nodes of one chain: one that lags says so in every context, and does not know the newest blockhash.
test("a node can lag or be on a fork", async (context) => {
  const front = await serve(context, chain);
  const late = await serve(context, chain, { node: { name: "late", behind: 100 } });
  const forked = await serve(context, chain, { node: { name: "forked", fork: "b" } });
  const { blockhash } = (await call(front, "getLatestBlockhash")).result.value;
  const known = async (node) => (await call(node, "isBlockhashValid", blockhash)).result.value;
  assert.deepEqual([await known(front), await known(late), await known(forked)], [true, false, false]);
  const own = (await call(late, "getLatestBlockhash")).result;
  assert.equal((await call(front, "isBlockhashValid", own.value.blockhash)).result.value, true);
  assert.ok((await call(front, "getSlot")).result - own.context.slot >= 100);
});
