// Prints ratios, asserts nothing. READYCTL is the binary; TRIVIAL is a program that does nothing and links the same
// libraries. Run by tests/bench/run.sh.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
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
const { createHash } = await import("node:crypto");
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
const distant = new Cluster("--latency-ms", String(latency));
const far = await distant.healthy();
const times = [];
let depth = 0;
for (let i = 0; i < 15; ++i) {
  const begin = process.hrtime.bigint();
  const run = readyctl("run", twenty, "--release", join(far.out, "release.json"), "--endpoints", join(far.out, "endpoints.json"), "--unsigned", "--format", "json");
  times.push(Number(process.hrtime.bigint() - begin) / 1e6);
  depth = JSON.parse(run.stdout).predicate.cost.depth;
}
const wall = median(times);
console.log(`20 gates, ${latency} ms a response: depth ${depth}, wall ${wall.toFixed(1)} ms, ` +
  `${(wall - depth * latency).toFixed(1)} ms over depth x latency, process start and connection set-up included`);
distant.stop();
