// Faults of the chain: endpoints that answer well, and not what is true now.

import assert from "node:assert/strict";
import { parse, stringify } from "../localnet/rpc/json.mjs";
import { everything } from "./endpoint.mjs";
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
  { number: 38, is: "the chain changes under a run", awaits: "a snapshot that is taken once more; that an account changes between two reads of one run is tested in tests/engine" },
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
  { number: 43, is: "a list whose pages do not fit", awaits: "gates that page through a list; histories are counted, not paged" },
  { number: 44, is: "an archive that answers an empty list instead of an error", awaits: "a quorum on lists" },
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
