// The upgrade that lies before the members is the reviewed one, or a gate says why not.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, readyctl, root, words } from "./readyctl.mjs";
import { upgrades } from "../localnet/releases.mjs";
import { names } from "../localnet/world.mjs";

const pack = join(root, "gates/upgrade.gates.json");
let cluster;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

function decide(world, phase) {
  const run = readyctl("run", pack, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--phase", phase, "--set", "transaction=5", "--set", `buffer=${names.buffer.toBase58()}`, "--unsigned", "--format", "json");
  assert.ok(run.stdout, run.stderr);
  return { status: run.status, findings: JSON.parse(run.stdout).predicate.findings.filter(({ outcome }) => outcome !== "skipped") };
}

for (const { name, differs, owner } of upgrades) {
  const phase = name === "upgrade-active" ? "pre-approve" : "pre-execute";
  test(`${name} is ${owner.length > 0 ? "NO-GO" : "GO"} in ${phase}: ${differs}`, async () => {
    const world = await cluster.serve(name);
    const { status, findings } = decide(world, phase);
    for (const finding of findings) {
      assert.equal(finding.outcome, owner.includes(finding.kind) ? "fail" : "pass", `${finding.gate}: ${finding.summary}`);
    }
    assert.equal(status, owner.length > 0 ? 1 : 0);
    const said = findings.filter(({ outcome }) => outcome === "fail").map(words).join("\n");
    for (const word of world.variant.says) assert.ok(said.includes(word), `nobody says ${word}:\n${said}`);
  });
}

test("an approved upgrade is not one that waits for approval, and the reverse", async () => {
  assert.equal(decide(await cluster.serve("upgrade-approved"), "pre-approve").status, 1);
  assert.equal(decide(await cluster.serve("upgrade-active"), "pre-execute").status, 1);
});

test("after the cutover nothing may be open", async () => {
  assert.equal(decide(await cluster.serve("healthy"), "post-deploy").status, 0);
  assert.equal(decide(await cluster.serve("upgrade-approved"), "post-deploy").status, 1);
});

// Program, vault, members and all that lies before them: five dependent rounds at most.
test("custody with twenty pending transactions is resolved at depth 5 or less", async () => {
  const world = await cluster.serve("twenty-pending");
  const path = join(world.out, "custody.gates.json");
  writeFileSync(path, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "custody", gates: [
    { id: "held", kind: "upgrade-authority", params: { program: "${program}", custody: { "squads-v4": { multisig: "${multisig}" } } } },
    { id: "pending", kind: "pending-proposals", params: { multisig: "${multisig}" } },
  ] }));
  const run = readyctl("run", path, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--unsigned", "--format", "json");
  assert.equal(run.status, 1, run.stderr);
  const { findings: [held, pending], cost } = JSON.parse(run.stdout).predicate;
  assert.equal(held.outcome, "pass", held.summary);
  for (let index = 5; index <= 25; ++index) assert.ok(pending.summary.includes(`transaction ${index} (`), pending.summary);
  assert.ok(cost.depth <= 5, `depth ${cost.depth}`);
});
