// Who holds a program is looked for down to the people, through multisigs that are members of multisigs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, readyctl, words } from "./readyctl.mjs";
import { custodies } from "../localnet/releases.mjs";
import { board } from "../localnet/variants/custody.mjs";

let cluster;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

const nested = [{ multisig: board.toBase58(), minMembers: 3, minThreshold: 2, minTimelockHours: 24 }];
const pack = (rules) => ({
  apiVersion: "readyctl.gates/v1", name: "custody",
  gates: [{ id: "down-to-the-people", kind: "upgrade-authority", params: {
    program: "${program}",
    custody: { "squads-v4": { multisig: "${multisig}", minMembers: 3, minThreshold: 2, minTimelockHours: 48, ...rules } },
  } }],
});

function decide(world, rules) {
  const path = join(world.out, "custody.gates.json");
  writeFileSync(path, JSON.stringify(pack(rules)));
  const run = readyctl("run", path, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--unsigned", "--format", "json");
  assert.ok(run.stdout, run.stderr);
  return { status: run.status, finding: JSON.parse(run.stdout).predicate.findings[0] };
}

for (const { name, differs, owner } of custodies) {
  test(`${name} is ${owner.length > 0 ? "NO-GO" : "GO"}: ${differs}`, async () => {
    const world = await cluster.serve(name);
    const { status, finding } = decide(world, { nested });
    assert.equal(finding.outcome, owner.length > 0 ? "fail" : "pass", finding.summary);
    assert.equal(status, owner.length > 0 ? 1 : 0);
    for (const word of world.variant.says) assert.ok(words(finding).includes(word), `it does not say ${word}: ${finding.summary}`);
  });
}

test("a board that nobody declared is NO-GO, and GO with a caveat where the pack accepts not to know it", async () => {
  const world = await cluster.serve("custody-nested");
  const { status, finding } = decide(world, {});
  assert.equal(status, 1);
  assert.match(finding.summary, /holders of member \w+ of multisig \w+ are not known/);
  const unproven = finding.summary.match(/member (\w+) of/)[1];
  const accepted = decide(world, { unprovenMembers: [unproven] });
  assert.equal(accepted.status, 0);
  assert.ok(accepted.finding.summary.includes("is not known, which the pack accepts"));
});
