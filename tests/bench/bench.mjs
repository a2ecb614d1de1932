// Prints ratios, asserts nothing. READYCTL is the binary; TRIVIAL is a program that does nothing and links the same
// libraries. Run by tests/bench/run.sh.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { Cluster, folder, readyctl } from "../acceptance/readyctl.mjs";

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

function once(command, args) {
  const begin = process.hrtime.bigint();
  spawnSync(command, args, { stdio: "ignore" });
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

/// Medians of pairs that ran one after the other, so that whatever else the machine does strikes both.
function against(name, args, other, otherArgs, rounds) {
  const ours = [];
  const theirs = [];
  for (let i = 0; i < rounds; ++i) {
    theirs.push(once(other, otherArgs));
    ours.push(once(process.env.READYCTL, args));
  }
  const [a, b] = [median(ours), median(theirs)];
  console.log(`${name}: ${a.toFixed(2)} ms against ${b.toFixed(2)} ms, ratio ${(a / b).toFixed(2)}`);
}

const cluster = new Cluster();
const world = await cluster.healthy();
const dir = folder();
const report = join(dir, "report.json");
const key = join(dir, "key");
const publicKey = /Public key +(\S+)/.exec(readyctl("keygen", key, "--type", "solana").stdout)[1];
const small = join(dir, "small.json");
writeFileSync(small, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "small",
  gates: [{ id: "g", kind: "artifact-hash", params: { path: "${artifact.path}", sha256: "${artifact.sha256}" } }] }));
readyctl("run", small, "--release", join(world.out, "release.json"), "--key", key, "--report", report);
const trust = join(dir, "trust.json");
writeFileSync(trust, JSON.stringify({ apiVersion: "readyctl.trust/v1", keys: [{ name: "k", key: publicKey, roles: ["release"] }],
  report: { threshold: 1, roles: ["release"] }, packs: [createHash("sha256").update(readFileSync(small)).digest("hex")] }));

const trivial = process.env.TRIVIAL;
against("--version", ["--version"], trivial, [], 200);
against("lint of one pack", ["lint", small], trivial, [], 200);
against("verify of a small report", ["verify", report, "--trust", trust], trivial, [], 200);

// Twenty gates over one program, its multisig and its treasury, 50 ms a response, against the round trips they need.
cluster.stop();
const twenty = join(dir, "twenty.json");
const kinds = [
  { kind: "program-hash", params: { program: "${program}", executableHash: "${artifact.executableHash}" } },
  { kind: "program-state", params: { program: "${program}" } },
  { kind: "upgrade-authority", params: { program: "${program}", custody: { "squads-v4": { multisig: "${multisig}" } } } },
  { kind: "token-account", params: { address: "${treasuryTokenAccount}", mint: "${treasuryMint}", owner: "${treasury}" } },
  { kind: "balance", params: { address: "${treasury}", rentExempt: true } },
];
writeFileSync(twenty, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "twenty",
  gates: Array.from({ length: 20 }, (_, i) => ({ id: `g${i}`, ...kinds[i % kinds.length] })) }));
const latency = 50;
const asked = join(dir, "requests.jsonl");
const distant = new Cluster("--latency-ms", String(latency), "--requests", asked);
const far = await distant.healthy();
const run = ["run", twenty, "--release", join(far.out, "release.json"), "--endpoints", join(far.out, "endpoints.json"),
  "--unsigned", "--format", "json"];
const { depth } = JSON.parse(readyctl(...run).stdout).predicate.cost;

// The floor: the same requests at once, from a process that already runs, over connections that are already open.
const bodies = readFileSync(asked, "utf8").trim().split("\n")
  .map((line) => JSON.parse(line)).filter((call) => call.endpoint === "primary")
  .map(({ method, params }) => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
const { url } = JSON.parse(readFileSync(join(far.out, "endpoints.json"))).endpoints[0];
const agent = new Agent({ keepAlive: true });
async function served() {
  const begin = process.hrtime.bigint();
  await Promise.all(bodies.map((body) => new Promise((done, failed) => {
    const call = request(url, { agent, method: "POST", headers: { "content-type": "application/json" } }, (answer) => {
      answer.resume();
      answer.on("end", done);
    });
    call.on("error", failed);
    call.end(body);
  })));
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

const walls = [];
const starts = [];
const floors = [];
for (let i = 0; i < 25; ++i) {
  floors.push(await served());
  starts.push(once(trivial, []));
  walls.push(once(process.env.READYCTL, run));
}
const [wall, start, floor] = [walls, starts, floors].map(median);
console.log(`20 gates, ${latency} ms a response: depth ${depth}; wall ${wall.toFixed(1)} ms, of which a trivial process ` +
  `takes ${start.toFixed(1)} ms; the same ${bodies.length} requests over open connections take ${floor.toFixed(1)} ms; ` +
  `the rest, connections included: ${(wall - start - floor).toFixed(1)} ms`);
agent.destroy();
distant.stop();
