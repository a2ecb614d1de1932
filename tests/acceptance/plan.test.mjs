// What a run will ask and of whom, and what people will sign, is told before anything is asked; and a run asks just that.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Cluster, askEndpoint, folder, packs, readyctl, readyctlMeanwhile, root } from "./readyctl.mjs";
import { forms, theft, upgradeOf } from "../localnet/exported.mjs";
import { upgradeFrom } from "../localnet/loader.mjs";
import { names } from "../localnet/world.mjs";

const require = createRequire(join(root, "tests/localnet/package.json"));
const squads = require("@sqds/multisig");
const bs58 = require("bs58").default ?? require("bs58");
const { TransactionMessage } = require("@solana/web3.js");

const upgradePack = join(root, "gates/upgrade.gates.json");
const upgradeValues = ["--set", "transaction=5", "--set", `buffer=${names.buffer.toBase58()}`];
const requests = join(folder(), "requests");
let cluster;
let world;
before(async () => {
  cluster = new Cluster("--requests", requests);
  await cluster.healthy();
  world = await cluster.serve("upgrade-approved");
});
after(() => cluster.stop());

const over = (...more) => ["--release", join(world.out, "release.json"), ...more];
const endpoints = () => ["--endpoints", join(world.out, "endpoints.json")];
const asked = () => { try { return readFileSync(requests, "utf8").trim().split("\n"); } catch { return []; } };
const hasAll = (text, ...words) => { for (const word of words) assert.ok(text.includes(word), `${word} is not in:\n${text}`); };

function plan(...args) {
  const run = readyctl("plan", ...args);
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}
const planJson = (...args) => JSON.parse(plan(...args, "--format", "json"));

function packIn(dir, gates) {
  const path = join(dir, "p.gates.json");
  writeFileSync(path, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "p", gates }));
  return path;
}

