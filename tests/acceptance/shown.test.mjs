// What docs/ shows of packs and lists holds on a real chain, and not only for the eyes of lint.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, folder, readyctl, root } from "./readyctl.mjs";

let cluster;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

const blocks = (page, language) => [...readFileSync(join(root, "docs", page), "utf8")
  .matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text);

function packShown(name) {
  const path = join(folder(), `${name}.gates.json`);
  writeFileSync(path, blocks("gate-packs.md", "json").find((text) => JSON.parse(text).name === name));
  return path;
}

function decide(pack, { out }, phase, ...more) {
  const run = readyctl("run", pack, "--release", join(out, "release.json"), "--endpoints", join(out, "endpoints.json"),
    "--phase", phase, "--unsigned", ...more);
  return { status: run.status, said: run.stdout + run.stderr };
}

/// What the recipe of docs/upgrade-list.md writes of a served release.
function listOf({ out, endpoints }) {
  mkdirSync(join(out, "bin"));
  symlinkSync(process.env.READYCTL, join(out, "bin/readyctl"));
  const [recipe] = blocks("upgrade-list.md", "sh");
  const run = spawnSync("bash", ["--noprofile", "-euo", "pipefail", "-c", recipe], { cwd: out, encoding: "utf8",
    env: { PATH: `${out}/bin:${process.env.PATH}`, RPC_URL: endpoints[0].url } });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(readFileSync(join(out, "upgrades.json"), "utf8"));
}

test("the list that the recipe writes is the chain's, and one that lacks an entry is not", async () => {
  const world = await cluster.serve("healthy");
  const pack = packShown("our-upgrade");
  const list = listOf(world);
  assert.deepEqual(list.upgrades.map(({ slot, action }) => [slot, action]), [["448000000", "deploy"], ["449000000", "upgrade"]]);
  const whole = decide(pack, world, "post-deploy");
  assert.equal(whole.status, 0, whole.said);
  writeFileSync(join(world.out, "upgrades.json"), JSON.stringify({ ...list, upgrades: list.upgrades.slice(0, 1) }));
  assert.equal(decide(pack, world, "post-deploy").status, 1);
});

test("an upgrade is as announced, or the window is over", async () => {
  const world = await cluster.serve("upgrade-approved");
  const hours = (n) => new Date(Date.now() + n * 3_600_000).toISOString().replace(/\.\d+Z/, "Z");
  const window = (opens, closes) => decide(packShown("our-upgrade"), world, "pre-execute", "--set", "transaction=5",
    "--set", `windowOpens=${hours(opens)}`, "--set", `windowCloses=${hours(closes)}`);
  const open = window(-1, 1);
  assert.equal(open.status, 0, open.said);
  const ahead = window(1, 2);
  assert.equal(ahead.status, 0, ahead.said);
  const over = window(-2, -1);
  assert.equal(over.status, 1, over.said);
});

test("the first pack that is shown decides a release", async () => {
  const world = await cluster.serve("healthy");
  for (const phase of ["pull-request", "pre-execute", "post-deploy"]) {
    const decided = decide(packShown("our-release"), world, phase);
    assert.equal(decided.status, 0, decided.said);
  }
});
