// A healthy release is a GO at every moment of its life, with every pack that ships at once, alone and beside those of the
// example; and at no other moment.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Cluster, packs, readyctl, root } from "./readyctl.mjs";
import { names } from "../localnet/world.mjs";

const shipped = readdirSync(join(root, "gates")).filter((name) => name.endsWith(".gates.json")).map((name) => join(root, "gates", name));
const sets = { "the packs that ship": shipped, "and those of the example": [...new Set([...shipped, ...packs])] };

let cluster;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

function decide(asked, world, phase) {
  const endpoints = phase === "pull-request" ? [] : ["--endpoints", join(world.out, "endpoints.json")];
  const run = readyctl("run", ...asked, "--release", join(world.out, "release.json"), ...endpoints, "--phase", phase,
    "--set", "transaction=5", "--set", `buffer=${names.buffer.toBase58()}`, "--unsigned", "--format", "json");
  assert.ok(run.stdout, run.stderr);
  const { findings, partial } = JSON.parse(run.stdout).predicate;
  // How fast a machine answers that does other things too is advice, and not the same twice.
  const decided = findings.filter(({ gate }) => gate !== "rpc-health/fast");
  return { status: run.status, partial, failed: decided.filter(({ outcome }) => !["pass", "skipped"].includes(outcome)).map(({ gate }) => gate).sort() };
}

/// Which phases each moment is a GO in; an upgrade that is proposed does not change what a pull request says.
const moments = {
  "upgrade-active": ["pull-request", "pre-approve"],
  "upgrade-approved": ["pull-request", "pre-execute"],
  healthy: ["pull-request", "post-deploy"],
};
for (const [variant, phases] of Object.entries(moments)) {
  for (const [name, asked] of Object.entries(sets)) {
    test(`${variant}, ${name}: GO in ${phases.join(" and ")} alone`, async () => {
      const world = await cluster.serve(variant);
      for (const phase of ["pull-request", "pre-approve", "pre-execute", "post-deploy"]) {
        const { status, partial, failed } = decide(asked, world, phase);
        assert.equal(status, phases.includes(phase) ? 0 : 1, `${phase}: ${failed}`);
        assert.equal(failed.length === 0, phases.includes(phase), `${phase}: ${failed}`);
        assert.equal(partial, phase === "pull-request");
      }
    });
  }
}

test("there are six packs that ship, and every one is decided in some phase", () => {
  assert.equal(shipped.length, 6);
});
