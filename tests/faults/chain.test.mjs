// Faults of the chain: endpoints that answer well, and not what is true now.

import assert from "node:assert/strict";
import { zstdDecompressSync } from "node:zlib";
import { PROGRAMDATA_HEADER } from "../localnet/loader.mjs";
import { parse, stringify } from "../localnet/rpc/json.mjs";
import { names } from "../localnet/world.mjs";
import { everything, healthyReply } from "./endpoint.mjs";
import { topic } from "./fault.mjs";
import { Release } from "./release.mjs";

const release = new Release();
const devnet = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";
const health = (more = {}) => ({ kind: "rpc-health", params: { minHealthy: 1, maxSlotLag: 50, maxBlockAgeSeconds: 60, ...more } });

/// An endpoint whose result of one method is changed: `change` gets it, and what was asked.
const changed = (method, change) => release.endpoint({ when: (request) => request.method === method, spoil: (request) => {
  const reply = parse(request.healthy());
  const result = change(reply.result, request);
  if (result !== undefined) reply.result = result;
  return stringify(reply);
} });

/// Decides these gates over endpoints, { name: () => endpoint or URL }.
const decides = (when, exit, says, gates, endpoints) => ({ when, exit, says, run: async () => {
  const urls = {};
  for (const [name, make] of Object.entries(endpoints)) {
    const made = await make();
    urls[name] = made.url ?? made;
  }
  return release.decide(release.pack(...gates), urls);
} });

const sound = () => release.world.endpoints[1].url;
const onDevnet = () => changed("getGenesisHash", () => devnet);
const behind = (slots) => async () => {
  const move = (result) => { if (result?.context) result.context.slot -= slots; return typeof result === "number" ? result - slots : result; };
  return release.endpoint({ when: everything, spoil: (request) => {
    const reply = parse(request.healthy());
    if (reply.result !== undefined) reply.result = move(reply.result);
    return stringify(reply);
  } });
};
const accounts = (change) => () => changed("getMultipleAccounts", (result, request) => { result.value.forEach((account, i) => { if (account) change(account, i, request, result); }); });

const program = { program: "${program}" };
const programHash = { kind: "program-hash", params: { ...program, executableHash: "${artifact.executableHash}" } };
const deployment = { kind: "deployment-transaction", params: { ...program, signature: "1".repeat(64) } };
const treasury = { kind: "token-account", params: { address: "${treasuryTokenAccount}", mint: "${treasuryMint}", owner: "${treasury}" } };

const clock = "SysvarC1ock11111111111111111111111111111111";
const programdata = names.programdata.toBase58();

/// The bytes of an account in an answer; given back in plain base64, as a node does that cannot compress.
function withBytes(account, change) {
  const [text, encoding] = account.data;
  const bytes = Buffer.from(text, "base64");
  const data = encoding === "base64+zstd" ? zstdDecompressSync(bytes) : bytes;
  change(data);
  account.data = [data.toString("base64"), "base64"];
}
const slotMoved = (data, count) => data.writeBigUInt64LE(data.readBigUInt64LE(4) + BigInt(count), 4);
const epochMoved = (data, count) => data.writeBigUInt64LE(data.readBigUInt64LE(16) + BigInt(count), 16);

/// A chain of which this account is another one each time that a run looks whether it stood still, `times` at most.
const moves = (when, exit, says, address, change, times) => ({ when, exit, says, run: async () => {
  let closings = 0;
  const endpoint = await release.endpoint({ spoil: (request) => {
    const { method, params } = request;
    const asked = [params?.[0]].flat();
    const isClosing = method === "getMultipleAccounts" && asked.includes(clock) && params[1].dataSlice?.length === PROGRAMDATA_HEADER;
    if (isClosing) closings = Math.min(closings + 1, times);
    const reply = parse(request.healthy());
    const accounts = [reply.result?.value].flat();
    asked.forEach((one, i) => { if (one === address && accounts[i]?.data) withBytes(accounts[i], (data) => change(data, closings)); });
    return stringify(reply);
  } });
  const run = await release.decide(release.pack(programHash), { main: endpoint.url });
  assert.equal(run.predicate.snapshot.retaken.because.length, 1, JSON.stringify(run.predicate.snapshot));
  return run;
} });

/// A gate that pages through the whole history of a program since it was frozen.
function freezeHeld() {
  const history = JSON.parse(healthyReply(release.node, { id: 1, method: "getSignaturesForAddress", params: [programdata] })).result;
  return { kind: "freeze-held", params: { ...program, executableHash: "${artifact.executableHash}", upgradeAuthority: "any", sinceSlot: String(history[0].slot) } };
}

