// The chain moves while it is read: an upgrade in the middle of a run is noticed, the whole snapshot taken once more, and
// everything decided from that one. What moves again is undecided. And a run may cost no more than it was given.

import "../localnet/quiet.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROGRAMDATA_HEADER } from "../localnet/loader.mjs";
import { release } from "../localnet/releases.mjs";
import { names } from "../localnet/world.mjs";
import { folder, readyctl, readyctlMeanwhile } from "./readyctl.mjs";

const CLOCK = "SysvarC1ock11111111111111111111111111111111";
const programdata = names.programdata.toBase58();

const gates = [
  { id: "code", kind: "program-hash", params: { program: "${program}", executableHash: "${artifact.executableHash}" } },
  { id: "artifact", kind: "artifact-hash", params: { path: "${artifact.path}", sha256: "${artifact.sha256}" } },
  { id: "payer", kind: "balance", params: { address: "${feePayer}", minLamports: "1" } },
];

/// Whether this is the request with which a run closes its snapshot.
const isClosing = ({ method, params }) => method === "getMultipleAccounts" && params[0].includes(CLOCK)
  && params[1].dataSlice?.length === PROGRAMDATA_HEADER;
const isForCode = ({ method, params }) => method === "getAccountInfo" && params[0] === programdata;

/// The program is deployed anew, in the slot that is now, with one byte of another release.
function upgrade({ chain }) {
  chain.patch(names.programdata, ({ data }) => {
    const [before, now] = [data.readBigUInt64LE(4), BigInt(chain.slot())];
    data.writeBigUInt64LE(now > before ? now : before + 1n, 4); // the loader allows one in a slot
    data[PROGRAMDATA_HEADER + 1000] ^= 1;
  });
}

/// Decides the healthy release, over a chain to which something happens just before an endpoint answers a request.
async function decided(context, before, ...more) {
  const out = join(folder(), "release");
  const asked = [];
  let world;
  world = await release("healthy", { out, onRequest: (request) => {
    asked.push(request);
    before(world, request);
  } });
  context.after(() => world.close());
  const pack = join(out, "p.gates.json");
  writeFileSync(pack, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "p", gates }));
  const report = join(out, "report.json");
  const run = await readyctlMeanwhile("run", pack, "--release", join(out, "release.json"), "--endpoints", join(out, "endpoints.json"),
    "--unsigned", "--report", report, ...more);
  assert.ok(run.stdout, run.stderr);
  const statement = JSON.parse(Buffer.from(JSON.parse(readFileSync(report)).payload, "base64"));
  const { findings, snapshot, cost } = statement.predicate;
  const outcomes = Object.fromEntries(findings.map(({ gate, outcome }) => [gate.slice(2), outcome]));
  return { run, report, asked, findings, outcomes, snapshot, cost };
}

/// A replay decides the same, from the one snapshot that was kept.
function replaysAs(status, report) {
  const replay = readyctl("replay", report);
  assert.equal(replay.status, status, replay.stdout + replay.stderr);
  assert.match(replay.stdout, /everything that follows from it came out the same/);
  return replay.stdout;
}

test("a chain that is quiet is read once, between two readings of its clock", async (context) => {
  const { run, report, asked, snapshot, cost } = await decided(context, () => {});
  assert.equal(run.status, 0, run.stdout);
  assert.equal(asked.filter(isForCode).length, 1);
  assert.equal(asked.filter(isClosing).length, 1);
  assert.equal(snapshot.retaken, undefined);
  assert.ok(BigInt(snapshot.clock.first.slot) <= BigInt(snapshot.clock.last.slot));
  assert.match(run.stdout, new RegExp(`The chain was read from slot ${snapshot.clock.first.slot} \\(.*\\) to slot ${snapshot.clock.last.slot} \\(`));
  assert.match(run.stdout, new RegExp(`${snapshot.accounts.count} accounts read at slots? ${snapshot.accounts.least}`));
  assert.equal(cost.spent.requests, asked.length);
  assert.match(run.stdout, new RegExp(`Reading the chain cost ${asked.length} requests, `));
  replaysAs(0, report);
});

test("an upgrade in the middle of a run is noticed, and what is decided is what is deployed then", async (context) => {
  let closings = 0;
  const { run, report, asked, outcomes, snapshot } = await decided(context, (world, request) => {
    if (isClosing(request) && ++closings === 1) upgrade(world);
  });
  assert.equal(run.status, 1, run.stdout);
  assert.deepEqual(outcomes, { code: "fail", artifact: "pass", payer: "pass" });
  assert.equal(asked.filter(isForCode).length, 2);
  assert.equal(closings, 2);
  assert.equal(snapshot.retaken.because.length, 1);
  assert.match(snapshot.retaken.because[0], new RegExp(`account ${programdata} changed .* deployed at slot 449000000, and then at slot 4491`));
  assert.match(run.stdout, /The snapshot was taken twice, and everything decided from the second one, because the chain moved:/);
  assert.match(replaysAs(1, report), /The snapshot was taken twice/);
});

test("what moves again is undecided, and only that", async (context) => {
  const { run, report, findings, outcomes, snapshot } = await decided(context, (world, request) => {
    if (isClosing(request)) upgrade(world);
  });
  assert.equal(run.status, 2, run.stdout);
  assert.deepEqual(outcomes, { code: "inconclusive", artifact: "pass", payer: "pass" });
  assert.deepEqual(findings[0].cause, { class: "moved", retry: "now" });
  assert.ok(snapshot.retaken);
  replaysAs(2, report);
});

test("what goes beyond the requests that a run may make is undecided, and says which option would allow more", async (context) => {
  const { run, report, asked, findings, cost } = await decided(context, () => {}, "--max-requests", "2");
  assert.equal(run.status, 2, run.stdout);
  assert.equal(asked.length, 2);
  assert.equal(cost.spent.requests, 2);
  assert.equal(findings[0].cause.class, "over-budget");
  assert.match(findings[0].summary, /all requests that the run may make, 2, were made \(--max-requests\)/);
  assert.match(run.stdout, /allow more with the option that is named/);
  replaysAs(2, report);
});

test("what goes beyond the bytes that a run may receive is undecided", async (context) => {
  const { run, report, findings, outcomes } = await decided(context, () => {}, "--max-bytes", "100");
  assert.equal(run.status, 2, run.stdout);
  assert.equal(outcomes.artifact, "pass");
  assert.match(findings[0].summary, /all that the run may receive, 100 bytes, was received \(--max-bytes\)/);
  replaysAs(2, report);
});

test("a budget that is none is refused before anything is asked", () => {
  for (const [option, value, words] of [["--max-requests", "0", /--max-requests/], ["--max-bytes", "lots", /"lots" is no size/],
    ["--max-bytes", "0", /"0" is nothing/], ["--max-bytes", "2GiB", /more than replay reads of evidence, 1 GiB/]]) {
    const run = readyctl("inspect", CLOCK, "--rpc", "main=http://127.0.0.1:9", option, value);
    assert.equal(run.status, 64, run.stderr);
    assert.match(run.stderr, words);
  }
});