/// Takes every request, and answers none.
class SilentFront {
  bodies = [];
  connections = 0;
  #http = createServer((request) => {
    let body = "";
    request.on("data", (data) => { body += data; });
    request.on("end", () => this.bodies.push(body));
  }).on("connection", () => { this.connections += 1; });

  async listen(name) {
    await new Promise((done) => this.#http.listen(0, "127.0.0.1", done));
    return { name, provider: `of-${name}`, url: `http://127.0.0.1:${this.#http.address().port}/with/a/s3cret-path` };
  }
  close() {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

/// Silent fronts, and the options that name them.
async function silence(context, names = ["primary", "fallback"]) {
  const fronts = Object.fromEntries(names.map((name) => [name, new SilentFront()]));
  const list = [];
  for (const [name, front] of Object.entries(fronts)) {
    list.push(await front.listen(name));
    context.after(() => front.close());
  }
  const file = join(folder(), "endpoints.json");
  writeFileSync(file, JSON.stringify({ endpoints: list }));
  return { fronts, options: ["--endpoints", file] };
}

/// What fronts were asked, as `plan` counts it.
function counted(fronts) {
  const counts = {};
  for (const [endpoint, { bodies }] of Object.entries(fronts)) {
    for (const body of bodies) {
      const { method, params } = JSON.parse(body);
      const reads = ["getAccountInfo", "getMultipleAccounts"].includes(method);
      const accounts = reads ? [params[0]].flat().length : 0;
      const most = reads && params[1].dataSlice ? accounts * params[1].dataSlice.length : null;
      const key = `${endpoint} ${method} ${most === null}`;
      const count = counts[key] ??= { endpoint, method, count: 0, sentBytes: 0, accounts: 0, dataBytesMax: most === null ? null : 0 };
      count.count += 1;
      count.sentBytes += Buffer.byteLength(body);
      count.accounts += accounts;
      if (most !== null) count.dataBytesMax += most;
    }
  }
  return sorted(Object.values(counts));
}
const sorted = (list) => list.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort();

/// Runs these packs over fronts that answer nothing, so that all they are asked is asked before any answer.
async function foretells(context, args, names) {
  const { fronts, options } = await silence(context, names);
  const { firstRound } = planJson(...args, ...options);
  for (const front of Object.values(fronts)) assert.equal(front.connections, 0, "a plan connects to nobody");
  const run = await readyctlMeanwhile("run", ...args, ...options, "--unsigned", "--timeout", "3s");
  assert.ok([1, 2].includes(run.status), run.stderr); // rpc-health fails on endpoints that are silent; the others stay undecided
  assert.deepEqual(sorted(firstRound.requests), counted(fronts));
  const bodies = Object.values(fronts).flatMap((front) => front.bodies);
  assert.equal(firstRound.count, bodies.length);
  assert.equal(firstRound.sentBytes, bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0));
  return firstRound;
}

// --- what is asked ----------------------------------------------------------------------------------------------------

for (const phase of ["pre-approve", "pre-execute", "post-deploy"]) {
  test(`a run in ${phase} asks first what its plan foretells, to the byte`, async (context) => {
    const round = await foretells(context, [...packs, upgradePack, ...over("--phase", phase, ...upgradeValues)]);
    for (const endpoint of ["primary", "fallback"]) {
      assert.ok(round.requests.some((one) => one.endpoint === endpoint && one.method === "getHealth"), endpoint);
    }
    assert.ok(round.requests.some(({ method, accounts }) => method === "getMultipleAccounts" && accounts > 1));
  });
}

test("a hundred and ten accounts are two requests", async (context) => {
  const address = (i) => bs58.encode(createHash("sha256").update(`account ${i}`).digest());
  const gates = Array.from({ length: 110 }, (_, i) => ({ id: `g${i}`, kind: "balance", params: { address: address(i), minLamports: "1" } }));
  const pack = packIn(folder(), [...gates, { ...gates[0], id: "same" }]);
  const round = await foretells(context, [pack, ...over()]);
  const [clock, many] = round.requests.filter(({ method }) => method === "getMultipleAccounts").sort((a, b) => a.count - b.count);
  assert.equal(clock.accounts, 1); // whole, for which the others are not asked
  assert.equal(many.count, 2);
  assert.equal(round.distinctAccounts, many.accounts + clock.accounts);
  assert.ok(many.accounts >= 110, many.accounts);
});

test("of three providers two are asked first, as the plan foretells", async (context) => {
  const three = ["primary", "fallback", "third"];
  const args = [...packs, upgradePack, ...over("--phase", "pre-execute", ...upgradeValues)];
  const reads = ({ requests }) => requests.filter(({ method, accounts }) => method === "getMultipleAccounts" && accounts > 1)
    .map(({ endpoint }) => endpoint);
  assert.deepEqual([...new Set(reads(await foretells(context, args, three)))], ["primary", "fallback"]);
  const all = planJson(...args, ...(await silence(context, three)).options, "--quorum", "3");
  assert.equal(all.quorum, 3);
  assert.deepEqual([...new Set(reads(all.firstRound))], three);
});

test("a plan asks a cluster nothing, and tells whom it would ask without where they are", async (context) => {
  const before = asked();
  const { options } = await silence(context);
  for (const chain of [endpoints(), options]) {
    for (const format of ["text", "json"]) {
      const said = plan(...packs, upgradePack, ...over("--phase", "pre-execute", ...upgradeValues), ...chain, "--format", format);
      hasAll(said, "primary", "fallback");
      for (const secret of ["127.0.0.1", "s3cret", "http"]) assert.ok(!said.includes(secret), `${secret} is in:\n${said}`);
    }
  }
  assert.deepEqual(asked(), before);
});

test("every gate stands in a plan once, with whether it runs and what it waits for", () => {
  const args = [...packs, upgradePack, ...over("--phase", "pre-execute", ...upgradeValues)];
  const run = JSON.parse(readyctl("run", ...args, ...endpoints(), "--unsigned", "--format", "json").stdout);
  const { gates } = planJson(...args, ...endpoints());
  const of = (gate) => run.predicate.findings.find((finding) => finding.gate === gate || `${finding.pack}/${finding.gate}` === gate);
  assert.equal(gates.length, run.predicate.findings.length);
  for (const { gate, kind, severity, runs, outlook } of gates) {
    assert.equal(of(gate).kind, kind, gate);
    assert.equal(of(gate).severity, severity, gate);
    assert.equal(runs, of(gate).outcome !== "skipped", gate);
    assert.equal(outlook, { "release-freeze": "asks-no-endpoint", "artifact-hash": "asks-no-endpoint" }[kind] ?? (runs ? "waits" : "skipped"), gate);
  }
  const [one] = planJson(...args, ...endpoints(), "--select", "upgrade/upgrade-would-execute").gates.filter(({ runs }) => runs);
  assert.equal(one.gate, "upgrade/upgrade-would-execute");
});

test("without an endpoint a plan says what a run could not decide", () => {
  const local = planJson(...packs, ...over("--phase", "pull-request"));
  assert.deepEqual(local.endpoints, []);
  assert.equal(local.partial, true);
  for (const { runs, outlook } of local.gates) assert.equal(outlook, runs ? "asks-no-endpoint" : "skipped");
  assert.deepEqual(local.local.checkouts.map(({ path }) => path), ["checkout"]);
  assert.match(local.local.checkouts[0].commit, /^[0-9a-f]{40}$/);
  const digest = createHash("sha256").update(readFileSync(join(world.out, "artifact/program.so"))).digest("hex");
  assert.deepEqual(local.local.files.find(({ path }) => path === "artifact/program.so"), { path: "artifact/program.so", sha256: digest, trouble: null });
  const missed = planJson(...packs, ...over("--phase", "post-deploy"));
  assert.ok(missed.gates.some(({ outlook }) => outlook === "has-no-endpoint"));
  assert.equal(missed.firstRound.count, 0);
  hasAll(plan(...packs, ...over("--phase", "post-deploy")), "needs an endpoint, and none was given", "would be inconclusive");
});

test("what is wrong is found as a run finds it, in its words and with its exit status", () => {
  const dir = folder();
  const gate = { id: "g", kind: "balance", params: { address: names.alice.toBase58(), minLamports: "1" } };
  const good = packIn(folder(), [gate]);
  const unknownKind = packIn(folder(), [{ ...gate, kind: "balances" }]);
  const badParams = packIn(folder(), [{ ...gate, params: { address: "x" } }]);
  writeFileSync(join(dir, "endpoints.json"), '{"endpoints": []}');
  const cases = [
    [64, upgradePack, ...over()],
    [64, upgradePack, ...over("--phase", "never")],
    [64, good, ...over("--select", "q")],
    [64, good, ...over("--set", "x")],
    [64, good, ...over("--rpc", "a=http://127.0.0.1:1/key")],
    [64, good, ...over("--timeout", "x", "--rpc", "a=http://127.0.0.1:1")],
    [65, unknownKind, ...over()],
    [65, badParams, ...over()],
    [65, upgradePack, ...over("--phase", "pre-execute")],
    [65, good, ...over("--set", "program=x")],
    [65, good, ...over("--endpoints", join(dir, "endpoints.json"))],
    [66, join(dir, "none.json"), ...over()],
    [66, good, "--release", join(dir, "release.json")],
    [66, good, ...over("--endpoints", join(dir, "none.json"))],
  ];
  for (const [status, ...args] of cases) {
    const planned = readyctl("plan", ...args);
    assert.equal(planned.status, status, planned.stderr);
    assert.equal(planned.stdout, "");
    assert.equal(planned.stderr, readyctl("run", "--unsigned", ...args).stderr);
  }
});

test("a timeout that is none says what is wrong with it", () => {
  const dir = folder();
  const pack = packIn(dir, [{ id: "g", kind: "balance", params: { address: names.alice.toBase58(), minLamports: "1" } }]);
  for (const [timeout, words] of [["0s", '"0s" leaves no time'], ["4000d", '"4000d" is more than 3650 days'], ["x", '"x" is no duration']]) {
    const planned = readyctl("plan", pack, ...over("--timeout", timeout, "--rpc", "a=http://127.0.0.1:1"));
    assert.equal(planned.status, 64);
    assert.ok(planned.stderr.includes(words), planned.stderr);
  }
});

// --- what is signed ---------------------------------------------------------------------------------------------------

const multisigPda = names.multisig;
const [transaction] = squads.getTransactionPda({ multisigPda, index: 5n });
const [proposal] = squads.getProposalPda({ multisigPda, transactionIndex: 5n });
const toSign = [upgradePack, "--phase", "pre-execute", ...upgradeValues];
const upgradeWords = `upgrade program ${names.program} from buffer ${names.buffer}`;

test("what is signed is told with its addresses in full, derived offline", () => {
  const [one, ...others] = planJson(...toSign, ...over()).toSign;
  assert.deepEqual(others, []);
  assert.deepEqual([one.multisig, one.transactionIndex, one.transaction, one.proposal, one.vaultIndex, one.vault],
    [multisigPda.toBase58(), "5", transaction.toBase58(), proposal.toBase58(), 0, names.vault.toBase58()]);
  assert.deepEqual(one.gates, ["upgrade/proposal-can-be-executed", "upgrade/upgrade-would-execute"]);
  assert.equal(one.onChain, null);
  hasAll(plan(...toSign, ...over()), `Transaction 5 of Squads v4 multisig ${multisigPda}`, transaction.toBase58(), proposal.toBase58(),
    `${names.vault} (vault)`, "--read-proposal", `readyctl inspect ${transaction}`);
});

test("--read-proposal tells what it would do, with the digest of what was read", async () => {
  const before = asked().length;
  const [one] = planJson(...toSign, ...over(), ...endpoints(), "--read-proposal").toSign;
  const methods = asked().slice(before).map((line) => JSON.parse(line).method);
  assert.deepEqual([...new Set(methods)].sort(), ["getGenesisHash", "getMultipleAccounts"]);
  const { value } = await askEndpoint(world, "getAccountInfo", transaction.toBase58(), { encoding: "base64" });
  const data = Buffer.from(value.data[0], "base64");
  assert.equal(one.onChain.sha256, createHash("sha256").update(data).digest("hex"));
  assert.equal(one.onChain.bytes, data.length);
  assert.equal(one.onChain.would.length, 1);
  hasAll(one.onChain.would[0], upgradeWords);
  hasAll(one.onChain.state, "Approved");
  const said = plan(...toSign, ...over(), ...endpoints(), "--read-proposal");
  hasAll(said, upgradeWords, one.onChain.sha256, "2 of the 2 that are needed", "Of an endpoint nothing was asked but what is to be signed.");
});

test("a transaction that does not exist is told", () => {
  const [one] = planJson(upgradePack, "--phase", "pre-execute", "--set", "transaction=9", ...upgradeValues.slice(2), ...over(), ...endpoints(), "--read-proposal").toSign;
  assert.deepEqual(one.onChain, { exists: false });
});

test("an exported file is told in words with the hash that a Ledger shows, offline", () => {
  const instructions = [upgradeFrom(names.program, names.buffer, names.treasury, names.vault)];
  const bytes = new TransactionMessage({ payerKey: names.vault, recentBlockhash: names.alice.toBase58(), instructions }).compileToLegacyMessage().serialize();
  writeFileSync(join(world.out, "upgrade.txt"), `${Buffer.from(bytes).toString("base64")}\n`);
  const pack = packIn(folder(), [{ id: "g", kind: "upgrade-proposal", params: { program: "${program}", multisig: "${multisig}", message: "upgrade.txt" } }]);
  const [one] = planJson(pack, ...over()).toSign;
  const digest = createHash("sha256").update(bytes).digest();
  assert.deepEqual([one.transactionIndex, one.transaction, one.exported.path, one.exported.trouble], [null, null, "upgrade.txt", null]);
  assert.equal(one.exported.message.messageHash, bs58.encode(digest));
  assert.equal(one.exported.message.sha256, digest.toString("hex"));
  hasAll(one.exported.message.instructions[0].words, upgradeWords);
  hasAll(plan(pack, ...over()), upgradeWords, bs58.encode(digest), "not imported yet");

  writeFileSync(join(world.out, "upgrade.txt"), "no message");
  hasAll(plan(pack, ...over()), "Danger: the exported transaction cannot be read: file upgrade.txt is no message, no transaction and no Squads transaction message");
});

test("an exported file is told in every form that its gate takes", () => {
  const pack = packIn(folder(), [{ id: "g", kind: "upgrade-proposal", params: { program: "${program}", multisig: "${multisig}", message: "upgrade.txt" } }]);
  for (const exported of Object.values(forms)) {
    writeFileSync(join(world.out, "upgrade.txt"), exported([upgradeOf(), theft()]));
    const [{ exported: told }] = planJson(pack, ...over()).toSign;
    assert.equal(told.trouble, null);
    assert.match(told.message.sha256, /^[0-9a-f]{64}$/);
    const [first, second] = told.message.instructions.map(({ words }) => words);
    hasAll(first, upgradeWords);
    hasAll(second, "transfer 1000000000 lamports");
  }
});

test("--read-proposal needs an endpoint of the release's cluster that answers", async (context) => {
  const refused = (status, run, ...words) => {
    assert.equal(run.status, status, run.stdout + run.stderr);
    assert.equal(run.stdout, "");
    hasAll(run.stderr, ...words);
  };
  refused(64, readyctl("plan", ...toSign, ...over(), "--read-proposal"), "--read-proposal", "no endpoint was given");
  refused(66, readyctl("plan", ...toSign, ...over(), "--rpc", "a=http://127.0.0.1:1", "--read-proposal"), "could not be read", "a: ");
  const other = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => { body += data; });
    request.on("end", () => {
      const { id, method } = JSON.parse(body);
      const result = method === "getGenesisHash" ? names.alice.toBase58() : { context: { slot: 1 }, value: [null, null, null, null] };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
  });
  await new Promise((done) => other.listen(0, "127.0.0.1", done));
  context.after(() => { other.closeAllConnections(); other.close(); });
  refused(66, await readyctlMeanwhile("plan", ...toSign, ...over(), "--rpc", `a=http://127.0.0.1:${other.address().port}`, "--read-proposal"),
    "a: ", names.alice.toBase58());
});
