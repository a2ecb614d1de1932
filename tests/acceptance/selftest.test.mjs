// Every gate of the packs that ship can fail over the healthy release, in every phase. A gate that cannot is named.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, decide, folder, readyctl, root } from "./readyctl.mjs";

let cluster;
let healthy;
before(async () => {
  cluster = new Cluster();
  healthy = await cluster.healthy();
});
after(() => cluster.stop());

const recorded = (name) => join(root, "tests/evidence", name, "report.json");
const selftest = (report, ...more) => readyctl("selftest", report, ...more);

test("no gate of the shipped packs is vacuous after the cutover", () => {
  const report = join(folder(), "report.json");
  assert.equal(decide(healthy, "post-deploy", "--report", report).status, 0);
  const { status, stdout, stderr } = selftest(report, "--format", "json");
  const { schema, gates, proven } = JSON.parse(stdout);
  assert.equal(schema, "readyctl.selftest/v1");
  assert.deepEqual(gates.filter(({ proof }) => proof !== "can-fail").map(({ gate }) => gate), []);
  for (const { gate, mutants, fail, inconclusive, pass, first } of gates) {
    assert.equal(mutants, fail + inconclusive + pass, gate);
    assert.ok(first.mutation && first.finding, gate);
  }
  assert.ok(proven);
  assert.equal(status, 0, stderr);
});

test("a gate that a small change fails is not said to be failed by a missing account first", () => {
  const { stdout } = selftest(recorded("go"), "--format", "json");
  const hash = JSON.parse(stdout).gates.find(({ kind }) => kind === "program-hash");
  assert.match(hash.first.mutation, /^bytes? \d+ .* in account DEpS42gHzhWtxLUtP8oGb2wvR13JVDbGeQGcbNta83it$/);
});

test("for people: what fails each gate, and what it says", () => {
  const { status, stdout } = selftest(recorded("go"));
  assert.equal(status, 0);
  assert.match(stdout, /^Self-test of vault-program 1\.2\.0 on localnet, phase post-deploy: \d+ gates, \d+ mutants of their evidence, each decided again\n/);
  assert.match(stdout, /\ncan fail   treasury\/mint  \[token-mint, blocking\]\n {4}\d+ mutants: \d+ fail, \d+ inconclusive, \d+ still pass.*\n {4}first     .+\n {4}it says   .+\n/);
  assert.match(stdout, /\nEvery blocking gate that was decided can fail\.\n$/);
});

test("a gate that fails as it is has shown that it can", () => {
  const { status, stdout } = selftest(recorded("no-go"));
  assert.equal(status, 0);
  assert.match(stdout, /\ncan fail   upgrade-authority\/\S+ .*\n {4}it fails on the evidence as it is: /);
});

/// Decides some gates over the healthy release, and tests the report.
function selftestOf(...gates) {
  const pack = join(folder(), "own.gates.json");
  writeFileSync(pack, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "own", gates }));
  const report = join(folder(), "report.json");
  const run = readyctl("run", pack, "--release", join(healthy.out, "release.json"), "--endpoints", join(healthy.out, "endpoints.json"),
    "--unsigned", "--report", report);
  assert.equal(run.status, 0, run.stderr);
  return selftest(report);
}

test("a gate that nothing in its evidence fails is named, and the status is 65", () => {
  const { status, stdout, stderr } = selftestOf(
    { id: "none", kind: "durable-nonces", params: { keys: ["${feePayer}"] } },
    { id: "some", kind: "balance", params: { address: "${feePayer}", minLamports: "1000" } });
  assert.equal(status, 65);
  assert.match(stdout, /\nVACUOUS    own\/none  \[durable-nonces, blocking\]\n {4}\d+ mutants: 0 fail, .*\n {4}tried     appeared 2, /);
  assert.match(stderr, /nothing that was tried makes these blocking gates fail: own\/none\n/);
});

test("a gate that only notices that its account is missing is said to be such", () => {
  const { status, stdout } = selftestOf({ id: "any", kind: "balance", params: { address: "${feePayer}", minLamports: "0" } });
  assert.equal(status, 0);
  assert.match(stdout, /\n {4}only      whole answers that differ fail it, and nothing within one does\n {4}first     there is no such account in /);
});

test("a report that does not come out again is not tested", () => {
  const report = join(folder(), "report.json");
  assert.equal(decide(healthy, "post-deploy", "--report", report).status, 0);
  appendFileSync(`${report}.evidence`, "x");
  const { status, stdout } = selftest(report);
  assert.equal(status, 3);
  assert.equal(stdout, "");
});