/// As many providers as there are lists of signatures, each with what it makes of the true one.
const histories = (when, exit, says, ...lists) => ({ when, exit, says, run: async () => {
  const made = await Promise.all(lists.map((change) => changed("getSignaturesForAddress", change)));
  const endpoints = release.write("endpoints.json", { endpoints: made.map(({ url }, i) => ({ name: ["main", "second", "third"][i], url, provider: `p${i}` })) });
  return release.decide(release.pack(freezeHeld()), {}, { more: ["--endpoints", endpoints] });
} });
const whole = (list) => list;
const empty = () => [];
/// A page of so many transactions that failed, above the true ones.
const page = (count) => (list) => Array.from({ length: count }, (_, i) => ({ ...list[0], slot: list[0].slot + count - i, err: { InstructionError: [0, "Custom"] } }));

topic("The chain", import.meta.url, [
  { number: 33, is: "an endpoint of another cluster", cases: [
    decides("the only one", 2, ["it is on another cluster: its genesis hash is", devnet], [release.chainGate], { main: onDevnet }),
    decides("of two, the first", 0, ["pass"], [release.chainGate], { main: onDevnet, backup: sound }),
    decides("rpc-health names it", 1, ["main", devnet], [health({ minHealthy: 2 })], { main: onDevnet, backup: sound }),
    decides("all of them: rpc-health fails, the rest is undecided", 1, ["fail: 0 of 1", "inconclusive (wrong-cluster)"], [health(), release.chainGate], { main: onDevnet }),
  ] },
  { number: 34, is: "a node that lags", cases: [
    decides("rpc-health names it", 1, ["backup", "behind"], [health({ minHealthy: 2 })], { main: sound, backup: behind(5000) }),
    decides("it says so itself", 2, ["behind by 42 slots"], [release.chainGate], { main: () => release.endpoint({ spoil: ({ id }) => JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32005, message: "Node is behind by 42 slots", data: { numSlotsBehind: 42 } } }) }) }),
  ] },
  { number: 35, is: "two endpoints that disagree", cases: [
    decides("about an account that rpc-health reads", 1, ["endpoints disagree on account"], [health({ minHealthy: 2, reads: ["${feePayer}"] })], { main: sound,
      backup: () => release.endpoint({ spoil: (request) => { const reply = parse(request.healthy()); const value = reply.result?.value; for (const account of [value].flat()) if (account?.lamports) account.lamports = 7n; return stringify(reply); } }) }),
  ] },
  { number: 36, is: "slots that go backward", cases: [
    decides("a later answer from an older slot", 2, ["at most 150 slots between them are accepted"], [programHash], { main: () => {
      let first = true;
      return release.endpoint({ spoil: (request) => {
        const reply = parse(request.healthy());
        if (request.method === "getMultipleAccounts" && first) first = false;
        else if (reply.result?.context) reply.result.context.slot -= 1000;
        return stringify(reply);
      } });
    } }),
    decides("a slot that no cluster can have reached", 2, ["which no cluster can have reached"], [release.chainGate], { main: () => changed("getMultipleAccounts", (result) => { result.context.slot = 9e15; }) }),
  ] },
  { number: 37, is: "an answer at less than finalized commitment", note: "An answer does not say its commitment, so that it was asked for is what can be tested: each question that has one asks for finalized.", cases: [
    { when: "every question asks for finalized", exit: 0, says: ["pass"], run: async () => {
      const endpoint = await release.endpoint();
      const run = await release.decide(release.pack(release.chainGate, programHash, treasury, health({ minHealthy: 1 })), { main: endpoint.url });
      const asked = endpoint.requests.filter(({ params }) => params?.some((param) => param?.commitment || param?.encoding));
      assert.ok(asked.length > 2, `${asked.length} questions`);
      for (const { method, params } of asked) assert.equal(params.at(-1).commitment, "finalized", method);
      return run;
    } },
  ] },
  { number: 38, is: "the chain changes under a run", note: "The whole snapshot is taken once more, and everything decided from that one.", cases: [
    moves("a program is deployed anew, once", 0, ["pass"], programdata, slotMoved, 1),
    moves("a program is deployed anew, again and again", 2, ["inconclusive (moved)", "changed while this run read it"], programdata, slotMoved, Infinity),
    moves("an epoch begins", 0, ["pass"], clock, epochMoved, 1),
    moves("epochs begin one after the other", 2, ["inconclusive (moved)", "epoch"], clock, epochMoved, Infinity),
  ] },
  { number: 39, is: "an account of another sort than the gate expects", cases: [
    decides("of another program", 1, ["is no token account: it is owned by"], [treasury], { main: accounts((account) => { account.owner = "11111111111111111111111111111111"; }) }),
    decides("with other bytes", 1, ["fail"], [{ kind: "pending-proposals", params: { multisig: "${multisig}" } }], { main: accounts((account) => { account.data = [Buffer.alloc(Buffer.from(account.data[0], "base64").length, 7).toString("base64"), "base64"]; }) }),
  ] },
  { number: 40, is: "an account that is gone", cases: [
    decides("closed", 1, ["does not exist"], [treasury], { main: () => changed("getMultipleAccounts", (result) => { result.value = result.value.map(() => null); }) }),
    decides("without a lamport", 1, ["0 lamports"], [release.chainGate], { main: accounts((account) => { account.lamports = 0; }) }),
  ] },
  { number: 41, is: "blocks without a time, or of another time", cases: [
    decides("an old clock", 1, ["0 of 1 endpoint healthy", "block"], [health()], { main: () => release.endpoint({ spoil: (request) => clockMoved(request, -3600n) }) }),
    decides("a clock ahead of time", 1, ["0 of 1 endpoint healthy"], [health()], { main: () => release.endpoint({ spoil: (request) => clockMoved(request, 3600n) }) }),
  ] },
  { number: 42, is: "a history that was pruned", cases: [
    decides("the node has no history", 2, ["inconclusive (pruned)", "Transaction history is not available"], [deployment], { main: () => release.endpoint({ when: ({ method }) => method === "getTransaction",
      spoil: ({ id }) => JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32011, message: "Transaction history is not available from this node" } }) }) }),
    decides("it does not know the transaction that must be there", 1, ["is not known to the endpoint"], [deployment], { main: () => changed("getTransaction", () => null) }),
  ] },
  { number: 43, is: "a list whose pages do not fit", cases: [
    histories("nothing behind a full page", 2, ["inconclusive (pruned)", "does not reach back"], (list, { params }) => (params[1].before ? [] : page(1000)(list))),
    histories("more on a page than was asked for", 2, ["inconclusive (malformed)", "no list, or a longer one"], page(1001)),
  ] },
  { number: 44, is: "an archive that answers an empty list instead of an error", note: "Of three providers, the two that know the history decide, and the one without it is named.", cases: [
    histories("the only one", 2, ["inconclusive (pruned)", "does not reach back"], empty),
    histories("one of three", 0, ["pass", "contradicted by main"], empty, whole, whole),
    histories("one of three, and another one knows half of it", 2, ["inconclusive (contradiction)", "main: ", "second: ", "third: "], empty, (list) => list.slice(0, 1), whole),
  ] },
  { number: 45, is: "a program that differs by its padding alone", note: "The executable hash leaves trailing zeros out, so padding makes no difference.", cases: [
    decides("padding after the program", 0, ["pass"], [programHash], { main: sound }),
    decides("one byte more that is no padding", 1, ["hash", "bytes"], [programHash], { main: () => release.endpoint({ spoil: (request) => programChanged(request) }) }),
  ] },
], { setUp: () => release.start(), tearDown: () => release.stop() });

/// The Clock sysvar with another time.
function clockMoved(request, seconds) {
  const reply = parse(request.healthy());
  const asked = JSON.stringify(request.params ?? []).includes("SysvarC1ock11111111111111111111111111111111");
  for (const account of asked ? [reply.result?.value].flat() : []) {
    if (!account?.data) continue;
    const bytes = Buffer.from(account.data[0], "base64");
    if (bytes.length === 40) bytes.writeBigInt64LE(bytes.readBigInt64LE(32) + seconds, 32);
    account.data = [bytes.toString("base64"), "base64"];
  }
  return stringify(reply);
}

/// The program's bytes with the last one of the whole account set, as base64.
function programChanged(request) {
  const reply = parse(request.healthy());
  for (const account of [reply.result?.value].flat()) {
    if (!account?.data || account.space < 10_000 || request.params.at(-1).dataSlice) continue;
    if (account.data[1] !== "base64") return JSON.stringify({ jsonrpc: "2.0", id: request.id, error: { code: -32602, message: "no zstd here" } });
    const bytes = Buffer.from(account.data[0], "base64");
    bytes[bytes.length - 1] = 1;
    account.data = [bytes.toString("base64"), "base64"];
  }
  return stringify(reply);
}
