// A healthy release is GO. Every release that differs from it in one fact is NO-GO, for the gate that owns the fact.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Cluster, decide, words } from "./readyctl.mjs";
import { variants } from "../localnet/releases.mjs";

let cluster;
let healthy;
before(async () => {
  cluster = new Cluster();
  healthy = await cluster.healthy();
});
after(() => cluster.stop());

const findingsOf = ({ statement }) => statement.predicate.findings;
const decided = (finding) => !["skipped", "not-run"].includes(finding.outcome);

test("the healthy release is GO", () => {
  const run = decide(healthy);
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.statement.predicate.verdict, "go");
  assert.deepEqual(findingsOf(run).filter(decided).filter(({ outcome }) => outcome !== "pass"), []);
});

test("there are at least 25 releases that differ in one fact", () => {
  assert.ok(variants.length >= 25, `${variants.length} variants`);
});

for (const variant of variants) {
  // Without a cluster that is the release's own nothing on the chain can be decided, which is not the same as failing.
  const status = variant.inconclusive ? [1, 2] : [1];
  test(`${variant.name} is NO-GO: ${variant.differs}`, async () => {
    const world = await cluster.serve(variant.name);
    const run = decide(world);
    assert.ok(status.includes(run.status), `exit ${run.status} ${run.stderr}`);
    assert.equal(run.statement.predicate.verdict, "no-go");

    const blocking = findingsOf(run).filter(decided).filter(({ severity }) => severity === "blocking");
    const failed = blocking.filter(({ outcome }) => outcome === "fail");
    for (const kind of world.variant.owner) {
      assert.ok(failed.some((finding) => finding.kind === kind), `no ${kind} failed: ${failed.map(({ gate }) => gate)}`);
    }
    const said = failed.map(words).join("\n");
    for (const word of world.variant.says) assert.ok(said.includes(word), `nobody says ${word}:\n${said}`);

    for (const finding of blocking) {
      const owns = world.variant.owner.includes(finding.kind);
      const open = world.variant.inconclusive && finding.outcome === "inconclusive";
      assert.ok(owns || open || finding.outcome === "pass", `${finding.gate}: ${finding.outcome}, ${finding.summary}`);
    }
  });
}

// Before the cutover the program still holds the previous release, and that is what those phases expect.
test("the previous release is GO before the cutover and NO-GO after it", async () => {
  const world = await cluster.serve("deployed-previous");
  for (const phase of ["pre-approve", "pre-execute"]) assert.equal(decide(world, phase).status, 0, phase);
  assert.equal(decide(world, "post-deploy").status, 1);
});
