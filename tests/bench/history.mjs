// A multisig that has had 10,000 transactions, against one that has had 1,000: what reading all of them costs, and how
// it grows. Prints figures and ratios, asserts nothing. Run by tests/bench/run.sh.

import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker, isMainThread, workerData } from "node:worker_threads";

const counts = [1000, 10_000];

// The endpoint is a thread of its own, so that the other may wait for processes.
async function serve({ transactions, readyPath, askedPath }) {
  const { serveExecuted, genesisHash } = await import("../localnet/executed.mjs");
  const { multisig, url } = await serveExecuted({ transactions, onAccounts: (count) => appendFileSync(askedPath, `${count}\n`) });
  writeFileSync(readyPath, JSON.stringify({ multisig, url, genesisHash }));
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const { READYCTL: readyctl, MEASURE: measure } = process.env;

function measured(...command) {
  const [ms, kib, status] = execFileSync(measure, command, { encoding: "utf8" }).trim().split(" ").map(Number);
  if (status !== 0) {
    throw new Error(`${command.join(" ")}: exit ${status}\n${spawnSync(command[0], command.slice(1), { encoding: "utf8" }).stdout}`);
  }
  return { ms, kib };
}

async function figuresFor(transactions) {
  const dir = mkdtempSync(join(tmpdir(), "readyctl-history-"));
  const path = (name) => join(dir, name);
  const worker = new Worker(new URL(import.meta.url), { workerData: { transactions, readyPath: path("ready"), askedPath: path("asked") } });
  while (!statSync(path("ready"), { throwIfNoEntry: false })?.size) await new Promise((done) => setTimeout(done, 10));
  const { multisig, url, genesisHash } = JSON.parse(readFileSync(path("ready"), "utf8"));

  writeFileSync(path("pack.json"), JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "history",
    gates: [{ id: "g", kind: "pending-proposals", params: { multisig } }] }));
  writeFileSync(path("release.json"), JSON.stringify({ apiVersion: "readyctl.release/v1", name: "history", program: multisig,
    cluster: { name: "bench", genesisHash }, artifact: { path: "none", sha256: "0".repeat(64), executableHash: "0".repeat(64) },
    source: { repository: "https://git.example.org/x", commit: "0".repeat(40) }, builtAt: "2026-01-01T00:00:00Z", operator: "bench" }));
  writeFileSync(path("endpoints.json"), JSON.stringify({ endpoints: [{ name: "bench", url, provider: "bench" }] }));

  const runs = [];
  const replays = [];
  for (let i = 0; i < 5; ++i) {
    writeFileSync(path("asked"), "");
    runs.push(measured(readyctl, "run", path("pack.json"), "--release", path("release.json"), "--endpoints", path("endpoints.json"),
      "--unsigned", "--report", path(`report-${i}.json`)));
    replays.push(measured(readyctl, "replay", path(`report-${i}.json`)));
  }
  const asked = readFileSync(path("asked"), "utf8").trim().split("\n").map(Number);
  const statement = JSON.parse(Buffer.from(JSON.parse(readFileSync(path("report-0.json"), "utf8")).payload, "base64"));
  await worker.terminate();
  const [ms, kib, replayMs, replayKib] = [[runs, "ms"], [runs, "kib"], [replays, "ms"], [replays, "kib"]]
    .map(([list, name]) => median(list.map((one) => one[name])));
  return { ms, kib, replayMs, replayKib, requests: asked.length, largest: Math.max(...asked), depth: statement.predicate.cost.depth,
    accounts: asked.reduce((sum, one) => sum + one, 0), evidence: statSync(path("report-0.json.evidence")).size,
    report: statSync(path("report-0.json")).size };
}

async function main() {
  const idle = measured(readyctl, "--version").kib;
  const mib = (kib) => (kib / 1024).toFixed(1);
  const [few, many] = [await figuresFor(counts[0]), await figuresFor(counts[1])];
  const ofFigures = (figures) => `${figures.accounts} accounts in ${figures.requests} requests of ${figures.largest} at most, ` +
    `depth ${figures.depth}, ${figures.ms.toFixed(0)} ms, memory above idle ${mib(figures.kib - idle)} MiB, evidence ${mib(figures.evidence / 1024)} MiB, ` +
    `report ${mib(figures.report / 1024)} MiB; replay ${figures.replayMs.toFixed(0)} ms, ${mib(figures.replayKib - idle)} MiB`;
  counts.forEach((count, i) => console.log(`a multisig that has had ${count} transactions: ${ofFigures([few, many][i])}`));
  const times = counts[1] / counts[0];
  const growth = (name) => ((many[name] - few[name]) / few[name] / (times - 1)).toFixed(2);
  const perTransaction = (name) => (((many[name] - few[name]) * 1024) / (counts[1] - counts[0])).toFixed(0);
  console.log(`${times} times as many transactions: time grows ${growth("ms")} times as fast as their number, in a replay ${growth("replayMs")}; ` +
    `${perTransaction("kib")} bytes of memory for each further one, in a replay ${perTransaction("replayKib")}; ` +
    `${((many.evidence - few.evidence) / (counts[1] - counts[0])).toFixed(0)} bytes of evidence`);
}

if (isMainThread) await main();
else await serve(workerData);
